"""Characters of a PDF page → words with boxes, as they are seen.

PDFium gives the characters in the order in which they were drawn. A word ends at white space, at a jump, at a change of
size and at a gap; which gap is one depends on how wide the letters of that run are spaced.
"""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from dataclasses import dataclass, replace
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
    text, count = _text(textpage)
    reader = _Glyphs(textpage)
    found: list[NativeWord] = []
    for line in LINE.finditer(text):
        quick = _quick(reader, text, line.start(), line.end(), frame)
        if quick is None:
            for run in _runs(reader, line.start(), line.end()):
                found.extend(_split(run, frame))
        else:
            found.extend(quick)
    if count and not text:
        for run in _runs(reader, 0, count):
            found.extend(_split(run, frame))
    return _rightward(_once(found))


LINE = re.compile(r"[^\r\n]+")
ODD = re.compile(r"[^ -~°±·µ×ß-öø-ÿÀ-ÖØ-Þ–—‘’“”•…€≤≥α-ωΑ-Ω]|(.)\1\1|(?:(.)\2){3}")
"""Characters, or runs of one character, that ask for a closer look at each glyph."""


def _text(textpage: Any) -> tuple[str, int]:
    """Return all characters, one for each of PDFium's indexes; "" where they cannot be had one for one."""
    count = int(pdfium.FPDFText_CountChars(textpage))
    if count <= 0:
        return "", 0
    buffer = ctypes.create_string_buffer(2 * (count + 1))
    got = pdfium.FPDFText_GetText(textpage, 0, count, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)))
    text = buffer.raw[: 2 * max(got - 1, 0)].decode("utf-16-le", errors="replace")
    # Characters beyond 16 bits, or ones that PDFium leaves out, would shift the rest.
    return (text if len(text) == count else ""), count


class _Glyphs:
    """PDFium's answers about single characters, with the ink of each text object remembered."""

    def __init__(self, textpage: Any) -> None:
        self.page = textpage
        self._inks: dict[bytes, Ink] = {}
        self._rect = pdfium.FS_RECTF()
        self._at = ctypes.byref(self._rect)
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._at_x, self._at_y = ctypes.byref(self._x), ctypes.byref(self._y)

    def holder(self, index: int) -> bytes:
        """Return the identity of the text object that the character belongs to: the bytes of its address."""
        return bytes(pdfium.FPDFText_GetTextObject(self.page, index))

    def ink(self, index: int) -> Ink:
        """Return how the character is drawn."""
        return self.ink_of(self.holder(index), index)

    def ink_of(self, holder: bytes, index: int) -> Ink:
        """Return how a text object that the character belongs to is drawn."""
        ink = self._inks.get(holder)
        if ink is None:
            ink = self._inks[holder] = _ink(self.page, index)
        return ink

    def glyph(self, index: int, code: int, ink: Ink) -> _Glyph:
        """Return the character with its place."""
        pdfium.FPDFText_GetLooseCharBox(self.page, index, self._at)
        pdfium.FPDFText_GetCharOrigin(self.page, index, self._at_x, self._at_y)
        return _glyph(code, self._rect, self._x.value, self._y.value, ink)

    def made_up(self, index: int) -> bool:
        """Tell whether PDFium made the character up."""
        return bool(pdfium.FPDFText_IsGenerated(self.page, index))


def _quick(reader: _Glyphs, text: str, start: int, end: int, frame: Frame) -> list[NativeWord] | None:
    """Read a line of plain words by their first and last letters; None where each glyph must be looked at."""
    if ODD.search(text, start, end):
        return None
    found: list[NativeWord] = []
    before: _Glyph | None = None
    largest = 0.0
    for place in WORD.finditer(text, start, end):
        first, last = place.start(), place.end() - 1
        holder = reader.holder(first)
        ink = reader.ink_of(holder, first)
        head = reader.glyph(first, ord(text[first]), ink)
        tail = head
        if last > first:
            if holder != reader.holder(last):
                return None
            tail = reader.glyph(last, ord(text[last]), ink)
        size = ink.size
        if largest and not 0.9 < size / largest < 1.1:
            return None
        largest = size
        if abs(tail.baseline - head.baseline) > 0.02 * size or tail.x1 < head.x0:
            return None
        if before is not None and first > start and reader.made_up(first - 1) and head.x0 - before.x1 < 0.3 * size:
            return None  # a gap of which it is not plain whether it is a space
        if before is not None and abs(before.baseline - head.baseline) > 0.05 * size:
            return None
        found.append(_plain_word(place[0], head, tail, frame))
        before = tail
    return found


WORD = re.compile(r"[^ ]+")


def _runs(reader: _Glyphs, start: int, end: int) -> list[list[_Glyph]]:
    """Glyphs in runs on one baseline; a space is a glyph of its own, what PDFium made up is left out."""
    runs: list[list[_Glyph]] = []
    run: list[_Glyph] = []
    for i in range(start, end):
        code = pdfium.FPDFText_GetUnicode(reader.page, i)
        if code in (9, 10, 13, 32) and reader.made_up(i):
            continue
        glyph = reader.glyph(i, code, reader.ink(i))
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


def _plain_word(text: str, head: _Glyph, tail: _Glyph, frame: Frame) -> NativeWord:
    """Make a word of one ink whose letters need no change, quickly where the page is not turned."""
    ink = head.ink
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    low, high = head.baseline - DESCENT * ink.size, head.baseline + ASCENT * ink.size
    if ink.angle == 0 and frame.rotation == 0:
        left, top = frame.left, frame.top
        box = Box(round(head.x0 - left, 2), round(top - high, 2), round(tail.x1 - left, 2), round(top - low, 2))
    else:
        box = _box(head.x0, low, tail.x1, high, ink.angle, frame)
    return NativeWord(Word(text, box, size_pt=round(ink.size, 2), bold=ink.bold), ink)


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
        for place in places:
            if abs(place.x0 - box.x0) < reach and abs(place.y0 - box.y0) < reach:
                break
        else:
            places.append(box)
            kept.append(native)
    return tuple(kept)


def _rightward(found: tuple[NativeWord, ...]) -> tuple[NativeWord, ...]:
    """Put letters of Arabic or Hebrew that were drawn one by one together, from right to left."""
    if not any(_is_rightward(n.word.text) for n in found):
        return found
    kept = [n for n in found if not _is_rightward(n.word.text)]
    rest = sorted(
        (n for n in found if _is_rightward(n.word.text)), key=lambda n: (round(n.word.box.y0), -n.word.box.x1)
    )
    joined: list[NativeWord] = []
    for native in rest:
        before = joined[-1] if joined else None
        box = native.word.box
        if (
            before is not None
            and abs(before.word.box.y0 - box.y0) < 1
            and before.word.box.x0 - box.x1 < 0.2 * native.ink.size
        ):
            word = replace(before.word, text=before.word.text + native.word.text, box=before.word.box.joined(box))
            joined[-1] = replace(before, word=word)
        else:
            joined.append(native)
    return (*kept, *joined)


def _is_rightward(text: str) -> bool:
    return all("\u0590" <= letter <= "\u08ff" for letter in text)
