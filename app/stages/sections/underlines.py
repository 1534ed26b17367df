"""Lines of dashes in plain text: they are no words, but the names above them are headings, side by side in columns.

A text that was typed in two columns prints a heading over each and a line of dashes under it. Read straight across, a
result runs into the sentence beside it; so each column is read by itself, as far down as no line crosses the gutter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from app.stages.sections.rows import Cell, Row

_RULE = re.compile(r"^[-=_~–—*#.·]{3,}$")
_LETTER = re.compile(r"[^\W\d_]")
_SLACK = 0.4
"""How far a cell may begin left of its column, in heights of the line."""


def without_rules(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Part rows from lines of dashes, and read columns that have underlined headings one after the other.

    Returns:
        The rows in reading order, and the lines of dashes.
    """
    if not any(is_rule(row) for row in rows):
        return list(rows), []
    kept: list[Row] = []
    ruled: list[Row] = []
    at = 0
    while at < len(rows):
        row = rows[at]
        if is_rule(row):
            ruled.append(row)
            at += 1
            continue
        edges = _edges(row, rows[at + 1]) if at + 1 < len(rows) else ()
        if not edges:
            kept.append(row)
            at += 1
            continue
        end = _end(rows, at, edges)
        for column in _columns(rows[at:end], edges):
            inner, more = without_rules(column)
            kept += inner
            ruled += more
        at = end
    return kept, ruled


def is_rule(row: Row) -> bool:
    """Tell whether a row holds nothing but dashes."""
    return all(_RULE.match(cell.text) for cell in row.cells if cell.words)


def _edges(row: Row, below: Row) -> tuple[float, ...]:
    """Return where columns begin, where each cell of a row has a line of dashes of its own below it."""
    if len(row.cells) < 2 or below.page != row.page or not is_rule(below) or len(below.cells) != len(row.cells):
        return ()
    pairs = list(zip(row.cells, below.cells, strict=True))
    under = all(abs(cell.x0 - rule.x0) < row.size for cell, rule in pairs)
    named = all(_LETTER.search(cell.text) and len(cell.text.split()) <= 8 for cell in row.cells)
    as_long = all(abs((rule.x1 - rule.x0) - (cell.x1 - cell.x0)) < 2.5 * row.size for cell, rule in pairs)
    return tuple(cell.x0 for cell in row.cells) if under and named and as_long else ()


def _end(rows: Sequence[Row], at: int, edges: Sequence[float]) -> int:
    """Return the position after the last row that keeps to the columns which begin at a row."""
    known = set(edges)
    end = at + 1
    while end < len(rows) and rows[end].page == rows[at].page and not _crosses(rows[end], edges):
        row = rows[end]
        beyond = [cell.x0 for cell in row.cells if cell.x0 > edges[1] - _SLACK * row.size]
        if beyond and not any(abs(beyond[0] - place) < 0.6 * row.size for place in known):
            break
        known.update(beyond)
        end += 1
    if end == len(rows):
        return end
    start = end
    while start > at + 1 and rows[start - 1].cells[-1].x1 < edges[1] and not rows[start - 1].first:
        start -= 1
    whole = start > at + 1 and rows[start - 1].first and rows[start - 1].cells[-1].x1 < edges[1]
    return start - 1 if whole else end


def _crosses(row: Row, edges: Sequence[float]) -> bool:
    """Tell whether a cell of a row runs over the place where a further column begins."""
    slack = _SLACK * row.size
    return any(cell.x0 < edge - slack and cell.x1 > edge + slack for cell in row.cells for edge in edges[1:])


def _columns(rows: Sequence[Row], edges: Sequence[float]) -> list[list[Row]]:
    columns: list[list[Row]] = [[] for _ in edges]
    last = [-2] * len(edges)
    for place, row in enumerate(rows):
        held: list[list[Cell]] = [[] for _ in edges]
        for cell in row.cells:
            slack = _SLACK * row.size
            held[max(n for n, edge in enumerate(edges) if n == 0 or cell.x0 >= edge - slack)].append(cell)
        for number, cells in enumerate(held):
            if cells:
                begins = row.first or last[number] < place - 1
                last[number] = place
                block = -(1 + number + len(edges) * row.line) if begins else columns[number][-1].block
                columns[number].append(replace(row, cells=tuple(cells), first=begins, block=block))
    return columns
