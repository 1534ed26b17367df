"""How far words reach: what belongs to which marker, whose result it is, and when it was taken."""

from __future__ import annotations

import re
from dataclasses import replace

from app.biomarkers.item import CHANGES, Item
from app.biomarkers.layout import Clause, Context, stems
from app.biomarkers.statement import Assertion, Statement
from app.biomarkers.voice import speaks_generally

_SEPARATOR = re.compile(
    r"[,;|\t]|\s{2,}|\s-\s|\b(?:but|with|while|whereas|and|pero|con|aber|mit|und|mais|avec|et|maar|met|en)\b|\band\b",
    re.I,
)
_KNOWN_SORTS = frozenset(
    {
        "cue",
        "event",
        "assay",
        "class",
        "origin",
        "call",
        "label",
        "score",
        "clone",
        "zygosity",
        "exon",
        "category",
        "protein",
        "coding",
    }
)


def whole(drafts: list[Statement]) -> list[Statement]:
    """Join neighbouring statements of one marker where the first makes none ("HER2 ratio 2.6, HER2 copies 6.4: +")."""
    made: list[Statement] = []
    for draft in drafts:
        held = made[-1] if made else None
        if (
            held is not None
            and len(held.subjects) == len(draft.subjects) == 1
            and (held.subjects[0].sort, held.subjects[0].genes, held.subjects[0].name)
            == (draft.subjects[0].sort, draft.subjects[0].genes, draft.subjects[0].name)
            and held.subjects[0].genes
            and not (held.asserted.result or held.asserted.call)
            and held.historical == draft.historical
            and not any(item.sort in {*CHANGES, "score"} for item in held.items)
            and not held.row
        ):
            made[-1] = replace(
                held, tail=(*held.tail, *draft.head, *draft.tail), tail_end=draft.tail_end, asserted=draft.asserted
            )
        else:
            made.append(draft)
    return made


def border(text: str, left: int, right: int, between: list[Item], breaks: tuple[tuple[int, int], ...]) -> int:
    """Return where the words after one marker end and those before the next begin."""
    cells = [b for a, b in breaks if left <= a and b <= right]
    if cells:
        return cells[-1]
    forward = [
        item
        for item in between
        if item.sort == "cue" and item.note == "forward" and item.means in {"negated", "affirmed", "silent"}
    ]
    separators = [
        found.start()
        for found in _SEPARATOR.finditer(text, left, right)
        if text.count("(", found.end(), right) >= text.count(")", found.end(), right)
        and not any(i.start < found.end() and found.start() < i.end for i in between)
    ]
    border = separators[-1] if separators else right
    if not separators and forward:
        border = forward[-1].start
    if forward and separators and forward[-1].start < border and not text[forward[-1].end : border].strip(" ,"):
        border = forward[-1].start
    lead = [
        item
        for item in between
        if item.start < border
        and item.sort in {"event", "category", "protein"}
        and re.fullmatch(
            r"\s*(?:mutations?|variants?)?\s*(?:of|in|for|de|del|en|von|des|im|in|du|dans|van)(?: the"
            r"| exon \d+ of)?\s*",
            text[item.end : right],
            re.I,
        )
    ]
    if lead and not separators:
        border = min(border, lead[0].start)
    return border


_ADJECTIVE = re.compile(
    r"(?:mutant|mutated|positive|negative|rearranged|amplified|deleted|expressing|deficient|wild[- ]type)[ -](?!by\b"
    r"|in (?:this|the)\b|on\b|with\b|at\b|for\b)[a-zA-Z]",
    re.I,
)
_SHARE_OF = re.compile(
    r"\d\s?% (?:de (?:los|las|tous les)|d(?:es|er|ei|egli|elle|os|as)|van de|von) (?!c[eé]l|n[uú]c|noy|kern"
    r"|(?:\w+)?zell|(?:\w+)?cell|tumou?rcel|blast|leuk)\w+\b"
    r"|\d\s?% of (?:all |the )?(?:cases|patients|tumou?rs|cancers"
    r"|\w+ (?:cancers|carcinomas|adenocarcinomas|tumou?rs"
    r"|patients"
    r"|melanomas|leukemias|lymphomas))\b",
    re.I,
)
_PRESENCE = re.compile(r"(?:presence|evidence|presencia|présence|aanwezigheid) ", re.I)
_TRIAL = re.compile(r"\bNCT ?\d{4,}|\bPMID:? ?\d|\bdoi:|\bet al\b", re.I)
_YEAR = re.compile(r"\b(?:19|20)\d\d(?:-\d\d){0,2}\b")
_DATED_TEST = re.compile(
    r"\b[Ii]n (?:\w+ )?(?:19|20)\d\d\b.{0,40}\b(?:was|were)\b|\b(?:was|were)\b.{0,40}\b(?:in|on)\b.{0,24}\b(?:19"
    r"|20)\d\d\b"
)
_NOW_LATER = re.compile(
    r"\b(?:(?:19|20)\d\d (?:sample|biopsy|specimen|test|report)|current|currently|now|today|this (?:sample"
    r"|specimen))\b",
    re.I,
)
_CLASS_TALK = re.compile(
    r"[^.;:\n]{1,36}?[ -](?:mutant|mutated|mutation|positive|negative|rearranged|amplified|deficient|altered|fusion"
    r"|expressing|driven)s?(?:[ -]positive)?[ -](?:[a-z-]+ ){0,4}"
    r"(?:tumou?rs|cancers|patients|carcinomas|adenocarcinomas|melanomas|gliomas|lymphomas|leukemias|malignancies"
    r"|individuals|NSCLCs|trials?|disease (?:is|are|may be) (?:treated|managed))\b",
    re.I,
)
_TRIAL_STEMS = frozenset({"pmid", "doi", "al", "nct", *(f"nct{n}" for n in range(10))})
_CLASS_STEMS = frozenset(
    ["tumo", "canc", "pati", "carc", "aden", "mela", "glio", "lymp", "leuk", "mali", "indi", "nscl", "tria", "dise"]
)
_HARD_STOP = re.compile(r"\b(?:but|however|although|whereas|in this (?:sample|case|specimen|patient))\b", re.I)


def silenced(text: str, items: list[Item], clause: Clause, start: int, end: int, asserted: Assertion) -> bool:
    """Tell whether the words around a marker speak of something else than the patient's own result."""
    cue = asserted.cue
    called = cue is not None and bool(asserted.result or asserted.call) and not _ADJECTIVE.match(text, cue[0])
    words = stems(text, clause.start, clause.end)
    if (
        (not words.isdisjoint(_TRIAL_STEMS) and _TRIAL.search(text, clause.start, clause.end))
        or (not words.isdisjoint(_CLASS_STEMS) and _CLASS_TALK.match(text, start))
        or ("%" in text[clause.start : clause.end] and _SHARE_OF.search(text, clause.start, clause.end))
        or speaks_generally(text, clause, start, end)
    ):
        return True
    for item in items:
        if item.sort != "cue":
            continue
        if item.means == "family" and not _HARD_STOP.search(text, min(item.end, start), max(item.start, start)):
            return True
        if item.means != "silent":
            continue
        if item.note == "always":
            return True
        led = item.end <= start and not _HARD_STOP.search(text, item.end, start)
        if led and (item.note == "forward" or (item.note == "soft" and not called)):
            return True
        if (
            item.note == "backward"
            and asserted.result != "not_evaluated"
            and start <= item.start < end
            and not (called and cue is not None and cue[0] < item.start and not _PRESENCE.match(text, cue[0]))
        ):
            return True
    return False


_TIME_LABEL = re.compile(
    r"(?:^|(?<=[.;|\n])\s?|\n)\s*(?:(?P<past>was|then|before|previous(?:ly)?|prior|history|hx|past history|pmh)"
    r"|is|now|amended(?: to)?|corrected(?: to)?|revised(?: to)?|changed to|current(?:ly)?|today|present|diagnosis"
    r"|interpretation|results?|findings|final diagnosis)\s*:",
    re.I,
)


def _label_before(text: str, clause: Clause) -> bool | None:
    """Tell whether the last label of time before the end of a clause, on its line, speaks of the past."""
    begin = text.rfind("\n", 0, clause.start) + 1
    found = list(_TIME_LABEL.finditer(text[begin : clause.end]))
    return bool(found[-1]["past"]) if found else None


def when(text: str, items: list[Item], clause: Clause, context: Context) -> tuple[bool, str]:
    """Tell whether a statement is of an earlier test, and of when."""
    past = [item for item in items if item.sort == "cue" and item.means == "historical"]
    now = [item for item in items if item.sort == "cue" and item.means == "current"]
    words = text[clause.start : clause.end]
    if (
        not past
        and not now
        and _DATED_TEST.search(words)
        and _NOW_LATER.search(
            text, clause.end, text.find("\n", clause.end) if "\n" in text[clause.end :] else len(text)
        )
    ):
        year = _YEAR.search(words)
        return True, year[0] if year else ""
    past_label = (
        _label_before(text, clause) if ":" in text[text.rfind("\n", 0, clause.start) + 1 : clause.end] else None
    )
    historical = (bool(past) or context.historical or past_label is True) and not now
    date = _YEAR.search(words) if historical else None
    return historical, date[0] if date else context.date


def has_call(items: list[Item], said: Context) -> bool:
    """Tell whether a line that looks like a heading makes a call of its own."""
    if said.result or said.silent:
        return False
    return any(item.sort == "cue" and item.means in {"negated", "affirmed", "untested", "unsure"} for item in items)


FILLER = re.compile(r"[^\W\d_]+")
LIGHT = frozenset(
    {
        "the",
        "a",
        "an",
        "of",
        "in",
        "is",
        "was",
        "group",
        "for",
        "by",
        "this",
        "and",
        "or",
        "nuclear",
        "to",
        "be",
        "result",
        "are",
        "at",
        "de",
        "la",
        "el",
        "der",
        "die",
        "das",
        "le",
        "cells",
        "tumor",
        "tumour",
        "high",
        "low",
        "strong",
        "moderate",
        "weak",
        "stable",
        "however",
        "although",
        "but",
        "ratio",
    }
)


def only_known(text: str, clause: Clause, items: list[Item]) -> bool:
    """Tell whether a clause holds little beside calls, events and numbers."""
    words = [w for w in FILLER.finditer(text, clause.start, clause.end) if w[0].lower() not in LIGHT]
    strange = [w for w in words if not any(i.start <= w.start() < i.end for i in items)]
    return bool(words) and len(strange) <= min(1, len(words) - 1) and all(item.sort in _KNOWN_SORTS for item in items)


ANSWER = re.compile(
    r"\s*(?:final )?(?:results?|interpretation|status|findings?|conclusion|call|resultado|ergebnis|befund|résultat"
    r"|uitslag)\s*[:=]",
    re.I,
)
_NEXT_LINE = re.compile(
    r"[^\n]*\n(?:[ \t]*(?:VAF|MAF|AF|allele fr\w+|depth|coverage|reads?)\b[^\n]{0,24}\n)?\s?[^\w\n]*", re.I
)


def speaks_of_line_before(text: str, clause: Clause, held: Statement, items: list[Item]) -> bool:
    """Tell whether a line without a name gives the result of the line right above it."""
    between = text[held.tail_end : clause.start]
    if not _NEXT_LINE.fullmatch(between) or held.asserted.result:
        return False
    label = ANSWER.match(text, clause.start)
    words = [
        w
        for w in FILLER.finditer(text, label.end() if label else clause.start, clause.end)
        if w[0].lower() != "found" and not (label and w[0].lower() in LIGHT)
    ]
    if words and all(any(i.sort == "cue" and i.start <= w.start() < i.end for i in items) for w in words):
        return True
    if any(item.sort in CHANGES for item in held.items):
        return False
    return bool(items) and (items[0].sort == "label" or any(item.sort in {"call", "event"} for item in items))


def says_why(items: list[Item], held: Statement) -> bool:
    """Tell whether a sentence gives the reason why the test just named has no result."""
    failed = any(i.sort == "cue" and i.means == "untested" and i.note in {"insufficient", "failed"} for i in items)
    named = {i.means for i in items if i.sort == "event"}
    return failed and bool(named & held.events())


def other_test(items: list[Item], held: Statement, fresh: Assertion) -> bool:
    """Tell whether a clause without a name gives the result of another test of the marker ("…; FISH not amplified")."""
    assays = {item.means for item in items if item.sort == "assay"}
    named = {item.means for item in held.items if item.sort == "assay"}
    if not assays or assays & named or not fresh.result or len(held.subjects) != 1 or not held.subjects[0].genes:
        return False
    return bool(held.asserted.result or held.asserted.call or named)
