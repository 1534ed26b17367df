"""Rows of tables: their cells, what each column is for, and values that stand under their names."""

from __future__ import annotations

import re
from dataclasses import replace

from app.biomarkers.assertion import resolve
from app.biomarkers.item import CHANGES, Item
from app.biomarkers.layout import Context, Line
from app.biomarkers.statement import Statement, Subject

Columns = tuple[tuple[str, int], ...]
"""Role of each column and its place from the start of the line, -1 where only the order is known."""


def cells_of(line: Line) -> list[tuple[int, int]]:
    """Return (start, end) of the cells of a row."""
    cells, left = [], line.start
    for a, b in line.breaks:
        cells.append((left, a))
        left = b
    cells.append((left, line.end))
    return cells


def prose_cells(text: str, line: Line) -> bool:
    """Tell whether a line with gaps holds sentences rather than cells."""
    return (
        len(line.breaks) <= 2
        and bool(re.search(r"[a-z]{3}[.;] +[A-Z]", text[line.start : line.end]))
        and "|" not in text[line.start : line.end]
        and "\t" not in text[line.start : line.end]
    )


def header(text: str, line: Line, names: dict[str, str]) -> Columns:
    """Return role and place of each column where the line is the header of a table."""
    if not line.breaks:
        return ()
    cells = [(told, a) for a, b in cells_of(line) if (told := text[a:b].strip())]
    roles = [names.get(told.rstrip(":*").casefold(), "") for told, _ in cells]
    known = len(roles) - roles.count("")
    if known < 2 or known * 2 <= len(roles):
        return ()
    newline = text.rfind("\n", 0, line.start) + 1
    return tuple((role, a - newline) for role, (_, a) in zip(roles, cells, strict=True))


def placed(text: str, line: Line, roles: Columns) -> tuple[tuple[str, int, int], ...]:
    """Give each cell of a row the role of its column: by number where the counts agree, else by place."""
    if not line.breaks or not roles:
        return ()
    cells = cells_of(line)
    if len(cells) == len(roles):
        return tuple((role, a, b) for (role, _), (a, b) in zip(roles, cells, strict=True) if role)
    if any(place < 0 for _, place in roles):
        return ()
    newline = text.rfind("\n", 0, line.start) + 1
    given = []
    for a, b in cells:
        role, place = min(roles, key=lambda column: abs(column[1] - (a - newline)))
        if role and abs(place - (a - newline)) <= 12:
            given.append((role, a, b))
    return tuple(given)


def without_remarks(line: Line, items: list[Item]) -> list[Item]:
    """Leave out of a row the words behind the class of its change ("Pathogenic; resistance to …"): they explain it."""
    if not line.breaks:
        return items
    change = next((item.start for item in items if item.sort in CHANGES), None)
    if change is None:
        return items
    judged = next((item.start for item in items if item.sort == "class" and item.start > change), line.end)
    return [item for item in items if item.start < judged or item.means != "silent"]


def below(text: str, line: Line, items: list[Item], labels: tuple[Subject, ...], context: Context) -> list[Statement]:
    """Read a row of values under a row of names, cell by cell; by content where the numbers of cells differ."""
    if any(item.sort in {"gene", "cytogenetic"} or (item.sort == "signature" and not item.note) for item in items):
        return []
    cells = cells_of(line)
    if len(cells) == len(labels):
        pairs = [(subject, [cell]) for subject, cell in zip(labels, cells, strict=True)]
    elif {subject.name for subject in labels} == {"TMB", "MSI"}:
        burden = [c for c in cells if re.search(r"\d|percentile", text[c[0] : c[1]])]
        pairs = [(s, burden if s.name == "TMB" else [c for c in cells if c not in burden]) for s in labels]
    else:
        return []
    made = []
    for subject, given in pairs:
        if not given:
            continue
        a, b = given[0][0], given[-1][1]
        inside = tuple(item for item in items if a <= item.start < b)
        here = replace(subject, start=a, end=a, label=(subject.start, subject.end))
        made.append(
            Statement((here,), (), inside, a, b, resolve(text, (), inside, b), context, row=True, clause=(a, b))
        )
    return made
