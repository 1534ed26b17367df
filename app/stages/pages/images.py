"""Image files: frames as pictures, turned as their EXIF data says, nothing else of that data kept."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageOps

from app.domain.document import SourceDocument
from app.errors import DamagedFileError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Image.MAX_IMAGE_PIXELS = None  # our own limit is checked from the header, with a sentence that helps

FORMATS = ("JPEG", "PNG", "TIFF", "WEBP", "BMP", "GIF", "JPEG2000", "HEIF", "AVIF")


@contextmanager
def opened(document: SourceDocument) -> Iterator[Any]:
    """Open the image without decoding it.

    Raises:
        DamagedFileError: It is no image, or broken.
    """
    import pi_heif

    Image.init()
    pi_heif.register_heif_opener()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(document.content), formats=FORMATS)
    except (OSError, SyntaxError, ValueError, TypeError, EOFError, MemoryError, RuntimeError) as error:
        raise DamagedFileError(document.name) from error
    with image:
        yield image


def frames(image: Any) -> int:
    """Return the number of pages; the steps of an animation are no pages."""
    return int(getattr(image, "n_frames", 1)) if image.format in ("TIFF", "HEIF") else 1


def frame(image: Any, number: int, *, colour: bool = False) -> NDArray[np.uint8]:
    """Decode a frame, from 1, upright as its EXIF data says, square points: grey, or colour as BGR.

    Raises:
        ValueError: The frame is broken.
    """
    import numpy as np

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image.seek(number - 1)
            image.load()
            shown = ImageOps.exif_transpose(_square(image))
            flat = _on_white(shown)
            if colour:
                return np.ascontiguousarray(np.asarray(flat.convert("RGB"))[:, :, ::-1])
            return np.asarray(flat.convert("L"))
    except (
        OSError,
        SyntaxError,
        ValueError,
        TypeError,
        EOFError,
        ZeroDivisionError,
        RuntimeError,
        IndexError,
        KeyError,
    ) as error:
        raise ValueError("the frame does not decode") from error


def _square(image: Any) -> Any:
    """Stretch a fax whose points are not square, such as 204 by 98 an inch."""
    across, down = (float(v) for v in (image.info.get("dpi") or (0, 0))[:2])
    if across <= 0 or down <= 0 or not 1.2 < max(across, down) / min(across, down) < 4:
        return image.copy()
    width, height = image.size
    size = (width, round(height * across / down)) if across > down else (round(width * down / across), height)
    return image.convert("L").resize(size, Image.Resampling.BICUBIC)


def _on_white(image: Any) -> Any:
    """Lay what is transparent on white paper; spread 16 bits over 8."""
    if image.mode in ("I;16", "I;16B", "I"):
        return image.point(lambda v: v / 256).convert("L")
    if image.mode == "F":
        return image.convert("L")
    if "A" in image.getbands() or "transparency" in image.info:
        layer = image.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(paper, layer).convert("RGB")
    return image
