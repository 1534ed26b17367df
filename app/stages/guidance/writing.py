"""Fills templates: the only place where a sentence is made."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.domain.guidance import Sentence
from app.domain.statement import DiseaseCard, Frequency, MarkerCard, Method, Source, Statement, TestAdvice, Trust
from app.domain.term import Vocabulary
from app.ports import KnowledgeBase
from app.stages.guidance.wordings import Tongue

Row = Statement | TestAdvice | MarkerCard | Frequency | Method | DiseaseCard

KEPT_CAPITALS = re.compile(r"[A-Z].*[A-Z0-9]|^[A-Z]$|.*\d")
"""Words of a disease name that stay as they are: abbreviations, single letters and anything with a digit."""
NAMED_CHANGE = re.compile(
    r"(?P<name>[A-Z0-9][\w:/,.-]*(?: (?:and|or) [A-Z0-9][\w:/.-]*)*) "
    r"(?P<kind>fusion|mutation|amplification|loss|rearrangement|methylation|deletion|expression|positive|negative|codeletion)"
    r"(?P<more> \(.*\))?"
)
"""A marker whose English name ends with its class of change."""
EXON_CHANGE = re.compile(
    r"(?P<name>[A-Z0-9][\w:/.-]*) exon (?P<number>\d+) (?P<kind>deletion|insertion|mutation|skipping|change)"
)
"""A marker that is a change in one exon, such as "EGFR exon 19 deletion"."""
ARTICLES = ("la", "el", "los", "las")
TAKES_ARTICLE = re.compile(r"(?:fusion|mutation|rearrangement|deletion|insertion)(?: \(.*\))?$")
PROPER = frozenset(
    {"Hodgkin", "Ewing", "Burkitt", "Merkel", "Waldenstrom", "Waldenström", "Wilms", "Paget", "Langerhans", "Down"}
    | {"Barrett", "Castleman", "Sertoli", "Leydig", "Philadelphia", "Hurthle", "Brenner", "Kaposi", "Sezary"}
    | {"Gleason", "Lynch", "Bowen", "Erdheim", "Rosai", "Rai", "Binet"}
)


def running(name: str) -> str:
    """Write a disease's name as it stands in running text."""
    pieces = re.split(r"([\s/(),-]+)", name)
    return "".join(p if p in PROPER or KEPT_CAPITALS.fullmatch(p) else p[:1].lower() + p[1:] for p in pieces)


def citation(row: Row) -> str:
    """Return the id under which a row is cited."""
    match row:
        case MarkerCard():
            return f"card:{row.id}"
        case Method():
            return f"method:{row.id}"
        case DiseaseCard():
            return f"disease:{row.disease}"
        case _:
            return row.id


@dataclass(slots=True)
class Writer:
    """Makes the sentences of one page and keeps what they cite.

    Attributes:
        tongue: The wording.
        vocabulary: Names of diseases.
        knowledge: Where sources are looked up.
        rows: The rows cited so far, by citation id.
        sources: The first source of each row that has one, by citation id.
        unsourced: Rows without a source that we hold.
        exact: Statements are narrower than what is asked: name exactly what each is about.
        fusions: Names of fusions by their two genes.
        ancestry: Ancestors and groups by disease, as far as they were asked for.
    """

    tongue: Tongue
    vocabulary: Vocabulary
    knowledge: KnowledgeBase
    rows: dict[str, Row] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    unsourced: list[str] = field(default_factory=list)
    exact: bool = False
    fusions: dict[frozenset[str], str] = field(default_factory=dict)
    ancestry: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def say(self, template: str, *, about: Sequence[str] = (), cites: Iterable[Row] = (), **slots: Any) -> Sentence:
        """Make one sentence from a template."""
        wording = self.tongue.templates[template]
        ids = tuple(dict.fromkeys(self.cite(row) for row in cites))
        known = tuple(i for i in ids if i in self.sources)
        filled = {name: str(value) for name, value in slots.items()}
        for slot in ("marker", "name"):
            if slot in filled:
                filled.setdefault(f"a_{slot}", self.one(filled[slot]))
        clinical = _finished(wording.clinical.format_map(filled)) if wording.clinical else ""
        text = _finished(wording.text.format_map(filled))
        return Sentence(text, wording.kind, tuple(about), known, template, clinical)

    def cite(self, row: Row) -> str:
        """Keep a row as cited and return its citation id."""
        identity = citation(row)
        if identity not in self.rows:
            self.rows[identity] = row
            found = [s for s in map(self.knowledge.source, row.sources) if s]
            if found:
                best = min(found, key=lambda s: s.trust is not Trust.CURATED)
                self.sources[identity] = best
            else:
                self.unsourced.append(identity)
        return identity

    def word(self, key: str, **slots: object) -> str:
        """Return a small word, its slots filled."""
        return self.tongue.words[key].format_map({name: str(value) for name, value in slots.items()})

    def has(self, key: str) -> bool:
        """Tell whether there is a small word of this key."""
        return key in self.tongue.words

    def fusion(self, gene: str, partner: str) -> str:
        """Name a fusion as its card does, such as "BCR::ABL1"; the order of the partners is theirs."""
        if not self.fusions:
            for card in self.knowledge.cards():
                for pair in re.findall(r"(\w+)::(\w+)", " ".join((card.marker, *card.names))):
                    self.fusions.setdefault(frozenset(pair), "::".join(pair))
        known = self.fusions.get(frozenset((gene, partner)))
        return known or f"{gene} {self.word('kind.fusion')} {self.word('with')} {partner}"

    def gene(self, symbol: str) -> str:
        """Name a gene as people say it: HER2 for ERBB2."""
        return self.tongue.words.get(f"gene.{symbol}", symbol)

    def disease(self, code: str) -> str:
        """Name a cancer in running text."""
        if code in self.tongue.diseases:
            return self.tongue.diseases[code]
        if code in self.vocabulary.diseases:
            return without_nos(running(self.vocabulary.diseases[code].name))
        return code.replace("_", " ").lower() if code else self.word("cancer.unknown")

    def brief(self, code: str) -> str:
        """Name a cancer by its usual letters where it has some, such as AML."""
        name = self.disease(code)
        letters = re.search(r"\(([A-Z]{2,5})\)", name)
        return letters[1] if letters else name

    def marker(self, name: str) -> str:
        """Name a marker in this language, where the name says its class of change in English."""
        known = self.tongue.texts.get(name)
        if known or self.tongue.code == "en":
            return known or name
        told = name
        found = EXON_CHANGE.fullmatch(name)
        if found and self.has(f"marker.exon_{found['kind']}"):
            told = self.word(f"marker.exon_{found['kind']}", name=found["name"], number=found["number"])
        found = NAMED_CHANGE.fullmatch(name)
        if told == name and found and self.has(f"marker.{found['kind']}"):
            told = self.word(f"marker.{found['kind']}", name=found["name"]) + (found["more"] or "")
        return re.sub(r" (and|or) ", lambda joint: f" {self.word(joint[1])} ", told)

    def told(self, text: str) -> str:
        """Say a text of the knowledge base in this language; "" where nobody has written it yet."""
        return text if self.tongue.code == "en" else self.tongue.texts.get(text, "")

    def one(self, name: str) -> str:
        """Name a change with its article: "an EGFR mutation", "la fusión de ROS1"; other markers take none."""
        if self.tongue.code != "en":
            return self.the(name)
        if not TAKES_ARTICLE.search(name):
            return name
        spelled_out = name[:1] in "FHLMNRSX" and name[1:2].upper() not in "AEIOUY"
        return f"{'an' if name[:1] in 'AEIO' or spelled_out else 'a'} {name}"

    def the(self, name: str) -> str:
        """Name a change with the article of its first word, in a language that always says one."""
        head = name.split(" ", 1)[0]
        article = next((a for a in ARTICLES if head in self.tongue.words.get(f"heads.{a}", "").split()), "")
        return f"{article} {name}" if article else name

    def setting(self, stage: str) -> str:
        """Name a setting, such as "advanced"."""
        key = f"stage.{stage}"
        return self.word(key) if self.has(key) else stage.replace("_", " ")

    def ancestors(self, code: str) -> tuple[str, ...]:
        """Return the code, its ancestors and groups, looked up once."""
        if code not in self.ancestry:
            self.ancestry[code] = self.vocabulary.ancestors(code)
        return self.ancestry[code]

    def listed(self, names: Sequence[str], last: str = "and") -> str:
        """Join names as in speech: "a, b and c"."""
        unique = list(dict.fromkeys(names))
        if len(unique) < 2:
            return "".join(unique)
        return f"{', '.join(unique[:-1])} {self.word(last)} {unique[-1]}"

    def choices(self, names: Sequence[str]) -> str:
        """Join drugs to choose from; a comma keeps combinations apart: "a with b, or c with d"."""
        unique = list(dict.fromkeys(names))
        if len(unique) < 2 or not any(f" {self.word('with')} " in name for name in unique):
            return self.listed(unique, "or")
        return f"{', '.join(unique[:-1])}, {self.word('or')} {unique[-1]}"

    def combination(self, therapies: Sequence[str]) -> str:
        """Name drugs that are given together: "a with b"."""
        names = [self.word(f"after.{name}") if self.has(f"after.{name}") else name for name in therapies]
        return f" {self.word('with')} ".join((names[0], self.listed(names[1:]))) if names[1:] else names[0]

    def detail(self, text: str) -> str:
        """Say a detail of a condition, such as "positive", in this language."""
        return self.tongue.words.get(f"detail.{text}", text)

    def region(self, jurisdiction: str) -> str:
        """Name the region of an approval, as it stands in brackets."""
        return self.tongue.words.get(f"region.{jurisdiction}", jurisdiction)

    def where(self, jurisdiction: str) -> str:
        """Say where an approval holds."""
        key = f"where.{jurisdiction}"
        return self.word(key) if self.has(key) else self.word("where.other", code=jurisdiction)


def without_nos(name: str) -> str:
    """Leave out the code NOS ("not otherwise specified") at the end of the name of a cancer."""
    return re.sub(r",?\s*\(?\bNOS\b\)?$", "", name, flags=re.IGNORECASE)


PAIR = 2
MOST_WORDS = 6
"""Words that two names may have together to stand in one sentence of a list."""


def in_pairs(rows: Sequence[TestAdvice]) -> list[list[TestAdvice]]:
    """Split a list so that each sentence names at most two tests, and only one where its name is long."""
    short: list[list[TestAdvice]] = []
    for row in rows:
        words = sum(len(r.marker.split()) for r in short[-1]) if short else 0
        if short and len(short[-1]) < PAIR and words + len(row.marker.split()) <= MOST_WORDS:
            short[-1].append(row)
        else:
            short.append([row])
    return short


def _finished(text: str) -> str:
    """Begin with a capital and end with one mark."""
    tidy = re.sub(r"\s+", " ", text).strip()
    tidy = re.sub(r"([.?!])(?:\1|\.)+$", r"\1", tidy)
    tidy = re.sub(r"\.”\.$", ".”", tidy)
    first = next((i for i, c in enumerate(tidy) if c.isalnum()), 0)
    if tidy and tidy[first].isalpha() and _may_rise(tidy[first:]):
        tidy = tidy[:first] + tidy[first].upper() + tidy[first + 1 :]
    return tidy if tidy.endswith((".", "?", "!", "”", ":")) else f"{tidy}."


def _may_rise(rest: str) -> bool:
    """Tell whether the first letter may become a capital: not in "p.V600E", "t(8;21)" or "c-MET"."""
    return not re.match(r"[a-z]{1,3}[.(]|[a-z]-|[a-z]+[A-Z0-9]", rest)
