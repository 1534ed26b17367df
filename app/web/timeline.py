"""Reports and treatments over time, laid out as a plot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.web.shape import Shown, State

WIDTH, TOP, ROW = 660, 44, 36
LEFT, RIGHT = 12, 24
LABEL_ROOM = 0.55
"""From this share of the width on, a label stands to the left of its sign's right edge."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A year."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that has a date: a sign, or a bar where it lasted."""

    kind: str
    label: str
    x: float
    width: float
    y: float
    at_end: bool

    @property
    def text_x(self) -> float:
        """Where its label begins, or ends."""
        return self.x + self.width + 5 if self.at_end else max(self.x - 5, 0)


@dataclass(frozen=True, slots=True)
class Timeline:
    """A plot; `rows` is empty where fewer than two things have a date."""

    rows: tuple[Row, ...]
    ticks: tuple[Tick, ...]
    height: int
    words: str
    width: int = WIDTH


@dataclass(frozen=True, slots=True)
class _Event:
    kind: str
    label: str
    start: date
    end: date


def timeline(told: Shown) -> Timeline:
    """Lay out what has a date, oldest first."""
    events = sorted(_events(told), key=lambda e: (e.start, e.end, e.label))
    if len({(e.start, e.end) for e in events}) < 2:
        return Timeline((), (), 0, "")
    first, last = min(e.start for e in events), max(e.end for e in events)
    days = max((last - first).days, 1)

    def x(day: date) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (day - first).days / days, 1)

    rows = []
    for number, event in enumerate(events):
        width = round(x(event.end) - x(event.start), 1)
        at_end = x(event.start) > WIDTH * LABEL_ROOM
        rows.append(Row(event.kind, event.label, x(event.start), width, TOP + number * ROW, at_end))
    years = [date(y, 1, 1) for y in range(first.year, last.year + 1)]
    ticks = tuple(Tick(x(max(y, first)), str(y.year)) for y in years if (last - max(y, first)).days > days / 40)
    words = ". ".join(e.label for e in events)
    return Timeline(tuple(rows), ticks, TOP + len(rows) * ROW - ROW // 2, words)


def _events(told: Shown) -> list[_Event]:
    events = []
    for document in told.documents:
        if day := _day(document["report_date"] or ""):
            kind = str(document["kind"]).replace("_", " ")
            what = document["laboratory"] or document["test"] or f"{kind} report"
            events.append(_Event("document", f"{document['report_date']}: {what}", day, day))
    for fact in told.facts.values():
        if fact.kind == "treatment" and fact.state is not State.ABSENT and (start := _day(fact.date)):
            end = _day(fact.end) or start
            events.append(_Event("treatment", f"{fact.date}: {fact.name}", start, max(start, end)))
    return events


def _day(text: str) -> date | None:
    """Return the day of a date of which month or day may be missing."""
    parts = [int(p) for p in text.split("-") if p.isdigit()]
    if not parts:
        return None
    try:
        return date(parts[0], parts[1] if len(parts) > 1 else 1, parts[2] if len(parts) > 2 else 1)
    except ValueError:
        return None
