"""What a report says of itself: whom it is about, what was tested where, and when."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.document import ReportKind
from app.domain.page import Page
from app.domain.section import NOBODY, Person
from app.stages.sections.days import days
from app.stages.sections.layouts import Labels, Layout, Layouts
from app.stages.sections.rows import Row, rows_of
from app.stages.sections.spelling import folded, squeezed
from app.stages.sections.tables import column_names
from app.stages.sections.underlines import without_rules

_ENDS_NAME = re.compile(r"\s{2,}|\||;|\(|,?\s*\b(?:MRN|ID|DOB|born|geb|geboren|n[ée]e?|aged?)\b|\d", re.I)
_BORN = re.compile(
    r"\b(?:born(?: on)?|DOB|geb(?:\.|oren)?(?: am)?|née? le|nacid[oa] el)\s*:?\s*(?=\d|[A-Z][a-z]{2})", re.I
)
_TITLE = re.compile(r"^(?:mr|mrs|ms|miss|dr|herr|frau|sra?|srta|mme|mlle|m|dhr|mevr|mw)\.?\s+(?=\S)", re.I)
_NOT_A_NAME = re.compile(
    r"\d|@|\b(?:report|information|details?|id|name|date|data|hospital|laborator\w+|clinic|center|centre|department|diagnosis|history"
    r"|specimen|md|m\.d|phd|rn|fcap|dr|prof|physician|pathologist|provider|contact|accession|demographics|address|phone|consent\w*|education|portal|summary|test\w*|results?|has|was|is|with|the|of|and)\b",
    re.I,
)
_DAY_FIRST = ("es", "fr", "de", "nl", "it", "pt")
_DAY_FIRST_WORDS = re.compile(
    r"\b(?:informe|paciente|patiente|compte rendu|befund|geboren|geburtsdatum|verslag|pati[eë]nt geb|diagn[oó]stico)\b",
    re.I,
)
_PATIENT = re.compile(r"pa[tc]i[eë]?n", re.I)
_LEADER = re.compile(r"\s*(?:\.{3,}|…+|_{3,})\s*:?\s*")
_TYPED = ("born", "sex", "signed", "reported", "collected", "received")
"""Fields whose values can be told by their form, so that their label needs no colon."""
_LONGEST_LABEL = 5


@dataclass(frozen=True, slots=True)
class Head:
    """What a report's head says; see `Report` for the fields."""

    kind: ReportKind
    laboratory: str
    test: str
    report_date: date | None
    specimen: str
    person: Person
    people: tuple[tuple[int, Person], ...]


def head_of(pages: Sequence[Page], layout: Layout, layouts: Layouts) -> Head:
    """Read the head of a report.

    Args:
        pages: All pages; a person may be printed on each.
        layout: The laboratory's layout.
        layouts: Hold the field names and the words that tell a report's kind.
    """
    rows, _ = without_rules(rows_of(pages))
    rows = [row for row in rows if len({"gene", "alteration", "result"} & set(column_names(row, layout))) < 2]
    text = "\n".join(row.text for row in rows)
    day_first = any(page.language in _DAY_FIRST for page in pages) or bool(_DAY_FIRST_WORDS.search(text[:3000]))
    fields = [*_fields(rows, layouts.labels), *_unlabelled(rows, layout)]
    people = _people(fields, layouts.labels, day_first=day_first)
    test, kind = _test(text, layout, layouts.labels)
    return Head(
        kind=kind,
        laboratory=layout.laboratory or _first(fields, "laboratory"),
        test=test or _first(fields, "test"),
        report_date=_day(fields, day_first=day_first),
        specimen=_first(fields, "specimen"),
        person=_whole([person for _, person in people]),
        people=people,
    )


@dataclass(frozen=True, slots=True)
class _Field:
    page: int
    name: str
    value: str
    of_patient: bool = False


def _fields(rows: Sequence[Row], labels: Labels) -> Iterator[_Field]:
    """Find "label: value" in every row: beside the label, in the next cell, or in the line below it."""
    for at, row in enumerate(rows):
        for number, cell in enumerate(row.cells):
            found = _split(cell.text, labels)
            for place, (name, value) in enumerate(found):
                told = [value] if value or place < len(found) - 1 else _near(rows, at, number, labels)
                fitting = next((text for text in told if text and _fits(name, text, labels)), "")
                if fitting:
                    yield _Field(row.page, name, fitting, _PATIENT.search(cell.text) is not None)
                    born = _BORN.search(fitting) if name == "name" else None
                    if born:
                        yield _Field(row.page, "born", fitting[born.end() :])


def _unlabelled(rows: Sequence[Row], layout: Layout) -> Iterator[_Field]:
    for row in rows:
        for text in (*(cell.text for cell in row.cells), row.text):
            found = next((m for pattern in layout.people if (m := pattern.search(text))), None)
            if found:
                yield _Field(row.page, "name", found["name"], of_patient=True)
                break


def _near(rows: Sequence[Row], at: int, number: int, labels: Labels) -> list[str]:
    """Return what stands beside a label and what stands below it."""
    cell = rows[at].cells[number]
    return [_beside(rows[at], number, labels), _below(rows, at, cell.x0, cell.x1, labels)]


def _fits(name: str, text: str, labels: Labels) -> bool:
    """Tell whether a text can be the value of a field."""
    if name in _TYPED and name != "sex":
        return bool(days(text))
    if name == "sex":
        return bool(_sex(text, labels))
    return bool(_name(text)) if name == "name" else True


def _split(text: str, labels: Labels) -> list[tuple[str, str]]:
    """Split a stretch at the labels in it; a label counts where it stands alone or with a colon of its own."""
    text = _LEADER.sub(": ", text)
    words = list(re.finditer(r"\S+", text))
    marks: list[tuple[int, int, str]] = []
    at = 0
    while at < (len(words) if ":" in text else min(len(words), 1)):
        for length in range(min(_LONGEST_LABEL, len(words) - at), 0, -1):
            start, end = words[at].start(), words[at + length - 1].end()
            label = text[start:end]
            if ":" in text[start : words[at + length - 1].start()]:
                continue
            name = labels.fields.get(squeezed(label.split(":")[0]))
            colon = ":" in label or text[end : end + 2].strip().startswith(":")
            whole = at == 0 and (at + length == len(words))
            opens = at == 0 or bool(marks) or words[at - 1][0].endswith(":")
            plain = at == 0 and (name in _TYPED or _is_printed_label(label, text[end:]))
            if name and opens and (colon or whole or plain):
                marks.append((start, start + label.index(":") + 1 if ":" in label else end, name))
                at += length - 1
                break
        at += 1
    found = []
    for place, (_, end, name) in enumerate(marks):
        stop = marks[place + 1][0] if place + 1 < len(marks) else len(text)
        found.append((name, text[end:stop].strip(" :;,|-–\t")))
    return found


def _is_printed_label(label: str, rest: str) -> bool:
    """Tell whether a label without a colon is set off from its value by its capitals."""
    return label.isupper() and len(label) > 3 and any(c.islower() for c in rest)


def _beside(row: Row, number: int, labels: Labels) -> str:
    if number + 1 >= len(row.cells):
        return ""
    text = row.cells[number + 1].text.strip(" :")
    return "" if _split(text, labels) else text


def _below(rows: Sequence[Row], at: int, x0: float, x1: float, labels: Labels) -> str:
    """Return what stands close below a label, at its left edge."""
    row = rows[at]
    for other in rows[at + 1 : at + 4]:
        if other.page != row.page or other.y0 - row.y1 > 2.2 * row.size or other.y0 < row.y0:
            continue
        for cell in other.cells:
            if abs(cell.x0 - x0) < row.size or (cell.x0 < x1 and cell.x1 > x0):
                return "" if _split(cell.text, labels) else cell.text
    return ""


def _people(fields: Sequence[_Field], labels: Labels, *, day_first: bool) -> tuple[tuple[int, Person], ...]:
    """Return whom each page names.

    A bare "Name" after the first page may be a doctor's or a contact's; it counts only beside a birth date.
    """
    found: list[tuple[int, Person]] = []
    for page in dict.fromkeys(field.page for field in fields):
        own = [field for field in fields if field.page == page]
        dated = not found or any(field.name == "born" for field in own)
        named = [field for field in own if field.name == "name" and (dated or field.of_patient)]
        names = [name for field in named if (name := _name(field.value)) and squeezed(name) not in labels.sexes]
        births = [days(field.value, day_first=day_first) for field in own if field.name == "born"]
        sexes = [_sex(field.value, labels) for field in own if field.name == "sex"]
        person = Person(
            next(iter(names), ""),
            next((b[0].isoformat() for b in births if b), ""),
            next((s for s in sexes if s), ""),
        )
        if person != NOBODY:
            found.append((page, person))
    return tuple(found)


def _whole(people: Sequence[Person]) -> Person:
    return Person(
        next((p.name for p in people if p.name), ""),
        next((p.born for p in people if p.born), ""),
        next((p.sex for p in people if p.sex), ""),
    )


def _name(text: str) -> str:
    """Return a person's name, or "" where the text is none."""
    bare = _ENDS_NAME.split(_TITLE.sub("", text.strip()), maxsplit=1)[0].strip(" ,-–:")
    bare = bare if re.search(r"\b\w\.$", bare) else bare.rstrip(".")
    words = [word for word in re.split(r"[\s,]+", bare) if word]
    if not 1 <= len(words) <= 6 or _NOT_A_NAME.search(bare) or len(bare) < 3:
        return ""
    return bare if any(word[:1].isupper() for word in words) else ""


def _sex(text: str, labels: Labels) -> str:
    for token in re.findall(r"[^\W\d_]+", text)[:3]:
        found = labels.sexes.get(squeezed(token))
        if found:
            return found
    return ""


def _day(fields: Sequence[_Field], *, day_first: bool) -> date | None:
    """Return the day signed, else reported, else collected, else received."""
    for name in ("signed", "reported", "collected", "received"):
        found = [day for field in fields if field.name == name for day in days(field.value, day_first=day_first)[:1]]
        if found:
            return max(found) if name in ("signed", "reported") else found[0]
    return None


def _first(fields: Sequence[_Field], name: str) -> str:
    return next((field.value for field in fields if field.name == name and len(field.value) <= 120), "")


def _test(text: str, layout: Layout, labels: Labels) -> tuple[str, ReportKind]:
    tight = squeezed(text)
    for phrase, name, kind in layout.tests:
        if phrase in tight:
            return name, kind or _kind(tight, folded(text), labels)
    return "", _kind(tight, folded(text), labels)


def _kind(tight: str, plain: str, labels: Labels) -> ReportKind:
    """Tell what sort of report it is by the first phrase in its beginning, else by any that it holds."""
    title = squeezed(plain[:400])
    named = [(title.find(phrase), -len(phrase), kind) for phrase, kind in labels.kinds if phrase in title]
    if named:
        return min(named, key=lambda n: n[:2])[2]
    return next((kind for phrase, kind in labels.kinds if phrase in tight), ReportKind.OTHER)
