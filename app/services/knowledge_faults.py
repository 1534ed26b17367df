"""What can be wrong with rows of knowledge that each fit their form: names, sources, dates, duplicates, orphans."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.domain.statement import (
    Condition,
    DiseaseCard,
    Frequency,
    Level,
    MarkerCard,
    Method,
    Source,
    Statement,
    TestAdvice,
    Trust,
)
from app.domain.term import Vocabulary

Noun = Statement | TestAdvice | MarkerCard | Frequency | Method | DiseaseCard | Source

WIDE_TREATMENTS = {
    "chemotherapy",
    "platinum chemotherapy",
    "endocrine therapy",
    "systemic therapy",
    "chemoradiation",
    "radiation",
    "surgery",
    "immunotherapy",
    "EGFR antibody",
    "anti-EGFR antibody",
    "transplant",
}
"""Treatments that labels name without naming a drug."""

LOCI = {"IGH", "IGK", "IGL", "TRA", "TRB", "TRD", "TRG", "DUX4L1", "HLA-A"}
"""Loci that take part in fusions and conditions and are no single protein-coding gene."""


class Row(Protocol):
    """A row and the file that it stands in."""

    @property
    def noun(self) -> Noun:
        """The row's noun."""
        ...

    @property
    def file(self) -> str:
        """Path below the knowledge folder."""
        ...


@dataclass(frozen=True, slots=True)
class Known:
    """The names that rows may use."""

    genes: frozenset[str]
    drugs: frozenset[str]
    diseases: frozenset[str]
    methods: frozenset[str]
    sources: dict[str, Source]


def faults(rows: Sequence[Row], vocabulary: Vocabulary, *, day: str) -> list[str]:
    """Return what is wrong, one line each, with file and row.

    Args:
        rows: All rows of all files.
        vocabulary: The genes, drugs and diseases that there are.
        day: The day of the last change; no row may be younger.
    """
    known = _known(rows, vocabulary)
    told: list[str] = []
    for row in rows:
        where = f"{row.file}: {_name(row.noun)}"
        told.extend(f"{where}: {fault}" for fault in (*_names(row.noun, known), *_proof(row.noun, known, day)))
    told.extend(_duplicates(rows))
    told.extend(_orphans(rows))
    return told


def _known(rows: Sequence[Row], vocabulary: Vocabulary) -> Known:
    classes = {drug.drug_class for drug in vocabulary.drugs.values() if drug.drug_class}
    names = {drug.generic.lower() for drug in vocabulary.drugs.values()}
    wide = {name.lower() for name in WIDE_TREATMENTS | classes}
    return Known(
        frozenset(vocabulary.genes) | LOCI,
        frozenset(names | wide),
        frozenset(vocabulary.diseases),
        frozenset(row.noun.id for row in rows if isinstance(row.noun, Method)),
        {row.noun.id: row.noun for row in rows if isinstance(row.noun, Source)},
    )


def _name(noun: Noun) -> str:
    return noun.disease if isinstance(noun, DiseaseCard) else noun.id


def _names(noun: Noun, known: Known) -> Iterator[str]:
    """Yield names that nothing has."""
    for condition in _conditions(noun):
        partner = condition.detail if condition.change == "fusion" else ""
        for gene in (*condition.genes, partner):
            if gene and gene not in known.genes:
                yield f"gene {gene} is no current HGNC symbol"
    for disease in _diseases(noun):
        if disease not in known.diseases:
            yield f"disease {disease} is neither an OncoTree code nor a group"
    if isinstance(noun, Statement) and noun.trust is not Trust.MACHINE:
        for drug in (*noun.therapies, *noun.after):
            if drug.lower() not in known.drugs:
                yield f"drug {drug} is not in the table of drugs"
    ways = noun.methods if isinstance(noun, TestAdvice) else noun.tested_by if isinstance(noun, MarkerCard) else ()
    for way in ways:
        if way not in known.methods:
            yield f"way of testing {way} is described nowhere"
    for source in () if isinstance(noun, Source) else noun.sources:
        if source not in known.sources:
            yield f"source {source} is listed nowhere"


def _conditions(noun: Noun) -> tuple[Condition, ...]:
    if isinstance(noun, Statement | TestAdvice):
        return noun.conditions
    if isinstance(noun, Frequency):
        return (noun.condition,)
    if isinstance(noun, MarkerCard) and noun.gene and noun.change:
        return (Condition(noun.gene, noun.change),)
    return ()


def _diseases(noun: Noun) -> tuple[str, ...]:
    if isinstance(noun, Statement):
        return (noun.disease, *noun.not_in)
    if isinstance(noun, TestAdvice | Frequency | DiseaseCard):
        return (noun.disease,)
    return noun.usual_in if isinstance(noun, MarkerCard) else ()


def _proof(noun: Noun, known: Known, day: str) -> Iterator[str]:
    """Yield what is not proved: no citation, an unread source behind a curated row, an approval without its label."""
    if isinstance(noun, Source):
        if noun.date > day:
            yield f"date {noun.date} lies after {day}"
        if noun.url and not re.match(r"https?://", noun.url):
            yield f"url {noun.url} is no web address"
        return
    if not noun.sources:
        yield "cites nothing"
    cited = [known.sources[identity] for identity in noun.sources if identity in known.sources]
    if noun.trust is Trust.CURATED and cited and all(source.trust is not Trust.CURATED for source in cited):
        yield "is called curated, but none of its sources was read"
    if isinstance(noun, Statement):
        if noun.date > day:
            yield f"date {noun.date} lies after {day}"
        if noun.level is Level.APPROVED and noun.trust is Trust.CURATED:
            yield from _approval(noun, cited)


def _approval(noun: Statement, cited: Sequence[Source]) -> Iterator[str]:
    papers = [source for source in cited if source.kind in {"approval", "label"}]
    if not papers:
        yield "is an approval that no approval or label is cited for"
        return
    drugs = {re.sub(r"[^a-z0-9]+", "-", drug.lower()).strip("-") for drug in noun.therapies}
    if not any(drug in source.id for drug in drugs for source in papers):
        yield f"cites no approval of {' or '.join(noun.therapies)}"


def _duplicates(rows: Sequence[Row]) -> Iterator[str]:
    named = Counter((type(row.noun).__name__, _name(row.noun)) for row in rows)
    for (kind, name), times in sorted(named.items()):
        if times > 1:
            yield f"{name}: {times} rows of kind {kind} have this id"
    seen: dict[tuple[object, ...], str] = {}
    for row in rows:
        said = row.noun
        if not isinstance(said, Statement) or said.trust is Trust.MACHINE:
            continue
        key = (
            frozenset(said.conditions), said.disease, said.direction, said.level, frozenset(said.therapies),
            said.jurisdiction, said.stage, said.line, said.after, said.status, said.note,
        )  # fmt: skip
        if key in seen:
            yield f"{row.file}: {said.id}: says the same as {seen[key]}"
        seen[key] = said.id


def _orphans(rows: Sequence[Row]) -> Iterator[str]:
    """Yield cards that name no cancer and about whose gene no statement, advice or frequency speaks."""
    spoken = {
        gene
        for row in rows
        if not isinstance(row.noun, MarkerCard)
        for condition in _conditions(row.noun)
        for gene in (*condition.genes, condition.detail if condition.change == "fusion" else None)
        if gene
    }
    for row in rows:
        card = row.noun
        if isinstance(card, MarkerCard) and card.gene and card.gene not in spoken and not card.usual_in:
            yield f"{row.file}: {card.id}: names no cancer, and nothing else speaks of {card.gene}"
