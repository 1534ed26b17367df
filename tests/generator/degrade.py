"""What happens to a report on its way to us: it is printed and scanned, or photographed with a phone.

Everything is drawn from a seed, so the same report and seed give the same picture.
"""

from __future__ import annotations

import io
import random
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image, ImageDraw, ImageFilter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

SCAN_DPI = 200
PHOTO_DPI = 170


def pictures(pdf: Path, *, dpi: int = SCAN_DPI) -> list[Image.Image]:
    """Render every page."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.render(scale=dpi / 72).to_pil().convert("RGB") for page in document]
    finally:
        document.close()


def scan_pages(pages: list[Image.Image], *, seed: int) -> list[Image.Image]:
    """Tilt each page a little, blur it slightly and add the grain of a flatbed scanner."""
    draw = random.Random(seed)
    grain = np.random.default_rng(seed)
    return [_scanned(page, draw.uniform(-0.9, 0.9), grain) for page in pages]


def _scanned(page: Image.Image, degrees: float, grain: np.random.Generator) -> Image.Image:
    tilted = page.convert("L").rotate(degrees, resample=Image.Resampling.BICUBIC, fillcolor=252)
    soft = np.asarray(tilted.filter(ImageFilter.GaussianBlur(0.45)), dtype=np.float32)
    noisy = soft * 0.94 + 10 + grain.normal(0, 4.0, soft.shape).astype(np.float32)
    return Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))


def write_scan(pdf: Path, target: Path, *, seed: int) -> None:
    """Write a PDF that holds nothing but the pictures of the pages."""
    pages = scan_pages(pictures(pdf), seed=seed)
    canvas = Canvas(str(target), invariant=True)
    for page in pages:
        size = (page.width * 72 / SCAN_DPI, page.height * 72 / SCAN_DPI)
        canvas.setPageSize(size)
        canvas.drawImage(ImageReader(_as_jpeg(page, 72)), 0, 0, *size)
        canvas.showPage()
    canvas.save()


def write_photo(pdf: Path, target: Path, *, seed: int, page: int = 0) -> None:
    """Write a JPEG of one page lying on a table: in perspective, unevenly lit, a little soft."""
    draw = random.Random(seed)
    sheet = pictures(pdf, dpi=PHOTO_DPI)[page]
    picture = _lit(_on_table(sheet, draw), seed)
    target.write_bytes(_as_jpeg(picture, 82).getvalue())


def _on_table(sheet: Image.Image, draw: random.Random) -> Image.Image:
    """Lay the sheet on a darker ground and look at it from slightly aside."""
    edge = int(sheet.width * 0.06)
    width, height = sheet.width + 2 * edge, sheet.height + 2 * edge
    table = Image.new("RGB", (width, height), (112, 88, 66))
    ruler = ImageDraw.Draw(table)
    for y in range(0, height, 23):
        shade = draw.randint(-7, 7)
        ruler.line((0, y, width, y + draw.randint(-3, 3)), fill=(112 + shade, 88 + shade, 66 + shade), width=9)
    table.paste(sheet, (edge, edge))
    play = width * 0.022
    corners = [(0, 0), (width, 0), (width, height), (0, height)]
    seen = [(x + draw.uniform(-play, play), y + draw.uniform(-play, play)) for x, y in corners]
    return table.transform(
        (width, height),
        Image.Transform.PERSPECTIVE,
        _coefficients(seen, corners),
        resample=Image.Resampling.BICUBIC,
        fillcolor=(96, 76, 58),
    )


def _coefficients(source: list[tuple[float, float]], target: list[tuple[int, int]]) -> list[float]:
    """Solve for the eight numbers of the projection that takes the target's corners to the source's."""
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows.append([u, v, 1, 0, 0, 0, -x * u, -x * v])
        rows.append([0, 0, 0, u, v, 1, -y * u, -y * v])
    right = np.array([value for corner in source for value in corner])
    return [float(value) for value in np.linalg.solve(np.array(rows, dtype=float), right)]


def _lit(picture: Image.Image, seed: int) -> Image.Image:
    """Light it from one corner, with sensor noise and a slight lack of focus."""
    light = np.random.default_rng(seed)
    soft = np.asarray(picture.filter(ImageFilter.GaussianBlur(0.6)), dtype=np.float32)
    height, width = soft.shape[:2]
    ramp = np.linspace(1.0, 0.80, width)[None, :] * np.linspace(1.0, 0.90, height)[:, None]
    warm = np.array([1.0, 0.985, 0.95])
    shot = soft * ramp[:, :, None] * warm + light.normal(0, 3.0, soft.shape)
    return Image.fromarray(np.clip(shot, 0, 255).astype(np.uint8))


def _as_jpeg(picture: Image.Image, quality: int) -> io.BytesIO:
    held = io.BytesIO()
    picture.save(held, "JPEG", quality=quality)
    held.seek(0)
    return held
