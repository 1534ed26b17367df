"""Rows → tables: which rows belong together, under which named columns, with wrapped cells back in their rows.

A table is known by a header row whose cells name columns, or by rows whose cells start at the same places.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.stages.sections.days import day_in
from app.stages.sections.layouts import Layout
from app.stages.sections.rows import Cell, Row, cell_of
from app.stages.sections.spelling import heading_text, squeezed

_HEADER_LINES = 3
"""Lines that the headings of columns take, at most."""
DAY = "day:"
"""Marks a column that holds the results of one day, as in "day:2024-05-01"."""


_CALL_IN_HEADING = re.compile(r"\s*:\s*(?:not detected|no \w+ detected|negative)\b.*$", re.I)
"""A call in a column's heading, which holds for all cells below it."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        name: As the layout names it; "" where nothing is printed over it or the layout does not know it.
        x0: Left edge of its widest cell.
        x1: Right edge of its widest cell.
    """

    name: str
    x0: float
    x1: float


def column_names(row: Row, layout: Layout) -> tuple[str, ...]:
    """Name the columns over which the cells of a header row stand; () where the row is no header."""
    names = tuple(column_name(cell.text, layout) for cell in row.cells)
    known = [name for name in names if name]
    days = [name for name in known if name.startswith(DAY)]
    if len(days) >= 2 or (len(known) >= 2 and 2 * len(known) >= len(names)):
        return names
    return ()


def column_name(text: str, layout: Layout) -> str:
    """Name the column over which a text stands; "" where it heads none."""
    named = _CALL_IN_HEADING.sub("", text)
    found = layout.columns.get(squeezed(heading_text(named)), "")
    if found:
        return found
    day = day_in(text) if ":" not in text and len(text.split()) <= 4 else ""
    return DAY + day if day else ""


def header(rows: Sequence[Row], at: int, layout: Layout) -> tuple[Row, int] | None:
    """Return the header row that begins here, its lines joined, and how many lines it has; None where none begins."""
    whole, lines = rows[at], 1
    best = (whole, 1)
    while lines < _HEADER_LINES and at + lines < len(rows) and len(rows[at].cells) >= 2:
        below = rows[at + lines]
        both = stacked(whole, below) if below.page == whole.page and below.y0 - whole.y1 < 0.9 * whole.size else None
        if both is None:
            break
        whole, lines = both, lines + 1
        if _known(whole, layout) > _known(best[0], layout):
            best = (whole, lines)
    return best if best[1] > 1 or column_names(best[0], layout) else None


def _known(row: Row, layout: Layout) -> int:
    return sum(1 for name in column_names(row, layout) if name)


def stacked(row: Row, below: Row) -> Row | None:
    """Join each cell of the lower row to the cell that it stands under; None where one stands under none or two."""
    cells = list(row.cells)
    for cell in below.cells:
        over = [n for n, c in enumerate(cells) if min(c.x1, cell.x1) - max(c.x0, cell.x0) > 0]
        if len(over) != 1:
            return None
        cells[over[0]] = joined(cells[over[0]], cell)
    return replace(row, cells=tuple(cells), y1=max(row.y1, below.y1))


def joined(cell: Cell, other: Cell) -> Cell:
    """Return one cell with the words of both."""
    return cell_of([*cell.words, *other.words])


def columns_of(head: Row | None, names: Sequence[str], body: Sequence[Row]) -> tuple[Column, ...]:
    """Find the columns: those that the header names, and those that only the rows below show."""
    found = [Column(name, c.x0, c.x1) for name, c in zip(names, head.cells, strict=True)] if head else []
    tolerance = 0.6 * max((row.size for row in body), default=10.0)
    for start, end in _clusters(body, tolerance):
        near = [
            n for n, c in enumerate(found) if min(c.x1, end) - max(c.x0, start) > 0 or abs(c.x0 - start) < tolerance
        ]
        if len(near) == 1:
            old = found[near[0]]
            found[near[0]] = Column(old.name, min(old.x0, start), max(old.x1, end))
        elif not near:
            found.append(Column("", start, end))
    return tuple(sorted(found, key=lambda c: c.x0))


def _clusters(body: Sequence[Row], tolerance: float) -> list[tuple[float, float]]:
    """Group the cells of all rows by where they start, (leftmost start, median end), the largest group first."""
    cells = sorted((cell for row in body for cell in row.cells if cell.words), key=lambda c: c.x0)
    groups: list[list[Cell]] = []
    for cell in cells:
        if groups and cell.x0 - groups[-1][0].x0 <= tolerance:
            groups[-1].append(cell)
        else:
            groups.append([cell])
    groups.sort(key=len, reverse=True)
    return [(min(c.x0 for c in g), sorted(c.x1 for c in g)[len(g) // 2]) for g in groups]


def aligned(row: Row, columns: Sequence[Column]) -> Row:
    """Put the cells of a row under the columns; a column without a cell gets an empty one."""
    filled: list[Cell | None] = [None] * len(columns)
    for cell in _parted(row, columns):
        at = _place(cell, columns, row.size)
        before = filled[at]
        filled[at] = joined(before, cell) if before else cell
    return replace(row, cells=tuple(c or Cell((), col.x0, col.x0) for c, col in zip(filled, columns, strict=True)))


def _parted(row: Row, columns: Sequence[Column]) -> list[Cell]:
    """Part cells in which a word begins exactly where a further column begins: its neighbour ran up to it."""
    starts = [column.x0 for column in columns[1:]]
    found: list[Cell] = []
    for cell in row.cells:
        run = [cell.words[0]] if cell.words else []
        for before, word in zip(cell.words, cell.words[1:], strict=False):
            x, gap = word[1].box.x0, word[1].box.x0 - before[1].box.x1
            if gap > 0.35 * row.size and any(abs(x - start) < 0.3 * row.size for start in starts):
                found.append(cell_of(run))
                run = []
            run.append(word)
        if run:
            found.append(cell_of(run))
    return found


def _place(cell: Cell, columns: Sequence[Column], size: float) -> int:
    def distance(column: Column) -> tuple[float, float]:
        if abs(column.x0 - cell.x0) < 0.4 * size:
            return (0.0, abs(column.x0 - cell.x0))
        overlap = min(column.x1, cell.x1) - max(column.x0, cell.x0)
        return (1.0, -overlap) if overlap > 0 else (2.0, -overlap)

    return min(range(len(columns)), key=lambda n: distance(columns[n]))


def whole(rows: Sequence[Row]) -> list[Row]:
    """Put lines that only go on with cells of the row above (or below, where that is nearer) back into that row.

    Args:
        rows: Aligned rows of one table, from the top down.
    """
    kept: list[Row] = []
    waiting: Row | None = None
    for place, row in enumerate(rows):
        whole_row = row if waiting is None else _merged(waiting, row)
        waiting = None
        if kept and _goes_on(kept[-1], whole_row):
            after = rows[place + 1] if place + 1 < len(rows) else None
            if after is not None and _goes_before(kept[-1], whole_row, after):
                waiting = whole_row
            else:
                kept[-1] = _merged(kept[-1], whole_row)
        else:
            kept.append(whole_row)
    if waiting is not None:
        kept.append(waiting)
    return kept


def _goes_on(above: Row, row: Row) -> bool:
    """Tell whether a row only continues cells: its first cell is empty, or it is a short stretch close below."""
    if row.page != above.page:
        return False
    gap = row.y0 - above.y1
    if row.y0 < above.y0:
        return False
    if not row.cells[0].words:
        return gap < 1.2 * row.size
    filled = [n for n, cell in enumerate(row.cells) if cell.words]
    open_end = above.cells[0].text.rstrip().endswith(("-", "/", ",", "("))
    return len(row.cells) >= 2 and filled == [0] and gap < 0.35 * row.size and open_end


def _goes_before(above: Row, row: Row, after: Row) -> bool:
    """Tell whether a row without first cell belongs to the row below: it stands nearer to that one."""
    return bool(
        after.page == row.page
        and not row.cells[0].words
        and after.cells[0].words
        and after.y0 - row.y1 < 0.5 * (row.y0 - above.y1)
        and after.y0 - row.y1 < 0.4 * row.size
    )


def _merged(row: Row, other: Row) -> Row:
    cells = []
    for cell, more in zip(row.cells, other.cells, strict=True):
        if cell.words and more.words:
            cells.append(joined(cell, more))
        else:
            cells.append(cell if cell.words else more)
    return replace(row, cells=tuple(cells), y0=min(row.y0, other.y0), y1=max(row.y1, other.y1))


def fits(row: Row, columns: Sequence[Column], above: Row) -> bool:
    """Tell whether a row can be one of the table: near enough, and no sentence across its columns."""
    if row.page != above.page:
        return len(row.cells) >= 2
    if row.y0 < above.y0 - row.size:
        return False
    if row.y0 - above.y1 > 3.2 * row.size:
        return len(row.cells) >= 2 and row.y0 - above.y1 < 6 * row.size and not _strays(row, columns)
    if len(row.cells) >= 2:
        return not _strays(row, columns)
    cell = row.cells[0]
    crossed = [c for c in columns[1:] if cell.x0 < c.x0 - row.size and cell.x1 > c.x0 + row.size]
    return not crossed and cell.x1 > columns[0].x0 - row.size


def _strays(row: Row, columns: Sequence[Column]) -> bool:
    """Tell whether a row of three cells or more keeps to none of the columns after its first: another grid begins."""
    near = 1.5 * row.size

    def keeps(cell: Cell) -> bool:
        def under(column: Column) -> bool:
            edges = abs(cell.x0 - column.x0) < near or abs(cell.x1 - column.x1) < near
            centred = abs(cell.x0 + cell.x1 - column.x0 - column.x1) < 2 * near
            return edges or (centred and cell.x1 - cell.x0 < 1.6 * (column.x1 - column.x0))

        return any(under(column) for column in columns)

    return len(row.cells) >= 3 and not any(keeps(cell) for cell in row.cells[1:])
