"""Forms that print every possible answer and mark one: only the marked answer is a result.

Marks are ticked boxes, bold, and light print on a filled box where the other answers are plain. Any other mark that is
a colour is lost on the way; then none of the printed answers counts, and the reader is told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.page import Word
from app.stages.sections.layouts import Layouts
from app.stages.sections.rows import Cell, Row, cell_of
from app.stages.sections.spelling import squeezed

_OPEN = re.compile(r"^(?:☐|□|◻|○|\[\s?\]|\(\s?\)|\[_\]|_{2,}\[?\]?)$")
_TICKED = re.compile(r"^(?:☒|☑|✓|✔|■|◼|●|\[[xX✓✔]\]|\([xX✓✔]\))$")


@dataclass(frozen=True, slots=True)
class Settled:
    """Rows after the choice.

    Attributes:
        rows: Rows that state something.
        others: Rows of the answers that were not chosen.
        unmarked: Pages with a row of answers of which none is marked.
    """

    rows: list[Row]
    others: list[Row]
    unmarked: tuple[int, ...]


def settled(rows: Sequence[Row], layouts: Layouts) -> Settled:
    """Keep of each row of possible answers the one that is marked, and set apart what would be normal."""
    kept: list[Row] = []
    others: list[Row] = []
    unmarked: list[int] = []
    for at, whole in enumerate(rows):
        row, expected = _without_reference(whole, layouts)
        others += [expected] if expected else []
        if row is None:
            continue
        above = rows[at - 1] if at and rows[at - 1].page == row.page else None
        parted = _by_box(row) or (None if above and _under_names(row, above) else _by_weight(row, layouts))
        if parted is None:
            kept.append(row)
            continue
        chosen, rest, marked = parted
        kept += [replace(row, cells=chosen)] if chosen else []
        others += [replace(row, cells=rest)] if rest else []
        if not marked:
            unmarked.append(row.page)
    return Settled(kept, others, tuple(dict.fromkeys(unmarked)))


def _without_reference(row: Row, layouts: Layouts) -> tuple[Row | None, Row | None]:
    """Part from a row the cells that tell what is normal; they say nothing of this person."""
    normal = [cell for cell in row.cells if any(pattern.match(cell.text) for pattern in layouts.references)]
    if not normal:
        return row, None
    left = tuple(cell for cell in row.cells if cell not in normal)
    return (replace(row, cells=left) if left else None), replace(row, cells=tuple(normal))


def _by_box(row: Row) -> tuple[tuple[Cell, ...], tuple[Cell, ...], bool] | None:
    """Part a row with boxes: what stands before the first box and after ticked ones is kept."""
    words = [(number, word) for cell in row.cells for number, word in cell.words]
    if not any(_OPEN.match(word.text) for _, word in words) or not any(_TICKED.match(word.text) for _, word in words):
        return None
    chosen: list[list[tuple[int, Word]]] = [[]]
    rest: list[tuple[int, Word]] = []
    keep = True
    for entry in words:
        if _OPEN.match(entry[1].text) or _TICKED.match(entry[1].text):
            keep = _TICKED.match(entry[1].text) is not None
            if keep:
                chosen.append([])
        (chosen[-1] if keep else rest).append(entry)
    cells = tuple(cell_of(cell) for cell in chosen if cell)
    return cells, (cell_of(rest),) if rest else (), True


def _by_weight(row: Row, layouts: Layouts) -> tuple[tuple[Cell, ...], tuple[Cell, ...], bool] | None:
    """Part a row that holds nothing but answers of one scale and numbers: the marked answer is kept."""
    scale = next((s for s in layouts.scales if _answers(row, s) >= 2), None)
    if scale is None:
        return None
    answers = [cell for cell in row.cells if squeezed(cell.text) in scale]
    if len(answers) != _answers(row, scale):
        return None
    others = [cell for cell in row.cells if cell not in answers]
    if any(not _is_measure(cell.text) for cell in others):
        return None
    bold = [cell for cell in answers if all(word.bold for _, word in cell.words)]
    filled = [cell for cell in answers if all(word.inverse for _, word in cell.words)]
    for marked in (bold, filled):
        if len(marked) == 1:
            return (
                tuple(cell for cell in row.cells if cell in others or cell in marked),
                tuple(cell for cell in answers if cell not in marked),
                True,
            )
    return tuple(others), tuple(answers), False


def _under_names(row: Row, above: Row) -> bool:
    """Tell whether each cell stands under a cell of its own: then they are the values of several names."""
    over = [
        [n for n, name in enumerate(above.cells) if min(name.x1, cell.x1) - max(name.x0, cell.x0) > 0]
        for cell in row.cells
    ]
    alone = [places[0] for places in over if len(places) == 1]
    return len(alone) == len(row.cells) == len(set(alone))


def _answers(row: Row, scale: frozenset[str]) -> int:
    return len({squeezed(cell.text) for cell in row.cells} & scale)


def _is_measure(text: str) -> bool:
    """Tell whether a cell is a number with its unit or rank, or a mark without letters."""
    return not re.search(r"[^\W\d_]{2}", text) or text.strip()[:1].isdigit()
