"""Small invented documents for the tests of reading."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Sequence

import numpy as np
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from app.domain.document import Format, SourceDocument
from app.domain.page import Word
from app.domain.provenance import Box


def pdf(
    *pages: Sequence[tuple[float, float, str]], size: float = 11, rotate: int = 0, crop: tuple | None = None
) -> bytes:
    """Make a PDF of pages of (x, y from the top, text)."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(612, 792), invariant=1)
    for page in pages:
        canvas.setFont("Helvetica", size)
        if rotate:
            canvas.setPageRotation(rotate)
        if crop:
            canvas.setCropBox(crop)
        for x, y, text in page:
            canvas.drawString(x, 792 - y, text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def drawn(draw) -> bytes:
    """Make a one-page PDF by drawing on a canvas of letter size, y from the bottom."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(612, 792), invariant=1)
    draw(canvas)
    canvas.save()
    return out.getvalue()


def image(width: int, height: int, kind: str = "PNG", **more) -> bytes:
    """Make a white picture."""
    out = io.BytesIO()
    Image.new("L", (width, height), 255).save(out, kind, **more)
    return out.getvalue()


def archive(**files: bytes) -> bytes:
    """Make a ZIP; a double underscore in a name stands for a dot."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name.replace("__", "."), content)
    return out.getvalue()


def document(content: bytes, kind: Format, name: str = "report") -> SourceDocument:
    """Wrap content as an accepted document."""
    return SourceDocument(name, hashlib.sha256(content).hexdigest(), kind, content)


class FakeOcr:
    """An OCR engine that sees given words at given places, whatever the picture; and says how often it was asked."""

    languages = frozenset({"en"})

    def __init__(self, *words: Word, second: tuple[tuple[str, float], ...] = ()) -> None:
        self._words = words
        self._second = second
        self.asked = 0

    def words(
        self, picture: np.ndarray, *, languages, scattered: bool = False, seconds: float = 60.0
    ) -> tuple[Word, ...]:
        self.asked += 1
        return self._words

    def again(self, pieces) -> tuple[tuple[str, float], ...]:
        return tuple(self._second[: len(pieces)])


def word(text: str, x: float, y: float, confidence: float | None = 0.95, height: float = 40.0) -> Word:
    """A word as an engine gives it, in points of its picture."""
    return Word(text, Box(x, y, x + 0.5 * height * len(text), y + height), confidence=confidence, size_pt=height)
