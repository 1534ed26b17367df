"""Rows that the reader took apart, put together again: fragments of table rows, cards, names over values.

A page reader cuts at white space, and a table with wide columns looks like text in columns. What stands on one baseline
below one header is one row.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from app.stages.sections.layouts import Layout
from app.stages.sections.rows import Cell, Row, cell_of
from app.stages.sections.spelling import heading_text, squeezed
from app.stages.sections.tables import column_name, column_names

_SYMBOL = re.compile(r"^[A-Z][A-Z0-9]{1,9}(?:[-/][A-Z0-9]{1,5})?$|^C\d+orf\d+$")
CHANGE = re.compile(
    r"\b[A-Z]\d{1,4}(?:[A-Z*]|fs|del|dup|ins|_)|\b[cpg]\.\S|\bamplif|\bloss\b|\bgain\b|\bfusion\b|\brearrange"
    r"|\bsplice|\bexons? \d",
    re.I,
)
"""What a change of a gene looks like, short of reading it."""


def regridded(rows: Sequence[Row], layout: Layout) -> list[Row]:
    """Join the fragments of table rows that stand on one baseline below a header.

    Args:
        rows: Rows in reading order.
        layout: Names the columns by which headers are known.
    """
    found = list(rows)
    at = 0
    while at < len(found):
        if column_names(found[at], layout):
            found = _joined_below(found, at, layout)
        at += 1
    return found


def _joined_below(rows: list[Row], at: int, layout: Layout) -> list[Row]:
    head = rows[at]
    level = [n for n, row in enumerate(rows) if _level(row, head) and (n == at or _is_part_of_header(row, layout))]
    left = min(rows[n].x0 for n in level) - 2 * head.size
    right = max(rows[n].cells[-1].x1 for n in level)
    inside = sorted(
        (
            n
            for n, row in enumerate(rows)
            if row.page == head.page and row.y0 > head.y0 - 0.5 * head.size and left <= row.x0 <= right
        ),
        key=lambda n: _middle(rows[n]),
    )
    groups: list[list[int]] = []
    for n in inside:
        if groups and _level(rows[n], rows[groups[-1][0]]):
            groups[-1].append(n)
            continue
        if groups and (
            rows[n].y0 - max(rows[m].y1 for m in groups[-1]) > 3.2 * head.size or _is_heading(rows[n], layout)
        ):
            break
        groups.append([n])
    if not any(len(group) > 1 for group in groups):
        return rows
    return _merged(rows, [group for group in groups if len(group) > 1 and _apart([rows[n] for n in group])])


def _is_part_of_header(row: Row, layout: Layout) -> bool:
    names = [column_name(cell.text, layout) for cell in row.cells]
    return 2 * sum(1 for name in names if name) >= len(names)


def _is_heading(row: Row, layout: Layout) -> bool:
    return len(row.cells) == 1 and squeezed(heading_text(row.text)) in layout.headings and row.first


def _middle(row: Row) -> float:
    return (row.y0 + row.y1) / 2


def _level(row: Row, other: Row) -> bool:
    return row.page == other.page and abs(_middle(row) - _middle(other)) < 0.45 * min(row.size, other.size)


def _apart(rows: Sequence[Row]) -> bool:
    ordered = sorted(rows, key=lambda row: row.x0)
    return all(a.cells[-1].x1 <= b.x0 + 0.1 * b.size for a, b in pairwise(ordered))


def _merged(rows: list[Row], groups: Sequence[Sequence[int]]) -> list[Row]:
    """Put each group's cells into its leftmost row; the rows of one table keep their order from the top down."""
    gone: set[int] = set()
    whole: dict[int, Row] = {}
    for group in groups:
        ordered = sorted(group, key=lambda n: rows[n].x0)
        first = rows[ordered[0]]
        cells = tuple(cell for n in ordered for cell in rows[n].cells)
        joined = replace(
            first, cells=cells, y0=min(rows[n].y0 for n in group), y1=max(rows[n].y1 for n in group), alone=False
        )
        whole[min(group)] = joined
        gone |= set(group) - {min(group)}
    places = sorted(whole)
    in_order = sorted((whole[n] for n in places), key=lambda row: (row.page, row.y0))
    moved = dict(zip(places, in_order, strict=True))
    return [moved.get(n, row) for n, row in enumerate(rows) if n not in gone]


def with_cards(rows: Sequence[Row]) -> list[Row]:
    """Put names and values back together where a list of cards was read as a column of names and one of values.

    Each card becomes one row of two cells. Such columns have as many blocks each, of a few short lines, in step.
    """
    blocks = [list(group) for _, group in groupby(rows, key=lambda row: (row.page, row.block))]
    at = 0
    kept: list[Row] = []
    while at < len(blocks):
        count = _cards(blocks, at)
        if count:
            kept += [_card(blocks[at + n], blocks[at + count + n]) for n in range(count)]
            at += 2 * count
        else:
            kept += blocks[at]
            at += 1
    return kept


def _cards(blocks: Sequence[Sequence[Row]], at: int) -> int:
    """Return how many blocks from here on are names whose values follow in as many blocks beside them; 0 where none."""
    for count in range(min((len(blocks) - at) // 2, 60), 1, -1):
        names, values = blocks[at : at + count], blocks[at + count : at + 2 * count]
        if all(_is_card(name, value) for name, value in zip(names, values, strict=True)):
            return count
    return 0


def _is_card(name: Sequence[Row], value: Sequence[Row]) -> bool:
    if name[0].page != value[0].page or len(name) > 3 or len(value) > 3:
        return False
    short = all(len(row.text.split()) <= 8 for row in (*name, *value))
    beside = min(row.x0 for row in value) > max(row.cells[-1].x1 for row in name)
    apart = abs((name[0].y0 + name[-1].y1) - (value[0].y0 + value[-1].y1)) / 2
    return short and beside and apart < 1.6 * max(name[0].size, value[0].size)


def _card(name: Sequence[Row], value: Sequence[Row]) -> Row:
    cells = tuple(_one_cell(part) for part in (name, value))
    first = name[0]
    return replace(first, cells=cells, y0=min(first.y0, value[0].y0), y1=max(name[-1].y1, value[-1].y1), alone=False)


def _one_cell(rows: Sequence[Row]) -> Cell:
    return cell_of([entry for row in rows for cell in row.cells for entry in cell.words])


def with_stacks(rows: Sequence[Row]) -> list[Row]:
    """Turn a row of genes over a row of their changes into one row for each gene."""
    kept: list[Row] = []
    skip = False
    for at, row in enumerate(rows):
        if skip:
            skip = False
            continue
        below = rows[at + 1] if at + 1 < len(rows) else None
        if below is not None and _are_stacked(row, below):
            pairs = zip(row.cells, below.cells, strict=True)
            kept += [replace(row, cells=pair, y1=below.y1, alone=False, first=False) for pair in pairs]
            skip = True
        else:
            kept.append(row)
    return kept


def _are_stacked(row: Row, below: Row) -> bool:
    if (
        row.page != below.page
        or len(row.cells) != len(below.cells)
        or len(row.cells) < 2
        or below.y0 - row.y1 > row.size
    ):
        return False
    aligned = all(abs(a.x0 - b.x0) < 0.6 * row.size for a, b in zip(row.cells, below.cells, strict=True))
    named = all(_SYMBOL.match(cell.text) for cell in row.cells)
    return aligned and named and all(CHANGE.search(cell.text) for cell in below.cells)
