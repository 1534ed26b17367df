"""Image files → pages; one point of the picture is one point of the page."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any

from app.domain.document import SourceDocument
from app.domain.outcome import Issue
from app.domain.page import Page, TextSource
from app.errors import TooLargeError
from app.stages.pages import images, imaging, layout, scan
from app.stages.pages.limits import Limits
from app.stages.pages.reading import Source, about, no_text, unreadable

if TYPE_CHECKING:  # types only: the reading process starts sooner without the other nouns
    from app.ports import Ocr

LETTER = (8.5, 11.0)
"""Inches that a picture of unknown resolution is taken to show."""


def pages_of_image(document: SourceDocument, ocr: Ocr, limits: Limits, languages: tuple[str, ...]) -> Source:
    """Open an image file.

    Raises:
        DamagedFileError: It is no image, or broken.
        TooLargeError: It has more picture points than the limit, by its header.
    """
    lock = Lock()
    opening = images.opened(document)
    image: Any = opening.__enter__()
    width, height = image.size
    if width * height > limits.megapixels * 1e6:
        opening.__exit__(None, None, None)
        raise TooLargeError(document.name, f"{width * height / 1e6:.0f} megapixels, more than {limits.megapixels:.0f}")

    def close() -> None:
        opening.__exit__(None, None, None)

    def read(number: int) -> tuple[Page | None, tuple[Issue, ...]]:
        try:
            with lock:
                picture = images.frame(image, number)
        except ValueError:
            return None, (unreadable(),)
        return _page(picture, number, ocr, limits, languages, document.turn_of(number))

    return Source(images.frames(image), read, close)


def _page(
    picture: Any, number: int, ocr: Ocr, limits: Limits, languages: tuple[str, ...], turn: int | None
) -> tuple[Page | None, tuple[Issue, ...]]:
    picture, flat = _prepared(picture)
    factor = enlargement(picture.shape)
    try:
        read = scan.read(imaging.scaled(picture, factor), ocr=ocr, languages=languages, limits=limits, turn=turn)
    except TimeoutError:
        return None, (unreadable(),)
    words = scan.in_points(read.words, 1 / factor)
    height, width = (side / factor for side in read.picture.shape)
    shown = imaging.encoded(read.picture) if read.levelled or flat else None
    page = Page(
        number,
        round(width, 2),
        round(height, 2),
        layout.lines(words),
        TextSource.OCR,
        read.rotation,
        round(read.confidence, 3) if words else None,
        shown,
    )
    return page, about(words) if words else (no_text(),)


def _prepared(picture: Any) -> tuple[Any, bool]:
    """Cut a photographed sheet out of its background and even its light; tell whether the picture changed its shape."""
    picture = scan.on_light(picture)
    if imaging.is_bilevel(picture):
        return scan.cleaned(picture), False
    corners = imaging.sheet_corners(picture)
    flat = imaging.flattened(picture, corners) if corners is not None else picture
    if imaging.unevenness(flat) > 40:
        flat = imaging.even_light(flat)
    return flat, corners is not None


def enlargement(shape: tuple[int, ...]) -> float:
    """Return the factor that brings a picture of a sheet to about 300 points an inch, never less than half."""
    longest, shortest = max(shape), min(shape)
    dpi = max(longest / LETTER[1], shortest / LETTER[0])
    return min(max(300.0 / dpi, 0.5), 3.0)
