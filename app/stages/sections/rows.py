"""Lines of pages → rows of cells, with what can be seen of each: place, size, weight, capitals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from app.domain.page import Line, Page, Word

CELL_GAP = 1.15
"""Space between two words that parts cells, in heights of the line; words of a sentence stand closer."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Words that stand together.

    Attributes:
        words: (line number on the page, word), in reading order.
        x0: Left edge in points.
        x1: Right edge in points.
    """

    words: tuple[tuple[int, Word], ...]
    x0: float
    x1: float

    @property
    def text(self) -> str:
        """The words joined by single spaces."""
        return " ".join(word.text for _, word in self.words)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a page, or the lines of one table row.

    Attributes:
        page: Page number, from 1.
        line: Number of the (first) line on its page, from 0.
        block: Block of the page that it belongs to.
        cells: At least one; an empty one where a table row lacks it.
        y0: Top in points.
        y1: Bottom in points.
        size: Median size of its words in points.
        bold: Whether most of its letters are bold.
        measured: Whether sizes were measured on a picture of the page, and so are rough.
        first: Whether it begins its block.
        alone: Whether it is the only row of its block.
    """

    page: int
    line: int
    block: int
    cells: tuple[Cell, ...]
    y0: float
    y1: float
    size: float
    bold: bool
    measured: bool = False
    first: bool = False
    alone: bool = False

    @property
    def text(self) -> str:
        """The cells' words joined by single spaces."""
        return " ".join(cell.text for cell in self.cells if cell.words)

    @property
    def x0(self) -> float:
        """Left edge of the first cell."""
        return self.cells[0].x0


def rows_of(pages: Sequence[Page]) -> list[Row]:
    """Return the rows of all pages in reading order."""
    return [row for page in pages for row in _whole_lines(list(_page_rows(page)))]


def _whole_lines(rows: list[Row]) -> list[Row]:
    """Join rows that follow each other on one baseline, left to right: one line that was read in pieces."""
    kept: list[Row] = []
    for row in rows:
        before = kept[-1] if kept else None
        level = before is not None and abs(before.y0 + before.y1 - row.y0 - row.y1) < 0.5 * min(before.size, row.size)
        if before is not None and level and before.cells[-1].x1 < row.cells[0].x0:
            kept[-1] = replace(
                before,
                cells=(*before.cells, *row.cells),
                y0=min(before.y0, row.y0),
                y1=max(before.y1, row.y1),
                alone=before.alone and row.alone,
            )
        else:
            kept.append(row)
    return kept


def _page_rows(page: Page) -> Iterable[Row]:
    lines = [(number, line) for number, line in enumerate(page.lines) if line.words]
    gap = _cell_gap([line for _, line in lines])
    blocks = [None, *(line.block for _, line in lines), None]
    for place, (number, line) in enumerate(lines, start=1):
        first, last = blocks[place - 1] != line.block, blocks[place + 1] != line.block
        yield _row(page, number, line, gap, first=first, alone=first and last)


def _cell_gap(lines: Sequence[Line]) -> float:
    """Return the space that parts cells on a page, in heights: wider where its words themselves stand wide apart."""
    gaps = sorted(
        (word.box.x0 - before.box.x1) / max(_height(before), _height(word))
        for line in lines
        for before, word in pairwise(line.words)
    )
    usual = gaps[len(gaps) // 3] if len(gaps) >= 20 else 0.3
    return max(CELL_GAP, 2.2 * min(usual, 0.9))


def _row(page: Page, number: int, line: Line, gap: float, *, first: bool, alone: bool) -> Row:
    box = line.box
    letters = sum(len(word.text) for word in line.words)
    return Row(
        page=page.number,
        line=number,
        block=line.block,
        cells=cells_of(number, line.words, gap),
        y0=box.y0,
        y1=box.y1,
        size=median(size_of(word) for word in line.words),
        bold=2 * sum(len(word.text) for word in line.words if word.bold) > letters,
        measured=any(word.confidence is not None for word in line.words),
        first=first,
        alone=alone,
    )


def cells_of(number: int, words: Sequence[Word], gap: float = CELL_GAP) -> tuple[Cell, ...]:
    """Part the words of a line where the space between two is `gap` times their height or more."""
    cells: list[list[Word]] = [[words[0]]]
    for before, word in pairwise(words):
        wide = gap * max(min(_height(before), _height(word)), 0.75 * max(_height(before), _height(word)))
        if before.text.endswith((".", "!", "?")) and not before.text.endswith(".."):
            wide *= 2.2
        if word.box.x0 - before.box.x1 >= wide:
            cells.append([])
        cells[-1].append(word)
    return tuple(cell_of([(number, word) for word in cell]) for cell in cells)


def cell_of(words: Sequence[tuple[int, Word]]) -> Cell:
    """Return the cell that holds the words."""
    x0 = min(word.box.x0 for _, word in words)
    return Cell(tuple(words), x0, max(word.box.x1 for _, word in words))


def size_of(word: Word) -> float:
    """Return the word's size in points: the font's, else the height of its box."""
    return word.size_pt or _height(word)


def _height(word: Word) -> float:
    return max(word.box.y1 - word.box.y0, 1.0)


def body_size(rows: Sequence[Row]) -> float:
    """Return the size that most letters of the document have."""
    sizes: dict[float, int] = {}
    for row in rows:
        size = round(row.size * 2) / 2
        sizes[size] = sizes.get(size, 0) + len(row.text)
    return max(sizes, key=lambda size: sizes[size], default=10.0)
