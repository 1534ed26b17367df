"""Finds the card that explains a marker, and tells it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.domain.guidance import Sentence
from app.domain.mention import FactType, Reading
from app.domain.statement import Change, MarkerCard
from app.ports import KnowledgeBase
from app.stages.guidance.writing import Writer

CLASSES: dict[FactType, tuple[Change, ...]] = {
    FactType.VARIANT: (Change.VARIANT, Change.CATEGORY, Change.MUTATION),
    FactType.FUSION: (Change.FUSION,),
    FactType.IHC: (Change.EXPRESSION,),
    FactType.SIGNATURE: (Change.SIGNATURE,),
    FactType.CYTOGENETICS: (Change.CYTOGENETIC, Change.FUSION),
    FactType.METHYLATION: (Change.METHYLATION,),
}
COPIES = {
    "amplification": Change.AMPLIFICATION,
    "gain": Change.GAIN,
    "loss": Change.LOSS,
    "homozygous deletion": Change.LOSS,
}
SIGNATURES = {"MSI": "msi", "MMR": "msi", "TMB": "tmb", "HRD": "hrd", "IGHV": "ighv"}


def plain(name: str) -> str:
    """Reduce a name to letters and digits, for comparing."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def classes(reading: Reading) -> tuple[Change, ...]:
    """Return the classes of change that a finding belongs to, nearest first."""
    if reading.type is FactType.CNV:
        change = COPIES.get(reading.alteration)
        return (change,) if change else ()
    if reading.type is FactType.ISH:
        return (Change.AMPLIFICATION,) if reading.alteration == "amplification" else (Change.FUSION,)
    if reading.type is FactType.IHC and reading.result in ("lost", "intact", "retained"):
        return (Change.LOST_EXPRESSION, Change.SIGNATURE)
    return CLASSES.get(reading.type, ())


@dataclass(slots=True)
class Cards:
    """All marker cards, by name and by gene.

    Attributes:
        cards: As the knowledge base holds them.
    """

    cards: Sequence[MarkerCard]
    by_name: dict[str, MarkerCard] = field(default_factory=dict)
    by_gene: dict[str, list[MarkerCard]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for card in self.cards:
            for name in (card.id, card.marker, *card.names):
                self.by_name.setdefault(plain(name), card)
            if card.gene:
                self.by_gene.setdefault(card.gene, []).append(card)

    def of(self, reading: Reading) -> MarkerCard | None:
        """Return the card that explains a finding: by its exact name, by class of change, then the gene's own card."""
        genes = (reading.gene or "").split("::") if reading.gene else []
        wanted = classes(reading)
        for name in self._names(reading, genes):
            card = self.by_name.get(plain(name))
            if card and (card.change in wanted or card.change is None):
                return card
        own = [card for gene in genes for card in self.by_gene.get(gene, [])]
        for change in wanted:
            fitting = [c for c in own if c.change is change and _whole_class(c, change)]
            if fitting:
                return fitting[0]
        return next((c for c in own if c.change is None), None)

    @staticmethod
    def _names(reading: Reading, genes: Sequence[str]) -> list[str]:
        changes = [c for c in (reading.alteration, reading.category, reading.alias, reading.p) if c]
        bare = [re.sub(r"^p\.\(?|\)$", "", c) for c in changes]
        names = [
            f"{gene} {change}"
            for gene in ([reading.gene] if reading.gene else []) + list(genes)
            for change in (*changes, *bare)
        ]
        if reading.type is FactType.FUSION and reading.gene:
            names += [reading.gene, f"{reading.gene} fusion", *(f"{g} fusion" for g in genes)]
        if reading.type is FactType.CYTOGENETICS:
            names += changes + [re.sub(r"\)\(.*", ")", c) for c in changes] + ([reading.gene] if reading.gene else [])
        if reading.type is FactType.SIGNATURE:
            kind = reading.alteration.split()[0] if reading.alteration else ""
            names += [reading.result, f"{kind} {reading.result}", reading.alteration, kind, SIGNATURES.get(kind, "")]
        if reading.type is FactType.IHC:
            names += [
                n for n in (reading.marker, f"{reading.marker} {reading.result}", f"{reading.gene} expression") if n
            ]
        return [n for n in names if n]

    def tell(
        self, card: MarkerCard, about: Sequence[str], writer: Writer, *, templates: tuple[str, str]
    ) -> list[Sentence]:
        """Say what the gene does and what the change does."""
        job, means = writer.told(card.normal_job), writer.told(card.change_meaning)
        if card.change_meaning and not means:
            means = writer.word(f"card.{card.change.value if card.change else 'gene'}")
        sentences = []
        for template, text in zip(templates, (job, means), strict=True):
            if text:
                sentences.append(writer.say(template, about=about, cites=[card], text=text))
        return sentences


def _whole_class(card: MarkerCard, change: Change) -> bool:
    """Tell whether a card is about every change of its class, not about one codon or exon."""
    return change not in (Change.VARIANT, Change.CATEGORY) or not re.search(
        r"\d", card.marker.replace(card.gene or "", "")
    )


def alike(card: MarkerCard) -> Sequence[tuple[str, str]]:
    """Return the names that look like this marker's, and how they differ."""
    return card.look_alikes


_KEPT: list[tuple[KnowledgeBase, Cards]] = []
"""Cards by their knowledge base: they never change while the program runs."""


def cards_of(knowledge: KnowledgeBase) -> Cards:
    """Return all cards of a knowledge base, put in order once."""
    for base, made in _KEPT:
        if base is knowledge:
            return made
    made = Cards(knowledge.cards())
    _KEPT.append((knowledge, made))
    del _KEPT[:-4]
    return made
