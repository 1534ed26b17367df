"""Reports, results, stages and treatments over time, laid out as a plot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.web.shape import WORDS, Fact, Shown, State

WIDTH, TOP, ROW = 660, 44, 36
LEFT, RIGHT = 12, 24
LABEL_ROOM = 0.55
"""From this share of the width on, a label stands to the left of its sign's right edge."""
MOST_MARKERS = 8


@dataclass(frozen=True, slots=True)
class Tick:
    """A year."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing on one day, or a bar where it lasted.

    Attributes:
        x: Where it begins.
        width: How long it lasted; 0 for one day.
        state: What came out, for results; None for everything else.
    """

    x: float
    width: float
    state: State | None


@dataclass(frozen=True, slots=True)
class Row:
    """One report, stage or treatment, or all results of one marker."""

    kind: str
    label: str
    signs: tuple[Sign, ...]
    y: float
    at_end: bool

    @property
    def text_x(self) -> float:
        """Where its label begins, or ends."""
        first, last = self.signs[0], self.signs[-1]
        return last.x + last.width + 5 if self.at_end else max(first.x - 5, 0)


@dataclass(frozen=True, slots=True)
class Line:
    """The same in words.

    Attributes:
        day: ISO date or part of one.
        what: What it is.
        state: What came out, in words; "" where that is not asked.
    """

    day: str
    what: str
    state: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """A plot; `rows` is empty where fewer than two days are known."""

    rows: tuple[Row, ...]
    ticks: tuple[Tick, ...]
    lines: tuple[Line, ...]
    height: int
    width: int = WIDTH


@dataclass(frozen=True, slots=True)
class _Event:
    kind: str
    label: str
    day: str
    start: date
    end: date
    state: State | None = None


def timeline(told: Shown) -> Timeline:
    """Lay out what has a date, oldest first; the results of one marker share a row."""
    events = sorted(_events(told), key=lambda e: (e.start, e.end, e.label))
    if len({(e.start, e.end) for e in events}) < 2:
        return Timeline((), (), (), 0)
    first, last = min(e.start for e in events), max(e.end for e in events)
    days = max((last - first).days, 1)

    def x(day: date) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (day - first).days / days, 1)

    rows = []
    for number, group in enumerate(_grouped(events)):
        signs = tuple(Sign(x(e.start), round(x(e.end) - x(e.start), 1), e.state) for e in group)
        label = group[0].label if group[0].kind == "result" else f"{group[0].day}: {group[0].label}"
        rows.append(Row(group[0].kind, label, signs, TOP + number * ROW, signs[0].x > WIDTH * LABEL_ROOM))
    years = [date(y, 1, 1) for y in range(first.year, last.year + 1)]
    ticks = tuple(Tick(x(max(y, first)), str(y.year)) for y in years if (last - max(y, first)).days > days / 40)
    lines = tuple(Line(e.day, e.label, WORDS[e.state] if e.state else "") for e in events)
    return Timeline(tuple(rows), ticks, lines, TOP + len(rows) * ROW - ROW // 2)


def _grouped(events: Iterable[_Event]) -> list[list[_Event]]:
    groups: dict[tuple[str, ...], list[_Event]] = {}
    for number, event in enumerate(events):
        key = ("result", event.label) if event.kind == "result" else (event.kind, str(number))
        groups.setdefault(key, []).append(event)
    return list(groups.values())


def _events(told: Shown) -> list[_Event]:
    events = []
    for document in told.documents:
        if day := _day(document["report_date"] or ""):
            kind = str(document["kind"]).replace("_", " ")
            what = document["laboratory"] or document["test"] or f"{kind} report"
            events.append(_Event("document", what, document["report_date"], day, day))
    for fact in told.facts.values():
        if fact.kind == "treatment" and fact.state is not State.ABSENT and (start := _day(fact.date)):
            end = _day(fact.end) or start
            events.append(_Event("treatment", fact.name, fact.date, start, max(start, end)))
        elif fact.kind == "stage" and (start := _day(fact.day)):
            events.append(_Event("stage", fact.name, fact.day, start, start))
    return events + _results(told)


def _results(told: Shown) -> list[_Event]:
    """Return the results that matter over time: those that were measured more than once, then those on a card."""
    by_name: dict[str, list[tuple[Fact, date]]] = {}
    for fact in told.facts.values():
        if fact.kind == "finding" and (day := _day(fact.day)):
            by_name.setdefault(fact.name, []).append((fact, day))
    repeated = [name for name, found in by_name.items() if len({day for _, day in found}) > 1]
    carded = [card.fact.name for card in told.cards if card.fact and card.fact.name in by_name]
    chosen = list(dict.fromkeys([*repeated, *carded]))[:MOST_MARKERS]
    return [_Event("result", name, fact.day, day, day, fact.outcome) for name in chosen for fact, day in by_name[name]]


def _day(text: str) -> date | None:
    """Return the day of a date of which month or day may be missing."""
    parts = [int(p) for p in text.split("-") if p.isdigit()]
    if not parts:
        return None
    try:
        return date(parts[0], parts[1] if len(parts) > 1 else 1, parts[2] if len(parts) > 2 else 1)
    except ValueError:
        return None
