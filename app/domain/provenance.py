"""Where a fact was read: the box on the page, or the person who said it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page as it is shown.

    Attributes:
        x0: Left edge, in points (1/72 inch; one pixel of a photo is one point) from the left of the page.
        y0: Top edge, in points from the top of the page.
        x1: Right edge, not less than x0.
        y1: Bottom edge, not less than y0.
    """

    x0: float
    y0: float
    x1: float
    y1: float

    def joined(self, other: Box) -> Box:
        """Return the smallest box that holds both."""
        return Box(min(self.x0, other.x0), min(self.y0, other.y0), max(self.x1, other.x1), max(self.y1, other.y1))

    def holds(self, other: Box) -> bool:
        """Tell whether the middle of the other box lies inside this one."""
        x, y = (other.x0 + other.x1) / 2, (other.y0 + other.y1) / 2
        return self.x0 <= x <= self.x1 and self.y0 <= y <= self.y1


class Spoken(StrEnum):
    """Who or what says a fact."""

    PAGE = "page"
    QUESTION = "question"
    PERSON = "person"
    REVIEWER = "reviewer"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One place that says a fact.

    Attributes:
        source: A page, or the question, person or reviewer that said it.
        text: What stands there, verbatim: the words in the box, joined by single spaces.
        document: Position of the document in the record, from 0; None unless the source is a page.
        page: Page number, from 1; None unless the source is a page.
        box: Where the words stand, one line high; None unless the source is a page.
    """

    source: Spoken
    text: str
    document: int | None = None
    page: int | None = None
    box: Box | None = None
