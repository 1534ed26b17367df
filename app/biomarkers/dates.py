"""Dates and spans of time as reports write them, as ISO dates or parts of one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_NAMES = {
    1: "jan january ene enero januar janvier januari",
    2: "feb february febrero februar février fev fevrier februari",
    3: "mar march marzo märz mrz mars maart mrt",
    4: "apr april abr abril avril avr",
    5: "may mayo mai mei",
    6: "jun june junio juni juin",
    7: "jul july julio juli juillet",
    8: "aug august ago agosto août aout augustus",
    9: "sep sept september septiembre septembre",
    10: "oct october octubre okt oktober octobre",
    11: "nov november noviembre novembre",
    12: "dec december dic diciembre dez dezember déc décembre",
}
MONTHS = {name: number for number, names in _NAMES.items() for name in names.split()}
_MONTH = "|".join(sorted(MONTHS, key=lambda m: -len(m)))
_YEAR = r"(?:19[5-9]\d|20[0-4]\d)"
_ONE = (
    rf"(?P<iso>{_YEAR}[-/.](?:0[1-9]|1[0-2])(?:[-/.](?:0[1-9]|[12]\d|3[01]))?(?![\d/]))"
    rf"|(?P<a>\d{{1,2}})[/.-](?P<b>\d{{1,2}})[/.-](?P<y>{_YEAR}|\d{{2}})(?![\d/.-]\d)"
    rf"|(?P<m2>0?[1-9]|1[0-2])[/.-](?P<y2>{_YEAR})(?!\d)"
    rf"|(?P<d3>\d{{1,2}})(?:st|nd|rd|th|\.)?[\s-]+(?:de\s+)?(?P<m3>{_MONTH})\.?,?[\s-]+(?:de\s+)?(?P<y3>{_YEAR})(?!\d)"
    rf"|(?P<m4>{_MONTH})\.?\s+(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y4>{_YEAR})(?!\d)"
    rf"|(?P<m5>{_MONTH})\.?,?[\s-]+(?:of\s+|de\s+)?(?P<y5>{_YEAR})(?!\d)"
    rf"|(?P<m7>{_MONTH})\.?(?=\s?(?:[-–]|to)\s?(?:{_MONTH}))"
    rf"|(?<![A-Za-z]-)(?P<y6>{_YEAR})(?![\d/%]|\.\d|-\d(?!\d\d\d(?!\d))|\s?(?:mg|mL|ml|cells|x))"
)
_DATE = re.compile(rf"(?<![\w./])(?:{_ONE})", re.IGNORECASE)
_MAY_HOLD = re.compile(rf"{_YEAR}|\d[/.-]\d{{1,2}}[/.-]\d\d")
"""What every text with a date holds; a month alone is none."""
_TO = re.compile(r"\s*(?:[-–—]|to|until|through|thru|till|bis|hasta|tot|jusqu'à|→)\s*", re.IGNORECASE)
_OPEN = re.compile(r"\s*(?:[-–—]|to|until|through)\s*(?:present|current|now|ongoing|date)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class When:
    """A date, or a span of time.

    Attributes:
        start: First character in the text.
        end: One past the last.
        first: ISO date or part of it.
        last: Of a span, its end; "" for a single date.
        open: The span goes on to the present.
        ambiguous: Day and month may be the other way round.
    """

    start: int
    end: int
    first: str
    last: str = ""
    open: bool = False
    ambiguous: bool = False


def dates_in(text: str, *, day_first: bool = False) -> Iterator[When]:
    """Find the dates and spans in a text, in order."""
    if _MAY_HOLD.search(text) is None:
        return
    singles = [(m, *_iso(m, day_first)) for m in _DATE.finditer(text)]
    at = 0
    while at < len(singles):
        match, iso, ambiguous = singles[at]
        at += 1
        if not iso:
            continue
        end = match.end()
        if at < len(singles):
            following, last, doubt = singles[at]
            between = text[end : following.start()]
            if last and _TO.fullmatch(between):
                at += 1
                first = f"{last[:4]}-{iso[1:]}" if match["m7"] else iso
                yield When(match.start(), following.end(), first, last, False, ambiguous or doubt)
                continue
        if match["m7"]:
            continue
        opened = _OPEN.match(text, end)
        yield When(match.start(), opened.end() if opened else end, iso, "", opened is not None, ambiguous)


def _iso(match: re.Match[str], day_first: bool) -> tuple[str, bool]:
    """Return a match as an ISO date and whether it is ambiguous; "" where it is no date. A lone month is "-05"."""
    if match["iso"]:
        return re.sub(r"[/.]", "-", match["iso"]), False
    if match["a"]:
        return _numbers(int(match["a"]), int(match["b"]), match["y"], day_first or "." in match[0])
    if match["m2"]:
        return f"{match['y2']}-{int(match['m2']):02d}", False
    if match["m7"]:
        return f"-{MONTHS[match['m7'].lower()]:02d}", False
    for month, year, day in (("m3", "y3", "d3"), ("m4", "y4", "d4")):
        if match[month]:
            number = int(match[day])
            whole = f"{match[year]}-{MONTHS[match[month].lower()]:02d}"
            return (f"{whole}-{number:02d}" if 1 <= number <= 31 else whole), False
    if match["m5"]:
        return f"{match['y5']}-{MONTHS[match['m5'].lower()]:02d}", False
    return match["y6"], False


def _numbers(a: int, b: int, year: str, day_first: bool) -> tuple[str, bool]:
    full = year if len(year) == 4 else f"20{year}"
    ambiguous = a <= 12 and b <= 12 and a != b and not day_first
    month, day = (b, a) if day_first or a > 12 else (a, b)
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return "", False
    return f"{full}-{month:02d}-{day:02d}", ambiguous
