"""Spoiled files, made by a seed: the same seed makes the same file."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterator

from PIL import Image, ImageDraw

from tests.reading import papers


def _picture(kind: str, mode: str = "L") -> bytes:
    image = Image.new(mode, (220, 90), "white")
    ImageDraw.Draw(image).text((10, 30), "KRAS p.G12C", "black", font_size=24)
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


def seeds() -> list[tuple[str, bytes]]:
    """The sound files from which the spoiled ones are made."""
    report = papers.pdf([(72, 72 + 14 * n, f"GENE{n} p.R{n}H detected {n}.5 %") for n in range(20)], [(72, 72, "end")])
    return [
        ("a.pdf", report),
        ("b.png", _picture("PNG")),
        ("c.jpg", _picture("JPEG", "RGB")),
        ("d.tif", _picture("TIFF", "1")),
        ("e.webp", _picture("WEBP", "RGB")),
        ("f.bmp", _picture("BMP")),
        ("g.gif", _picture("GIF", "P")),
        ("h.zip", papers.archive(a__pdf=report, b__txt=b"KRAS: negative")),
        ("i.rtf", b"{\\rtf1\\ansi KRAS: negative\\par BRAF: positive}"),
    ]


def _flip(content: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randint(1, 30)):
        content[chance.randrange(len(content))] = chance.randrange(256)


def _cut(content: bytearray, chance: random.Random) -> None:
    del content[chance.randrange(len(content)) :]


def _drop(content: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(content))
    del content[start : start + chance.randint(1, 400)]


def _repeat(content: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(content))
    content[start:start] = content[start : start + chance.randint(1, 400)] * chance.randint(1, 5)


def _grow_number(content: bytearray, chance: random.Random) -> None:
    places = [n for n, byte in enumerate(content) if 48 <= byte <= 57]
    if places:
        at = chance.choice(places)
        content[at : at + 1] = chance.choice((b"99999999", b"-1", b"0", b"4294967296", b"1e9"))


def _bounds(content: bytearray, chance: random.Random) -> None:
    at = chance.randrange(max(len(content) - 4, 1))
    content[at : at + 4] = chance.choice((b"\xff\xff\xff\xff", b"\x00\x00\x00\x00", b"\x7f\xff\xff\xff"))


WAYS: list[Callable[[bytearray, random.Random], None]] = [_flip, _cut, _drop, _repeat, _grow_number, _bounds]


def spoiled(number: int, first: int = 0) -> Iterator[tuple[str, bytes]]:
    """Yield so many spoiled files."""
    sound = seeds()
    for seed in range(first, first + number):
        chance = random.Random(seed)
        name, content = sound[seed % len(sound)]
        changed = bytearray(content)
        for _ in range(chance.randint(1, 3)):
            if changed:
                chance.choice(WAYS)(changed, chance)
        yield f"{seed}-{name}", bytes(changed)
