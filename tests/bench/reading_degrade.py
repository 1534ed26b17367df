"""What scanners, fax machines and phones do to a page, with fixed seeds."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pypdfium2 as pdfium
from PIL import Image


def drawn(pdf: bytes, dpi: float) -> Any:
    """Draw the first page, grey."""
    with pdfium.PdfDocument(pdf) as document:
        picture = document[0].render(scale=dpi / 72, grayscale=True).to_numpy()
    return (picture if picture.ndim == 2 else picture[:, :, 0]).copy()


def _scan(picture: Any, seed: int) -> Any:
    """Soft focus and sensor noise of an ordinary scanner."""
    noise = np.random.default_rng(seed).normal(0, 4, picture.shape)
    return np.clip(cv2.GaussianBlur(picture, (0, 0), 0.6) + noise, 0, 255).astype(np.uint8)


def _turned(picture: Any, degrees: float, paper: int = 255) -> Any:
    height, width = picture.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=paper)


def _png(
    picture: Any, dpi: tuple[float, float] | None = None, mode: str = "L", kind: str = "PNG", **more: Any
) -> bytes:
    image = Image.fromarray(picture)
    if mode == "1":
        image = image.convert("1", dither=Image.Dither.NONE)
    out = io.BytesIO()
    image.save(out, kind, **({"dpi": dpi} if dpi else {}), **more)
    return out.getvalue()


def scan300(pdf: bytes, seed: int) -> bytes:
    return _png(_scan(drawn(pdf, 300), seed), (300, 300))


def skew200(pdf: bytes, seed: int) -> bytes:
    return _png(_scan(_turned(drawn(pdf, 200), 2.0), seed), (200, 200))


def scan200(pdf: bytes, seed: int) -> bytes:
    return _png(_scan(drawn(pdf, 200), seed), (200, 200))


def scan150(pdf: bytes, seed: int) -> bytes:
    return _png(_scan(drawn(pdf, 150), seed), (150, 150))


def scan100(pdf: bytes, seed: int) -> bytes:
    return _png(_scan(drawn(pdf, 100), seed), (100, 100))


def rotated90(pdf: bytes, seed: int) -> bytes:
    return _png(cv2.rotate(_scan(drawn(pdf, 300), seed), cv2.ROTATE_90_CLOCKWISE), (300, 300))


def rotated180(pdf: bytes, seed: int) -> bytes:
    return _png(cv2.rotate(_scan(drawn(pdf, 300), seed), cv2.ROTATE_180), (300, 300))


def jpeg30(pdf: bytes, seed: int) -> bytes:
    return _png(_scan(drawn(pdf, 200), seed), (200, 200), kind="JPEG", quality=30)


def fax(pdf: bytes, seed: int) -> bytes:
    """204 by 196 points an inch, one bit, 1 degree askew, 2 % speckle."""
    picture = _turned(drawn(pdf, 204), 1.0)
    picture = cv2.resize(picture, (picture.shape[1], round(picture.shape[0] * 196 / 204)), interpolation=cv2.INTER_AREA)
    bits = np.where(picture > 150, 255, 0).astype(np.uint8)
    speckle = np.random.default_rng(seed).random(bits.shape) < 0.02
    bits[speckle] = 255 - bits[speckle]
    return _png(bits, (204, 196), "1", "TIFF", compression="group4")


def photo(pdf: bytes, seed: int) -> bytes:
    """8 megapixels, 12 degrees of perspective, a shadow down to half the light, blur, EXIF orientation 6."""
    height, width = 3264, 2448
    page = drawn(pdf, 280)
    sheet = cv2.copyMakeBorder(page, 2, 2, 2, 2, cv2.BORDER_CONSTANT, value=210)
    h, w = sheet.shape
    tilt = np.tan(np.radians(12.0)) * 0.5
    inset = 90.0
    narrow = (width - 2 * inset) * tilt / 2
    source = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32)
    target = np.array(
        [
            [inset + narrow, 140],
            [width - inset - narrow * 0.8, 170],
            [width - inset, height - 110],
            [inset * 0.8, height - 150],
        ],
        np.float32,
    )
    table = np.full((height, width), 92, np.uint8)
    chance = np.random.default_rng(seed)
    table = np.clip(table + chance.normal(0, 6, table.shape), 0, 255).astype(np.uint8)
    matrix = cv2.getPerspectiveTransform(source, target)
    warped = cv2.warpPerspective(sheet, matrix, (width, height), flags=cv2.INTER_AREA)
    inside = cv2.warpPerspective(np.full_like(sheet, 255), matrix, (width, height))
    picture = np.where(inside > 128, warped, table).astype(np.float32)
    x = np.linspace(0, 1, width)[None, :]
    y = np.linspace(0, 1, height)[:, None]
    shadow = 1 - 0.5 / (1 + np.exp(-(x + 0.6 * y - 0.9) * 14))
    picture = cv2.GaussianBlur(picture * shadow, (0, 0), 1.2) + chance.normal(0, 2.5, (height, width))
    colour = np.stack([np.clip(picture * tint, 0, 255) for tint in (0.96, 0.99, 1.0)], axis=-1).astype(np.uint8)[
        :, :, ::-1
    ]
    stored = np.ascontiguousarray(cv2.rotate(np.ascontiguousarray(colour), cv2.ROTATE_90_COUNTERCLOCKWISE))
    image = Image.fromarray(stored)
    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85, exif=exif)
    return out.getvalue()


CONDITIONS: dict[str, tuple[Callable[[bytes, int], bytes], float]] = {
    "scan300": (scan300, 0.995),
    "skew200": (skew200, 0.99),
    "scan200": (scan200, 0.0),
    "scan150": (scan150, 0.0),
    "scan100": (scan100, 0.0),
    "rotated90": (rotated90, 0.0),
    "rotated180": (rotated180, 0.0),
    "jpeg30": (jpeg30, 0.0),
    "photo": (photo, 0.97),
    "fax": (fax, 0.92),
}
"""How a page is spoiled, and the share of strings that must be read exactly right all the same (0: only told)."""
