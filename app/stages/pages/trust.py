"""Can the text layer of a PDF page be believed?

A layer may hold words that nobody can see (white on white, under a bar, outside the page), may lack what is seen (a
scan with a stamp, gene names drawn as curves), and may say something else than the page shows (fonts without meaning, a
bad layer under a scan). The page as drawn decides.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from app.domain.page import Word
from app.domain.provenance import Box
from app.stages.pages.glyphs import NativeWord

if TYPE_CHECKING:
    from numpy.typing import NDArray

SKETCH_POINTS = 450_000
"""Picture points of the sketch on which a page is judged."""

COARSEST = 0.35
"""Scale under which the sketch says nothing about single words."""

UNSEEN_CONTRAST = 22
LETTERS_OF_A_REGION = 8
"""So many letter-like marks that no word explains are read by OCR; fewer are a logo or an icon."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What to believe of a text layer.

    Attributes:
        kept: Words that are seen.
        hidden: Words that are there and cannot be seen.
        layered: Whether most words are an invisible layer over a picture (a scan that was read before).
        suspicious: Whether the characters make no sense.
        gaps: Boxes of what looks like text and is not in the layer.
    """

    kept: tuple[NativeWord, ...]
    hidden: int
    layered: bool
    suspicious: bool
    gaps: tuple[Box, ...]


def sketch_scale(width: float, height: float) -> float:
    """Return the scale at which to draw a page of this size for judging it."""
    return min(1.3, float((SKETCH_POINTS / max(width * height, 1.0)) ** 0.5))


def judge(words: Sequence[NativeWord], sketch: NDArray[np.uint8], scale: float, pictures: Sequence[Box]) -> Judgement:
    """Judge a text layer by the page as drawn.

    Args:
        words: Of the text layer.
        sketch: The page as drawn, grey.
        scale: Picture points of the sketch to a point of the page.
        pictures: Boxes of the pictures on the page.
    """
    height, width = (side / scale for side in sketch.shape)
    inside = [n for n in words if _on_page(n.word.box, width, height)]
    unseen = len(words) - len(inside)
    invisible = [n for n in inside if not n.ink.visible]
    covered = _share_covered(pictures, width, height)
    layered = len(invisible) > 0.5 * max(len(inside), 1) and covered > 0.35
    kept: list[NativeWord] = []
    plain = _plainly_seen(inside, sketch, scale)
    for native, is_plain in zip(inside, plain, strict=True):
        seen = is_plain or _is_seen(native, sketch, scale)
        if seen and (native.ink.visible or layered):
            kept.append(_inverse(native) if native.ink.luma > 200 and native.ink.visible else native)
        else:
            unseen += 1
    gaps = () if scale < COARSEST or layered else text_without_words([n.word.box for n in kept], sketch, scale)
    return Judgement(tuple(kept), unseen, layered, _makes_no_sense(kept), gaps)


def _inverse(native: NativeWord) -> NativeWord:
    return replace(native, word=replace(native.word, inverse=True))


def _on_page(box: Box, width: float, height: float) -> bool:
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    return 0 <= x <= width and 0 <= y <= height


def _share_covered(pictures: Sequence[Box], width: float, height: float) -> float:
    area = sum(max(min(p.x1, width) - max(p.x0, 0), 0) * max(min(p.y1, height) - max(p.y0, 0), 0) for p in pictures)
    return min(area / max(width * height, 1.0), 1.0)


def _plainly_seen(words: Sequence[NativeWord], sketch: NDArray[np.uint8], scale: float) -> list[bool]:
    """Tell of which dark words there is both dark and light where they stand, all at once."""
    if not words or scale < COARSEST:
        return [False] * len(words)
    height, width = sketch.shape
    boxes = np.array([(n.word.box.x0, n.word.box.y0, n.word.box.x1, n.word.box.y1) for n in words])
    inset = 0.15 * (boxes[:, 3] - boxes[:, 1])
    left = np.clip((boxes[:, 0] * scale).astype(int), 0, width)
    right = np.clip((boxes[:, 2] * scale).astype(int) + 1, 0, width)
    top = np.clip(((boxes[:, 1] + inset) * scale).astype(int), 0, height)
    bottom = np.clip(((boxes[:, 3] - inset) * scale).astype(int) + 1, 0, height)
    area = np.maximum((right - left) * (bottom - top), 1)
    dark = cv2.integral((sketch < 120).astype(np.uint8))
    light = cv2.integral((sketch > 200).astype(np.uint8))
    shares = [(m[bottom, right] - m[top, right] - m[bottom, left] + m[top, left]) / area for m in (dark, light)]
    able = np.array([n.ink.luma < 128 and n.ink.size >= 1.5 for n in words])
    return list(map(bool, able & (shares[0] > 0.02) & (shares[1] > 0.1)))


def _is_seen(native: NativeWord, sketch: NDArray[np.uint8], scale: float) -> bool:
    """Tell whether there is any contrast where the word stands."""
    if native.ink.size < 1.5:
        return False
    if scale < COARSEST:
        return native.ink.luma < 250
    box = native.word.box
    inset = 0.15 * (box.y1 - box.y0)
    top, bottom = int((box.y0 + inset) * scale), int((box.y1 - inset) * scale) + 1
    left, right = int(box.x0 * scale), int(box.x1 * scale) + 1
    place = sketch[max(top, 0) : bottom, max(left, 0) : right]
    if place.size == 0:
        return False
    contrast = int(place.max()) - int(place.min())
    if contrast > 120 and native.ink.luma < 128:
        return True
    if contrast < UNSEEN_CONTRAST:
        return False
    # A rule or a frame beside pale words is no ink of theirs.
    different = np.abs(place.astype(np.int16) - int(np.median(place))) > UNSEEN_CONTRAST
    across = different.any(axis=0).mean()
    return bool(different.mean() > 0.02 and across > 0.25)


def text_without_words(
    known: Sequence[Box], sketch: NDArray[np.uint8], scale: float, least: int = LETTERS_OF_A_REGION
) -> tuple[Box, ...]:
    """Find marks of the size of letters, many side by side, where no word is known.

    Args:
        known: Boxes of the words that are known, in points.
        sketch: The page, grey.
        scale: Picture points of the sketch to a point.
        least: Fewest marks that make a region.
    """
    edges = (cv2.morphologyEx(sketch, cv2.MORPH_GRADIENT, np.ones((2, 2), np.uint8)) > 55).astype(np.uint8)
    for box in known:
        around = 1.5
        edges[
            max(int((box.y0 - around) * scale), 0) : int((box.y1 + around) * scale) + 1,
            max(int((box.x0 - around) * scale), 0) : int((box.x1 + around) * scale) + 1,
        ] = 0
    if int(edges.sum()) < 60:
        return ()
    _, labels, stats, _ = cv2.connectedComponentsWithStats(edges)
    wide, tall = stats[:, cv2.CC_STAT_WIDTH] / scale, stats[:, cv2.CC_STAT_HEIGHT] / scale
    letter = (tall >= 3.5) & (tall <= 40) & (wide >= 1.2) & (wide <= 45) & (stats[:, cv2.CC_STAT_AREA] >= 6)
    letter[0] = False
    if int(letter.sum()) < least:
        return ()
    marks = letter[labels].astype(np.uint8)
    reach = max(int(9 * scale), 3)
    joined = cv2.morphologyEx(marks, cv2.MORPH_CLOSE, np.ones((2 * reach, 3 * reach), np.uint8))
    count, regions, boxes, _ = cv2.connectedComponentsWithStats(joined)
    middle_y = stats[letter, cv2.CC_STAT_TOP] + stats[letter, cv2.CC_STAT_HEIGHT] // 2
    middle_x = stats[letter, cv2.CC_STAT_LEFT] + stats[letter, cv2.CC_STAT_WIDTH] // 2
    letters = np.bincount(regions[middle_y, middle_x], minlength=count)
    found = []
    for region in range(1, count):
        if letters[region] >= least:
            x, y, w, h = (float(v) / scale for v in boxes[region][:4])
            found.append(Box(max(x - 6, 0.0), max(y - 6, 0.0), x + w + 6, y + h + 6))
    return tuple(found)


def _makes_no_sense(words: Sequence[NativeWord]) -> bool:
    """Tell whether characters without meaning, or words without vowels, make up much of the text."""
    letters = sum(len(n.word.text) for n in words)
    if letters == 0:
        return False
    if sum(n.broken for n in words) > 0.03 * letters:
        return True
    texts = [n.word.text for n in words if len(n.word.text) >= 4 and n.word.text.isascii()]
    if len(texts) < 12:
        return False
    odd = sum(1 for t in texts if not re.search(r"[aeiouyAEIOUY0-9]", t) or re.search(r"[a-z][A-Z].*[a-z][A-Z]", t))
    return odd > 0.45 * len(texts)


def agreement(layer: Iterable[Word], seen: Iterable[Word]) -> float:
    """Share of the words that OCR is sure of which the layer has too; 1 where OCR is sure of none."""
    said = Counter(_plain(w.text) for w in layer)
    sure = [_plain(w.text) for w in seen if (w.confidence or 0.0) >= 0.85 and len(_plain(w.text)) >= 3]
    if len(sure) < 3:
        return 1.0
    hits = 0
    for text in sure:
        if said[text] > 0:
            said[text] -= 1
            hits += 1
    return hits / len(sure)


def _plain(text: str) -> str:
    return re.sub(r"\W", "", text).lower()


def merged(layer: Sequence[Word], seen: Sequence[Word]) -> tuple[Word, ...]:
    """Take what is seen, in the layer's spelling where both agree or OCR is unsure, and what OCR lost.

    Where OCR is sure and the layer says something else, the page wins; the word is doubtful if it holds a digit.
    """
    kept: list[Word] = []
    for word in seen:
        partner = max(layer, key=lambda other: _shared(word.box, other.box), default=None)
        if partner is None or _shared(word.box, partner.box) < 0.5:
            kept.append(word)
        elif _plain(partner.text) == _plain(word.text) or (word.confidence or 0.0) < 0.85:
            kept.append(replace(word, text=partner.text))
        else:
            kept.append(replace(word, doubtful=any(c.isdigit() for c in word.text + partner.text)))
    lost = [other for other in layer if all(_shared(other.box, word.box) < 0.3 for word in seen)]
    return (*kept, *lost)


def _shared(a: Box, b: Box) -> float:
    """Share of the smaller box that both cover."""
    width = min(a.x1, b.x1) - max(a.x0, b.x0)
    height = min(a.y1, b.y1) - max(a.y0, b.y0)
    if width <= 0 or height <= 0:
        return 0.0
    smaller = min((a.x1 - a.x0) * (a.y1 - a.y0), (b.x1 - b.x0) * (b.y1 - b.y0))
    return width * height / max(smaller, 0.01)
