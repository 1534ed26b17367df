"""Rows of text → pages in one pitch, so that words that never stood on a page have boxes too; and their pictures."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files

from app.domain.page import Line, Page, Word
from app.domain.provenance import Box
from app.stages.pages.prose import Row

WIDTH, HEIGHT, MARGIN = 612.0, 792.0, 42.0
SIZE, LEADING = 9.0, 13.0
NARROW, WIDE = 96, 170
"""Fewest and most characters of a line; a page whose tables need more than the fewest is set wider."""

GAP = 4
"""Characters between the cells of a table row."""


@dataclass(frozen=True, slots=True)
class _Set:
    """A line as set: pieces with the column that they start in, and the number of the block."""

    pieces: tuple[tuple[int, str], ...]
    block: int
    bold: bool


def pages(rows: Sequence[Row]) -> tuple[Page, ...]:
    """Set rows on pages of letter size, or wider where a table needs it."""
    columns = _columns(rows)
    width = max(WIDTH, columns * _pitch() + 2 * MARGIN)
    room = int((HEIGHT - 2 * MARGIN) / LEADING)
    lines = list(_lines(rows, columns))
    found: list[Page] = []
    for first in range(0, len(lines), room):
        part = lines[first : first + room]
        start = next((s.block for s in part if s.pieces), 0)
        placed = [_placed(s, place, start) for place, s in enumerate(part) if s.pieces]
        if placed:
            found.append(Page(len(found) + 1, round(width, 2), HEIGHT, tuple(placed)))
    return tuple(found)


def picture(page: Page, dpi: int) -> bytes:
    """Draw a page that was set here, as PNG."""
    from PIL import Image, ImageDraw, ImageFont

    scale = dpi / 72.0
    sheet = Image.new("L", (round(page.width * scale), round(page.height * scale)), 255)
    pen = ImageDraw.Draw(sheet)
    folder = files("app.data") / "fonts"
    faces = {}
    for bold, name in ((False, "SourceSans3-Regular.ttf"), (True, "SourceSans3-Semibold.ttf")):
        faces[bold] = ImageFont.truetype(io.BytesIO((folder / name).read_bytes()), SIZE * 1.12 * scale)
    for word in page.words:
        box = word.box
        pen.text((box.x0 * scale, (box.y1 - 0.24 * SIZE) * scale), word.text, 20, faces[word.bold], anchor="ls")
    out = io.BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()


def _pitch() -> float:
    return 0.6 * SIZE


def _columns(rows: Sequence[Row]) -> int:
    tables = max((sum(w) + GAP * (len(w) - 1) for w in _table_widths(rows).values()), default=0)
    gapped = max((len(r.cells[0]) for r in rows if not r.table and "   " in r.cells[0].strip()), default=0)
    return min(max(NARROW, tables, gapped), WIDE)


def _table_widths(rows: Sequence[Row]) -> dict[int, list[int]]:
    widths: dict[int, list[int]] = {}
    for row in rows:
        if row.table:
            known = widths.setdefault(row.table, [])
            known.extend([0] * (len(row.cells) - len(known)))
            for place, cell in enumerate(row.cells):
                known[place] = max(known[place], len(cell))
    return widths


def _lines(rows: Sequence[Row], columns: int) -> Iterator[_Set]:
    widths = {number: _fitted(known, columns) for number, known in _table_widths(rows).items()}
    block = -1
    last: int | None = None
    for row in rows:
        if not any(cell.strip() for cell in row.cells):
            yield _Set((), max(block, 0), bold=False)
            last = None
            continue
        if last != row.table:
            block += 1
            last = row.table
        if row.table:
            yield from _table_row(row, widths[row.table], block)
        else:
            for line in _wrapped(row.cells[0], columns):
                yield _Set(_pieces(line, 0), block, row.bold)


def _fitted(widths: list[int], columns: int) -> list[int]:
    """Narrow the widest columns of a table until it fits."""
    widths = list(widths)
    while sum(widths) + GAP * (len(widths) - 1) > columns and max(widths) > 8:
        widths[widths.index(max(widths))] -= 1
    return widths


def _table_row(row: Row, widths: list[int], block: int) -> Iterator[_Set]:
    cells = [_wrapped(cell, max(width, 1)) if cell else [] for cell, width in zip(row.cells, widths, strict=False)]
    starts = [sum(widths[:place]) + GAP * place for place in range(len(widths))]
    for level in range(max((len(c) for c in cells), default=0)):
        pieces = [
            piece
            for place, lines in enumerate(cells)
            if level < len(lines)
            for piece in _pieces(" ".join(lines[level].split()), starts[place])
        ]
        yield _Set(tuple(pieces), block, row.bold)


def _wrapped(text: str, columns: int) -> list[str]:
    """Break a line at spaces where it is too long; a word longer than a line is broken where it must be."""
    lines: list[str] = []
    rest = text
    while len(rest) > columns:
        at = rest.rfind(" ", 1, columns + 1)
        at = at if at > columns // 4 else columns
        lines.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return [*lines, rest]


def _pieces(line: str, start: int) -> tuple[tuple[int, str], ...]:
    found: list[tuple[int, str]] = []
    at = 0
    for piece in line.split(" "):
        if piece.strip():
            found.append((start + at, piece))
        at += len(piece) + 1
    return tuple(found)


def _placed(line: _Set, place: int, first_block: int) -> Line:
    top = MARGIN + place * LEADING
    words = []
    for column, text in line.pieces:
        x = MARGIN + column * _pitch()
        box = Box(round(x, 2), round(top, 2), round(x + len(text) * _pitch(), 2), round(top + 1.02 * SIZE, 2))
        words.append(Word(text, box, size_pt=SIZE, bold=line.bold))
    return Line(tuple(words), line.block - first_block)
