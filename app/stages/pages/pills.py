"""Light print on a dark or coloured box, as in a pill or the head of a table: found and turned into dark on white.

OCR engines pass over such boxes or read them badly, and reports print there what matters most: the gene, the chosen one
of several answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from app.domain.page import Word
from app.domain.provenance import Box

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Grey = NDArray[np.uint8]

DARK = 0.74
"""Share of the paper's light under which a box counts as filled."""

FRAMES = (4, 6)
"""Widths at 150 points an inch that frames and thin strokes are narrower than; small boxes need the narrow one."""

LOWEST, HIGHEST = 26, 170
"""Height of a box in points at 300 an inch; a taller dark area is a picture, a band or a shadow."""

CONTRAST = 45
"""Difference in light between a box and the print on it."""

REACH = 9
"""Points around a box that its frame may take."""


def unfilled(picture: Grey) -> tuple[Grey, tuple[Box, ...]]:
    """Return the picture with such boxes turned into dark print on white, and where they are.

    Args:
        picture: Level, at about 300 points an inch; returned itself where it holds no such box.
    """
    paper = float(np.percentile(picture[::4, ::4], 85))
    small = cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    dark = (small < DARK * paper).astype(np.uint8)
    out = picture
    boxes: list[Box] = []
    for frame in FRAMES:
        solid = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((frame, frame), np.uint8))
        outlines, _ = cv2.findContours(solid, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        for outline in outlines:
            x, y, width, height = (2 * side for side in cv2.boundingRect(outline))
            if not LOWEST <= height <= HIGHEST or width < 1.5 * height:
                continue
            turned = _turned(picture, 2 * outline, (x, y, width, height), paper)
            if turned is None:
                continue
            out = picture.copy() if out is picture else out
            top, left = max(y - REACH, 0), max(x - REACH, 0)
            out[top : top + turned.shape[0], left : left + turned.shape[1]] = turned
            dark[y // 2 : (y + height) // 2, x // 2 : (x + width) // 2] = 0
            boxes.append(Box(float(x), float(y), float(x + width), float(y + height)))
    return out, tuple(boxes)


def _turned(picture: Grey, outline: Any, place: tuple[int, int, int, int], paper: float) -> Grey | None:
    """Return the box and what surrounds it as dark print on white; None where it is no filled box with print on it."""
    x, y, width, height = place
    top, left = max(y - REACH, 0), max(x - REACH, 0)
    piece = picture[top : y + height + REACH, left : x + width + REACH]
    inside: Any = np.zeros(piece.shape, np.uint8)
    cv2.drawContours(inside, [outline], -1, (1.0,), cv2.FILLED, offset=(-left, -top))
    within = piece[inside > 0]
    if within.size < 0.6 * width * height:
        return None
    fill = float(np.median(within))
    light = float(np.percentile(within, 99))
    if fill > DARK * paper or light - fill < CONTRAST:
        return None
    print_on_it = ((piece > (fill + light) / 2) & (inside > 0)).astype(np.uint8)
    if not _is_print(print_on_it, top - y, height, within.size):
        return None
    stretched = 255.0 - np.clip((piece.astype(np.float32) - fill) / (light - fill), 0.0, 1.0) * 255.0
    near = cv2.dilate(inside, np.ones((2 * REACH + 1, 2 * REACH + 1), np.uint8))
    out = np.where(near > 0, np.uint8(255), piece)
    # The rim is left white: half of it is paper, which would come out black.
    core = cv2.erode(inside, np.ones((7, 7), np.uint8), borderValue=(0.0,))
    turned: Grey = np.where(core > 0, stretched.astype(np.uint8), out).astype(np.uint8)
    return turned


def _is_print(marks: NDArray[np.uint8], shift: int, height: int, area: int) -> bool:
    """Tell whether light marks in a box are letters by their number, height, share of it and distance from its rim."""
    if not 0.02 * area < int(marks.sum()) < 0.5 * area:
        return False
    _, _, stats, _ = cv2.connectedComponentsWithStats(marks)
    tall, wide, first = (stats[1:, n] for n in (cv2.CC_STAT_HEIGHT, cv2.CC_STAT_WIDTH, cv2.CC_STAT_TOP))
    over = first + shift
    clear = (over >= 4) & (over + tall <= height - 4)
    letters = clear & (tall >= 10) & (wide <= 1.6 * height) & (wide >= 3)
    return int(letters.sum()) >= 2


def marked(words: Iterable[Word], boxes: Sequence[Box]) -> tuple[Word, ...]:
    """Mark the words that stand in the boxes as inverse."""
    return tuple(replace(w, inverse=True) if any(_in(w.box, box) for box in boxes) else w for w in words)


def _in(word: Box, box: Box) -> bool:
    across, down = (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2
    return box.x0 <= across <= box.x1 and box.y0 <= down <= box.y1
