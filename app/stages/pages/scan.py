"""A picture of a page → upright, level, evenly lit → words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from app.domain.page import Word
from app.domain.provenance import Box
from app.ports import Ocr
from app.stages.pages import imaging
from app.stages.pages.limits import Limits

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

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


def read(picture: NDArray[np.uint8], *, ocr: Ocr, languages: tuple[str, ...], limits: Limits) -> Scan:
    """Read a grey picture of a page that may lie on its side, stand on its head or be askew.

    Args:
        picture: At about 300 points an inch for print of usual size.
        ocr: Reads the words.
        languages: Of the text, likeliest first.
        limits: Time that a page may take.
    """
    rotation = 90 if imaging.is_lying(picture) else 0
    upright: Any = imaging.turned(picture, rotation)
    angle = imaging.skew(upright)
    level = imaging.levelled(upright, angle) if abs(angle) >= 0.15 else upright
    words = ocr.words(level, languages=languages, seconds=limits.page_seconds)
    if _doubtful(words):
        level, words, rotation = _other_way_up(level, words, rotation, ocr, languages, limits)
    return Scan(words, level, rotation, abs(angle) >= 0.15)


def _doubtful(words: tuple[Word, ...]) -> bool:
    return confidence(words) < SURE or sum(len(w.text) for w in words) < 20


def _other_way_up(
    level: Any, words: tuple[Word, ...], rotation: int, ocr: Ocr, languages: tuple[str, ...], limits: Limits
) -> tuple[Any, tuple[Word, ...], int]:
    """Try the other three directions and keep the one whose words are surest."""
    best = level, words, rotation
    for turn in (180, 90, 270):
        picture = imaging.turned(level, turn)
        others = ocr.words(picture, languages=languages, seconds=limits.page_seconds)
        if _worth(others) > 1.15 * _worth(best[1]):
            best = picture, others, (rotation + turn) % 360
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
