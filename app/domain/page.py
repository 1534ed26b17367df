"""A page as it is shown: words with boxes, in lines, in reading order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.provenance import Box


class TextSource(StrEnum):
    """Where the words of a page came from."""

    NATIVE = "native"
    OCR = "ocr"
    MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class Word:
    """One word on the page.

    Attributes:
        text: The characters, NFC, without white space; repaired where `as_read` is set.
        box: Where it stands on the page as shown.
        confidence: 0 to 1 from the OCR engine; None for native text.
        as_read: What was read before a repair; None where nothing was repaired.
        size_pt: Font size or OCR line height in points; 0 where unknown.
        bold: Whether the font says so; always False from OCR.
        doubtful: Two readings are possible and a person must look (never repaired by guess).
        inverse: Printed light on a dark or coloured ground, such as the chosen one of several boxes.
    """

    text: str
    box: Box
    confidence: float | None = None
    as_read: str | None = None
    size_pt: float = 0.0
    bold: bool = False
    doubtful: bool = False
    inverse: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """Words on one baseline of one block, left to right.

    Attributes:
        words: At least one word.
        block: Number of the block (column, sidebar, table, paragraph) on the page, in reading order, from 0.
            A table is one block and each of its rows is one line; two text columns are two blocks.
    """

    words: tuple[Word, ...]
    block: int = 0

    @property
    def box(self) -> Box:
        """The box around all words."""
        box = self.words[0].box
        for word in self.words[1:]:
            box = box.joined(word.box)
        return box

    @property
    def text(self) -> str:
        """The words joined by single spaces."""
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Page:
    """One page, upright.

    Attributes:
        number: From 1.
        width: In points (one pixel of a photo is one point).
        height: In points.
        lines: In reading order.
        text_source: Native text, OCR, or both by region.
        rotation: Degrees clockwise by which the stored page was turned to be upright: 0, 90, 180 or 270.
        ocr_confidence: Mean word confidence, 0 to 1; None where no word came from OCR.
        image: PNG or JPEG of the page as shown, on which the boxes fit, where it can't be rendered anew from the
            document (deskewed scans, photos); None where the page renders as stored.
        language: ISO 639-1 code of the text ("en", "es" …), or "".
    """

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    text_source: TextSource = TextSource.NATIVE
    rotation: int = 0
    ocr_confidence: float | None = None
    image: bytes | None = None
    language: str = ""

    @property
    def words(self) -> tuple[Word, ...]:
        """All words in reading order."""
        return tuple(word for line in self.lines for word in line.words)
