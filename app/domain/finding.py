"""A fact of one record, with every place that says it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.mention import Reading
from app.domain.provenance import Evidence


class Review(StrEnum):
    """Who stands behind a fact."""

    MACHINE = "machine"
    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    ADDED = "added"
    REJECTED = "rejected"
    DISPUTED = "disputed"


@dataclass(frozen=True, slots=True)
class Finding:
    """A fact and its evidence.

    Attributes:
        id: Stable within one analysis: "f1" … for biomarkers, "d1" diagnoses, "s1" stages, "t1" treatments.
        reading: What is said.
        evidence: At least one place; several where the record says it several times.
        cue: The words that made it negative, uncertain or historical, verbatim; "" where the text is plain.
        confidence: 0 to 1, the least of its readings'.
        review: Who stands behind it.
        section: Heading of the section that says it first, as printed, else what the section is for; "" where unknown.
    """

    id: str
    reading: Reading
    evidence: tuple[Evidence, ...]
    cue: str = ""
    confidence: float = 1.0
    review: Review = Review.MACHINE
    section: str = ""
