"""Refuses sentences that say more than their source or the report does.

A sentence passes when it has what its kind must carry, when every gene, drug and number in it stands in what it cites
or is about, and when it holds no forbidden words. What fails is replaced by the printed value and "we cannot explain
this yet"; nothing vanishes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from app.domain.finding import Finding
from app.domain.guidance import Part, Saying, Sentence
from app.domain.profile import Diagnosis, Profile, Stage, Treatment
from app.domain.statement import DiseaseCard, Frequency, MarkerCard, Method, Source, Statement, TestAdvice
from app.stages.guidance import facts
from app.stages.guidance.grade import NAMED, flesch_kincaid, grade
from app.stages.guidance.lexicon import (
    Lexicon,
    drugs_in,
    genes_in,
    numbers_in,
    variants_in,
    without_genes,
    without_names,
)
from app.stages.guidance.wordings import Tongue
from app.stages.guidance.writing import Row, Writer

HARDEST = 8.0
"""Reading grade that no section may exceed."""
UNGRADED = frozenset({"sources"})
"""Titles of publications are not our sentences."""

QUOTED = "source."
"""Sentences that quote the title of a publication: its words are not ours."""

STATEMENTS = "rung."
LISTS = ("look.", "missing.", "answer.such_as", "answer.testing", "source.")
"""Sentences that only name tests: nothing in them could be said more simply."""

Carried = Finding | Diagnosis | Stage | Treatment


@dataclass(frozen=True, slots=True)
class Carrier:
    """What a source or a fact holds: the only names, changes and numbers that its sentences may say."""

    genes: frozenset[str] = frozenset()
    drugs: frozenset[str] = frozenset()
    variants: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()

    def joined(self, others: Iterable[Carrier]) -> Carrier:
        """Return what this and the others hold together."""
        every = [self, *others]
        return Carrier(
            frozenset().union(*(c.genes for c in every)),
            frozenset().union(*(c.drugs for c in every)),
            frozenset().union(*(c.variants for c in every)),
            frozenset().union(*(c.numbers for c in every)),
        )


KEPT_ROWS = 20_000
_ROWS: dict[tuple[int, str, int], tuple[Row, Carrier]] = {}
"""What rows hold, by the row itself: the same statement is cited by many pages."""


@dataclass(slots=True)
class Checker:
    """Checks the sentences of one page.

    Attributes:
        writer: Knows the wording and what was cited.
        names: Genes and drugs by spelling.
        known: The profile that the page is about.
        extra: Text that the page may quote beyond its facts, such as messages about reading.
        subject: What the whole page is about, in words: the person's cancers, or what a question names. Any sentence
            may name it.
    """

    writer: Writer
    names: Lexicon
    known: Profile
    extra: str = ""
    subject: str = ""
    _carriers: dict[str, Carrier] = field(default_factory=dict)
    _page: Carrier | None = None

    def check(self, parts: Sequence[Part]) -> tuple[list[Part], tuple[str, ...]]:
        """Replace every sentence that fails, and grade every section.

        Returns:
            The parts, and the template ids of what was refused.
        """
        refused: list[str] = []
        checked = []
        for part in parts:
            kept: list[Sentence] = []
            for sentence in part.sentences:
                if not self.fault(sentence):
                    kept.append(sentence)
                    continue
                refused.append(sentence.template)
                stand_in = self.printed(sentence)
                if stand_in not in kept:
                    kept.append(stand_in)
            kept = self._eased(part, kept, refused)
            checked.append(replace(part, sentences=tuple(kept), grade=self.grade(part.id, kept)))
        return checked, tuple(dict.fromkeys(refused))

    def fault(self, sentence: Sentence) -> str:
        """Return why a sentence is refused; "" where it passes."""
        tongue = self.writer.tongue
        carried = self._missing(sentence)
        if carried:
            return carried
        quoted = sentence.template.startswith(QUOTED)
        for text in filter(None, (sentence.text, sentence.clinical)):
            hit = "" if quoted else forbidden(text, tongue)
            if hit:
                return f"forbidden words: {hit}"
        carrier = self._carrier(sentence)
        literal = template_numbers(tongue, sentence.template)
        for text in filter(None, (sentence.text, sentence.clinical)):
            genes = genes_in(text, self.names) - carrier.genes
            drugs = drugs_in(text, self.names) - carrier.drugs
            numbers = numbers_in(without_genes(text, self.names)) - literal
            numbers = {n for n in numbers if not holds(carrier.numbers, n)}
            variants = variants_in(text) - carrier.variants - genes_in(text, self.names)
            if genes or drugs or variants or numbers:
                return f"not in its source: {', '.join(sorted(genes | drugs | variants | numbers))}"
        return ""

    def _missing(self, sentence: Sentence) -> str:
        known_ids = self._ids()
        if any(i not in known_ids for i in sentence.about):
            return "about something that is not in the profile"
        if any(c not in self.writer.sources for c in sentence.citations):
            return "cites something without a source"
        if sentence.kind is Saying.REPORT and not sentence.about:
            return "a report sentence without its place"
        if sentence.kind is Saying.FACT and not sentence.citations:
            return "a fact without a source"
        if not sentence.text.strip():
            return "empty"
        if sentence.kind in (Saying.FRAME, Saying.QUESTION) and not is_from(sentence, self.writer.tongue):
            return "not from reviewed wording"
        return ""

    def _ids(self) -> set[str]:
        known = self.known
        every: list[Carried] = [*known.findings, *known.diagnoses, *known.stages, *known.treatments]
        return {fact.id for fact in every}

    def _carrier(self, sentence: Sentence) -> Carrier:
        if sentence.kind in (Saying.FRAME, Saying.QUESTION):
            return self.page()
        ids = [*sentence.citations, *sentence.about]
        return self.about_subject().joined(self.carrier(identity) for identity in ids)

    def about_subject(self) -> Carrier:
        """Return what the subject of the page names."""
        if "" not in self._carriers:
            self._carriers[""] = self._read(self.subject)
        return self._carriers[""]

    def carrier(self, identity: str) -> Carrier:
        """Return what a cited row or a fact of the profile holds."""
        if identity not in self._carriers:
            if identity in self.writer.rows:
                self._carriers[identity] = self._of_row(identity)
            else:
                known = self.known
                every: list[Carried] = [*known.findings, *known.diagnoses, *known.stages, *known.treatments]
                fact = next((f for f in every if f.id == identity), None)
                self._carriers[identity] = self._read(fact_text(fact, self.writer)) if fact else Carrier()
        return self._carriers[identity]

    def _of_row(self, identity: str) -> Carrier:
        """Read a cited row, once as long as the knowledge base gives the same row."""
        row = self.writer.rows[identity]
        key = (id(row), self.writer.tongue.code, id(self.names))
        kept = _ROWS.get(key)
        if kept is None or kept[0] is not row:
            text = row_text(row, self.writer, self.writer.sources.get(identity))
            if len(_ROWS) >= KEPT_ROWS:
                _ROWS.clear()
            kept = _ROWS[key] = (row, self._read(text, row_numbers(row)))
        return kept[1]

    def page(self) -> Carrier:
        """Return what the whole page holds: a question may name anything that the page is about."""
        if self._page is None:
            ids = [*self.writer.rows, *self._ids()]
            self._page = self._read(f"{self.extra} {self.subject}").joined(self.carrier(identity) for identity in ids)
        return self._page

    def _read(self, text: str, numbers: Iterable[str] = ()) -> Carrier:
        return Carrier(
            frozenset(genes_in(text, self.names)),
            frozenset(drugs_in(text, self.names)),
            frozenset(variants_in(text)),
            frozenset(numbers_in(text)) | frozenset(numbers),
        )

    def printed(self, sentence: Sentence) -> Sentence:
        """Return what stands in place of a refused sentence: the printed value, and that we cannot explain it."""
        known = {f.id: f for f in self.known.findings}
        lines = [facts.printed(known[i].reading, self.writer) for i in sentence.about if i in known]
        others = [d.text for d in self.known.diagnoses if d.id in sentence.about]
        if lines or others:
            about = [i for i in sentence.about if i in self._ids()]
            return self.writer.say("refused.printed", about=about, printed="; ".join([*lines, *others]))
        return self.writer.say("refused.plain")

    def _eased(self, part: Part, kept: list[Sentence], refused: list[str]) -> list[Sentence]:
        """Replace the hardest explaining sentences of a section until it can be read."""
        while part.id not in UNGRADED and (self.grade(part.id, kept) or 0) > HARDEST:
            hard = [s for s in kept if s.kind is Saying.FACT and not s.template.startswith(LISTS)]
            if not hard:
                break
            worst = max(hard, key=lambda s: (self._grade_of(s.text), s.text))
            if self._grade_of(worst.text) <= HARDEST:
                break
            at = kept.index(worst)
            if worst.template.startswith(STATEMENTS):
                # What a statement says is not wrong, only hard: its source stays one tap away.
                stand_in = replace(self.writer.say("rung.more"), about=worst.about, citations=worst.citations)
            else:
                refused.append(worst.template)
                stand_in = self.printed(worst)
            kept = kept[:at] + ([] if stand_in in kept else [stand_in]) + kept[at + 1 :]
        return kept

    def _grade_of(self, *texts: str) -> float:
        plain = " ".join(without_names(text, self.names, NAMED) for text in texts)
        return grade(plain, self.writer.tongue.code)

    def grade(self, identity: str, sentences: Sequence[Sentence]) -> float | None:
        """Return the reading grade of a section, names counted as two syllables; None where it is not graded."""
        if identity in UNGRADED or not sentences:
            return None
        return self._grade_of(*(s.text for s in sentences))

    def overall(self, parts: Sequence[Part]) -> tuple[float, float]:
        """Return the grade of the whole page, with and without the allowance for names."""
        texts = [s.text for p in parts if p.id not in UNGRADED for s in p.sentences]
        text = " ".join(texts)
        raw = flesch_kincaid(text) if self.writer.tongue.code == "en" else grade(text, self.writer.tongue.code)
        return self._grade_of(*texts), raw


@lru_cache(maxsize=8)
def _patterns(forbidden_words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{word})" for word in forbidden_words), re.IGNORECASE)


def forbidden(text: str, tongue: Tongue) -> str:
    """Return the forbidden words of a sentence, or ""."""
    if not tongue.forbidden:
        return ""
    found = _patterns(tongue.forbidden).search(text)
    return found.group() if found else ""


_SHAPES: dict[tuple[str, str], re.Pattern[str]] = {}


def is_from(sentence: Sentence, tongue: Tongue) -> bool:
    """Tell whether a sentence is its template with the slots filled."""
    template = tongue.templates.get(sentence.template)
    if template is None:
        return False
    key = (tongue.code, template.text)
    if key not in _SHAPES:
        pieces = re.split(r"\{\w+\}", template.text)
        _SHAPES[key] = re.compile(
            r"\s*.*?".join(re.escape(" ".join(p.split())).replace(r"\ ", r"\s*") for p in pieces), re.I | re.S
        )
    return bool(_SHAPES[key].match(sentence.text))


@lru_cache(maxsize=4096)
def _literal(text: str) -> frozenset[str]:
    return frozenset(numbers_in(re.sub(r"\{\w+\}", " ", text)))


def template_numbers(tongue: Tongue, template: str) -> frozenset[str]:
    """Return the numbers that stand in the reviewed wording itself, such as the base of "3 in 100"."""
    wording = tongue.templates.get(template)
    return _literal(wording.text) | _literal(wording.clinical) if wording else frozenset()


def holds(numbers: frozenset[str], wanted: str) -> bool:
    """Tell whether a number stands among the others, as printed or rounded to whole."""
    if wanted in numbers:
        return True
    if not wanted.isdigit():
        return False
    return any(_rounds_to(number, int(wanted)) for number in numbers)


def _rounds_to(number: str, whole: int) -> bool:
    try:
        exact = float(number)
    except ValueError:
        return False
    return "." in number and (round(exact) == whole or (exact < 1 and whole == 1))


def row_text(row: Row, writer: Writer, source: Source | None) -> str:
    """Return all that a cited row holds, as text."""
    parts: list[str] = []
    match row:
        case Statement():
            parts += [_conditions(row.conditions), writer.disease(row.disease), _disease(row.disease, writer)]
            parts += [*row.therapies, *row.after, row.jurisdiction, row.stage, row.line, row.date, row.note]
        case TestAdvice():
            parts += [row.marker, _conditions(row.conditions), _disease(row.disease, writer), row.when]
        case MarkerCard():
            parts += [row.marker, row.gene or "", row.normal_job, row.change_meaning, *row.names]
            parts += [text for pair in row.look_alikes for text in pair]
            parts += [_disease(code, writer) for code in row.usual_in]
        case Frequency():
            parts += [_conditions((row.condition,)), _disease(row.disease, writer), row.note]
        case Method():
            parts += [row.name, row.finds, row.misses]
        case DiseaseCard():
            parts += [row.plain_name, row.what, row.urgent, _disease(row.disease, writer)]
    if source:
        parts += [source.title, source.date]
    return " | ".join(part for part in parts if part)


def _disease(code: str, writer: Writer) -> str:
    named = writer.vocabulary.diseases.get(code)
    return f"{writer.disease(code)} {named.name if named else ''}"


def _conditions(conditions: Iterable[object]) -> str:
    parts: list[str] = []
    for condition in conditions:
        gene = getattr(condition, "gene", None) or ""
        others = getattr(condition, "or_genes", ())
        detail = getattr(condition, "detail", "")
        parts += [f"{gene} {detail}", *others]
    return " ".join(parts)


def row_numbers(row: Row) -> frozenset[str]:
    """Return the numbers that follow from a row: shares of a frequency on the usual bases."""
    if not isinstance(row, Frequency) or row.among <= 0:
        return frozenset()
    share = row.found / row.among
    return frozenset({"100", "1000", "1", *(str(round(share * base)) for base in (10, 100, 1000))})


def fact_text(fact: Carried, writer: Writer) -> str:
    """Return all that a fact of the profile holds, as text."""
    match fact:
        case Finding():
            stated = [str(v) for v in fact.reading.stated().values() if v is not None]
            return " | ".join([*stated, facts.name(fact.reading, writer), facts.printed(fact.reading, writer)])
        case Diagnosis():
            card = writer.knowledge.disease_card(fact.oncotree) if fact.oncotree else None
            told = (card.plain_name, card.what, card.urgent) if card else ()
            return " | ".join([fact.text, fact.name, fact.grade, _disease(fact.oncotree, writer), *told])
        case Stage():
            return " | ".join([fact.system, fact.value, fact.t, fact.n, fact.m])
        case Treatment():
            cycles = str(fact.cycles) if fact.cycles is not None else ""
            return " | ".join([fact.name, fact.start, fact.end, fact.reason, fact.dose, cycles])
