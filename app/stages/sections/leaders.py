"""Printed leaders that a scan turned into words: the dots between a label and its value, read as letters.

A reader of pictures makes words of a dotted line ("NTRK1 SEEN eo is A ror NOT DETECTED"). Any of them may look like a
call, and none was printed. They are known by how unsure the reader was of them, between a label and a sure value.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from app.domain.page import Word
from app.stages.sections.grids import CHANGE
from app.stages.sections.rows import Cell, Row, cell_of

_DOUBTED = 0.6
_NOISE = 0.35
_SURE = 0.8
_DENIES = re.compile(
    r"^\W*(?:not?|n[0öóòqc]t|no[1il7]|non|nor|never|neg\S*|un\S+|abs\w+|without|wild\S*|normal\w*|lost|loss|intact|kein\w*|nicht|sin|ning\w*"
    r"|niet|geen|pas|aucun\w*|fail\w*|insuff\w*|pending|equivocal|possibl\w*|suspic\w*)\W*$",
    re.I,
)
"""Words that turn a call round are kept, however unsure they are: to lose one would make a positive."""
_HALF_NOT = re.compile(r"^\W*[hmwrkxu][o0öóò]t\W*$", re.I)
"""What may have been "not" before a call: the line says one thing or its opposite, so it says nothing."""
_FUSED = re.compile(r"^[A-Z][A-Z0-9]{1,8}[’'‘`:;]\S{4,}$")
"""A short name that runs into what follows it."""


def without_leaders(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Part from the rows of pictures the words that the reader made of printed dots."""
    kept: list[Row] = []
    noise: list[Row] = []
    for whole in rows:
        row = whole
        words = [entry for cell in row.cells for entry in cell.words]
        gone = set(_noise([word for _, word in words])) if row.measured else set()
        if gone:
            noise.append(replace(row, cells=(cell_of([words[n] for n in sorted(gone)]),)))
            row = _without(row, gone)
        if row.cells:
            kept.append(row)
    return kept, noise


def _noise(words: Sequence[Word]) -> Sequence[int]:
    """Return the numbers of the words that were never printed."""
    sure = [word.confidence if word.confidence is not None else 1.0 for word in words]
    if not words:
        return ()
    if len(words) >= 3 and max(sure) < 0.5 and sum(sure) / len(sure) < 0.3:
        return range(len(words))
    if sure[0] < 0.4 and _FUSED.match(words[0].text) and not CHANGE.search(words[0].text) and sure[-1] >= _SURE:
        return range(len(words))
    value = len(words)
    if any(doubt < _DOUBTED and _HALF_NOT.match(word.text) for doubt, word in zip(sure[1:], words[1:], strict=True)):
        return range(value)
    while value and sure[value - 1] >= _SURE:
        value -= 1
    first = value
    while first > 1 and sure[first - 1] < _DOUBTED:
        first -= 1
    run = range(first, value)
    if value == len(words) or len(run) < 3 or sum(sure[n] for n in run) / len(run) >= _NOISE:
        return ()
    if any(_DENIES.match(words[n].text) for n in run):
        return ()
    return [n for n in run if not CHANGE.search(words[n].text)]


def _without(row: Row, gone: set[int]) -> Row:
    cells: list[Cell] = []
    at = 0
    for cell in row.cells:
        left = [entry for n, entry in enumerate(cell.words, start=at) if n not in gone]
        at += len(cell.words)
        if left:
            cells.append(cell_of(left))
    return replace(row, cells=tuple(cells))
