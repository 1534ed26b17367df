"""How much of a machine one document may take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that are checked before the costly step that they bound.

    Attributes:
        pages: Most pages (or frames) of one document.
        megapixels: Most picture points of one image, by its header.
        render_megapixels: Most picture points that a PDF page is drawn with.
        page_seconds: Longest time that OCR of one page may take.
        workers: Pages that are read at the same time.
        second_reader_words: Most words of one page that the second reader is asked about.
    """

    pages: int = 1000
    megapixels: float = 120.0
    render_megapixels: float = 24.0
    page_seconds: float = 90.0
    workers: int = 1
    second_reader_words: int = 200


DEFAULT_LIMITS = Limits()
