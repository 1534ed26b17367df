"""PDF pages → pages: the text layer where it can be trusted, OCR where it cannot, region by region."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from app.domain.document import SourceDocument
from app.domain.outcome import Issue, Severity
from app.domain.page import Line, Page, TextSource, Word
from app.domain.provenance import Box
from app.stages.pages import imaging, layout, marks, scan, trust
from app.stages.pages.glyphs import NativeWord
from app.stages.pages.limits import Limits
from app.stages.pages.pdf import PdfFile, PdfPage
from app.stages.pages.reading import Source, about, no_text, unreadable

if TYPE_CHECKING:  # types only: the reading process starts sooner without the other nouns
    import numpy as np
    from numpy.typing import NDArray

    from app.ports import Ocr

OCR_DPI = 300.0
BELIEVED = 0.6
"""Share of the words that OCR is sure of which a suspicious layer must have to be believed."""

SHORTEST_RULE = 40.0
"""Length in points from which a line divides the page rather than marks a word."""

MOSTLY_GAPS = 0.35
"""Share of the page that pictures of text may take before the whole page is read by OCR instead of its regions."""


@dataclass(slots=True)
class _Reader:
    """What the pages of one document share."""

    ocr: Ocr
    limits: Limits
    languages: tuple[str, ...]
    known: dict[bytes, tuple[Word, ...]] = field(default_factory=dict)
    """Words of regions by their look, so that a letterhead is read once."""


def pages_of_pdf(document: SourceDocument, ocr: Ocr, limits: Limits, languages: tuple[str, ...]) -> Source:
    """Open a PDF.

    Raises:
        EncryptedReportError: A password is needed, or the given one does not open it.
        DamagedFileError: It does not open.
    """
    pdf = PdfFile(document)
    reader = _Reader(ocr, limits, languages)

    def read(number: int) -> tuple[Page | None, tuple[Issue, ...]]:
        try:
            page = pdf.page(number)
        except ValueError:
            return None, (unreadable(),)
        try:
            return _read(page, number, reader, document.turn_of(number))
        except TimeoutError:
            return None, (unreadable(),)
        finally:
            page.close()

    return Source(pdf.pages, read, pdf.close, (_half_lost(),) if pdf.mended else ())


def _read(page: PdfPage, number: int, reader: _Reader, turn: int | None) -> tuple[Page | None, tuple[Issue, ...]]:
    native = page.words(turn)
    pictures, rules = page.objects()
    scale = trust.sketch_scale(*page.size)
    sketch = page.drawn(scale)
    verdict = trust.judge(native, sketch, scale, pictures)
    issues = (_hidden(),) if verdict.hidden and not verdict.layered else ()
    if not verdict.kept and not _has_ink(sketch):
        return _page(page, number, ()), (*issues, no_text())
    if verdict.layered or verdict.suspicious or not verdict.kept or _gap_share(verdict.gaps, page) > MOSTLY_GAPS:
        found, more = _whole(page, number, verdict, reader, None if turn is None else 0)
        return found, (*issues, *more)
    added = _from_gaps(page, _whole_pictures(verdict.gaps, pictures), verdict, reader) if verdict.gaps else ()
    kept, struck = marks.without_struck(verdict.kept, rules, page.marks, page.frame)
    issues = (*issues, _struck()) if struck else issues
    kept = marks.with_ticks(kept, page.marks, page.frame)
    lines = _lines(page, kept, added, [rule for rule in rules if rule.x1 - rule.x0 >= SHORTEST_RULE])
    return _page(page, number, lines, added=added, native=True), issues


def _has_ink(sketch: NDArray[np.uint8]) -> bool:
    return int(sketch.max()) - int(sketch.min()) > 24


def _gap_share(gaps: Sequence[Box], page: PdfPage) -> float:
    width, height = page.size
    return sum((g.x1 - g.x0) * (g.y1 - g.y0) for g in gaps) / max(width * height, 1.0)


def _lines(
    page: PdfPage, kept: Sequence[NativeWord], added: Sequence[Word], rules: Sequence[Box] = ()
) -> tuple[Line, ...]:
    """Lay out upright words; what stands sideways or aslant follows in blocks of its own."""
    upright = [n.word for n in kept if page.lean(n) == 0]
    lines = list(layout.lines([*upright, *added], rules))
    block = lines[-1].block + 1 if lines else 0
    for direction in (90, 270, 180):
        for line in layout.sideways([n.word for n in kept if page.lean(n) == direction], direction):
            lines.append(replace(line, block=block))
            block += 1
    for n in kept:
        if page.lean(n) % 90:
            lines.append(Line((n.word,), block))
            block += 1
    return tuple(lines)


def _page(
    page: PdfPage, number: int, lines: tuple[Line, ...], *, added: Sequence[Word] = (), native: bool = False
) -> Page:
    width, height = page.size
    source = TextSource.NATIVE if not added else TextSource.MIXED if native else TextSource.OCR
    sure = round(scan.confidence(tuple(added)), 3) if added else None
    return Page(number, round(width, 2), round(height, 2), lines, source, page.turn, sure)


def _whole_pictures(gaps: Sequence[Box], pictures: Sequence[Box]) -> tuple[Box, ...]:
    """Take for a gap inside a picture the picture itself, so that no line at its edge is cut."""
    whole: dict[Box, None] = {}
    for gap in gaps:
        around = next((p for p in pictures if p.holds(gap) and p.x1 - p.x0 > 30 and p.y1 - p.y0 > 12), None)
        whole[gap.joined(around) if around else gap] = None
    return tuple(whole)


def _from_gaps(page: PdfPage, gaps: Sequence[Box], verdict: trust.Judgement, reader: _Reader) -> tuple[Word, ...]:
    """Read by OCR what is seen and has no text."""
    scale = page.scale_for(OCR_DPI, reader.limits.render_megapixels)
    picture = page.drawn(scale)
    found: list[Word] = []
    for gap in gaps:
        crop = picture[int(gap.y0 * scale) : int(gap.y1 * scale) + 1, int(gap.x0 * scale) : int(gap.x1 * scale) + 1]
        if min(crop.shape) < 8:
            continue
        look = hashlib.blake2b(crop.tobytes(), digest_size=16).digest()
        words = reader.known.get(look)
        if words is None:
            words = reader.known[look] = _read_region(crop, reader)
        found.extend(_moved(scan.in_points(words, 1 / scale), gap.x0, gap.y0))
    taken = [n.word.box for n in verdict.kept]
    return tuple(w for w in found if not any(box.holds(w.box) or w.box.holds(box) for box in taken))


def _read_region(crop: Any, reader: _Reader) -> tuple[Word, ...]:
    words = reader.ocr.words(crop, languages=reader.languages, scattered=True, seconds=reader.limits.page_seconds)
    return tuple(w for w in words if (w.confidence or 0.0) >= 0.35)


def _moved(words: Sequence[Word], x: float, y: float) -> list[Word]:
    return [
        replace(w, box=Box(*(round(v, 2) for v in (w.box.x0 + x, w.box.y0 + y, w.box.x1 + x, w.box.y1 + y))))
        for w in words
    ]


def _whole(
    page: PdfPage, number: int, verdict: trust.Judgement, reader: _Reader, turn: int | None
) -> tuple[Page | None, tuple[Issue, ...]]:
    """Read the whole page by OCR, and keep of the text layer what the page confirms."""
    picture, scale = _drawn_for_ocr(page, reader.limits)
    read = scan.read(picture, ocr=reader.ocr, languages=reader.languages, limits=reader.limits, turn=turn)
    words = scan.in_points(read.words, 1 / scale)
    turned = read.rotation != 0 or read.levelled
    layer = () if turned else tuple(n.word for n in verdict.kept if page.lean(n) == 0)
    issues: tuple[Issue, ...] = ()
    if layer and (verdict.layered or verdict.suspicious):
        if trust.agreement(layer, words) >= BELIEVED:
            words = trust.merged(layer, words)
        else:
            issues = (_wrong_layer(),)
    elif layer:
        words = (*layer, *(w for w in words if not any(b.box.holds(w.box) or w.box.holds(b.box) for b in layer)))
    height, width = (side / scale for side in read.picture.shape)
    shown = imaging.encoded(read.picture, longest=1500) if read.levelled else None
    from_ocr = tuple(w for w in words if w.confidence is not None)
    source = TextSource.OCR if len(from_ocr) == len(words) else TextSource.MIXED if from_ocr else TextSource.NATIVE
    found = Page(
        number,
        round(width, 2),
        round(height, 2),
        layout.lines(words),
        source,
        (page.turn + read.rotation) % 360,
        round(scan.confidence(from_ocr), 3) if from_ocr else None,
        shown,
    )
    return found, (*issues, *(about(words) if words else (no_text(),)))


def _drawn_for_ocr(page: PdfPage, limits: Limits) -> tuple[NDArray[np.uint8], float]:
    """Draw the page at 300 points an inch; a fax in its own resolution first, so that its specks can be told."""
    scale = page.scale_for(OCR_DPI, limits.render_megapixels)
    own = page.picture_dpi()
    if not 60 <= own < 0.9 * OCR_DPI:
        return scan.cleaned(page.drawn(scale)), scale
    picture = scan.cleaned(page.drawn(page.scale_for(own, limits.render_megapixels)))
    factor = scale * page.size[0] / picture.shape[1]
    return imaging.scaled(picture, factor), scale


def _hidden() -> Issue:
    message = "This page holds text that cannot be seen on it. We left that text out."
    return Issue("page.hidden_text", message, Severity.INFO)


def _struck() -> Issue:
    message = "Some words on this page are crossed out. We left them out. Ask the laboratory for the final report."
    return Issue("page.struck_text", message)


def _half_lost() -> Issue:
    message = "This file was damaged. We read what could be saved of it; text or pages may be missing. Send it again."
    return Issue("file.mended", message)


def _wrong_layer() -> Issue:
    message = "The text stored with this page is not what the page shows. We read the page as it is shown."
    return Issue("page.wrong_text_layer", message, Severity.INFO)
