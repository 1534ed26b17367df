"""A question with what is known about it: what the sections of a public answer are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from app.domain.finding import Finding
from app.domain.guidance import Sentence
from app.domain.match import Match, Matches, Rung
from app.domain.mention import ANY_ALTERATION, FactType, Reading
from app.domain.question import Question
from app.domain.statement import Change, Condition, Direction, Frequency, Level, MarkerCard, Statement, TestAdvice
from app.stages.guidance import facts, rungs
from app.stages.guidance.cards import Cards, classes, plain
from app.stages.guidance.writing import Writer, in_pairs, without_nos

LIST = 2
MOST_WORDS = 6
"""Names in one sentence of a list: more are hard to read."""
MOST_READINGS = 4
MOST_TESTS = 16
MOST_OTHER_TESTS = 4


@dataclass(slots=True)
class Inquiry:
    """Everything that an answer is made of.

    Attributes:
        asked: The question, understood.
        matches: What is known about what it names.
        writer: Makes the sentences.
        cards: Plain words about markers.
        advice: What guidelines say to test in the cancers that it covers, by the code asked about.
    """

    asked: Question
    matches: Matches
    writer: Writer
    cards: Cards
    advice: dict[str, list[TestAdvice]] = field(default_factory=dict)

    @property
    def cancer(self) -> str:
        """The cancer's name in running text."""
        asked, writer = self.asked, self.writer
        if writer.tongue.code != "en" and len(asked.codes) == 1:
            return writer.disease(asked.codes[0])
        key = f"cancer.{asked.cancer or 'unknown'}"
        if writer.has(key) or writer.tongue.code == "en":
            return writer.word(key) if writer.has(key) else asked.cancer
        named = asked.cancer.casefold()
        known = (c for c, d in writer.vocabulary.diseases.items() if without_nos(d.name).casefold() == named)
        return next((writer.disease(code) for code in known if code in writer.tongue.diseases), asked.cancer)

    @property
    def marker(self) -> str:
        """The first marker's name."""
        return self.writer.marker(self.asked.markers[0]) if self.asked.markers else ""

    @property
    def found_cards(self) -> list[MarkerCard]:
        """The cards of the markers, each once."""
        cards = [self.cards.of(f.reading) for f in self.main]
        return list({c.id: c for c in cards if c}.values())

    def is_quiet(self, card: MarkerCard) -> bool:
        """Tell whether the question names this marker only as not found, low or not judged."""
        named = [f.reading for f in self.main if self.cards.of(f.reading) is card]
        return all(
            facts.is_absent(r) or facts.is_usual(r) or facts.is_unjudged(r) or r.result == "low_positive" for r in named
        )

    @property
    def main(self) -> tuple[Finding, ...]:
        """The findings that the question names; what it only takes in comes after them."""
        return self.asked.profile.findings[: len(self.asked.markers)]

    @property
    def relevant(self) -> list[Match]:
        """The matches, with those statements only that speak of what the question names."""
        kept: list[Match] = []
        for match in self.matches.matches:
            rows = tuple(s for s in match.statements if self._speaks(s))
            if rows:
                kept.append(replace(match, statements=rows))
        return kept

    def _speaks(self, statement: Statement) -> bool:
        for finding in self.main:
            wanted = set((finding.reading.gene or "").split("::")) - {""}
            wanted |= {"BRCA2"} if "BRCA1" in wanted else set()
            absent = facts.is_absent(finding.reading)
            for condition in statement.conditions:
                own = {gene for gene in condition.genes if gene}
                if (own & wanted if own or wanted else True) and (absent or not condition.negated):
                    return True
                if not own and finding.reading.type is FactType.CYTOGENETICS:
                    return True
        return False

    def of(self, rung: Rung) -> list[Statement]:
        """Return the statements of one rung, strongest first."""
        return [s for m in self.relevant if m.rung is rung for s in m.statements]


def prepare(inquiry: Inquiry) -> None:
    """Look up the tests that guidelines name, for each reading of the cancer."""
    knowledge = inquiry.writer.knowledge
    inquiry.writer.exact = len(inquiry.asked.profile.findings) > len(inquiry.asked.markers)
    seen: set[str] = set()
    for code in inquiry.asked.codes[:MOST_READINGS]:
        rows = [row for row in knowledge.advice(inquiry.writer.ancestors(code) or (code,)) if row.id not in seen]
        seen |= {row.id for row in rows}
        if rows:
            inquiry.advice[code] = _by_weight(rows, code, inquiry)


def _by_weight(rows: Sequence[TestAdvice], code: str, inquiry: Inquiry) -> list[TestAdvice]:
    """Order tests by how many approvals and guideline statements in this cancer rest on their marker."""
    writer = inquiry.writer
    near = set(writer.ancestors(code))

    def weight(row: TestAdvice) -> float:
        genes = [gene for condition in row.conditions for gene in condition.genes]
        found = writer.knowledge.about(list(dict.fromkeys(genes)))
        named = {c.detail.split("|")[0] for c in row.conditions if c.gene is None}
        strong = [s for s in found if s.level in (Level.APPROVED, Level.GUIDELINE) and s.disease in near]
        about = sum(any(c.gene or c.detail in named for c in s.conditions) for s in strong)
        return about / max(1, len(genes))

    return sorted(rows, key=lambda row: (-weight(row), "treatment" not in row.reasons, row.id))


def rung(inquiry: Inquiry) -> Rung:
    """Return the rung of the answer as a whole."""
    asked = inquiry.asked
    if asked.intent == "out_of_scope":
        return Rung.OUT_OF_SCOPE
    if asked.intent == "clarify" or not asked.markers:
        return Rung.GUIDELINE_HERE if inquiry.advice and asked.intent != "clarify" else Rung.CLARIFY
    if not asked.codes:
        return Rung.CLARIFY
    own = [m for m in inquiry.relevant if any(s.direction is not Direction.PREDISPOSING for s in m.statements)]
    found = {m.rung for m in own or inquiry.relevant}
    if asked.intent == "prognosis" and Rung.PROGNOSTIC in found:
        return Rung.PROGNOSTIC
    return next((step for step in rungs.LADDER if step in found), Rung.NONE)


def frequencies(inquiry: Inquiry, *, own: bool) -> list[Frequency]:
    """Return how often the markers are found in the cancers asked about, or where they are usual."""
    knowledge = inquiry.writer.knowledge
    codes: list[str] = []
    if own:
        codes = [c for code in inquiry.asked.codes for c in (inquiry.writer.ancestors(code) or (code,))]
    else:
        codes = [code for card in inquiry.found_cards for code in card.usual_in]
    found: dict[str, Frequency] = {}
    for finding in inquiry.main:
        wanted = cards_classes(finding.reading)
        for gene in (finding.reading.gene or "").split("::") if finding.reading.gene else [None]:
            for row in knowledge.frequencies(gene, list(dict.fromkeys(codes))):
                if row.condition.change.value in wanted and _counts(row.condition, finding.reading):
                    found.setdefault(row.id, row)
    return list(found.values())


def _counts(condition: Condition, reading: Reading) -> bool:
    """Tell whether a figure counts this very change: how common KRAS changes are says nothing of G12C."""
    if reading.type is not FactType.VARIANT:
        return True
    if reading.alteration in ("any mutation", ANY_ALTERATION, ""):
        return condition.change is Change.MUTATION
    own = {plain(name.removeprefix("p.")) for name in (reading.alteration, reading.category, reading.p) if name}
    return bool(own & {plain(name.strip().removeprefix("p.")) for name in condition.detail.split("|") if name})


def cards_classes(reading: Reading) -> set[str]:
    """Return the classes of change whose figures speak of a finding."""
    return {change.value for change in classes(reading)}


def is_asked(row: TestAdvice, inquiry: Inquiry) -> bool:
    """Tell whether a test is one for the marker asked about."""
    for finding in inquiry.main:
        genes = set((finding.reading.gene or "").split("::")) - {""}
        wanted = cards_classes(finding.reading)
        for condition in row.conditions:
            same_gene = bool(genes & {g for g in condition.genes if g})
            if same_gene and condition.change.value in wanted | {"mutation"}:
                return True
            if (
                not genes
                and condition.gene is None
                and finding.reading.alteration.split()[0:1] == condition.detail.split()[0:1]
            ):
                return True
    return False


def lists(first: str, more: str, rows: Sequence[TestAdvice], inquiry: Inquiry, **slots: str) -> list[Sentence]:
    """Name tests, two in each sentence: longer lists are hard to read."""
    writer = inquiry.writer
    sentences: list[Sentence] = []
    for few in in_pairs(list({row.marker: row for row in rows}.values())):
        template = more if sentences else first
        sentences.append(
            writer.say(
                template, cites=few, list=writer.listed([writer.the(writer.marker(r.marker)) for r in few]), **slots
            )
        )
    return sentences
