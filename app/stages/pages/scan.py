"""A picture of a page → upright, level, evenly lit → words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from app.domain.page import Word
from app.domain.provenance import Box
from app.stages.pages import imaging, pills
from app.stages.pages.limits import Limits
from app.stages.pages.second import confirmed
from app.stages.pages.trust import text_without_words

if TYPE_CHECKING:  # types only: the reading process starts sooner without the other nouns
    import numpy as np
    from numpy.typing import NDArray

    from app.ports import Ocr

SURE = 0.80
"""Mean confidence over which the first reading of a page is taken as it is."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What OCR made of one picture.

    Attributes:
        words: With boxes in points of `picture`.
        picture: As read: upright and level, grey.
        rotation: Degrees clockwise by which it was turned, 0, 90, 180 or 270.
        levelled: Whether it was changed in more than being turned.
    """

    words: tuple[Word, ...]
    picture: NDArray[np.uint8]
    rotation: int
    levelled: bool

    @property
    def confidence(self) -> float:
        """Mean confidence of the words by their length; 0 where there are none."""
        return confidence(self.words)


def confidence(words: tuple[Word, ...]) -> float:
    """Return the mean confidence, long words counting more; 0 where there are none."""
    weight = sum(len(w.text) for w in words)
    return sum((w.confidence or 0.0) * len(w.text) for w in words) / weight if weight else 0.0


def read(
    picture: NDArray[np.uint8], *, ocr: Ocr, languages: tuple[str, ...], limits: Limits, turn: int | None = None
) -> Scan:
    """Read a grey picture of a page that may lie on its side, stand on its head or be askew.

    Args:
        picture: At about 300 points an inch for print of usual size.
        ocr: Reads the words.
        languages: Of the text, likeliest first.
        limits: Time that a page may take.
        turn: Degrees clockwise by which a person said to turn it; None where the picture itself has to tell.
    """
    rotation = (90 if imaging.is_lying(picture) else 0) if turn is None else turn
    upright: Any = imaging.turned(picture, rotation)
    angle = imaging.skew(upright)
    level = imaging.levelled(upright, angle) if abs(angle) >= 0.15 else upright
    legible, boxes = pills.unfilled(level)
    words = ocr.words(legible, languages=languages, seconds=limits.page_seconds)
    if turn is None and _doubtful(words):
        legible, words, more = _other_way_up(legible, words, ocr, languages, limits)
        if more:
            level, rotation = imaging.turned(level, more), (rotation + more) % 360
            _, boxes = pills.unfilled(level)
    words = (*words, *_overlooked(words, legible, ocr, languages, limits))
    words = confirmed(words, legible, ocr=ocr, most=limits.second_reader_words)
    return Scan(pills.marked(words, boxes), level, rotation, abs(angle) >= 0.15)


def on_light(picture: Any) -> Any:
    """Turn light print on a dark ground, as of a screen at night, into dark print on a light one."""
    small = picture[::8, ::8]
    dark = float((small < 110).mean())
    return 255 - picture if dark > 0.7 and float((small > 150).mean()) < 0.25 else picture


def cleaned(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Make print dark on a light ground; take the specks out of a fax and soften its steps before it is enlarged."""
    picture = on_light(picture)
    if not imaging.is_bilevel(picture):
        return picture
    return imaging.softened(imaging.without_speckle(picture) if imaging.speckled(picture) else picture, 0.75)


def _overlooked(
    words: tuple[Word, ...], picture: Any, ocr: Ocr, languages: tuple[str, ...], limits: Limits
) -> list[Word]:
    """Read again where there are letters and no words: the engine's layout analysis at times leaves out a column."""
    scale = min(1.0, 1100 / max(picture.shape))
    sketch = imaging.scaled(picture, scale)
    found: list[Word] = []
    unit = 100 / 72 / scale  # the finder thinks in points, 72 to the inch; the sketch of a sheet has about 100
    known = [w.box for w in in_points(words, 1 / unit)]
    for gap in text_without_words(known, sketch, scale * unit)[:16]:
        left, top, right, bottom = (int(v * unit) for v in (gap.x0, gap.y0, gap.x1, gap.y1))
        piece = picture[max(top, 0) : bottom, max(left, 0) : right]
        if min(piece.shape) < 12 or piece.size > 0.6 * picture.size:
            continue
        more = ocr.words(piece, languages=languages, scattered=True, seconds=limits.page_seconds)
        for word in more:
            box = word.box
            moved = Box(box.x0 + left, box.y0 + top, box.x1 + left, box.y1 + top)
            if (word.confidence or 0.0) >= 0.3 and not any(w.box.holds(moved) or moved.holds(w.box) for w in words):
                found.append(replace(word, box=moved))
    return found


def _doubtful(words: tuple[Word, ...]) -> bool:
    return confidence(words) < SURE or sum(len(w.text) for w in words) < 20


def _other_way_up(
    level: Any, words: tuple[Word, ...], ocr: Ocr, languages: tuple[str, ...], limits: Limits
) -> tuple[Any, tuple[Word, ...], int]:
    """Try the other three directions and keep the one whose words are surest, with the degrees of its turn."""
    best = level, words, 0
    for turn in (180, 90, 270):
        picture = imaging.turned(level, turn)
        others = ocr.words(picture, languages=languages, seconds=limits.page_seconds)
        if _worth(others) > 1.15 * _worth(best[1]):
            best = picture, others, turn
        if turn == 180 and not _doubtful(best[1]):
            break
    return best


def _worth(words: tuple[Word, ...]) -> float:
    """Letters of words that the engine is sure of."""
    return sum(len(w.text) * (w.confidence or 0.0) ** 2 for w in words if len(w.text) > 1)


def in_points(words: tuple[Word, ...], factor: float) -> tuple[Word, ...]:
    """Scale boxes and sizes of words by the factor."""
    return tuple(
        replace(
            w,
            box=Box(*(round(v * factor, 2) for v in (w.box.x0, w.box.y0, w.box.x1, w.box.y1))),
            size_pt=round(w.size_pt * factor, 2),
        )
        for w in words
    )
