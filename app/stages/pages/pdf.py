"""A PDF file: its pages as text and as pictures. PDFium is not made for threads, so each call holds one lock."""

from __future__ import annotations

import io
import logging
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from app.domain.document import SourceDocument
from app.domain.provenance import Box
from app.errors import DamagedFileError, EncryptedReportError
from app.stages.pages import marks
from app.stages.pages.glyphs import Frame, NativeWord, words
from app.stages.pages.imaging import turned

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LOCK = Lock()


class PdfFile:
    """An open PDF.

    Attributes:
        pages: Number of pages.
        mended: Whether the file was broken and had to be mended, so that parts of it may be lost.
    """

    def __init__(self, document: SourceDocument) -> None:
        """Open the file; a broken one as far as it can be mended.

        Raises:
            EncryptedReportError: A password is needed, or the given one does not open it.
            DamagedFileError: It does not open.
        """
        self.pages, self.mended = 0, False
        with suppress(pdfium.PdfiumError):
            self._open(document, document.content)
        if self.pages == 0:
            self.mended = True
            try:
                self._open(document, _mended(document.content, document.password))
            except pdfium.PdfiumError as error:
                raise DamagedFileError(document.name) from error
        if self.pages == 0:
            raise DamagedFileError(document.name)

    def _open(self, document: SourceDocument, content: bytes) -> None:
        with _LOCK:
            try:
                self._pdf: Any = pdfium.PdfDocument(content, password=document.password)
                self.pages = len(self._pdf)
                if self._pdf.get_formtype() != raw.FORMTYPE_NONE:
                    self._pdf.init_forms()
            except pdfium.PdfiumError as error:
                if raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD:
                    raise EncryptedReportError(document.name, wrong=document.password is not None) from error
                raise

    def close(self) -> None:
        """Give the memory back."""
        with _LOCK:
            self._pdf.close()

    def page(self, number: int) -> PdfPage:
        """Open a page, from 1.

        Raises:
            ValueError: The page is broken.
        """
        with _LOCK:
            try:
                return PdfPage(*marks.opened(self._pdf, number - 1))
            except pdfium.PdfiumError as error:
                raise ValueError("the page does not open") from error


def _mended(content: bytes, password: str | None) -> bytes:
    """Write a broken file anew from the objects that can be found in it; b"" where none can."""
    import pikepdf

    logging.getLogger("pikepdf").setLevel(logging.CRITICAL)  # what it mends may quote the file
    out = io.BytesIO()
    with (
        suppress(pikepdf.PdfError, pikepdf.DataDecodingError, ValueError, TypeError, RuntimeError),
        pikepdf.open(io.BytesIO(content), password=password or "", suppress_warnings=True) as pdf,
    ):
        pdf.save(out, encryption=False)
    return out.getvalue()


class PdfPage:
    """A page of an open PDF; close it when done."""

    def __init__(self, page: Any, marked: marks.Marks) -> None:
        """Wrap PDFium's page and its marks."""
        self._page = page
        self.marks = marked
        left, bottom, right, top = page.get_bbox()
        self.frame = Frame(left, bottom, right, top, page.get_rotation())
        self.turn = 0
        """Degrees clockwise by which the page must be turned beyond what the file says, so that its text is upright."""

    def close(self) -> None:
        """Give the memory back."""
        with _LOCK:
            self._page.close()

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as shown, in points."""
        return self.frame.size

    def words(self, turn: int | None = None) -> tuple[NativeWord, ...]:
        """Return the words of the text layer, with boxes on the page as shown; the page is turned if most lie.

        Args:
            turn: Degrees clockwise by which a person said to turn the page; None where its words have to tell.
        """
        with _LOCK:
            text = self._page.get_textpage()
            try:
                found = words(text.raw, self.frame)
                lying: Counter[int] = Counter()
                for native in found:
                    lying[self.lean(native)] += len(native.word.text)
                common = (lying.most_common(1)[0][0] if lying else 0) if turn is None else turn
                if common in (90, 180, 270):
                    self.turn = common
                    self.frame = replace(self.frame, rotation=(self.frame.rotation + common) % 360)
                    found = words(text.raw, self.frame)
                return found
            finally:
                text.close()

    def lean(self, native: NativeWord) -> int:
        """Return the direction in which a word runs on the page as shown, counter-clockwise; 0 is upright."""
        return (native.ink.angle - self.frame.rotation) % 360

    def objects(self) -> tuple[list[Box], list[Box]]:
        """Return the boxes of pictures and of horizontal rules, on the page as shown."""
        pictures: list[Box] = []
        rules: list[Box] = []
        with _LOCK:
            for thing in self._page.get_objects(max_depth=4):
                if thing.type not in (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_PATH):
                    continue
                try:
                    left, bottom, right, top = thing.get_bounds()
                except pdfium.PdfiumError:
                    continue
                x, y = self.frame.point(left, bottom)
                u, v = self.frame.point(right, top)
                box = Box(min(x, u), min(y, v), max(x, u), max(y, v))
                if thing.type == raw.FPDF_PAGEOBJ_IMAGE:
                    pictures.append(box)
                elif box.y1 - box.y0 <= 3.0 and box.x1 - box.x0 >= 4.0:
                    rules.append(box)
        return pictures, rules

    def picture_dpi(self) -> float:
        """Return the resolution of the largest picture on the page; 0 where there is none."""
        largest, dpi = 0.0, 0.0
        with _LOCK:
            for thing in self._page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=4):
                try:
                    left, bottom, right, top = thing.get_bounds()
                    across, down = thing.get_px_size()
                except (pdfium.PdfiumError, ValueError):
                    continue
                area = (right - left) * (top - bottom)
                if area > largest:
                    largest = area
                    dpi = 72.0 * max(across, down) / max(right - left, top - bottom, 1.0)
        return dpi

    def drawn(self, scale: float, *, colour: bool = False) -> NDArray[np.uint8]:
        """Draw the page as shown, `scale` picture points to the point; grey unless colour (BGR) is asked for."""
        with _LOCK:
            bitmap = self._page.render(scale=scale, grayscale=not colour, may_draw_forms=True)
            try:
                picture: NDArray[np.uint8] = bitmap.to_numpy().copy()
            finally:
                bitmap.close()
        upright: NDArray[np.uint8] = turned(picture if colour or picture.ndim == 2 else picture[:, :, 0], self.turn)
        return upright

    def scale_for(self, dpi: float, megapixels: float) -> float:
        """Return the scale for the resolution, less where the page would have too many picture points."""
        width, height = self.size
        scale = dpi / 72.0
        points = width * height * scale * scale / 1e6
        return scale if points <= megapixels else scale * (megapixels / points) ** 0.5
