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
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
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


def is_bilevel(picture: Grey) -> bool:
    """Tell whether a picture is black and white only, as a fax is, or nearly (some were stored as JPEG)."""
    counts = np.bincount(picture[::3, ::3].ravel(), minlength=256)
    extremes = int(counts[:16].sum() + counts[-16:].sum())
    return extremes > 0.97 * counts.sum() and int(counts[:16].sum()) > 0


def without_speckle(picture: Grey, largest: int = 3) -> Grey:
    """Take single specks, white and black, out of a black and white picture and soften its steps."""
    clean = picture.copy()
    for is_ink, paper in ((picture < 128, 255), (picture >= 128, 0)):
        count, labels, stats, _ = cv2.connectedComponentsWithStats(is_ink.astype(np.uint8), connectivity=8)
        speck = stats[:, cv2.CC_STAT_AREA] <= largest
        speck[0] = False
        if int(speck.sum()) > 0 and count > 1:
            clean[speck[labels]] = paper
    return clean


def speckled(picture: Grey) -> bool:
    """Tell whether a black and white picture is full of single specks."""
    count, _, stats, _ = cv2.connectedComponentsWithStats((picture < 128).astype(np.uint8), connectivity=8)
    specks = int((stats[1:, cv2.CC_STAT_AREA] <= 2).sum())
    return specks > 0.5 * max(count - 1, 1) and specks > 300


def softened(picture: Grey, sigma: float) -> Grey:
    """Blur a little."""
    soft: Grey = cv2.GaussianBlur(picture, (0, 0), sigma)  # type: ignore[assignment]
    return soft


def sheet_corners(picture: Grey) -> NDArray[np.float32] | None:
    """Find the four corners of a bright sheet of paper on a darker ground; None where no sheet stands out.

    Returns:
        Top left, top right, bottom right, bottom left, in points of the picture.
    """
    factor = 700 / max(picture.shape)
    small = scaled(picture, min(factor, 1.0)).astype(np.float32)
    # In logarithms the step from table to paper is the same in light and in shadow.
    small = cv2.GaussianBlur((np.log1p(small) * (255 / np.log(256))).astype(np.uint8), (0, 0), 1.2)
    mask = cv2.morphologyEx(_not_ground(small), cv2.MORPH_OPEN, np.ones((9, 9), np.uint8))
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not outlines:
        return None
    outline = max(outlines, key=cv2.contourArea)
    area, whole = cv2.contourArea(outline), float(mask.size)
    hull = cv2.convexHull(outline)
    quad = cv2.approxPolyDP(hull, 0.03 * cv2.arcLength(hull, closed=True), closed=True)
    if len(quad) != 4 or not 0.3 * whole < area < 0.985 * whole or area < 0.9 * cv2.contourArea(quad):
        return None
    points = quad.reshape(4, 2).astype(np.float32)
    by_sum, by_difference = points.sum(axis=1), points[:, 0] - points[:, 1]
    order = [by_sum.argmin(), by_difference.argmax(), by_sum.argmax(), by_difference.argmin()]
    if len(set(map(int, order))) < 4:
        return None
    corners: NDArray[np.float32] = points[order] / np.float32(min(factor, 1.0))
    return corners


def _not_ground(small: Any) -> NDArray[np.uint8]:
    """Mark what cannot be reached from the picture's edge without a step in brightness; a shadow is no step."""
    step = cv2.morphologyEx(small, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 9
    open_ground = 1 - cv2.dilate(step.astype(np.uint8), np.ones((3, 3), np.uint8))
    _, labels, _, _ = cv2.connectedComponentsWithStats(open_ground, connectivity=4)
    rim = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    mask: NDArray[np.uint8] = np.where(np.isin(labels, rim[rim > 0]), 0, 255).astype(np.uint8)
    # The band of the step itself belongs half to the ground.
    return cv2.erode(mask, np.ones((5, 5), np.uint8)).astype(np.uint8)


def flattened(picture: Any, corners: NDArray[np.float32]) -> Any:
    """Show a sheet as if seen from straight above."""
    top_left, top_right, bottom_right, bottom_left = corners
    width = int(max(np.linalg.norm(top_right - top_left), np.linalg.norm(bottom_right - bottom_left)))
    height = int(max(np.linalg.norm(bottom_left - top_left), np.linalg.norm(bottom_right - top_right)))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, target)
    return cv2.warpPerspective(picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


def unevenness(picture: Grey) -> float:
    """Difference between the brightest and the darkest tenth of the paper, 0 to 255."""
    small = cv2.resize(picture, (64, 64), interpolation=cv2.INTER_AREA)
    paper = cv2.dilate(small, np.ones((9, 9), np.uint8))
    return float(np.percentile(paper, 90) - np.percentile(paper, 10))
