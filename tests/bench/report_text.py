"""Plain text of made-up reports, straight from the layouts, without drawing a page."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Any

from reportlab.platypus import Paragraph, Table

from tests.generator.case import case_of
from tests.generator.write import LAYOUTS, OF_WOMEN, Gold


def texts(characters: int, seed: int) -> list[str]:
    """Return distinct reports of at least so many characters together."""
    made: list[str] = []
    size, at = 0, 0
    while size < characters:
        for layout, draw in sorted(LAYOUTS.items()):
            case = case_of(zlib.crc32(f"{layout}/{at}/{seed}".encode()), sex="female" if layout in OF_WOMEN else "")
            text = "\n".join(line for part in draw(case, Gold()).story for line in _lines(part))
            made.append(text)
            size += len(text)
        at += 1
    return made


def _lines(part: Any) -> Iterator[str]:
    if isinstance(part, Paragraph):
        yield re.sub(r"<[^>]+>", "", part.text)
    elif isinstance(part, Table):
        for row in part._cellvalues:
            yield "\t".join(" ".join(_cell(cell)) for cell in row)


def _cell(cell: Any) -> Iterator[str]:
    for piece in cell if isinstance(cell, (list, tuple)) else [cell]:
        yield from _lines(piece) if isinstance(piece, (Paragraph, Table)) else [str(piece)]
