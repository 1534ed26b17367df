"""A small knowledge base in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.statement import DiseaseCard, Frequency, MarkerCard, Method, Source, Statement, TestAdvice


@dataclass
class FakeKnowledge:
    """Holds what a test gives it."""

    statements: Sequence[Statement] = ()
    known_sources: Sequence[Source] = ()
    marker_cards: Sequence[MarkerCard] = ()
    tests: Sequence[TestAdvice] = ()
    version: str = "2026-11-25+test"

    def about(self, genes: Sequence[str | None]) -> Sequence[Statement]:
        return [s for s in self.statements if any(g in genes for c in s.conditions for g in c.genes)]

    def advice(self, diseases: Sequence[str]) -> Sequence[TestAdvice]:
        return [t for t in self.tests if t.disease in diseases]

    def cards(self) -> Sequence[MarkerCard]:
        return self.marker_cards

    def frequencies(self, gene: str | None, diseases: Sequence[str]) -> Sequence[Frequency]:
        return []

    def method(self, identity: str) -> Method | None:
        return None

    def disease_card(self, code: str) -> DiseaseCard | None:
        return None

    def source(self, identity: str) -> Source | None:
        return next((s for s in self.known_sources if s.id == identity), None)
