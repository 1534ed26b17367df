"""When a result was taken: dated calls of one marker, dated clauses in a row, "was …, is now …", corrections.

Each date opens its own list; the newest is the result, the earlier ones are history.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from app.biomarkers.assertion import resolve
from app.biomarkers.dates import MONTHS, When, dates_in
from app.biomarkers.item import CHANGES, Item
from app.biomarkers.statement import Assertion, Statement

_THEN_NOW = re.compile(
    r"\b(?:was|were|had been)\b[^.;]*?(?P<turn>,|\b(?:and|but|yet)\b)\s*(?:(?:it|they)\s+)?(?:is|are|now|currently)\b",
    re.I,
)
_MONTH = re.compile(r"\b(?P<month>[A-Z][a-z]{2,8})\b(?! \d{4}|\.? \d)")
_LEAD = re.compile(r"^[\s(\[•*-]*(?:date|on|in)?\s*:?\s*", re.I)
_NAMED_LEAD = re.compile(r"^[\s(\[•*-]*(?:[A-Za-z][\w-]* ){1,3}\(?(?=(?:[\w.]+[ ./-]){0,3}(?:19|20)\d\d\)?:)")
"""A specimen with its day before a colon: "Mastectomy 2015: …"."""
_CALLING = frozenset({"negated", "affirmed", "unsure"})
_NOT_TAKEN = re.compile(r"\b(?:reported|received|printed|signed|accession)\b", re.I)


def by_time(text: str, statement: Statement) -> list[Statement]:
    """Take a statement apart that tells two or more times of one marker; all but the newest are historical."""
    calls = [i for i in statement.tail if i.sort == "cue" and i.means in _CALLING and i.note != "forward"]
    if len(calls) < 2 or statement.row:
        return [statement]
    begin = statement.subjects[-1].end
    turned = _THEN_NOW.search(text, statement.clause[0], statement.tail_end)
    if turned and any(i.end <= turned.start("turn") for i in calls) and calls[-1].start >= turned.start("turn"):
        date = next((d.first for d in dates_in(text[begin : turned.start("turn")])), "")
        cuts = [begin, turned.start("turn"), statement.tail_end]
        return _parts(text, statement, cuts, [(True, date), (False, "")])
    held = _dates(text, begin, statement.tail_end)
    if len(held) < 2 or len({d.first for d in held}) < 2:
        return [statement]
    if held[0].start < calls[0].start:
        cuts = [begin, *(d.start for d in held[1:]), statement.tail_end]
    else:
        cuts = [begin, *(d.end for d in held[:-1]), statement.tail_end]
    newest = max(d.first for d in held)
    return _parts(text, statement, cuts, [(d.first != newest, d.first) for d in held])


def _dates(text: str, begin: int, end: int) -> list[When]:
    found = [replace(d, start=d.start + begin, end=d.end + begin) for d in dates_in(text[begin:end])]
    if found:
        return found
    months = [(m, MONTHS.get(m["month"].lower())) for m in _MONTH.finditer(text, begin, end)]
    return [When(*m.span("month"), f"{number:02d}") for m, number in months if number and m["month"].lower() != "may"]


def _parts(text: str, statement: Statement, cuts: list[int], times: list[tuple[bool, str]]) -> list[Statement]:
    shared = tuple(i for i in statement.tail if i.start < cuts[0] or i.sort in CHANGES)
    made = []
    for (a, b), (past, date) in zip(pairwise(cuts), times, strict=True):
        inside = tuple(i for i in statement.tail if a <= i.start < b)
        asserted = resolve(text, (), inside, b)
        if not asserted.result:
            continue
        kept = tuple(i for i in inside if i.means not in {"historical", "current"})
        tail = tuple(sorted({*shared, *kept}, key=lambda i: (i.start, -i.end)))
        when = date if len(date) > 2 else ""
        made.append(
            replace(statement, tail=tail, tail_end=b, asserted=asserted, historical=past, date=when if past else "")
        )
    return made or [statement]


def by_change(text: str, statement: Statement) -> list[Statement]:
    """Take a list of changes apart whose calls alternate: "T790M not detected, C797S detected".

    A change before the first call, parted from its neighbour by a mere comma, has no call that can be told.
    """
    for items, at_head in ((statement.tail, False), (statement.head, True)):
        if sum(item.sort in CHANGES for item in items) < 2:
            continue
        calls = [i for i in items if i.sort == "cue" and i.means in _CALLING and i.note != "forward"]
        if len({call.means for call in calls}) < 2 or (at_head and statement.tail):
            continue
        parts: list[Statement] = []
        left = statement.head_start if at_head else statement.subjects[-1].end
        for call in calls:
            inside = [i for i in items if left <= i.start and i.end <= call.end]
            changes = [i for i in inside if i.sort in CHANGES]
            if not changes:
                break
            own = [changes[-1]]
            for one in reversed(changes[:-1]):
                if re.search(r"[,;]\s*$", text[one.end : own[0].start]) and call.means == "negated":
                    break
                own.insert(0, one)
            kept = tuple(i for i in inside if i.sort not in CHANGES or i in own)
            parts.append(_part(text, statement, kept, call.end))
            left = call.end
        else:
            return parts
    return [statement]


def _part(text: str, statement: Statement, kept: tuple[Item, ...], end: int) -> Statement:
    asserted = resolve(text, (), kept, end)
    return replace(statement, head=(), tail=kept, tail_end=end, asserted=asserted)


def settled(text: str, statements: list[Statement]) -> list[Statement]:
    """Let the newest of dated clauses count, and drop what a later clause of the same line corrects."""
    if len(statements) < 2:
        return statements
    told = list(statements)
    begun = {statement.clause: "" for statement in told}
    for clause in begun:
        begun[clause] = _opening(text, clause)
    opened = [begun[statement.clause] for statement in told]
    if len({date for date in opened if date}) >= 2:
        _age(text, told, opened)
    if _CORRECTS.search(text) is None:
        return told
    for at, here in enumerate(told):
        if _CORRECTS.search(text, here.head_start - 60 if here.head_start > 60 else 0, here.clause[1]) is None:
            continue
        for earlier in range(at):
            other = told[earlier]
            near = text.find("\n", other.clause[1], here.clause[0]) < 0
            if near and other.clause != here.clause and _names(other) & _names(here):
                told[earlier] = replace(other, silenced=True)
    return told


_DIGIT = re.compile(r"\d")
_CORRECTS = re.compile(
    r"\b(?:correction|corrected (?:result|report|to)|correct result|switched|in error|mix-?up)\b", re.I
)


def _names(statement: Statement) -> set[tuple[str, ...]]:
    return {subject.genes or (subject.name,) for subject in statement.subjects}


def _opening(text: str, clause: tuple[int, int]) -> str:
    """Return the date that a clause opens with, or ""."""
    a, b = clause
    if _DIGIT.search(text, a, a + 60) is None:
        return ""
    lead = _NAMED_LEAD.match(text[a : a + 48]) or _LEAD.match(text[a : a + 14])
    begin = a + (lead.end() if lead else 0)
    if not text[begin : begin + 1].isalnum() or not _DIGIT.search(text, begin, begin + 12):
        return ""
    first = next((d for d in dates_in(text[begin : min(b, begin + 30)]) if not d.last), None)
    if first is None or first.start > 0 or _NOT_TAKEN.search(text, a, min(b, a + 40)):
        return ""
    return first.first


def _age(text: str, told: list[Statement], opened: list[str]) -> None:
    """Make the statements of older dates historical: in one line all, across lines those of the same marker."""
    for at, date in enumerate(opened):
        here = told[at]
        for other, newer in enumerate(opened):
            if not date or not newer or newer <= date or newer[: len(date)] == date:
                continue
            same_line = text.find("\n", *sorted((here.clause[0], told[other].clause[0]))) < 0
            if same_line or _names(here) & _names(told[other]):
                told[at] = replace(here, historical=True, date=date)
                break
    newest = max(opened)
    for at, date in enumerate(opened):
        if date == newest:
            told[at] = replace(told[at], historical=False, date="")


_TWO_SCORES = re.compile(
    r"(?P<one>(?<![\w.])[0-3](?:\+|(?=\s(?:on|in)\b)))\s*(?:on|in|\()\s?[^;,.\n]{2,40}?(?:[;,]\s*(?:and\s+)?|\s+and\s+|\s+but\s+)"
    r"(?P<two>[0-3]\+|0)\s*(?=(?:on|in)\s|\()"
)
"""Scores of one stain on two specimens ("1+ on core biopsy; 3+ on mastectomy")."""


def by_specimen(text: str, statement: Statement) -> list[Statement]:
    """Take apart what HER2 gave on two specimens."""
    subject = statement.subjects[0]
    if len(statement.subjects) != 1 or subject.genes != ("ERBB2",):
        return [statement]
    stop = text.find("\n", subject.end)
    found = _TWO_SCORES.search(text, subject.end, min(subject.end + 120, stop if stop >= 0 else len(text)))
    if found is None or found["one"] == found["two"] or statement.asserted.result or found.start() - subject.end > 24:
        return [statement]
    cut = found.start("two")
    second = replace(subject, start=cut, end=cut, label=subject.label or (subject.start, subject.end))
    nought = Assertion("not_detected", "", found.span("two")) if found["two"] == "0" else Assertion()
    end = max(statement.tail_end, found.end("two"))
    return [
        replace(statement, tail=tuple(i for i in statement.tail if i.start < cut), tail_end=cut),
        replace(statement, subjects=(second,), head=(), tail=(), head_start=cut, tail_end=end, asserted=nought),
    ]
