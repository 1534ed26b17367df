"""What is printed around the report on every page: headers, footers, page numbers, margins."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from app.stages.sections.layouts import Layout
from app.stages.sections.rows import Row
from app.stages.sections.tables import column_names
from app.stages.sections.underlines import is_rule

_PAGE_NUMBER = re.compile(
    r"\b(?:page|pg\.?|p[aá]gina|seite|pagina|p\.)\s*\d{1,4}(?:\s*(?:/|of|de|von|van|sur)\s*\d{1,4})?|\b\d{1,3}\s*(?:/|of)\s*\d{1,3}\b",
    re.I,
)
_BARE_NUMBER = re.compile(r"^\W*\d{1,3}\W*$")


def furniture(rows: Sequence[Row], layout: Layout) -> frozenset[int]:
    """Return the positions of the rows that belong to the page and not to the report.

    A row counts where it stands at the top or bottom of two pages or more with the same words (page numbers aside), or
    where the laboratory's layout says so. The header row of a table that goes on over pages is part of the table.
    """
    edges = _edges(rows)
    places: dict[str, list[Row]] = defaultdict(list)
    for at in edges:
        places[_key(rows[at].text)].append(rows[at])
    repeated = {at for at in edges if len(key := _key(rows[at].text)) >= 3 and _recurs(rows[at], places[key])}
    for page in _copies(rows, repeated):
        repeated = {at for at in repeated if rows[at].page != page}
    numbers = {at for at in edges if not _key(rows[at].text) and not is_rule(rows[at])} | {
        at for at in _ends(rows) if _is_number(rows[at].text)
    }
    repeated -= {at for at in repeated if column_names(rows[at], layout)}
    named = {at for at, row in enumerate(rows) if any(pattern.search(row.text) for pattern in layout.drop)}
    return frozenset(repeated | numbers | named)


def _recurs(row: Row, others: Sequence[Row]) -> bool:
    """Tell whether the same words stand at the same height of another page."""
    near = (1.5 if row.measured else 0.6) * row.size
    return any(other.page != row.page and abs(other.y0 - row.y0) < near for other in others)


def _is_number(text: str) -> bool:
    return _BARE_NUMBER.match(text) is not None


def _copies(rows: Sequence[Row], repeated: set[int]) -> set[int]:
    """Return the pages that another page repeats whole: what they share is the report itself, sent twice."""
    total: dict[int, int] = defaultdict(int)
    shared: dict[int, int] = defaultdict(int)
    for at, row in enumerate(rows):
        total[row.page] += 1
        shared[row.page] += at in repeated
    return {page for page, count in total.items() if shared[page] > 0.6 * count and shared[page] > 2}


def _ends(rows: Sequence[Row]) -> frozenset[int]:
    """Return the positions of the topmost and the lowest row of each page."""
    return _edges(rows, 1)


def _key(text: str) -> str:
    return " ".join(_PAGE_NUMBER.sub(" ", text).split()).strip(" |-–").lower()


def _edges(rows: Sequence[Row], depth: int = 5) -> frozenset[int]:
    """Return the positions of the topmost and the lowest rows of each page, `depth` of each."""
    by_page: dict[int, list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        by_page[row.page].append(at)
    found: set[int] = set()
    for places in by_page.values():
        ordered = sorted(places, key=lambda at: rows[at].y0)
        found.update(ordered[:depth])
        found.update(ordered[-depth:])
    return frozenset(found)
