"""What the core needs from outside, as protocols."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from app.domain.document import SourceDocument
from app.domain.outcome import Outcome
from app.domain.page import Page
from app.domain.statement import DiseaseCard, Frequency, MarkerCard, Method, Source, Statement, TestAdvice

OnPage = Callable[[int, int], None]
"""Called after each page with its number, from 1, and the number of pages."""


class DocumentReader(Protocol):
    """Reads the pages of a document, safe from what the document may do."""

    def read(self, document: SourceDocument, on_page: OnPage) -> Outcome[tuple[Page, ...]]:
        """Read all pages.

        Raises:
            InputError: The document is refused.
            DependencyError: The OCR engine is missing.
        """
        ...


class KnowledgeBase(Protocol):
    """The compiled facts. Reading it never touches the network."""

    @property
    def version(self) -> str:
        """Date and short hash, such as "2026-11-25+3f2a9c1"."""
        ...

    def about(self, genes: Sequence[str | None]) -> Sequence[Statement]:
        """Return the statements with a condition on any of the genes; None stands for signatures and cytogenetics."""
        ...

    def advice(self, diseases: Sequence[str]) -> Sequence[TestAdvice]:
        """Return what guidelines say to test in any of the diseases (codes or groups)."""
        ...

    def cards(self) -> Sequence[MarkerCard]:
        """Return all marker cards."""
        ...

    def frequencies(self, gene: str | None, diseases: Sequence[str]) -> Sequence[Frequency]:
        """Return how often changes of the gene are found in any of the diseases."""
        ...

    def method(self, identity: str) -> Method | None:
        """Return a way of testing."""
        ...

    def disease_card(self, code: str) -> DiseaseCard | None:
        """Return a cancer's plain words."""
        ...

    def source(self, identity: str) -> Source | None:
        """Return what can be cited under the id."""
        ...
