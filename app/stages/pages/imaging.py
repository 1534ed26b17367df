"""Pictures of paper: which way up, how far askew, where the sheet is, and even light.

All pictures are grey (rows of points, 0 black to 255 white) unless said otherwise.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Grey = NDArray[np.uint8]

SKETCH = 900
"""Longest side in points of the small copy on which a picture is judged."""


def turned(picture: Any, degrees: int) -> Any:
    """Turn clockwise by 0, 90, 180 or 270 degrees; grey or colour."""
    codes = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
    return cv2.rotate(picture, codes[degrees]) if degrees in codes else picture


def scaled(picture: Any, factor: float) -> Any:
    """Scale both sides by the factor."""
    if abs(factor - 1) < 0.01:
        return picture
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return cv2.resize(picture, None, fx=factor, fy=factor, interpolation=method)


def ink(picture: Grey) -> NDArray[np.uint8]:
    """Return a small mask of what differs from its surroundings: 255 where there is ink, light or dark."""
    factor = min(1.0, SKETCH / max(picture.shape))
    small = scaled(picture, factor)
    around = cv2.medianBlur(small, 31)
    mask: Grey = (cv2.absdiff(small, around) > 40).astype(np.uint8) * np.uint8(255)
    return mask


def is_lying(picture: Grey) -> bool:
    """Tell whether the lines of text run from top to bottom, so that the picture must be turned by 90 or 270 degrees.

    Letters are nearer to their neighbours in the word than lines to each other: once they melt, words are long the way
    the text runs.
    """
    melted = cv2.dilate(ink(picture), np.ones((3, 3), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(melted)
    width = stats[1:, cv2.CC_STAT_WIDTH].astype(np.float64)
    height = stats[1:, cv2.CC_STAT_HEIGHT].astype(np.float64)
    word = (np.minimum(width, height) >= 5) & (np.minimum(width, height) <= 60) & (np.maximum(width, height) <= 400)
    across = float(width[word & (width > 1.6 * height)].sum())
    down = float(height[word & (height > 1.6 * width)].sum())
    return down > 1.3 * across


def skew(picture: Grey, widest: float = 7.0) -> float:
    """Return the angle in degrees by which to turn the picture counter-clockwise so that its lines are level."""
    mask = ink(picture)
    if mask.mean() < 0.3:
        return 0.0
    # Big dark areas and frames would outvote the text.
    _count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    big = (stats[:, cv2.CC_STAT_WIDTH] > 200) | (stats[:, cv2.CC_STAT_HEIGHT] > 60)
    mask[np.isin(labels, np.flatnonzero(big))] = 0
    best, step = 0.0, 1.0
    best = max(np.arange(-widest, widest + 0.1, step), key=lambda a: _levelness(mask, float(a)))
    for step in (0.5, 0.25, 0.1, 0.05):
        best = max((best - step, best, best + step), key=lambda a: _levelness(mask, float(a)))
    return 0.0 if _levelness(mask, float(best)) < 1.05 * _levelness(mask, 0.0) else float(best)


def _levelness(mask: NDArray[np.uint8], angle: float) -> float:
    height, width = mask.shape
    shear = math.tan(math.radians(angle))
    # A shear is enough for small angles, and keeps each column whole.
    moved = cv2.warpAffine(mask, np.array([[1, 0, 0], [-shear, 1, shear * width / 2]], np.float32), (width, height))
    profile = moved.sum(axis=1, dtype=np.float64)
    return float(np.sum(np.diff(profile) ** 2))


def levelled(picture: Any, angle: float) -> Any:
    """Turn counter-clockwise by a small angle about the middle, keep the size and fill with the paper's own light."""
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -angle, 1.0)
    return cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


def even_light(picture: Grey) -> Grey:
    """Divide by the light that falls on the paper, so that shadows and yellowing go."""
    factor = min(1.0, 600 / max(picture.shape))
    small = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    light = cv2.medianBlur(cv2.dilate(small, np.ones((9, 9), np.uint8)), 25)
    wide = cv2.resize(light, (picture.shape[1], picture.shape[0]), interpolation=cv2.INTER_LINEAR)
    even: Grey = cv2.divide(picture, np.maximum(wide, 24), scale=250)  # type: ignore[assignment]
    return even


def encoded(picture: Any, *, longest: int = 2000, quality: int = 78) -> bytes:
    """Return the picture as JPEG, grey or colour, for showing."""
    small = scaled(picture, min(1.0, longest / max(picture.shape[:2])))
    ok, data = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not ok:
        raise ValueError("the picture cannot be encoded")
    return bytes(data)
