"""Tables whose columns are days or visits: each row tells one marker's results over time, the newest of them now.

A sign alone in a cell ("AR | amplification | -") is a call where the table uses signs as calls.
"""

from __future__ import annotations

import re
from dataclasses import replace

from app.biomarkers.assertion import resolve
from app.biomarkers.dates import dates_in
from app.biomarkers.item import CHANGES, NAMES, Item
from app.biomarkers.layout import Context, Line
from app.biomarkers.rows import Columns, cells_of
from app.biomarkers.statement import Assertion, Statement, Subject

_VISIT = re.compile(
    r"(?:baseline|screening|diagnosis|relapse|progression|remission|follow[- ]?up|(?:cycle|week|month|day|visit"
    r"|time ?point|sample|c|w|m|d|t|year) ?-?\d{1,3}(?: ?d(?:ay)? ?\d{1,2})?|now|today|current|previous|prior|pre"
    r"|post)\b[^|\n]{0,24}",
    re.I,
)
_NEWEST = re.compile(r"\b(?:current|today|now|this (?:report|sample|test))\b", re.I)
_FORMER = re.compile(r"\b(?:previous|prior|baseline|earlier)\b", re.I)
_DIGIT = re.compile(r"\d")
_SHARE = re.compile(r"\W*[<>~]?\s?(?P<value>\d{1,3}(?:[.,]\d+)?)\s?%?\W*")
_NOTHING = re.compile(r"\W*(?:n\.?d\.?|neg(?:ative)?|not (?:detected|present|found|seen|identified)|none|absent|wt"
                      r"|wild[ -]?type|undetect\w+)\W*", re.I)  # fmt: skip

Visits = tuple[tuple[str, bool], ...]
"""ISO date ("" where only the order is known) and whether it is the newest, for each column behind the name."""


def visits(text: str, line: Line) -> Visits:
    """Return the days or visits of a table's columns where the line heads a table by time; else nothing."""
    if not line.breaks or (len(line.breaks) < 2 and not line.indented):
        return ()
    cells = [text[a:b].strip() for a, b in cells_of(line)]
    names = cells if line.indented and (_day(cells[0]) or _VISIT.fullmatch(cells[0])) else cells[1:]
    days: list[str] = []
    for name in names:
        day = _day(name)
        if not (day or _VISIT.fullmatch(name)):
            return ()
        days.append(day)
    if len(names) < 2:
        return ()
    newest = len(names) - 1
    marked = [at for at, name in enumerate(names) if _NEWEST.search(name)]
    if len(marked) == 1:
        newest = marked[0]
    elif all(days):
        newest = max(range(len(days)), key=lambda at: days[at])
    elif _FORMER.search(names[-1]) and not _FORMER.search(names[0]):
        newest = 0
    return tuple((day, at == newest) for at, day in enumerate(days))


def _day(name: str) -> str:
    if not _DIGIT.search(name):
        return ""
    return next((found.first for found in dates_in(name)), "")


def by_visit(
    text: str, line: Line, items: list[Item], subjects: tuple[Subject, ...], held: Visits, context: Context
) -> list[Statement]:
    """Read one row of a table by time: a statement for each cell, all but the newest historical."""
    cells = cells_of(line)
    if len(cells) != len(held) + 1 or len(subjects) != 1:
        return []
    (begin, end), values = cells[0], cells[1:]
    name = tuple(item for item in items if item.start < end)
    if any(item.sort in NAMES or item.sort in CHANGES for item in items if item.start >= end):
        return []
    changed = any(item.sort in CHANGES for item in name)
    made = []
    for (day, now), (a, b) in zip(held, values, strict=True):
        inside = tuple(item for item in items if a <= item.start < b)
        asserted = _call(text, inside, a, b)
        if not (asserted.result or (not changed and re.search(r"\d", text[a:b]))):
            continue
        subject = subjects[0] if changed else replace(subjects[0], start=a, end=a, label=_place(subjects[0]))
        own = tuple(item for item in name if item.start >= subjects[0].end)
        made.append(
            Statement(
                (subject,), (), (*own, *inside), begin if changed else a, end if changed else b, asserted,
                replace(context, historical=False), True, columns=(("vaf", a, b),), historical=not now,
                date="" if now else day, clause=(begin, b),
            )
        )  # fmt: skip
    return made


def _place(subject: Subject) -> tuple[int, int]:
    return subject.label or (subject.start, subject.end)


def _call(text: str, inside: tuple[Item, ...], start: int, end: int) -> Assertion:
    """Return the call of one cell: its words, else what its share of alleles says."""
    said = resolve(text, (), inside, end)
    if said.result or said.call:
        return said
    if _NOTHING.fullmatch(text, start, end):
        return Assertion("not_detected", "", (start, end))
    share = _SHARE.fullmatch(text, start, end)
    if share is None:
        return Assertion()
    nought = not re.search(r"[1-9]", share["value"])
    return Assertion("not_detected" if nought else "detected", "", (start, end))


_SIGN = re.compile(r"\W*?\(?(?P<sign>\+{1,3}|-)\)?\s*")
_MEASURE = re.compile(r"\W*(?:\d[\d.,]*\s?%?|weak|moderate|strong|none|[0-3]\+?)\W*", re.I)
_ASKED = re.compile(
    r"\b(?:any|mutations?|amplification|loss|gain|fusion|rearrangement|deletion|variant|exon|status)\b", re.I
)


def uses_signs(text: str, lines: list[Line]) -> bool:
    """Tell whether a table of the passage makes its calls with a plus in the last cell."""
    if "+" not in text:
        return False
    return any(line.breaks and text[line.breaks[-1][1] : line.end].strip(" ()") in {"+", "++", "+++"} for line in lines)


def sign_call(text: str, line: Line, items: list[Item], roles: Columns, *, signs: bool) -> Item | None:
    """Return the call that a lone sign makes in the result column, or in the last cell of a list of tests."""
    cells = cells_of(line)
    if len(cells) < 2 or any(item.sort == "cue" and item.means in {"negated", "affirmed"} for item in items):
        return None
    at = next((k for k, (role, _) in enumerate(roles) if role == "result"), -1) if len(roles) == len(cells) else -1
    asked = signs or (
        not any(i.sort in CHANGES for i in items) and _ASKED.search(text, line.start, line.end) is not None
    )
    stained = any(item.sort == "gene" and item.note for item in items) and len(cells) > 2
    if at < 0 and stained and all(_MEASURE.fullmatch(text, *cell) for cell in cells[2:]):
        at = 1
    elif at < 0 and (roles or not asked or len(cells) > 4):
        return None
    a, b = cells[at]
    found = _SIGN.fullmatch(text, a, b)
    if found is None or not any(item.sort in NAMES for item in items):
        return None
    means = "affirmed" if found["sign"].startswith("+") else "negated"
    return Item(*found.span("sign"), "cue", means, "backward")


_ANSWERS = {
    "affirmed": re.compile(
        r"(?:positive|detected|yes|present|mutated|mutation|pos\.?|found|\+|positivo|positiv|oui|ja|sí)", re.I
    ),
    "negated": re.compile(
        r"(?:negative|not detected|no|absent|wild[- ]?type|neg\.?|not found|not present|nd|-"
        r"|negativo|negativ|non|nein)",
        re.I,
    ),
    "unsure": re.compile(r"(?:equivocal|indeterminate|borderline|inconclusive)", re.I),
    "untested": re.compile(r"(?:not (?:done|tested|evaluable|performed)|failed|n/?a|insufficient)", re.I),
}
_MARK = re.compile(r"[\s|(\[]*[xX✓✔√•●☒☑■*][\s|)\]]*")
Choices = tuple[tuple[str, int, int], ...]
"""What each column behind the name means, and where its heading stands from the start of its line."""


def choices(text: str, line: Line, items: list[Item]) -> Choices:
    """Return the answers that head the columns of a table in which a mark chooses one; nothing where it is another."""
    cells = cells_of(line)
    if any(item.sort in NAMES or item.sort in CHANGES for item in items) or not 3 <= len(cells) <= 6:
        return ()
    newline = text.rfind("\n", 0, line.start) + 1
    told = [(_answer(text[a:b].strip()), a - newline, b - newline) for a, b in cells]
    if told[0][0] or not all(means for means, _, _ in told[1:]) or len({means for means, _, _ in told[1:]}) < 2:
        return ()
    return tuple(told[1:])


def _answer(name: str) -> str:
    return next((means for means, words in _ANSWERS.items() if words.fullmatch(name)), "")


def by_mark(text: str, line: Line, items: list[Item], held: Choices) -> list[Item]:
    """Put the call that the mark of a row makes, by the column it stands in, in place of the calls of its words.

    Nothing is left where the mark stands between the columns: which answer it chose cannot be told.
    """
    told = _marked(text, line, held) if held else None
    if told is None:
        return items
    return sorted([*(item for item in items if item.sort != "cue"), *told]) if told else []


def _marked(text: str, line: Line, held: Choices) -> list[Item] | None:
    """Return the call of a mark; None where the row holds no mark."""
    cells = cells_of(line)
    at = [k for k, (a, b) in enumerate(cells) if k and _MARK.fullmatch(text, a, b)]
    if not at:
        return None
    if len(at) > 1:
        return []
    a, b = cells[at[0]]
    newline = text.rfind("\n", 0, line.start) + 1
    if len(cells) == len(held) + 1:
        means = held[at[0] - 1][0]
    elif "|" in text[line.start : line.end]:
        column = text.count("|", line.start, a) - (1 if text[line.start] == "|" else 0)
        means = held[column - 1][0] if 1 <= column <= len(held) else ""
    else:
        place = (a + b) / 2 - newline
        near = min(held, key=lambda one: abs((one[1] + one[2]) / 2 - place))
        means = near[0] if near[1] - 3 <= place <= near[2] + 3 else ""
    reason = "failed" if means == "untested" else "backward"
    return [Item(a, b, "cue", means, reason)] if means else []
