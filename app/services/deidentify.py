"""Take out of lines of a report what tells whose it is: names, birth dates, numbers, addresses, telephone, e-mail.

It goes by patterns and by the names that the report itself gives; it cannot promise to find all, so a person reads the
lines before they leave. Dates keep their year only, as the first of January, in the form in which they were printed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

CANNOT = (
    "A name that stands without a title or label and that the report gives nowhere as the patient's.",
    "A rare diagnosis, or a rare combination of findings, which can point at a person by itself.",
    "Words that a reader got wrong: a misread name is not recognised as one.",
    "The order of dates within one year: all become the first of January.",
)
"""What scrubbing cannot promise; told to whoever exports, and written beside every export."""

_PERSON_WORD = r"[A-ZÀ-Þ][\w'’.-]*"
_PERSON = rf"{_PERSON_WORD}(?:,? (?!M\.?D\b|\w+:){_PERSON_WORD})?(?: (?!\w+:)[A-ZÀ-Þ](?:[a-zà-ÿ'’-]+|\.)(?!\w)){{0,2}}"
"""A name after a label or a title: from the third word on in small letters, for a gene may follow it."""
_LABELS = (
    r"(?:patient(?:'s)?(?: name)?|name|paciente|nombre(?: del paciente)?|naam|nom|ordering (?:physician|provider)"
    r"|physician|provider|pathologist|oncologist|referring (?:doctor|physician)|signed(?: out)? by|reviewed by"
    r"|collected by|electronically signed by|m[eé]dico|patóloga?|arzt|ärztin)"
)
_BIRTH = r"(?:d\.?o\.?b\.?|date of birth|birth ?date|born(?: on)?|fecha de nacimiento|geburtsdatum|geb\.)"
_NUMBERS = (
    r"(?:mrn|medical record(?: (?:no|number))?|record (?:no|number)|accession(?: (?:no|number|#))?"
    r"|case (?:no|number|#|id)"
    r"|patient (?:id|no|number)|specimen (?:id|no|number)|sample (?:id|no|number)|order (?:id|no|number)|requisition"
    r"|ssn|nhs(?: (?:no|number))?|policy(?: (?:no|number))?|insurance(?: (?:id|no|number))?|hospital (?:no|number)"
    r"|historia clínica|n[º°]\s?(?:de )?historia|report (?:id|no|number)|block (?:id|no))"
)
_MONTHS = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre"
    r"|diciembre|januar|februar|märz|mai|juni|juli|oktober|dezember)\.?"
)
_STREETS = (
    r"(?:street|st|avenue|ave|road|rd|lane|ln|drive|boulevard|blvd|court|ct|square|place|terrace|highway|hwy|parkway)"
)
_PLACES = r"(?:hospital|clinic|clínica|klinik|medical cent(?:er|re)|cancer cent(?:er|re)|universit\w+|institut\w*)"
_TOWN = r"(?:, [A-Z]\w+(?: [A-Z][a-z]\w*)*)?(?:,? [A-Z]{2}\b)?(?: \d{5}(?:-\d{4})?)?"
_CODES = r"(?:N[MPCG]_|ENS[TPG]|rs|COS[MV]|chr|NCT|[cgmp]\.|HGNC|PMID|seq)"
"""What begins a long number that names a gene, a change or a trial, and no person."""


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """Lines without what tells whose they are.

    Attributes:
        lines: The lines, with a mark such as "[name]" where something was taken out.
        taken: How often each sort of thing was taken out.
    """

    lines: tuple[str, ...]
    taken: dict[str, int]


def scrub(lines: Sequence[str], names: Iterable[str] = ()) -> Scrubbed:
    """Take out of lines what tells whose they are.

    Args:
        lines: As printed, with single spaces.
        names: Of the patient, as printed anywhere in the record.
    """
    taken: Counter[str] = Counter()
    known = _known(names)
    return Scrubbed(tuple(_line(line, known, taken) for line in lines), dict(taken))


def _line(line: str, known: re.Pattern[str] | None, taken: Counter[str]) -> str:
    def mark(kind: str, keep: str = "") -> Callable[[re.Match[str]], str]:
        def change(found: re.Match[str]) -> str:
            taken[kind] += 1
            return f"{found[keep] if keep else ''}[{kind}]"

        return change

    if known is not None:
        line = known.sub(mark("name"), line)
    for kind, pattern, keep in _RULES:
        line = pattern.sub(mark(kind, keep), line)
        if kind == "date of birth":
            line = _dated(line, taken)
    return line


def _known(names: Iterable[str]) -> re.Pattern[str] | None:
    words = {w.strip(".,'’-") for name in names for w in re.split(r"[\s,]+", name)}
    words = {w for w in words if len(w) > 1 and not w.isdigit()}
    if not words:
        return None
    told = "|".join(sorted((re.escape(w) for w in words), key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{told})(?:[\s,.]+(?:{told}))*(?!\w)", re.IGNORECASE)


def _dated(line: str, taken: Counter[str]) -> str:
    """Keep the year of each date; the form stays, so that the line reads as before."""

    def change(found: re.Match[str]) -> str:
        text = found[0]
        told = _first_of_january(text, found.re)
        taken["day and month"] += told != text
        return told

    for pattern in (_ISO, _NUMERIC, _DAY_MONTH, _MONTH_DAY, _MONTH):
        line = pattern.sub(change, line)
    return line


def _first_of_january(text: str, pattern: re.Pattern[str]) -> str:
    if pattern is _ISO:
        return f"{text[:4]}-01-01"
    if pattern is _NUMERIC:
        return re.sub(r"^\d{1,2}(\D)\d{1,2}\D", lambda m: f"01{m[1]}01{m[1]}", text)
    year = text[-4:]
    return {_DAY_MONTH: f"1 January {year}", _MONTH_DAY: f"January 1, {year}"}.get(pattern, f"January {year}")


_ISO = re.compile(r"\b(?:19|20)\d\d-\d\d-\d\d\b")
_NUMERIC = re.compile(r"(?<![\d./-])\d{1,2}[./-]\d{1,2}[./-](?:(?:19|20)\d\d|\d\d)(?![\d./-])")
_DAY_MONTH = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th|\.)?[ -](?:de )?{_MONTHS}[ -](?:de )?(?:19|20)\d\d\b", re.IGNORECASE
)
_MONTH_DAY = re.compile(rf"\b{_MONTHS} \d{{1,2}}(?:st|nd|rd|th)?, ?(?:19|20)\d\d\b", re.IGNORECASE)
_MONTH = re.compile(rf"\b{_MONTHS} (?:de )?(?:19|20)\d\d\b", re.IGNORECASE)
_ANY_DATE = (
    r"(?:(?:19|20)\d\d-\d\d-\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}"
    rf"|\d{{1,2}}\.? (?:de )?(?i:{_MONTHS}) (?:de )?\d{{4}}|(?i:{_MONTHS}) \d{{1,2}}, ?\d{{4}})"
)
_RULES: tuple[tuple[str, re.Pattern[str], str], ...] = (
    ("e-mail", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), ""),
    ("address", re.compile(r"\b(?:https?://|www\.)\S+"), ""),
    ("date of birth", re.compile(rf"(?P<label>(?i:\b{_BIRTH})\s?[:#]?\s?){_ANY_DATE}"), "label"),
    ("number", re.compile(rf"(?P<label>(?i:\b{_NUMBERS})\s?[.:#]*\s?)[A-Z]{{0,4}}[-/]?\d[\w/-]*"), "label"),
    ("name", re.compile(rf"(?P<label>(?i:\b{_LABELS})\s?:\s?){_PERSON}"), "label"),
    (
        "name",
        re.compile(
            r"(?P<label>\b(?:Dr|Dra|Prof|Mr|Mrs|Ms|Miss|Herr|Frau|Sr|Sra|Don|Doña)\b\.? )"
            rf"{_PERSON_WORD}(?: (?!\w+:)[A-ZÀ-Þ][a-zà-ÿ'’-]+)?"
        ),
        "label",
    ),
    (
        "name",
        re.compile(rf"\b{_PERSON_WORD}(?: {_PERSON_WORD}){{1,3}}(?=,? (?:M\.?D|D\.?O|Ph\.?D|FRCPath|FCAP)\b)"),
        "",
    ),
    ("telephone", re.compile(r"(?<![\w.:])(?:\+\d{1,3}[ .-]?)?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?!\w)"), ""),
    ("telephone", re.compile(r"(?i:\b(?:tel|phone|fax|teléfono|telefon))\.?:? ?\+?[\d ()./-]{6,}\d"), ""),
    ("number", re.compile(r"(?<!\w)\d{3}-\d{2}-\d{4}(?!\w)"), ""),
    ("address", re.compile(rf"\b\d{{1,5}} (?:[A-Z][\w'.]* ){{1,3}}(?i:{_STREETS})\b\.?{_TOWN}"), ""),
    ("address", re.compile(r"\b[A-Z]{2} \d{5}(?:-\d{4})?\b"), ""),
    ("place", re.compile(rf"\b(?:[A-Z][\w'’.-]+ ){{1,4}}(?i:{_PLACES})\b(?: of(?: [A-Z]\w+)+)?"), ""),
    (
        "number",
        re.compile(rf"(?<![\w.])(?!{_CODES})(?=[A-Z\d/-]*\d{{4}})[A-Z]{{1,4}}[-/]?\d{{2,4}}[-/]\d{{3,}}(?!\w)"),
        "",
    ),
    ("number", re.compile(r"(?<![\w.:,_>-])\d{6,}(?![\w.,:>-])"), ""),
    ("age over 89", re.compile(r"\b(?:9\d|1[01]\d)(?=[ -]year)"), ""),
)
