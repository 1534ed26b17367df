"""Days as reports print them → ISO dates."""

from __future__ import annotations

import re
from datetime import date

from app.stages.sections.spelling import folded

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan enero ene janvier janv januar januari",
            "february feb febrero fevrier fevr februar februari",
            "march mar marzo mars maerz marz maart mrt mrz",
            "april apr abril abr avril avr",
            "may mayo mai mei",
            "june jun junio juin juni",
            "july jul julio juillet juil juli",
            "august aug agosto ago aout augustus",
            "september sept sep septiembre set septembre",
            "october oct octubre octobre oktober okt",
            "november nov noviembre novembre",
            "december dec diciembre dic decembre dezember dez",
        ),
        start=1,
    )
    for name in names.split()
}
_ISO = re.compile(r"\b((?:19|20)\d\d)[-./](\d{1,2})[-./](\d{1,2})(?=\D|$)")
_TIGHT = re.compile(r"\b((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\b")
_NUMBERS = re.compile(r"\b(\d{1,2})\s?([-./])\s?(\d{1,2})\s?[-./]\s?((?:19|20)?\d\d)(?=\D|$)")
_DAY_FIRST = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th)?[.\s-]*(?:de\s+)?([a-z]{3,10})\.?[\s,.-]*(?:de\s+)?((?:19|20)?\d\d)\b"
)
_MONTH_FIRST = re.compile(r"\b([a-z]{3,10})\.?[\s-]*(\d{1,2})(?:st|nd|rd|th)?,?[\s-]*((?:19|20)\d\d)\b")


def days(text: str, *, day_first: bool = False) -> list[date]:
    """Return the days that a text prints, in order of writing styles and then of place.

    Args:
        text: Anything.
        day_first: Whether 03/04/2024 is the third of April; where only one reading is a day, that one counts, and
            dates with points are day first anyhow.
    """
    plain = folded(text)
    found = [_day(y, m, d) for y, m, d in _ISO.findall(plain)]
    found += [_by_name(y, m, d) for d, m, y in _DAY_FIRST.findall(plain)]
    found += [_by_name(y, m, d) for m, d, y in _MONTH_FIRST.findall(plain)]
    for one, mark, two, year in _NUMBERS.findall(_ISO.sub(" ", plain)):
        month, day = (two, one) if day_first or mark == "." or int(one) > 12 else (one, two)
        found.append(_day(year, month, day) or _day(year, day, month))
    found += [_day(y, m, d) for y, m, d in _TIGHT.findall(plain)]
    return [day for day in found if day is not None]


def day_in(text: str, *, day_first: bool = False) -> str:
    """Return the first day of a text as ISO date, or ""."""
    found = days(text, day_first=day_first)
    return found[0].isoformat() if found else ""


def _by_name(year: str, month: str, day: str) -> date | None:
    number = _MONTHS.get(month)
    return _day(year, str(number), day) if number else None


def _day(year: str, month: str, day: str) -> date | None:
    full = int(year)
    if full < 100:
        full += 2000 if full <= 30 else 1900
    try:
        return date(full, int(month), int(day))
    except ValueError:
        return None
