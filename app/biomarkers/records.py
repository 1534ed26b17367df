"""Records of several lines: a name, its allele fraction and its call below each other are read as one line.

A call that stands alone belongs to the name right above it where names and calls alternate; a call above a list of
names heads that list. A label whose answer is "none" ("Fusions: none") speaks of no marker named before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.biomarkers.item import CHANGES, NAMES, Item
from app.biomarkers.layout import Line
from app.biomarkers.statement import Statement

_WORD = re.compile(r"[^\W\d_]+")
_FRACTION = re.compile(
    r"[^\w\n]*(?:(?:(?:variant )?allele (?:fraction|frequency)|VAF|MAF|AF|VF|depth|coverage|reads?|copies|method|assay"
    r"|exon|transcript|status|date)\b[^\n]{0,40}|\d[\d.,]* ?%?)?\W*",
    re.I,
)
_SHARE = re.compile(r"[1-9]\s?%|0[.,]0*[1-9]")
_LIGHT = frozenset(
    {
        "result", "finding", "call", "status", "interpretation", "conclusion", "answer", "is", "was", "the", "less",
        "than", "more", "of", "or", "equal", "to", "cells", "nuclei", "nuclear", "staining", "tumor", "score", "weak",
        "strong", "moderate", "low", "high", "by", "in", "and",
    }
)  # fmt: skip
_CALLING = frozenset({"negated", "affirmed", "unsure", "untested"})
_LONGEST = 70
NAME, CALL, DETAIL, OTHER = "name", "call", "detail", "other"


@dataclass(frozen=True, slots=True)
class _Told:
    """A line and what it is: a name without a call, a call without a name, a detail, or anything else."""

    line: Line
    sort: str
    negative: bool = False
    share: bool = False


def joined(text: str, items: list[tuple[Line, list[Item]]]) -> Iterator[tuple[Line, list[Item]]]:
    """Yield the logical lines of a passage with the items that each holds, those of one record as one line."""
    items = list(_measured(text, items))
    told = [_told(text, line, inside) for line, inside in items]
    first = next((at for at, one in enumerate(told) if one.sort == CALL), None)
    if first is None or not _answers(text, told, first):
        yield from items
        return
    at = 0
    while at < len(told):
        end = _record(text, told, at)
        if end > at:
            held = told[at].line
            yield (
                Line(held.start, told[end].line.end, (), held.indented),
                [item for _, inside in items[at : end + 1] for item in inside],
            )
        else:
            yield items[at]
        at = max(end, at) + 1


_BURDEN = re.compile(
    r"\W*\d[\d.,]*\s?\(?(?:muts?\w*|m|variants)\s?(?:/|per)\s?(?:Mb|megabase)\b[^\n]{0,30}"
    r"|\W*(?:low|high|intermediate)\W*",
    re.I,
)


def _measured(text: str, items: list[tuple[Line, list[Item]]]) -> Iterator[tuple[Line, list[Item]]]:
    """Yield the lines, the mutational burden with its number and its grade below it as one."""
    held: tuple[Line, list[Item]] | None = None
    for line, inside in items:
        goes_on = held is not None and text.count("\n", held[0].end, line.start) == 1 and not line.breaks
        if held is not None and goes_on and _BURDEN.fullmatch(text, line.start, line.end):
            held = (Line(held[0].start, line.end, (), held[0].indented), [*held[1], *inside])
            continue
        if held is not None:
            yield held
        held = (line, inside)
        if len(inside) != 1 or (inside[0].means, inside[0].note) != ("TMB", "") or line.breaks:
            yield held
            held = None
    if held is not None:
        yield held


def _told(text: str, line: Line, items: list[Item]) -> _Told:
    if line.breaks or line.end - line.start > _LONGEST:
        return _Told(line, OTHER)
    calls = [item for item in items if (item.sort == "cue" and item.means in _CALLING) or item.sort == "call"]
    if any(item.sort in NAMES for item in items):
        bare = not calls and text[line.end - 1] not in ".,;"
        return _Told(line, NAME if bare else OTHER, share=bool(_SHARE.search(text, line.start, line.end)))
    if calls and text[line.end - 1] != ":" and _is_bare(text, line, items):
        return _Told(line, CALL, negative=any(item.means in {"negated", "untested"} for item in calls))
    if _FRACTION.fullmatch(text, line.start, line.end):
        return _Told(line, DETAIL, share=bool(_SHARE.search(text, line.start, line.end)))
    return _Told(line, OTHER)


def _is_bare(text: str, line: Line, items: list[Item]) -> bool:
    """Tell whether every word of a line belongs to a call or to the label before it."""
    if any(item.sort in CHANGES for item in items):
        return False
    known = [(item.start, item.end) for item in items if item.sort in {"cue", "call", "label", "event"}]
    words = _WORD.finditer(text, line.start, line.end)
    return all(word[0].lower() in _LIGHT or any(a <= word.start() < b for a, b in known) for word in words)


def _record(text: str, told: list[_Told], at: int) -> int:
    """Return the position of the line that ends the record which begins here; `at` itself where none does."""
    if told[at].sort != NAME:
        return at
    before = told[at - 1] if at and _touches(text, told[at - 1], told[at]) else None
    if before is not None and before.sort == NAME:
        return at
    if before is not None and before.sort == CALL and not _answers(text, told, at - 1):
        return at
    share, end = told[at].share, at + 1
    while end < len(told) and told[end].sort == DETAIL and _touches(text, told[end - 1], told[end]):
        share = share or told[end].share
        end += 1
    if end >= len(told) or told[end].sort != CALL or not _touches(text, told[end - 1], told[end]):
        return at
    if told[end].negative and share:
        return at
    following = told[end + 1] if end + 1 < len(told) and _touches(text, told[end], told[end + 1]) else None
    if following is not None and following.sort == CALL:
        return at
    return end


def _answers(text: str, told: list[_Told], at: int) -> bool:
    """Tell whether a call stands right below a name, so that it does not head the names that follow it."""
    back = at - 1
    while back >= 0 and told[back].sort == DETAIL and _touches(text, told[back], told[back + 1]):
        back -= 1
    return back >= 0 and told[back].sort == NAME and _touches(text, told[back], told[back + 1])


def _touches(text: str, one: _Told, other: _Told) -> bool:
    """Tell whether no blank line parts two lines."""
    return text.count("\n", one.line.end, other.line.start) == 1


_NONE = re.compile(
    r"[:=–-][ ]?(?:none|nil|no|0|negative|not (?:detected|identified|found|reported|observed)|no(?:ne)? (?:detected"
    r"|identified|found|reported|observed))\b(?: (?:detected|identified|found|reported|observed|seen))?"
    r"(?=[ ]*(?:[.;,|\n\t)]|[ ]{2}|$))",
    re.I,
)
_LABEL_START = re.compile(r".*(?:[.;,|\n\t]|[ ]{2})", re.S)
_EMPTY_LABEL = re.compile(
    r"[ ]*(?:[-•*] ?)?(?:other |additional |further |reportable |gene |genomic |somatic |germline |copy[- ]number )*"
    r"(?:SNVs?(?: ?/ ?indels?)?|indels?|CNVs?|CNAs?|copy[- ]number(?: \w+)?|mutations?|variants?|deletions?"
    r"|insertions?|amplifications?|gains?|loss(?:es)?|fusions?(?: genes?)?|rearrangements?|translocations?"
    r"|structural variants?|alterations?|germline(?: findings?)?|tier (?:[1-4]|I{1,3}|IV)[A-D]?|VUS"
    r"|incidental findings?|findings?|biomarkers?|other)(?: \([^()\n]{1,24}\))?[ ]?",
    re.I,
)


def without_empty_labels(text: str, items: list[Item]) -> list[Item]:
    """Leave out what stands in labels whose answer is "none", where a marker is named before them in the same block."""
    empty = []
    for found in _NONE.finditer(text):
        lead = text[max(0, found.start() - 60) : found.start()]
        cut = _LABEL_START.match(lead)
        start = found.start() - len(lead) + (cut.end() if cut else 0)
        if (cut or len(lead) < 60) and _EMPTY_LABEL.fullmatch(text, start, found.start()):
            empty.append((start, found.end()))
    if not empty:
        return items
    named = [item for item in items if item.sort in NAMES]
    kept = [(a, b) for a, b in empty if _follows_a_result(text, a, named, items)]
    return [item for item in items if not any(a <= item.start < b for a, b in kept)]


def _follows_a_result(text: str, start: int, named: list[Item], items: list[Item]) -> bool:
    """Tell whether the label stands behind a name that a change or another label came with, rather than heads it."""
    before = [item for item in named if item.end <= start]
    if not before:
        return False
    last = before[-1]
    line = text.rfind("\n", 0, last.start) + 1
    led = ":" in text[line : last.start]
    told = any(last.end <= item.start < start and item.sort in {*CHANGES, "event", "cue", "call"} for item in items)
    return led or told or last.sort == "cytogenetic"


def lone_gene(text: str, line: Line, items: list[Item]) -> tuple[Item, ...]:
    """Return the gene of a line that holds nothing else but, before a colon, words for the test made of it."""
    genes = tuple(item for item in items if item.sort == "gene")
    if not genes or len({item.means for item in genes}) != 1:
        return ()
    heads = text.endswith(":", line.start, line.end)
    others = [item for item in items if item.sort != "gene"]
    if others and not (heads and all(item.sort in _OF_TEST for item in others)):
        return ()
    rest = text[line.start : line.end]
    for item in sorted(items, key=lambda i: -i.start):
        rest = rest[: item.start - line.start] + rest[item.end - line.start :]
    return genes if not _TEST_WORDS.sub("", rest) else ()


_OF_TEST = frozenset({"assay", "event", "label"})
_TEST_WORDS = re.compile(r"(?i)genes?|analys[ei]s|test(?:ing)?|results?|:|[\s()\-/*]")


def names_part(statement: Statement) -> bool:
    """Tell whether a statement is of a change or a part of a gene, which has no score of staining."""
    return any(item.sort == "exon" or item.sort in CHANGES for item in statement.items)
