"""Words beside a result that make none: parts of a score, what normal tissue shows, what is normal, controls."""

from __future__ import annotations

import re

from app.biomarkers.item import CHANGES, Item
from app.biomarkers.layout import Line, stems
from app.biomarkers.rows import Columns, placed

_PARTS = re.compile(r"\((?=[^()\n]*\b(?:TAI|LST)\b)[^()\n]{4,80}\)")
_IN_NORMAL = re.compile(
    r"\s+in\s+(?:the\s+|her\s+|his\s+)?(?:patient'?s?\s+)?(?:matched\s+|paired\s+)?(?:germ-?line|normal|constitutional"
    r"|saliva|buccal|skin|fibroblasts?|non-?tumou?r|blood)\b",
    re.I,
)
_SOMATIC = re.compile(r"\bsomatic\b|\bin (?:the )?tumou?r\b", re.I)
_SILENT_ROLES = frozenset({"reference", "silent"})


def without_asides(text: str, items: list[Item]) -> list[Item]:
    """Leave out the parts of a score in brackets, and "not present" where it is the germline that lacks a change."""
    if "TAI" in text or "LST" in text:
        items = _without(items, [found.span() for found in _PARTS.finditer(text)])
    items = [item for item in items if not (item.means == "stop" and _opens(text, item.start))]
    if "=" in text:
        items = _without(items, [found.span() for found in LEGEND.finditer(text)])
    if "prior" in text or "previous" in text or " before" in text:
        items = _without(items, [found.span() for found in _FORMER.finditer(text)])
    if " lost" in text:
        items = [_gone(text, item, items[at - 1]) if at else item for at, item in enumerate(items)]
    if "omatic" in text or "tumo" in text:
        items = [_of_tumour(text, item) for item in items]
    return items


def _opens(text: str, start: int) -> bool:
    """Tell whether a word begins a clause of its own, so that there is nothing before it to stop."""
    before = text[max(0, start - 3) : start].rstrip(" ")
    return not before or before[-1] in ";.\n"


def _gone(text: str, item: Item, before: Item) -> Item:
    """Return "lost" right behind a change as the denial that it is; behind a protein it is a call of the stain."""
    changed = before.sort in CHANGES or before.means in {"mutation", "fusion", "rearrangement", "amplification"}
    if item.sort != "call" or not changed or text[item.start : item.end].lower() != "lost":
        return item
    return Item(item.start, item.end, "cue", "negated", "backward") if item.start - before.end <= 6 else item


def _without(items: list[Item], spans: list[tuple[int, int]]) -> list[Item]:
    """Leave out the items that begin in a span."""
    return [item for item in items if not any(a <= item.start < b for a, b in spans)] if spans else items


LEGEND = re.compile(
    r"(?<![\w.])(?:N?MD|ND|NMD|WT|MUT|POS|NEG|NA|NT|NE|D|N|P|Y|[+-])\s?=\s?(?:(?:no|not|wild|none) )?[A-Za-z -]{3,30}?"
    r"(?:detected|found|identified|tested|performed|applicable|positive|negative|present|absent|evaluable|type|mutated"
    r"|evaluated|assessed)\b",
    re.I,
)
"""A key to the abbreviations of a table ("NMD = no mutation detected")."""
_FORMER = re.compile(
    r"\((?:prior|previous(?:ly)?|before|last|earlier)\b[^()\n]{0,40}\d[^()\n]{0,20}\)"
    r"|\((?:now \d[\d.,]*\s?%, )?(?:prior|previously)\b[^()\n]{0,40}\d[^()\n]{0,20}\)",
    re.I,
)
"""What an earlier test gave, in brackets behind today's result."""


def _of_tumour(text: str, item: Item) -> Item:
    """Return the word that calls a change somatic in place of the denial that normal tissue has it, else the item."""
    if item.sort != "cue" or item.means != "negated":
        return item
    end = item.end - 3 if text.endswith(" in", item.start, item.end) else item.end
    if not _IN_NORMAL.match(text, end):
        return item
    start = max(text.rfind("\n", 0, item.start), text.rfind(". ", 0, item.start)) + 1
    told = _SOMATIC.search(text, start, item.start)
    return item if told is None else Item(*told.span(), "cue", "affirmed", "backward")


def without_reference(text: str, line: Line, items: list[Item], columns: Columns) -> tuple[Line, list[Item]]:
    """Leave out the cells of columns that tell what is normal or what could be given."""
    if not any(role in _SILENT_ROLES for role, _ in columns):
        return line, items
    silent = [(a, b) for role, a, b in placed(text, line, columns) if role in _SILENT_ROLES]
    kept = [item for item in items if not any(a <= item.start < b for a, b in silent)]
    if silent and silent[-1][1] == line.end and len(line.breaks) > 1:
        line = Line(line.start, line.breaks[-1][0], line.breaks[:-1], line.indented)
    return line, kept


_CONTROL = re.compile(
    r"\b(?:positive|negative|no[- ]template|process|run|assay|kit|qc|internal|external|extraction)[ -]controls?\b"
    r"|\bcontrol (?:dna|rna|cell lines?|samples?|material|tissue|run)\b|\breference (?:standard|material|dna|cell line)"
    r"|\b(?:reagent|kit|batch|primer|probe) lots?\b|\blot (?:no|number|#|\d)|\bHD7\d\d\b|\bNA1\d{4}\b",
    re.I,
)
_COVERED = re.compile(
    r"(?![^:\n]{0,60}\b(?:low|fail\w*|inadequate\w*|insufficient\w*|not|below|reduced|poor\w*|suboptimal|affected)\b)"
    r"[^:\n]{0,60}\b(?:interrogated|(?<!not )covered|targeted|(?<!not )included|regions?|hotspots?|targets?"
    r"|(?<!not )assayed|screened)\b[^:\n]{0,24}:",
    re.I,
)
_INCLUDING = re.compile(r"\bexons? [\d, and&-]+,?\s(?:including|incl\.?)\b", re.I)
_EXPECTED = re.compile(r"\b(?:gave|give|yielded|show(?:ed|s)?|produced) the expected\b|\bexp(?:iry|ires|\.) ?\d", re.I)


_STEMS = frozenset((
    "cont", "refe", "lot", "lots", "expe", "exp", "expi", "inte", "cove", "targ", "incl", "regi", "hots", "assa",
    "scre", *(f"{name}{n}" for name in ("hd7", "na1") for n in range(10)),
))  # fmt: skip
"""First letters of the words without which none of the patterns above can be found."""


def is_control(text: str, start: int, end: int, name: int) -> bool:
    """Tell whether a clause tells of a control or a reagent, or lists what is covered.

    Args:
        text: The passage.
        start: Where the clause begins.
        end: Where it ends.
        name: Where the marker stands.
    """
    if _STEMS.isdisjoint(stems(text, start, end)):
        return False
    led = _CONTROL.search(text, start, name)
    if led is not None and "." not in text[led.end() : name] and text[led.end() : name].count(")") == 0:
        return True
    return _EXPECTED.search(text, start, end) is not None or any(
        (_COVERED.match(text, start, name), _INCLUDING.search(text, start, end))
    )
