"""Rows → pieces: single rows, and tables with their columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.stages.sections.headings import Heading, Looks, heading
from app.stages.sections.layouts import Layout
from app.stages.sections.rows import Row
from app.stages.sections.tables import Column, aligned, column_names, columns_of, fits, header, whole


@dataclass(frozen=True, slots=True)
class Piece:
    """A row that stands for itself, or a table.

    Attributes:
        rows: One row; or a table's rows, the header row first where it has one.
        heading: What the row, or the first cell of the table's header, says as a heading; None where it is none.
        columns: Columns of the table; empty for a single row.
    """

    rows: tuple[Row, ...]
    heading: Heading | None = None
    columns: tuple[Column, ...] = ()


@dataclass(frozen=True, slots=True)
class _Book:
    """The rows of a document, and what each says by itself.

    Attributes:
        rows: In reading order.
        headings: What each row says as a heading.
        names: Names of the columns, where a row is the header of a table; () elsewhere.
        layout: The laboratory's layout.
        looks: What is usual in the document.
    """

    rows: Sequence[Row]
    headings: Sequence[Heading | None]
    names: Sequence[tuple[str, ...]]
    layout: Layout
    looks: Looks

    def ends(self, at: int) -> bool:
        """Tell whether a row is a heading that ends a table; a row of three cells is one of the table."""
        found, cells = self.headings[at], len(self.rows[at].cells)
        if found is None or cells >= 3 or (cells == 2 and not found.stands_out):
            return False
        return found.kind is not None or found.stands_out


def pieces_of(rows: Sequence[Row], layout: Layout, looks: Looks) -> list[Piece]:
    """Find headings and tables among the rows of a document."""
    found_headings = [heading(row, layout, looks) for row in rows]
    for at in range(1, len(rows)):
        if found_headings[at - 1] is not None and _goes_on(rows[at - 1], rows[at]):
            found_headings[at] = None
    book = _Book(
        rows,
        found_headings,
        [column_names(row, layout) for row in rows],
        layout,
        looks,
    )
    found: list[Piece] = []
    at = 0
    while at < len(rows):
        table = _headed(book, at) or _plain(book, at)
        if table is not None:
            piece, used = table
            found.append(piece)
            at += used
            continue
        found.append(Piece((rows[at],), book.headings[at]))
        at += 1
    return found


def _goes_on(above: Row, row: Row) -> bool:
    """Tell whether a heading is the second line of the one above it ("Alterations, Biomarkers &" …)."""
    close = above.page == row.page and row.y0 - above.y1 < 1.2 * row.size
    return close and len(above.cells) == 1 and above.text.rstrip().endswith(("&", " and", " with", " of", ",", " for"))


def _headed(book: _Book, at: int) -> tuple[Piece, int] | None:
    """Read the table whose header row stands here; None where none does."""
    found = header(book.rows, at, book.layout)
    if found is None:
        return None
    head, used = found
    names = column_names(head, book.layout)
    columns = columns_of(head, names, ())
    body: list[Row] = []
    above = head
    for place in range(at + used, len(book.rows)):
        row = book.rows[place]
        other = bool(book.names[place]) and book.names[place] != names
        if other or book.ends(place) or not fits(row, columns, above):
            break
        body.append(row)
        above = row
    if not body:
        return None
    columns = columns_of(head, names, body)
    arranged = whole([aligned(row, columns) for row in body])
    title = _title(head, book.layout, book.looks)
    return Piece((aligned(head, columns), *arranged), title, columns), used + len(body)


def _plain(book: _Book, at: int) -> tuple[Piece, int] | None:
    """Read the table without header row that begins here: two rows or more whose cells start at the same places."""
    first = book.rows[at]
    if len(first.cells) < 2 or book.ends(at):
        return None
    body = [first]
    for place in range(at + 1, len(book.rows)):
        row, before = book.rows[place], body[-1]
        far = row.page != before.page or row.y0 - before.y1 > 2.0 * row.size
        if far or book.ends(place) or book.names[place] or not (_in_step(first, row) or _hangs(before, row)):
            break
        body.append(row)
    if sum(1 for row in body if len(row.cells) > 1) < 2:
        return None
    columns = columns_of(None, (), body)
    if len(columns) < 2:
        return None
    return Piece(tuple(whole([aligned(row, columns) for row in body])), columns=columns), len(body)


def _title(head: Row, layout: Layout, looks: Looks) -> Heading | None:
    """Return the heading that a header row holds in its first cell, as "Genomic findings" over what was found."""
    alone = replace(head, cells=head.cells[:1])
    found = heading(alone, layout, looks) if len(head.cells[0].text.split()) >= 2 else None
    return found if found is not None and found.exact and found.kind is not None else None


def _in_step(row: Row, other: Row) -> bool:
    shared = sum(1 for cell in other.cells if any(abs(cell.x0 - c.x0) < 0.5 * row.size for c in row.cells))
    return len(other.cells) >= 2 and shared >= 2


def _hangs(above: Row, row: Row) -> bool:
    """Tell whether a lone cell stands under a cell of the row above that is not its first."""
    lone = row.cells[0]
    return len(row.cells) == 1 and any(abs(lone.x0 - cell.x0) < 0.5 * row.size for cell in above.cells[1:])
