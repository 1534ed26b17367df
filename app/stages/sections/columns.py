"""A table's columns by purpose: results stay together, therapies and trials are set apart, each day stands alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from app.domain.section import SectionKind
from app.stages.sections.building import Draft
from app.stages.sections.content import NO_RESULTS
from app.stages.sections.grids import CHANGE
from app.stages.sections.pieces import Piece
from app.stages.sections.rows import Cell, Row
from app.stages.sections.tables import DAY

OPEN = frozenset({SectionKind.RESULTS, SectionKind.UNKNOWN, SectionKind.SYNOPTIC, SectionKind.COMMENT})
"""Kinds of sections whose lines each speak for themselves."""

_APART = {"therapy": SectionKind.THERAPIES, "trial": SectionKind.TRIALS, "literature": SectionKind.LITERATURE}
_OF_RESULTS = frozenset({"gene", "alteration", "result", "trial"})
_COURSE = re.compile(
    r"^\W*(?:start(?:ed)?(?: date)?|begin|from|end(?:ed)?(?: date)?|stop(?:ped)?(?: date)?|to|until|inicio|fin|début"
    r"|beginn|ende|dates|cycles|reason for stopping|best response)\W*$",
    re.I,
)
"""Headings of columns that tell the course of a treatment; two of them make a table of treatments given."""
_ABSENT = re.compile(
    r"^(?!.*/)(?=.*\b(?:not detected|no (?:mutations?|alterations?|variants?) (?:detected|found))\b).*\bin\b", re.I
)
_CALL = re.compile(r"detect|negativ|positiv|found|\bp\.|\bc\.\d|\d\s*%|wild", re.I)
_CALL_ALONE = re.compile(
    r"^(?:not )?(?:detected|found|identified)$|^(?:negative|positive|indeterminate|not evaluated|stable)$", re.I
)
_MARK = re.compile(r"^(?:[xX✓✔☒☑●■]|\[[xX✓✔]\]|\([xX✓✔]\))$")
_NO_VALUE = re.compile(r"^(?:N\.?D\.?|N/?A|[-–—]+|not (?:done|tested|available))$", re.I)
_GENE = re.compile(r"\b(?![A-Z]\d+[A-Z*]?\b)[A-Z][A-Z0-9]{1,9}\b")


@dataclass(slots=True)
class _Sheet:
    """A table while its columns are parted.

    Attributes:
        names: Of the columns.
        rows: The header row first.
        others: Cells that state nothing about this person.
    """

    names: list[str]
    rows: list[Row]
    others: list[Row] = field(default_factory=list)


def table_drafts(piece: Piece, current: Draft) -> list[Draft]:
    """Return the table as sections: one, or one for each purpose and day that its columns have."""
    sheet = _Sheet([column.name for column in piece.columns], list(piece.rows))
    _keep_courses(sheet, current)
    _settle_marks(sheet)
    _keep_calls(sheet)
    _drop_tested_names(sheet)
    drafts = _by_day(sheet, current)
    for name, kind in _APART.items():
        places = [n for n, other in enumerate(sheet.names) if other == name]
        kept = [row for row in (_only(row, places) for row in sheet.rows) if row.text] if places else []
        drafts.append(Draft(kind, current.heading, current.rank, kept))
    drafts.append(Draft(SectionKind.METHOD, current.heading, current.rank, sheet.others))
    return drafts


def _keep_courses(sheet: _Sheet, current: Draft) -> None:
    """Leave the drugs in a table that tells when each was given: they are this person's, not a test's suggestions."""
    if any(name in _OF_RESULTS for name in sheet.names):
        return
    dated = [cell for cell in sheet.rows[0].cells if _COURSE.match(cell.text)]
    if current.kind is SectionKind.TREATMENT or (current.kind not in NO_RESULTS and len(dated) >= 2):
        sheet.names = ["" if name == "therapy" else name for name in sheet.names]


def _settle_marks(sheet: _Sheet) -> None:
    """Write into each row the call under whose heading its mark stands, where several headings are calls.

    A row with no mark or with two says nothing, and is set apart.
    """
    head = sheet.rows[0]
    calls = [n for n, cell in enumerate(head.cells) if _CALL_ALONE.match(cell.text.strip())]
    marks = [[n for n in calls if row.cells[n].words] for row in sheet.rows[1:]]
    told = [row.cells[n].text.strip() for row, places in zip(sheet.rows[1:], marks, strict=True) for n in places]
    if len(calls) < 2 or not told or not all(_MARK.match(text) for text in told):
        return
    kept = [head]
    for row, places in zip(sheet.rows[1:], marks, strict=True):
        if len(places) != 1:
            sheet.others.append(row)
            continue
        sheet.others.append(_only(row, places))
        cells = [replace(cell, words=()) if n in calls else cell for n, cell in enumerate(row.cells)]
        cells[calls[0]] = replace(cells[calls[0]], words=head.cells[places[0]].words)
        kept.append(replace(row, cells=tuple(cells)))
    sheet.rows = kept
    sheet.names = ["result" if n == calls[0] else "" if n in calls else name for n, name in enumerate(sheet.names)]


def _keep_calls(sheet: _Sheet) -> None:
    """Move a call that stands in a column of therapies or trials into a column of results: it is the row's result."""
    moved: dict[int, Cell] = {}
    for number, row in enumerate(sheet.rows[1:], start=1):
        for place, name in enumerate(sheet.names):
            if name in _APART and number not in moved and _CALL_ALONE.match(row.cells[place].text.strip()):
                moved[number] = row.cells[place]
                sheet.rows[number] = _without(row, place)
    if moved:
        sheet.names.append("result")
        sheet.rows = [_with(row, moved.get(number)) for number, row in enumerate(sheet.rows)]


def _drop_tested_names(sheet: _Sheet) -> None:
    """Set apart a name that lists what a test looks for, where the result beside it names what was found."""
    if "gene" not in sheet.names or "result" not in sheet.names:
        return
    marker, result = sheet.names.index("gene"), sheet.names.index("result")
    for number, row in enumerate(sheet.rows[1:], start=1):
        tested, found = row.cells[marker].text, row.cells[result].text
        if CHANGE.search(tested) and CHANGE.search(found) and _GENE.search(found):
            sheet.others.append(_only(row, [marker]))
            sheet.rows[number] = _without(row, marker)


def _by_day(sheet: _Sheet, current: Draft) -> list[Draft]:
    """Return the results of each day, the newest as current ones and the others as history."""
    person = current.kind is SectionKind.PATIENT  # a birth date beside the day of collection makes no time line
    days = [] if person else sorted({name for name in sheet.names if name.startswith(DAY)}, reverse=True)
    shared = [n for n, name in enumerate(sheet.names) if name not in _APART and (person or not name.startswith(DAY))]
    drafts: list[Draft] = []
    for day in days or [""]:
        places = sorted([*shared, *(n for n, name in enumerate(sheet.names) if day and name == day)])
        rows = [row for row in sheet.rows if not (day and _is_empty(row, sheet, day))]
        draft = current.like([_only(row, places) for row in rows])
        draft.columns = tuple("result" if sheet.names[n].startswith(DAY) else sheet.names[n] for n in places)
        draft.date = day.removeprefix(DAY) or current.date
        if draft.kind in OPEN and _says_absent(sheet.rows):
            draft.kind = SectionKind.NEGATIVE
        if day and day != days[0] and draft.kind not in NO_RESULTS:
            draft.kind = SectionKind.HISTORY
        drafts.append(draft)
        sheet.others += [row for row in sheet.rows if row not in rows]
    return drafts


def _is_empty(row: Row, sheet: _Sheet, day: str) -> bool:
    """Tell whether a row has no value of a day: none printed, or a mark that may mean "not done"."""
    text = row.cells[sheet.names.index(day)].text.strip()
    return not text or _NO_VALUE.match(text) is not None


def _says_absent(rows: Sequence[Row]) -> bool:
    """Tell whether one cell of the header says for all rows that nothing was found, and no row says otherwise."""
    header = [cell.text for cell in rows[0].cells if _ABSENT.search(cell.text)]
    return len(header) == 1 and not any(_CALL.search(row.text) for row in rows[1:])


def _only(row: Row, places: Sequence[int]) -> Row:
    return replace(row, cells=tuple(row.cells[n] for n in places))


def _without(row: Row, place: int) -> Row:
    empty = replace(row.cells[place], words=())
    return replace(row, cells=tuple(empty if n == place else cell for n, cell in enumerate(row.cells)))


def _with(row: Row, cell: Cell | None) -> Row:
    last = row.cells[-1]
    return replace(row, cells=(*row.cells, cell or Cell((), last.x1, last.x1)))
