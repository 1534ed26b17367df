"""Characters of a PDF page → words with boxes, as they are seen.

PDFium gives the characters in the order in which they were drawn. A word ends at white space, at a jump, at a change of
size and at a gap; which gap is one depends on how wide the letters of that run are spaced.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

from pypdfium2 import raw

from app.domain.page import Word
from app.domain.provenance import Box

ASCENT, DESCENT = 0.80, 0.22
"""Height of a word's box above and below its baseline, in ems: one line high, whatever the font claims."""

SUPERSCRIPT = str.maketrans("0123456789+-()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿ")
SHARED = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
pdfium: Any = raw
"""PDFium's own functions, which ship no types."""

LIGATURES = frozenset({"ff", "fi", "fl", "ffi", "ffl", "ft", "st", "tt", "ti", "fj"})
BOLD_NAMES = ("bold", "black", "heavy", "demi")
INVISIBLE_MODES = (3, 7)


@dataclass(frozen=True, slots=True)
class Ink:
    """How a stretch of text is drawn.

    Attributes:
        size: Font size on the page, in points.
        bold: Whether the font's name says so.
        luma: Lightness of the fill, 0 black to 255 white.
        visible: False where the drawing mode or full transparency leaves no ink.
        angle: Direction of writing in degrees counter-clockwise, 0 to 359, in the page's own space.
    """

    size: float
    bold: bool
    luma: float
    visible: bool
    angle: int


@dataclass(frozen=True, slots=True)
class NativeWord:
    """A word of the text layer, with how it is drawn.

    Attributes:
        word: The word on the page as shown.
        ink: How it is drawn.
        broken: Characters in it that have no Unicode meaning.
    """

    word: Word
    ink: Ink
    broken: int = 0


@dataclass(slots=True)
class _Glyph:
    text: str
    x0: float
    x1: float
    baseline: float
    ink: Ink
    broken: bool
    raised: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """Turns a point of the page's own space into one of the page as shown.

    Attributes:
        left: Left edge of the visible box.
        bottom: Its bottom edge.
        right: Its right edge.
        top: Its top edge.
        rotation: Degrees clockwise by which the page is shown turned.
    """

    left: float
    bottom: float
    right: float
    top: float
    rotation: int

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as shown."""
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if self.rotation in (90, 270) else (width, height)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Return where the point is seen, from the top left."""
        if self.rotation == 90:
            return y - self.bottom, x - self.left
        if self.rotation == 180:
            return self.right - x, y - self.bottom
        if self.rotation == 270:
            return self.top - y, self.right - x
        return x - self.left, self.top - y


def words(textpage: Any, frame: Frame) -> tuple[NativeWord, ...]:
    """Return the words of a text page in the order in which they were drawn, what is drawn twice once.

    Args:
        textpage: PDFium's raw text page.
        frame: The page's visible box and rotation.
    """
    found: list[NativeWord] = []
    for run in _runs(textpage):
        found.extend(_split(run, frame))
    return _once(found)


def _runs(textpage: Any) -> list[list[_Glyph]]:
    """Glyphs in runs on one baseline; a space is a glyph of its own, what PDFium made up is left out."""
    count = pdfium.FPDFText_CountChars(textpage)
    rect = pdfium.FS_RECTF()
    at = ctypes.byref(rect)
    x, y = ctypes.c_double(), ctypes.c_double()
    at_x, at_y = ctypes.byref(x), ctypes.byref(y)
    unicode, loose, origin = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox, pdfium.FPDFText_GetCharOrigin
    object_of, generated = pdfium.FPDFText_GetTextObject, pdfium.FPDFText_IsGenerated
    inks: dict[int, Ink] = {}
    runs: list[list[_Glyph]] = []
    run: list[_Glyph] = []
    for i in range(count):
        code = unicode(textpage, i)
        if code in (9, 10, 13, 32) and generated(textpage, i):
            continue
        holder = ctypes.cast(object_of(textpage, i), ctypes.c_void_p).value or 0
        ink = inks.get(holder)
        if ink is None:
            ink = inks[holder] = _ink(textpage, i)
        loose(textpage, i, at)
        origin(textpage, i, at_x, at_y)
        glyph = _glyph(code, rect, x.value, y.value, ink)
        if run and _same_ligature(run[-1], glyph):
            run[-1].text += glyph.text
            continue
        if run and not _continues(run[-1], glyph):
            runs.append(run)
            run = []
        run.append(glyph)
    if run:
        runs.append(run)
    return runs


def _glyph(code: int, rect: Any, x: float, y: float, ink: Ink) -> _Glyph:
    """Place a glyph along its direction of writing: x0 and x1 run with the text, the baseline across it."""
    broken = (
        code in (0, 0xFFFD, 0xFFFE, 0xFFFF) or 0xE000 <= code <= 0xF8FF or (code < 32 and code not in (2, 9, 10, 13))
    )
    text = "\ufffd" if broken else "-" if code == 2 else chr(code)
    if ink.angle == 90:
        return _Glyph(text, rect.bottom, rect.top, -x, ink, broken)
    if ink.angle == 180:
        return _Glyph(text, -rect.right, -rect.left, -y, ink, broken)
    if ink.angle == 270:
        return _Glyph(text, -rect.top, -rect.bottom, x, ink, broken)
    return _Glyph(text, rect.left, rect.right, y, ink, broken)


def _same_ligature(before: _Glyph, glyph: _Glyph) -> bool:
    """PDFium gives the letters of one ligature one by one, each with the box of the whole."""
    letters = before.text + glyph.text
    return before.x0 == glyph.x0 and before.x1 == glyph.x1 and letters in LIGATURES


def _continues(before: _Glyph, glyph: _Glyph) -> bool:
    size = max(before.ink.size, glyph.ink.size)
    return (
        before.ink.angle == glyph.ink.angle
        and abs(before.baseline - glyph.baseline) < 0.6 * size
        and -0.6 * size < glyph.x0 - before.x1 < 1.2 * size
    )


def _ink(textpage: Any, index: int) -> Ink:
    matrix = pdfium.FS_MATRIX()
    size = float(pdfium.FPDFText_GetFontSize(textpage, index))
    angle = 0
    if pdfium.FPDFText_GetMatrix(textpage, index, ctypes.byref(matrix)):
        size *= math.hypot(matrix.c, matrix.d) or 1.0
        angle = round(math.degrees(math.atan2(matrix.b, matrix.a))) % 360
        if min(angle % 90, 90 - angle % 90) <= 3:  # a scan's text layer leans with the paper
            angle = round(angle / 90) * 90 % 360
    name = ctypes.create_string_buffer(128)
    pdfium.FPDFText_GetFontInfo(textpage, index, name, 128, None)
    bold = any(sign in name.value.decode("latin-1").lower() for sign in BOLD_NAMES)
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    pdfium.FPDFText_GetFillColor(textpage, index, red, green, blue, alpha)
    holder = pdfium.FPDFText_GetTextObject(textpage, index)
    mode = pdfium.FPDFTextObj_GetTextRenderMode(holder) if holder else 0
    luma = 0.299 * red.value + 0.587 * green.value + 0.114 * blue.value
    return Ink(abs(size) or 1.0, bold, luma, mode not in INVISIBLE_MODES and (alpha.value > 12 or mode == 1), angle)


def _split(run: list[_Glyph], frame: Frame) -> list[NativeWord]:
    """Cut a run into words; a raised mark that ends a word is a word of its own, so that 80%¹ is never 801."""
    run = _without_shadows(run)
    _raise(run)
    limit = _widest_letter_gap(run)
    found: list[NativeWord] = []
    word: list[_Glyph] = []
    for glyph in run:
        space = glyph.text.isspace() or glyph.text in "\u200b\u00a0"
        if word and (space or _ends(word[-1], glyph, limit)):
            found.extend(_finished(word, frame))
            word = []
        if not space:
            word.append(glyph)
    if word:
        found.extend(_finished(word, frame))
    return [w for w in found if w.word.text]


def _finished(word: list[_Glyph], frame: Frame) -> list[NativeWord]:
    end = len(word)
    while end and word[end - 1].raised:
        end -= 1
    return [_word(part, frame) for part in (word[:end], word[end:]) if part]


def _raise(run: list[_Glyph]) -> None:
    """Mark and write as superscripts the glyphs that are smaller and higher than the text of their run."""
    largest = max(g.ink.size for g in run)
    if all(g.ink.size > 0.82 * largest for g in run):
        return
    level = median(g.baseline for g in run if g.ink.size > 0.9 * largest)
    for glyph in run:
        if glyph.ink.size <= 0.82 * largest and glyph.baseline - level > 0.15 * largest:
            glyph.raised = True
            glyph.text = glyph.text.translate(SUPERSCRIPT)


def _without_shadows(run: list[_Glyph]) -> list[_Glyph]:
    """Drop a letter that is drawn again almost where it already stands (false bold)."""
    kept: list[_Glyph] = []
    for glyph in run:
        reach = 0.35 * max(glyph.x1 - glyph.x0, 0.1)
        if any(k.text == glyph.text and abs(k.x0 - glyph.x0) < reach for k in kept[-4:]):
            continue
        kept.append(glyph)
    return kept


def _widest_letter_gap(run: list[_Glyph]) -> float:
    """Return the gap in points that still belongs inside a word of this run."""
    size = run[0].ink.size
    gaps = [b.x0 - a.x1 for a, b in pairwise(run) if not (a.text.isspace() or b.text.isspace())]
    usual = median(gaps) if len(gaps) >= 3 else 0.0
    return max(usual, 0.0) + max(0.17 * size, 0.5 * max(usual, 0.0))


def _ends(before: _Glyph, glyph: _Glyph, limit: float) -> bool:
    return glyph.x0 - before.x1 > limit or glyph.x1 < before.x0


def _word(glyphs: list[_Glyph], frame: Frame) -> NativeWord:
    text = "".join(g.text for g in glyphs)
    text = unicodedata.normalize("NFC", text.translate(SHARED)).replace("\u00ad", "-").strip()
    first = glyphs[0]
    ink = max((g.ink for g in glyphs), key=lambda i: i.size)
    low, high = first.baseline - DESCENT * ink.size, first.baseline + ASCENT * ink.size
    start, end = min(g.x0 for g in glyphs), max(g.x1 for g in glyphs)
    return NativeWord(
        Word(text, _box(start, low, end, high, ink.angle, frame), size_pt=round(ink.size, 2), bold=ink.bold),
        ink,
        sum(g.broken for g in glyphs),
    )


def _placed(along: float, up: float, angle: int) -> tuple[float, float]:
    """Turn a place along the writing back into one of the page's own space."""
    if angle == 90:
        return -up, along
    if angle == 180:
        return -along, -up
    if angle == 270:
        return up, -along
    return along, up


def _box(start: float, low: float, end: float, high: float, angle: int, frame: Frame) -> Box:
    x, y = frame.point(*_placed(start, low, angle))
    u, v = frame.point(*_placed(end, high, angle))
    return Box(round(min(x, u), 2), round(min(y, v), 2), round(max(x, u), 2), round(max(y, v), 2))


def _once(found: list[NativeWord]) -> tuple[NativeWord, ...]:
    """Drop a word that is drawn again almost where it already stands."""
    seen: dict[str, list[Box]] = {}
    kept: list[NativeWord] = []
    for native in found:
        box, reach = native.word.box, 0.2 * native.ink.size
        places = seen.setdefault(native.word.text, [])
        if any(abs(p.x0 - box.x0) < reach and abs(p.y0 - box.y0) < reach for p in places):
            continue
        places.append(box)
        kept.append(native)
    return tuple(kept)
