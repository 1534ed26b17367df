"""What a kind is: it reads the facts of its sort from a passage, and gives each with the place it stands at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from app.biomarkers.names import Terms
from app.biomarkers.rules import Rules
from app.biomarkers.statement import Statement
from app.domain.mention import Reading
from app.domain.section import SectionKind


@dataclass(frozen=True)
class Passage:
    """A section's text as the kinds read it: ligatures, dashes and spaces already made plain.

    Attributes:
        text: Lines by newline; cells of a known table row by tab. Plain text that has no page keeps its own spacing.
        kind: What the section is for.
        terms: The names of the field.
        heading: As printed, or "".
        columns: Names of the table columns, where the layout of the laboratory knows them.
        specimen: Label of the specimen that the section is about, or "".
        date: Day of the result where the section states its own, or "".
        statements: Of which markers its lines speak and what they assert; made before the kinds read.
        rules: The curated rules of extraction.
        chosen: Which kinds of facts a statement makes of a marker, kept while the kinds read.
    """

    text: str
    kind: SectionKind
    terms: Terms
    heading: str = ""
    columns: tuple[str, ...] = ()
    specimen: str = ""
    date: str = ""
    statements: tuple[Statement, ...] = ()
    rules: Rules = field(default_factory=Rules)
    chosen: dict[tuple[int, int], set[str]] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Hit:
    """A fact and where it stands.

    Attributes:
        reading: The fact.
        spans: (start, end) in `Passage.text`, half open: the name first, then result, value and the rest. A span never
            covers words that are not part of the fact.
        cue: The words that made it negative, uncertain, historical, planned and so on.
        confidence: 0 to 1.
    """

    reading: Reading
    spans: tuple[tuple[int, int], ...]
    cue: tuple[int, int] | None = None
    confidence: float = 1.0


class Kind(Protocol):
    """A module of `app.biomarkers` that reads one sort of fact."""

    NAME: str

    def read(self, passage: Passage) -> Iterable[Hit]:
        """Read all facts of this kind from a whole section."""
        ...
