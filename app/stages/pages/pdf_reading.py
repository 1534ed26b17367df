"""PDF pages → pages: the text layer where it can be trusted, OCR where it cannot."""

from __future__ import annotations

from typing import Any

from app.domain.document import SourceDocument
from app.domain.outcome import Issue
from app.domain.page import Page, TextSource
from app.ports import Ocr
from app.stages.pages import layout
from app.stages.pages.limits import Limits
from app.stages.pages.pdf import PdfFile, PdfPage
from app.stages.pages.reading import Source, no_text, unreadable

OCR_DPI = 300.0


def pages_of_pdf(document: SourceDocument, ocr: Ocr, limits: Limits, languages: tuple[str, ...]) -> Source:
    """Open a PDF.

    Raises:
        EncryptedReportError: A password is needed, or the given one does not open it.
        DamagedFileError: It does not open.
    """
    pdf = PdfFile(document)

    def read(number: int) -> tuple[Page | None, tuple[Issue, ...]]:
        try:
            page = pdf.page(number)
        except ValueError:
            return None, (unreadable(),)
        try:
            return _read(page, number, ocr, limits, languages)
        except TimeoutError:
            return None, (unreadable(),)
        finally:
            page.close()

    return Source(pdf.pages, read, pdf.close)


def _read(
    page: PdfPage, number: int, ocr: Ocr, limits: Limits, languages: tuple[str, ...]
) -> tuple[Page | None, tuple[Issue, ...]]:
    native = page.words()
    pictures, rules = page.objects()
    if not native and pictures:
        return _scanned(page, number, ocr, limits, languages)
    width, height = page.size
    lines = layout.lines([n.word for n in native], rules)
    read = Page(number, round(width, 2), round(height, 2), lines)
    return read, () if lines else (no_text(),)


def _scanned(
    page: PdfPage, number: int, ocr: Ocr, limits: Limits, languages: tuple[str, ...]
) -> tuple[Page | None, tuple[Issue, ...]]:
    from app.stages.pages import imaging, scan

    scale = page.scale_for(OCR_DPI, limits.render_megapixels)
    picture: Any = page.drawn(scale)
    read = scan.read(picture, ocr=ocr, languages=languages, limits=limits)
    words = scan.in_points(read.words, 1 / scale)
    height, width = (side / scale for side in read.picture.shape)
    shown = imaging.encoded(read.picture, longest=1500) if read.levelled else None
    found = Page(
        number,
        round(width, 2),
        round(height, 2),
        layout.lines(words),
        TextSource.OCR,
        read.rotation,
        round(read.confidence, 3) if words else None,
        shown,
    )
    return found, () if words else (no_text(),)
