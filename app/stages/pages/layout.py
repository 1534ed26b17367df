"""Words with boxes → lines in reading order, in blocks.

Side by side is either a table, whose row is read across, or columns, of which each is read down. What tells them apart:
the cells of a row share their baseline and at least one side is short; columns of prose are long on both sides, and a
sidebar's lines do not keep step with the text beside it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from operator import itemgetter
from statistics import median

from app.domain.page import Line, Word
from app.domain.provenance import Box

STEP = 3.0
"""Width in points of a cell of the grid on which gutters are sought."""


@dataclass(slots=True)
class _Chunk:
    """Words on one baseline with no gap between them that a column could use."""

    words: list[Word]
    x0: float
    x1: float
    y0: float
    y1: float
    height: float
    row: int = 0

    @property
    def middle(self) -> float:
        return (self.y0 + self.y1) / 2


@dataclass(frozen=True, slots=True)
class _Split:
    """A gutter at x, and the chunks left and right of it."""

    run: list[_Chunk]
    x: float
    score: float


def lines(words: Iterable[Word], rules: Sequence[Box] = ()) -> tuple[Line, ...]:
    """Put words into lines and blocks, in the order in which a person reads them.

    Args:
        words: Upright words of one page, in any order.
        rules: Horizontal rules; what a rule crosses is no gutter.
    """
    chunks = _chunks([w for w in words if w.text])
    if not chunks:
        return ()
    bars = [_Chunk([], r.x0, r.x1, r.y0, r.y1, 0.0) for r in rules]
    found: list[Line] = []
    block = 0
    for region in _regions(chunks, bars, depth=0):
        for paragraph in _paragraphs(_whole_rows(_rows(region))):
            found.extend(Line(tuple(row), block) for row in paragraph)
            block += 1
    return tuple(found)


def _upright(box: Box, direction: int) -> Box:
    if direction == 90:
        return Box(-box.y1, box.x0, -box.y0, box.x1)
    if direction == 270:
        return Box(box.y0, -box.x1, box.y1, -box.x0)
    return Box(-box.x1, -box.y1, -box.x0, -box.y0)


def sideways(words: Sequence[Word], direction: int) -> list[Line]:
    """Put words that run up (90), down (270) or upside down (180) into lines, in no particular block."""
    upright = {replace(w, box=_upright(w.box, direction)): w for w in words}
    return [Line(tuple(upright[w] for w in row)) for row in _rows_of_words(list(upright))]


def _chunks(words: Sequence[Word]) -> list[_Chunk]:
    chunks: list[_Chunk] = []
    for number, row in enumerate(_rows_of_words(words)):
        chunk: _Chunk | None = None
        for word in row:
            box, height = word.box, _height(word)
            if chunk is not None and box.x0 - chunk.x1 < 1.15 * max(height, chunk.height):
                chunk.words.append(word)
                chunk.x1 = max(chunk.x1, box.x1)
                chunk.y0, chunk.y1 = min(chunk.y0, box.y0), max(chunk.y1, box.y1)
                continue
            chunk = _Chunk([word], box.x0, box.x1, box.y0, box.y1, height, number)
            chunks.append(chunk)
    return chunks


def _height(word: Word) -> float:
    return max(word.size_pt or word.box.y1 - word.box.y0, 1.0)


@dataclass(slots=True)
class _Row:
    words: list[Word]
    boxes: list[tuple[float, float, float, float, float]]
    middle: float


def _rows_of_words(words: Sequence[Word]) -> list[list[Word]]:
    """Group words whose middles are at one height, left to right, rows from the top down."""
    rows: list[_Row] = []
    # Raised marks stand higher than their line; they come last, when all lines are known.
    for raised, _, word in sorted(((_is_raised(w), w.box.y0 + w.box.y1, w) for w in words), key=itemgetter(0, 1)):
        box, height = word.box, _height(word)
        place = (box.x0, box.y0, box.x1, box.y1, height)
        row = _row_for(place, rows, late=raised)
        if row is None:
            rows.append(_Row([word], [place], (box.y0 + box.y1) / 2))
        else:
            row.words.append(word)
            row.boxes.append(place)
    return [sorted(row.words, key=lambda w: (w.box.x0, w.box.x1)) for row in rows]


def _is_raised(word: Word) -> bool:
    return not word.text.strip(RAISED)


RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿ†‡§*"


def _row_for(place: tuple[float, float, float, float, float], rows: list[_Row], *, late: bool) -> _Row | None:
    """Find the nearest of the latest rows whose nearest word is at the height of this one."""
    x0, y0, x1, y1, height = place
    middle = (y0 + y1) / 2
    best: _Row | None = None
    least = 1e9
    near_rows = reversed(rows) if late else reversed(rows[-8:])
    for row in near_rows:
        if abs(row.middle - middle) > 2.0 * height:
            continue
        distance, near = 1e9, row.boxes[0]
        collides = False
        for box in row.boxes:
            apart = box[0] - x1 if box[0] > x1 else x0 - box[2]
            if apart < distance:
                distance, near = apart, box
            if apart < 0 and -apart > 0.5 * min(height, box[4]):
                collides = True
                break
        if collides:
            continue
        off = abs((near[1] + near[3]) / 2 - middle)
        big, small = max(near[4], height), min(near[4], height)
        overlap = min(near[3], y1) - max(near[1], y0)
        same = off < 0.32 * big or (small < 0.8 * big and overlap > (0.4 if late else 0.75) * small)
        if same and off < least:
            best, least = row, off
    return best


def _regions(chunks: list[_Chunk], bars: list[_Chunk], *, depth: int) -> list[list[_Chunk]]:
    """Cut at gutters between columns, again and again, and return the pieces in reading order."""
    ordered = sorted(chunks, key=lambda c: (c.middle, c.x0))
    split = _best_split(ordered, bars) if depth < 12 and len(ordered) >= 6 else None
    if split is None:
        return [ordered]
    run = split.run
    above = [c for c in ordered if c.middle < run[0].middle and c not in run]
    below = [c for c in ordered if c.middle >= run[0].middle and c not in run]
    sides = [c for c in run if c.x1 <= split.x], [c for c in run if c.x1 > split.x]
    parts = (above, *sides, below)
    return [region for part in parts if part for region in _regions(part, bars, depth=depth + 1)]


def _best_split(ordered: list[_Chunk], bars: list[_Chunk]) -> _Split | None:
    left = min(c.x0 for c in ordered)
    right = max(c.x1 for c in ordered)
    top, bottom = ordered[0].y0, ordered[-1].y1
    crossing = [b for b in bars if top < b.middle < bottom and b.x1 > left and b.x0 < right]
    rows = sorted([*ordered, *crossing], key=lambda c: (c.middle, c.x0))
    masks = [_mask(c, left, right) for c in rows]
    need = max(2, round(1.0 * median(c.height for c in ordered) / STEP))
    best: _Split | None = None
    tried: set[tuple[int, int, int]] = set()
    for start in range(need, int((right - left) / STEP) - need):
        strip = ((1 << need) - 1) << start
        x = left + (start + need / 2) * STEP
        for first, last in _free_runs(masks, strip):
            run = [c for c in rows[first:last] if c.words]
            on_left = sum(1 for c in run if c.x1 <= x)
            key = (first, last, on_left)
            if on_left < 3 or len(run) - on_left < 3 or key in tried:
                continue
            tried.add(key)
            split = _columns(run, x)
            if split and (best is None or split.score > best.score):
                best = split
    return best


def _mask(chunk: _Chunk, left: float, right: float) -> int:
    low, high = max(int((chunk.x0 - left) / STEP), 0), int((min(chunk.x1, right) - left) / STEP)
    return ((1 << max(high - low + 1, 0)) - 1) << low


def _free_runs(masks: list[int], strip: int) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    first = 0
    for place, mask in enumerate(masks):
        if mask & strip:
            if place - first >= 6:
                runs.append((first, place))
            first = place + 1
    if len(masks) - first >= 6:
        runs.append((first, len(masks)))
    return runs


def _columns(run: list[_Chunk], x: float) -> _Split | None:
    """Return the longest stretch of the run in which the chunks beside the gutter are columns and not cells of rows."""
    best: list[_Chunk] = []
    grown: list[_Chunk] = []
    waiting: list[_Chunk] = []
    for part in _parts(run):
        verdict = _side_by_side(part, x)
        if verdict is False:
            grown, waiting = [], []
        elif verdict is True:
            grown, waiting = [*grown, *waiting, *part], []
            best = max(best, grown, key=len)
        elif grown:
            waiting = [*waiting, *part]
    if not best:
        return None
    left, right = [c for c in best if c.x1 <= x], [c for c in best if c.x1 > x]
    gutter = min(c.x0 for c in right) - max(c.x1 for c in left)
    tall = max(c.y1 for c in best) - min(c.y0 for c in best)
    return _Split(best, x, tall * min(gutter, 40.0))


def _parts(run: list[_Chunk]) -> list[list[_Chunk]]:
    """Cut a run where white space goes across its whole width."""
    parts: list[list[_Chunk]] = []
    bottom = -1e9
    height = median(c.height for c in run)
    for chunk in run:
        if chunk.y0 - bottom > 2.2 * height:
            parts.append([])
        parts[-1].append(chunk)
        bottom = max(bottom, chunk.y1)
    return parts


def _side_by_side(run: list[_Chunk], x: float) -> bool | None:
    """Tell whether both sides of x are columns; None where one side says too little."""
    left = [c for c in run if c.x1 <= x]
    right = [c for c in run if c.x1 > x]
    if len(left) < 2 or len(right) < 2:
        return None
    in_step = max(_in_step(left, right), _in_step(right, left))
    if _prose(left) and _prose(right):
        return True
    if in_step > (0.62 if len(run) >= 16 else 0.45):
        return False
    return None if min(len(left), len(right)) < 3 else True


def _in_step(some: list[_Chunk], others: list[_Chunk]) -> float:
    """Share of the lines of one side that stand on a line of the other, or alone amid the lines of one cell."""
    heights = sorted({round(c.middle, 1) for c in others})
    rows = sorted({round(c.middle, 1) for c in some})
    height = median(c.height for c in some)
    middles = [(a + b) / 2 for a, b in pairwise(heights) if b - a < 1.5 * height]
    hits = 0
    for place, y in enumerate(rows):
        if _near(y, heights, 0.2 * height):
            hits += 1
            continue
        alone = all(abs(y - rows[n]) > 1.8 * height for n in (place - 1, place + 1) if 0 <= n < len(rows))
        hits += alone and _near(y, middles, 0.2 * height)
    return hits / len(rows)


def _near(y: float, ordered: list[float], reach: float) -> bool:
    """Tell whether one of the ordered numbers is nearer than so far."""
    place = bisect_left(ordered, y)
    return any(abs(y - other) < reach for other in ordered[max(place - 1, 0) : place + 1])


def _prose(side: list[_Chunk]) -> bool:
    """Tell whether most lines are long and fill their column."""
    width = max(c.x1 for c in side) - min(c.x0 for c in side)
    full = [c for c in side if c.x1 - c.x0 > 0.7 * width and len(c.words) >= 4]
    return len(full) >= 0.5 * len(side) and width > 12 * median(c.height for c in side)


def _rows(region: list[_Chunk]) -> list[list[Word]]:
    by_row: dict[int, list[_Chunk]] = {}
    for chunk in region:
        by_row.setdefault(chunk.row, []).append(chunk)
    rows = [[w for chunk in sorted(row, key=lambda c: c.x0) for w in chunk.words] for row in by_row.values()]
    return sorted(rows, key=lambda row: sum(w.box.y0 + w.box.y1 for w in row) / len(row))


def _whole_rows(rows: list[list[Word]]) -> list[list[Word]]:
    """Put a cell that stands alone, half a line lower than the row it is centred on, back into that row."""
    kept: list[list[Word]] = []
    for row in rows:
        if kept and len(_cells(row)) == 1:
            over, cell = kept[-1], _around(row)
            height = min(_height(row[0]), _height(over[0]))
            free = all(w.box.x1 + 0.5 * height < cell.x0 for w in over)
            if free and len(_cells(over)) >= 2 and cell.y0 < _around(over).y1 - 0.2 * height:
                over.extend(row)
                continue
        kept.append(row)
    return kept


def _paragraphs(rows: list[list[Word]]) -> list[list[list[Word]]]:
    """Group rows into paragraphs and tables by the space between them; rows with the same cell starts stay together."""
    groups: list[list[list[Word]]] = []
    for row in rows:
        if groups and _belongs(groups[-1][-1], row):
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _belongs(above: list[Word], row: list[Word]) -> bool:
    over, under = _around(above), _around(row)
    height = min(median(_height(w) for w in above), median(_height(w) for w in row))
    gap = under.y0 - over.y1
    if gap <= 0.7 * height:
        return True
    cells, others = _cells(above), _cells(row)
    under_each_other = sum(1 for a, b in others if any(a < d and c < b for c, d in cells))
    return gap <= 4 * height and min(len(cells), len(others)) >= 2 and under_each_other >= 2


def _cells(row: list[Word]) -> list[tuple[float, float]]:
    """Return where the cells of a row begin and end."""
    cells = [(row[0].box.x0, row[0].box.x1)]
    for before, word in pairwise(row):
        if word.box.x0 - before.box.x1 > 1.15 * _height(word):
            cells.append((word.box.x0, word.box.x1))
        else:
            cells[-1] = (cells[-1][0], word.box.x1)
    return cells


def _around(row: list[Word]) -> Box:
    boxes = [word.box for word in row]
    return Box(min(b.x0 for b in boxes), min(b.y0 for b in boxes), max(b.x1 for b in boxes), max(b.y1 for b in boxes))
