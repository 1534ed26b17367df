"""The picture of a page as it is shown, on which the boxes of its words fit."""

from __future__ import annotations

from app.domain.document import Format, SourceDocument
from app.domain.page import Page
from app.stages.pages import typeset

LONGEST = 2400
"""Longest side in picture points of a photo as it is shown."""


def picture(document: SourceDocument, page: Page, *, dpi: int = 110) -> bytes:
    """Draw the page as shown; its width in picture points stands for `page.width`.

    Args:
        document: The document that the page was read from.
        page: As read.
        dpi: Resolution for what is drawn anew; a photo keeps its own up to a bound.

    Returns:
        PNG or JPEG, without any data about place or camera.

    Raises:
        InputError: The document does not open (any more).
        ValueError: The page does not draw.
    """
    if page.image is not None:
        return page.image
    if document.format is Format.PDF:
        return _of_pdf(document, page, dpi)
    if document.format is Format.IMAGE:
        return _of_image(document, page)
    return typeset.picture(page, dpi)


def _of_pdf(document: SourceDocument, page: Page, dpi: int) -> bytes:
    import cv2

    from app.stages.pages import imaging
    from app.stages.pages.pdf import PdfFile

    pdf = PdfFile(document)
    try:
        leaf = pdf.page(page.number)
        try:
            drawn = imaging.turned(leaf.drawn(leaf.scale_for(dpi, 8.0), colour=True), page.rotation)
        finally:
            leaf.close()
    finally:
        pdf.close()
    ok, data = cv2.imencode(".png", drawn)
    if not ok:
        raise ValueError("the page does not draw")
    return bytes(data)


def _of_image(document: SourceDocument, page: Page) -> bytes:
    from app.stages.pages import images, imaging

    with images.opened(document) as image:
        shown = imaging.turned(images.frame(image, page.number, colour=True), page.rotation)
    return imaging.encoded(shown, longest=LONGEST, quality=85)
