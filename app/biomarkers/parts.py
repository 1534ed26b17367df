"""What the biomarker kinds share: numbers, places, and the fields that headings and neighbouring words give."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from app.biomarkers.assertion import is_detached
from app.biomarkers.bare import is_plain
from app.biomarkers.item import Item
from app.biomarkers.kind import Hit, Passage
from app.biomarkers.spelling import REPLACED_MARK
from app.biomarkers.statement import Statement, Subject
from app.domain.mention import FactType, Reading
from app.domain.section import SectionKind

NUMBER = r"\d+(?:[.,]\d+)?"
_NO_ORIGIN = re.compile(
    r"^[\s-]*(?:origin|(?:test|testing|analysis)(?!\s?:)|confirm|status|evaluation|counsel|implication"
    r"|variants? cannot|sample|control|prüfung|verdacht)",
    re.I,
)
_NOT_OWN = re.compile(
    r"(?:cut[- ]?off|threshold|limit|LOD|sensitivity|≥|<=|>=|>|<|below|above|at least|of nuclei|purity|cellularity"
    r"|content|coverage|blasts?|percentage|reference|versus|vs)\W*$",
    re.I,
)
_NOT_VAF_AFTER = re.compile(
    r"^\s*(?:of (?:the )?(?:nuclei|cells|tumou?r|blasts)|tumou?r|nuclei|cells|blasts|cut-?off|percentile|sensitivity"
    r"|of cases|of patients|IS\b)",
    re.I,
)
VAF_LABEL = re.compile(
    rf"(?:\b(?:VAF|MAF|FAV|AF|VF|variant allele (?:fraction|frequency|freq\.?)|(?:mutant )?all[eè]l(?:e|ic"
    rf"|ique) (?:fraction|frequency|freq\.?|burden|load)|mutant fraction|variant (?:frequency|fraction)|"
    rf"frecuencia al[ée]lica(?: variante)?|fracción alélica|Allelfrequenz|Allelfraktion|fréquence allélique"
    rf"|allelfrequentie|variant allelfrequentie|cfDNA)\b)"
    rf"(?:\s?\([^)]{{0,12}}\))?\s*(?:of|is|was|at|:|=|~|approximately|approx\.?|von|de"
    rf"|van)?\s*[:=~≈]?\s*(?P<value>{NUMBER})\s?(?P<percent>%?)",
    re.I,
)
_LATER = re.compile(rf"(?:\s?%?\s?(?:→|->|-->|=>|>)\s?{NUMBER})*\s?%?\s?(?:→|->|-->|=>)\s?(?P<value>{NUMBER})\s?%")
"""Values that follow by arrows: the last one is of today."""
PERCENT = re.compile(rf"(?P<sign>[<>≥≤~]=?\s?)?(?P<value>{NUMBER})(?:\s?-\s?(?P<to>{NUMBER}))?\s?%")


def number(text: str) -> Decimal:
    """Return a printed number; a comma between digits is a decimal comma."""
    return Decimal(text.replace(",", "."))


def vaf(text: str, start: int, end: int) -> tuple[Decimal, int, int] | None:
    """Return the allele fraction in percent that a stretch states, and where."""
    labelled = VAF_LABEL.search(text, start, end)
    later = _LATER.match(text, labelled.end(), end) if labelled else None
    if labelled and later:
        return (number(later["value"]), later.start("value"), later.end())
    if labelled:
        value = number(labelled["value"])
        if not labelled["percent"] and value < 1:
            value = (value * 100).normalize()
            value = value.quantize(Decimal(1)) if value == value.to_integral() else value
        return (value, *labelled.span()) if value <= 100 else None
    for found in PERCENT.finditer(text, start, end):
        if found["sign"] or _NOT_OWN.search(text, max(start, found.start() - 24), found.start()):
            continue
        if _NOT_VAF_AFTER.match(text[found.end() : found.end() + 24]):
            continue
        value = number(found["value"])
        if value <= 100:
            return (value, found.start(), found.end())
    return None


def fields(statement: Statement, *, positive: bool) -> dict[str, Any]:
    """Return origin, classification, zygosity, specimen and time as the statement and its headings give them."""
    told: dict[str, Any] = {"specimen": statement.context.specimen or None}
    if statement.historical:
        told["temporality"] = "historical"
        told["date"] = statement.date or None
    elif any(item.sort == "cue" and item.means == "current" for item in statement.items):
        told["temporality"] = "current"
    if positive:
        told["classification"] = classification(statement)
        zygosity = statement.first("zygosity")
        told["zygosity"] = zygosity.means if zygosity else None
    if statement.context.origin:
        told["origin"] = statement.context.origin
    return told


def classification(statement: Statement) -> str | None:
    """Return the classification that stands with the marker, else that of the heading."""
    named = [item.means for item in statement.items if item.sort == "class"]
    for wanted in ("tier I", "tier II", "tier III", "tier IV"):
        if wanted in named:
            return wanted
    if named:
        return named[0]
    return statement.context.classification or None


def origin(text: str, statement: Statement) -> str | None:
    """Return germline or somatic where the words beside the marker or the heading say so."""
    for item in statement.items:
        if item.sort == "origin" and not _NO_ORIGIN.match(text[item.end : item.end + 24]):
            before = text[max(0, item.start - 14) : item.start].lower()
            if not re.search(r"(?:possible|suspected|exclude|non-?|not |or )\s*$", before):
                return item.means
    return statement.context.origin or None


def result_of(text: str, statement: Statement, *, bare: bool) -> tuple[str, str]:
    """Return result and reason; a bare mention counts as detected where `bare` says that it may."""
    asserted, context = statement.asserted, statement.context
    if asserted.result:
        return asserted.result, asserted.reason
    if context.result:
        return context.result, context.reason
    denied = any(
        i.sort == "cue" and (i.means, i.note) == ("negated", "forward") and not is_detached(text, i, statement.tail)
        for i in statement.tail
    )
    if bare and not denied and (statement.row or not statement.has_verb) and is_plain(text, statement):
        return "detected", ""
    return "", ""


def unread_list(passage: Passage, statement: Statement) -> bool:
    """Tell whether a gene only stands in a list of thinly read regions: an issue, no result of the gene."""
    if statement.asserted.result or statement.context.result != "not_evaluated":
        return False
    thin = passage.kind is SectionKind.NOT_COVERED or statement.context.reason == "below_depth"
    return thin and not any(item.sort in {"exon", "category"} for item in statement.items)


def hit(
    passage: Passage,
    statement: Statement,
    subject: Subject,
    type_: FactType,
    gene: str | None,
    alteration: str,
    result: str,
    places: list[tuple[int, int]],
    **told: Any,
) -> Hit:
    """Make a hit; its first span is the name with the change that stands right behind it."""
    name = subject.label or (subject.start, subject.end)
    spans = [name, *places] if name[1] > name[0] else list(places)
    asserted = statement.asserted
    cue = asserted.cue if asserted.result or asserted.call else None
    if cue:
        spans.append(cue)
    base = fields(statement, positive=result not in {"not_detected", "not_evaluated"})
    if passage.date and "date" not in base:
        base["date"] = passage.date
    values = {k: v for k, v in {**base, **{k: v for k, v in told.items() if v is not None}}.items() if v != ""}
    if subject.note == "family" and result == "detected":
        values["flags"] = (*values.get("flags", ()), "doubtful")
        values.setdefault("note", f"the report names the family {subject.printed}, not which gene")
    if REPLACED_MARK in passage.text[statement.head_start : statement.tail_end + 2]:
        values["flags"] = (*values.get("flags", ()), "amended")
    if asserted.reason == "unreadable":
        values["flags"] = (*values.get("flags", ()), "doubtful")
    reason = asserted.reason or statement.context.reason
    if result == "not_evaluated" and reason:
        values["reason"] = reason
    reading = Reading(type_, gene, alteration, result, **values)
    return Hit(reading, joined(passage.text, spans), cue, 1.0)


def joined(text: str, spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Join neighbouring spans of one line, keep the order of first mention, and drop what lies inside another."""
    made: list[tuple[int, int]] = []
    for start, end in spans:
        if end <= start:
            continue
        for at, (a, b) in enumerate(made):
            gap = text[b:start] if b <= start else text[end:a]
            touching = (start < b and a < end) or (len(gap) <= 3 and "\n" not in gap and "\t" not in gap)
            if touching:
                made[at] = (min(a, start), max(b, end))
                break
        else:
            made.append((start, end))
    return tuple(made)


def has_marker_name(subject: Subject) -> bool:
    """Tell whether the name is that of a stain rather than of a gene."""
    return bool(subject.name)


def cue_text(passage: Passage, statement: Statement) -> str:
    """Return the deciding words in lower case."""
    cue = statement.asserted.cue
    return passage.text[cue[0] : cue[1]].lower().strip(" :") if cue else ""


def next_change(items: list[Item], at: int, stop: int) -> int:
    """Return where the next change begins after the item at a position, else `stop`."""
    return items[at + 1].start if at + 1 < len(items) else stop
