"""Treatments: what a person was given, is given, declined or is to get, with dose, dates, line and reasons.

A name alone is no treatment. A cue ("received", "s/p", "stopped"), a label ("Prior therapy:"), or a date, line, dose or
number of cycles makes it one; what is only considered, studied, or listed as possible is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from app.biomarkers.dates import When, dates_in
from app.biomarkers.kind import Hit, Passage
from app.biomarkers.prose import (
    Prose,
    Sentence,
    is_of_others,
    names_other,
    names_relative,
    plain_letters,
    speaks_generally,
    speaks_of_drugs,
)
from app.biomarkers.treatment_cues import Cue, status
from app.biomarkers.treatment_names import Treated, treatments_in
from app.biomarkers.word_lists import alternation, lists, strings
from app.domain.mention import FactType, Reading
from app.domain.section import SectionKind

NAME = "treatment"

_NO_BARE = frozenset(
    {SectionKind.RESULTS, SectionKind.VUS, SectionKind.COMMENT, SectionKind.GERMLINE, SectionKind.NEGATIVE}
)
"""Sections in which a date or dose beside a name does not make it a treatment."""
_VAGUE = frozenset({"systemic therapy", "adjuvant therapy", "neoadjuvant therapy"})
"""Names that say something only where it was not given."""
_SPECIMENS = frozenset(
    {SectionKind.DIAGNOSIS, SectionKind.SYNOPTIC, SectionKind.PATIENT, SectionKind.DESCRIPTION, SectionKind.UNKNOWN}
)
_DOSE = re.compile(
    r"\s*(?:at\s+|dose\s+(?:of\s+)?|\(|[:,]\s*)?(?P<dose>(?:AUC\s*\d(?:\.\d)?|\d[\d.,]*\s?(?:mg|mcg|µg|g|Gy|cGy"
    r"|mCi|MBq|GBq|IU|units|million units|MU)\b"
    r"(?:\s?/\s?(?:m2|m²|kg|day|d|dose|\d+\s*(?:fx|fractions|fr)\b))*)"
    r"(?:\s+(?:in\s+\d+\s+(?:fx|fractions|fr)\b|x\s?\d+\b(?!\s?(?:y|mo|w|d))|(?:once|twice)\s+(?:a\s+day|daily"
    r"|weekly)|daily|nightly"
    r"|weekly|monthly|bid|b\.i\.d\.|tid|qd|qhs|qod|every\s+(?:other\s+day|\d+\s+(?:weeks?|days?|months?)|(?:two"
    r"|three|four)\s+weeks)"
    r"|q\s?\d+\s?-?(?:w|wk|weeks?|d|days?|h|m)\b|q[wmd]\b|IV|PO|SC|IM|orally|d\d+-\d+))*)",
    re.IGNORECASE,
)
_FRACTIONS = re.compile(r"(?P<dose>\d[\d.,]*\s?c?Gy(?:\s?(?:/|in|x)\s?\d+\s*(?:fx|fractions|fr)?\b)?)", re.IGNORECASE)
_NUMBERS = {
    w: i
    for i, w in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    )
}
_CYCLES = re.compile(
    rf"(?<![\w.])(?:(?<!\d )x\s?(?P<x>\d{{1,2}})\b(?!\s?(?:mg|mm|cm|x|×|\d|y(?:ea)?rs?\b|mo|wee?k|wk|day))|"
    rf"(?P<n>\d{{1,2}}|{'|'.join(_NUMBERS)})\s+"
    r"(?:weekly\s+)?(?:cycles?|courses?|doses|infusions|ciclos|Zyklen)\b"
    r"|C1\s?[-–]\s?C?(?P<c>\d{1,2})\b|cycles?\s+1\s?[-–]\s?(?P<r>\d{1,2})\b)",
    re.IGNORECASE,
)
_DURATION = re.compile(r"(?:x|for|over)\s?\d+\s?(?:years?|yrs?|months?|mos?|weeks?|wks?)\b", re.IGNORECASE)
_SCHEDULE = re.compile(r"\s*(?:q\s?\d+\s?\w+|daily|weekly|monthly|every\s+\d+\s+\w+)", re.IGNORECASE)
_OFTEN = re.compile(r"daily|weekly|monthly|bid|tid|qd|q\s?\d|every", re.IGNORECASE)
_LINE = re.compile(
    r"(?<![\w.])(?:(?P<l>[1-9])L\b|(?P<w>first|second|third|fourth|fifth)[- ]line|(?P<o>[1-9])(?:st|nd|rd"
    r"|th)[- ]line|line\s*#?(?P<k>[1-9])\b(?!\s*of\b))",
    re.IGNORECASE,
)
_ORDINAL = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5}
_JOINED = re.compile(
    r"\s*(?:\([^()\d\n]{0,12}\)\s*)?(?:/|\+|&|,|-|,?\s*(?:and|plus|with|y|und|et|en|combined with"
    r"|in combination with|con|mit|avec|met)\b)?\s*\Z",
    re.IGNORECASE,
)
_CUT = re.compile(
    r";|,\s*(?:and\s+)?then\b|\bfollowed by\b|\bthen\b|\b(?:switch|chang|transition)ed\s+to\b|\n|\.\s|\s[•|]\s|\)\s*,",
    re.IGNORECASE,
)
_START_WORD = re.compile(
    r"(?:since|from|started|starting|start|begun|began|beginning|initiated|desde|seit|depuis|sinds)[\s:(]*(?:on|in"
    r"|of|date)?[\s:(]*\Z",
    re.IGNORECASE,
)
_END_WORD = re.compile(
    r"(?:until|through|thru|till|ended|ending|end|completed|finished|stopped|discontinued|hasta|bis|jusqu'au|tot"
    r"|last dose)[\s:(]*(?:on|in|date)?[\s:(]*\Z",
    re.IGNORECASE,
)
_PROGRESSED = re.compile(r"\b(?:PD|progress(?:ed|ion|ive disease|ing)|relapsed?|recur(?:red|rence))\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Group:
    """Treatments named together, and the words before and behind that belong to them."""

    named: tuple[Treated, ...]
    left: tuple[int, int]
    right: tuple[int, int]


def read(passage: Passage) -> Iterable[Hit]:
    """Read the treatments of the person from a section."""
    passage = plain_letters(passage)
    if is_of_others(passage) or passage.kind in (SectionKind.FAMILY, SectionKind.VUS):
        return ()
    named = list(treatments_in(passage.text, passage.terms))
    if not named:
        return ()
    prose = Prose(passage.text, clauses=False)
    sentences: dict[int, list[Treated]] = {}
    for treated in named:
        sentences.setdefault(prose.around(treated.start).start, []).append(treated)
    found = [hit for group in sentences.values() for hit in _sentence(passage, prose.around(group[0].start), group)]
    return _joined(found)


def _sentence(passage: Passage, sentence: Sentence, named: list[Treated]) -> Iterator[Hit]:
    """Read one sentence from left to right; status and line carry over within a list."""
    before = sentence.text[: named[0].start - sentence.start]
    if names_relative(before) or names_other(before):
        return
    default = _default(passage, sentence, named[0])
    if default is None and (speaks_generally(sentence.text) or _is_about_drugs(sentence.text)):
        return
    carried, line = None, None
    for group in _groups(passage.text, sentence, named):
        left, right = passage.text[slice(*group.left)], passage.text[slice(*group.right)]
        found = _LINE.search(left) or _LINE.search(right)
        line = _ordinal(found) if found else line
        cue = status(left, right)
        if cue is None and carried is not None and re.fullmatch(r"[\s,;)(]*(?:and|then|followed by|or)?[\s,]*", left):
            cue = carried
        cue_at = (
            replace(cue, start=cue.start + (group.left[0] if cue.before else group.right[0]))
            if cue and cue is not carried
            else None
        )
        carried = cue
        told = default or _default(passage, sentence, group.named[0])
        yield from _group_hits(passage, sentence, group, cue, cue_at, line, told)


def _is_about_drugs(sentence: str) -> bool:
    """Tell whether a sentence is about drugs in general; a month in it says that it is about a course of treatment."""
    return speaks_of_drugs(sentence) and not any(len(when.first) > 4 for when in dates_in(sentence))


def _groups(text: str, sentence: Sentence, named: list[Treated]) -> Iterator[_Group]:
    """Gather treatments that are named together and share out the words between the gatherings."""
    gathered: list[list[Treated]] = []
    for treated in named:
        if gathered and _together(text, gathered[-1][-1], treated):
            gathered[-1].append(treated)
        else:
            gathered.append([treated])
    left = sentence.start
    for at, group in enumerate(gathered):
        begin, end = group[0].start, group[-1].end
        stop = sentence.end
        if at + 1 < len(gathered):
            stop = _cut(text, end, gathered[at + 1][0].start)
        yield _Group(tuple(group), (left, begin), (end, stop))
        left = stop


def _together(text: str, first: Treated, second: Treated) -> bool:
    between = text[first.end : second.start]
    dose = _DOSE.match(between) or _SCHEDULE.match(between)
    return _JOINED.match(between) is not None or (dose is not None and _JOINED.match(between[dose.end() :]) is not None)


def _cut(text: str, start: int, stop: int) -> int:
    """Return where the words between two gatherings are shared out."""
    between = text[start:stop]
    if found := _CUT.search(between):
        return start + (found.end() if found[0][0] in ";\n.)" else found.start())
    comma = between.rfind(",")
    if comma >= 0:
        return start + comma + 1
    line = _LINE.search(between)
    if line:
        return start + line.start()
    joiner = re.search(r"\b(?:and|after|before|with|but)\b", between)
    return start + joiner.start() if joiner else stop


def _default(passage: Passage, sentence: Sentence, first: Treated) -> str | None:
    """Return what the section, its heading or a label at the line's start say of the treatments below them."""
    line_start = passage.text.rfind("\n", 0, first.start) + 1
    label = re.match(r"[\s•*·●–-]*([^:\t\n]{3,48}?)\s*[:\t]", passage.text[line_start : first.start])
    for words in (label[1] if label else "", passage.heading):
        if words and (found := _labels().match(words.strip(" .:-*#0123456789"))):
            return _label_statuses()[re.sub(r"\s+", " ", found[1].lower())]
    if passage.kind is SectionKind.TREATMENT:
        return "given"
    return "planned" if passage.kind is SectionKind.PLAN else None


def _ordinal(found: re.Match[str]) -> int:
    number = found["l"] or found["o"] or found["k"]
    return int(number) if number else _ORDINAL[found["w"].lower()]


def _group_hits(
    passage: Passage,
    sentence: Sentence,
    group: _Group,
    cue: Cue | None,
    cue_at: Cue | None,
    line: int | None,
    default: str | None,
) -> Iterator[Hit]:
    left, right = passage.text[slice(*group.left)], passage.text[slice(*group.right)]
    cycles = _cycles(right) or _cycles(left)
    when = _dates(left, right, cue)
    if not when.spans:
        when = _above(passage.text, sentence)
    for treated in group.named:
        result = cue.status if cue else None
        dose = _dose(passage.text, treated, group)
        unsure = treated.guarded and cue is None and default is None and not (dose and treated.kind == "radiation")
        if result == "general" or unsure:
            on_condition = cue is not None and not cue.before and cue.text == "if"
            result = "planned" if on_condition and default == "planned" else None
            if result is None and not (treated.kind == "surgery" and _is_specimen(passage, treated)):
                continue
        if result is None:
            bare = passage.kind not in _NO_BARE and _is_marked(
                passage, sentence, treated, dose, line, cycles, when, right
            )
            done = bare or (treated.kind == "surgery" and _is_specimen(passage, treated))
            result = default or (("ongoing" if when.since else "given") if done else None)
            if result is None:
                continue
        if when.open and result == "given":
            result = "ongoing"
        if treated.name in _VAGUE and result not in ("not_given", "declined"):
            continue
        if result == "given" and cycles and cue and cue.text in ("s/p", "status post"):
            result = "completed"
        yield _hit(treated, result, dose, cycles[0] if cycles else None, line, when, left, right, group, cue, cue_at)


def _is_marked(
    passage: Passage, sentence: Sentence, treated: Treated, dose: tuple[int, int, str] | None, line: int | None,
    cycles: tuple[int, int, int] | None, when: _Times, right: str,
) -> bool:  # fmt: skip
    """Tell whether a date, line, number of cycles, duration or dose shows that a treatment was given."""
    if cycles or line or _DURATION.match(right.lstrip()):
        return True
    if when.start or when.end or when.date:
        vague = not when.since and not when.end and len(when.start or when.date or "") == 4
        return not (vague and dose is None and treated.kind in ("drug", "regimen"))
    if dose is None:
        return False
    first = not passage.text[sentence.start : treated.start].strip(" -•*·\n")
    taken = first and _OFTEN.search(dose[2]) is not None
    return taken or treated.kind == "radiation" or passage.kind is SectionKind.HISTORY


def _hit(
    treated: Treated, result: str, dose: tuple[int, int, str] | None, cycles: int | None, line: int | None,
    when: _Times, left: str, right: str, group: _Group, cue: Cue | None, cue_at: Cue | None,
) -> Hit:  # fmt: skip
    surgery = treated.kind in ("surgery", "transplant")
    result = "given" if surgery and result == "completed" else result
    start, end, day = when.start, when.end, when.date
    if day and not surgery:
        start, end, day = (start, end or day, None) if result in ("completed", "stopped") else (start or day, end, None)
    elif surgery and start and not day:
        start, day = None, start
    progressed = _PROGRESSED.search(right) or (_PROGRESSED.search(left[-40:]) if cue and cue.before else None)
    reading = Reading(
        FactType.TREATMENT,
        None,
        treated.name,
        result,
        category=treated.kind,
        dose=dose[2] if dose else None,
        cycles=None if surgery or result in ("planned", "recommended", "not_given") else cycles,
        line=line,
        start=start,
        end=end,
        date=day,
        reason=_reason(right, cue) if result in ("stopped", "held", "declined", "not_given") else None,
        note=f"progression{' ' + when.progressed if when.progressed else ''}"
        if progressed and result not in ("planned", "recommended")
        else None,
        flags=("ambiguous_date",) if when.ambiguous else (),
    )
    spans = [(treated.start, treated.end)]
    if dose:
        spans.append(dose[:2])
    for begin, stop, side in when.spans:
        offset = group.left[0] if side == "left" else group.right[0]
        spans.append((offset + begin, offset + stop))
    cue_span = (cue_at.start, cue_at.start + len(cue_at.text)) if cue_at else None
    return Hit(reading, tuple(spans), cue_span, 0.7 if treated.guarded else 1.0)


@dataclass(frozen=True, slots=True)
class _Times:
    start: str | None = None
    end: str | None = None
    date: str | None = None
    progressed: str = ""
    ambiguous: bool = False
    since: bool = False
    open: bool = False
    spans: tuple[tuple[int, int, str], ...] = ()


_TIMELINE = re.compile(r"\s*(?P<what>start(?:ed)?|began|initiated|end(?:ed)?|stopped|completed)\b", re.IGNORECASE)


def _above(text: str, sentence: Sentence) -> _Times:
    """Take the date of a time line, which stands on a line of its own above or below what began or ended then."""
    told = _TIMELINE.match(sentence.text)
    if told is None:
        return _Times()
    above = text[: sentence.start].split("\n")[::-1]
    below = text[sentence.end :].split("\n")
    found = _lone_date(below) if _dates_stand_below(text) else _lone_date(above)
    if not found:
        return _Times()
    began = told["what"].lower()[:3] in ("sta", "beg", "ini")
    return _Times(start=found) if began else _Times(end=found)


def _dates_stand_below(text: str) -> bool:
    """Tell whether the last event of a time line has its date below it."""
    lines = text.split("\n")
    last = max((at for at, line in enumerate(lines) if _TIMELINE.match(line)), default=-1)
    return last >= 0 and bool(_lone_date(lines[last + 1 : last + 4]))


def _lone_date(lines: Iterable[str]) -> str:
    """Return the first date that stands alone on a line, before any line that is no part of a time line."""
    for line in lines:
        found = next(iter(dates_in(line)), None)
        if found is not None and not line.replace(line[found.start : found.end], "").strip(" :•-"):
            return found.first
        if line.strip() and not _TIMELINE.match(line) and "date unknown" not in line.lower():
            return ""
    return ""


def _dates(left: str, right: str, cue: Cue | None) -> _Times:
    """Tell what the dates around a treatment are: its start, end, day, or that of a progression."""
    times = _Times()
    for side, words in (("right", right), ("left", left)):
        if side == "left" and times.spans:
            break
        for when in dates_in(words):
            times = _with_date(times, when, words[: when.start], side, cue)
    return times


def _with_date(times: _Times, when: When, before: str, side: str, cue: Cue | None) -> _Times:
    if _PROGRESSED.search(before[-24:]):
        return replace(times, progressed=when.first)
    spans = (*times.spans, (when.start, when.end, side))
    ambiguous = times.ambiguous or when.ambiguous
    times = replace(times, spans=spans, ambiguous=ambiguous)
    if when.last or when.open:
        return replace(times, start=when.first, end=when.last or None, open=when.open)
    began = times.start or times.date
    if (_END_WORD.search(before) or (began and re.search(r"\t\s*\Z", before))) and not times.end:
        return replace(times, start=began, date=None, end=when.first) if began else replace(times, end=when.first)
    if (found := _START_WORD.search(before)) and not times.start:
        return replace(times, start=when.first, since=found[0].lower().startswith(("since", "seit", "desde", "depuis")))
    if cue and cue.status in ("held", "ongoing", "planned") and not times.start:
        return replace(times, start=when.first)
    return replace(times, date=times.date or when.first)


def _cycles(words: str) -> tuple[int, int, int] | None:
    found = _CYCLES.search(words)
    if found is None:
        return None
    said = found["x"] or found["n"] or found["c"] or found["r"]
    number = _NUMBERS.get(said.lower()) if not said.isdigit() else int(said)
    return (number, *found.span()) if number else None


def _dose(text: str, treated: Treated, group: _Group) -> tuple[int, int, str] | None:
    """Return where the dose stands and its words: right behind a drug, anywhere behind radiation."""
    found = _DOSE.match(text, treated.end, group.right[1])
    if found is None and treated.kind == "radiation":
        found = _FRACTIONS.search(text, treated.end, group.right[1])
    if found is None:
        return None
    return found.start("dose"), found.end("dose"), re.sub(r"\s+", " ", found["dose"]).strip()


def _reason(right: str, cue: Cue | None) -> str | None:
    """Return why something was stopped, held or not given."""
    behind = right[cue.start + len(cue.text) :] if cue and not cue.before else right
    found = _because().search(behind)
    if found is None:
        return None
    told = re.sub(r"\s+(?:and|then|but)(?:\s+(?:switch|chang|start|transition)\w*.*)?$", "", found["why"].strip(" )"))
    return (
        None
        if re.match(r"(?:\d+|the|a|one|two|three|six)?\s*(?:cycles?|weeks?|months?|years?|days?)\b", told) or not told
        else told
    )


def _is_specimen(passage: Passage, treated: Treated) -> bool:
    """Tell whether an operation is named as the source of the specimen: then it was done."""
    if passage.kind not in _SPECIMENS or not _specimens().search(treated.name):
        return False
    start = passage.text.rfind("\n", 0, treated.start) + 1
    before = passage.text[start : treated.start]
    return len(before) < 70 and bool(
        re.match(
            r"\s*(?:[A-Z]\s?[.):]|part\s+\w+\s*:|\d{1,2}\s?[.)]|specimen|procedure|operation|tipo de muestra"
            r"|source|tissue)",
            before,
            re.IGNORECASE,
        )
    )


def _joined(hits: list[Hit]) -> list[Hit]:
    """Put together what two sentences say of one course of treatment, such as its start and its end."""
    kept: list[Hit] = []
    for hit in hits:
        for at, other in enumerate(kept):
            merged = _merged(other, hit)
            if merged is not None:
                kept[at] = merged
                break
        else:
            kept.append(hit)
    return kept


def _merged(one: Hit, two: Hit) -> Hit | None:
    a, b = one.reading, two.reading
    if a.alteration != b.alteration or (a.result != b.result and "given" not in (a.result, b.result)):
        return None
    fields = {}
    for name in ("dose", "start", "end", "date", "line", "cycles", "reason", "note"):
        mine, other = getattr(a, name), getattr(b, name)
        if mine and other and mine != other and not (name in ("start", "end", "date") and _part_of(mine, other)):
            return None
        fields[name] = max((mine, other), key=lambda v: len(str(v or "")))
    if fields["start"] and fields["end"] and str(fields["start"])[:7] > str(fields["end"]):
        return None
    result = b.result if a.result == "given" else a.result
    return Hit(
        replace(a, result=result, **fields),
        one.spans + two.spans[1:],
        one.cue or two.cue,
        min(one.confidence, two.confidence),
    )


def _part_of(one: str, two: str) -> bool:
    return one.startswith(two) or two.startswith(one)


@cache
def _because() -> re.Pattern[str]:
    words = alternation(strings("treatment", "because"))
    return re.compile(rf"(?<!\w)(?:{words})\s+(?P<why>[^;,\n]+?)(?=[;,\n]|\.\s|\.?\Z)", re.IGNORECASE)


@cache
def _labels() -> re.Pattern[str]:
    return re.compile(rf"({alternation(_label_statuses())})(?!\w)", re.IGNORECASE)


@cache
def _label_statuses() -> dict[str, str]:
    return {label: result for result, labels in lists("treatment", "labels").items() for label in labels}


@cache
def _specimens() -> re.Pattern[str]:
    return re.compile(alternation(strings("treatment", "specimen_surgery")), re.IGNORECASE)
