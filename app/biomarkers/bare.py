"""A change that is named without a call: a result only where nothing beside it says what we cannot read.

A word that no rule knows, or a letter of a script that we do not read, may be the denial itself.
"""

from __future__ import annotations

import re
from functools import cache

from app.biomarkers.asides import LEGEND
from app.biomarkers.item import CHANGES, Item
from app.biomarkers.statement import Statement
from app.biomarkers.word_lists import strings

_FOREIGN = re.compile(
    r"[\u0100-\u0151\u0154-\u024f\u0370-\u0390\u0394-\u03ae\u03b4-\u03bb\u03bd-\u1fff\u2c00-\u2dff\u3040-\ud7ff\uf900-\ufaff]|[åøÅØ]"
)
"""Letters that English, Spanish, German, French, Italian, Portuguese and Dutch lack; µ and the Greek of names stay."""
_WORD = re.compile(r"(?<![\w])[^\W\d_]{2,}(?![\w])")
_SHARE = re.compile(r"(?<![<≤\d.,])\b(?:[1-9]\d?|0[.,]\d*[1-9]\d*|100)(?:[.,]\d+)?\s?%")
_CODE = re.compile(r"(?:[ACGT]{2,6}|[acgt]{2,6}|I{2,3}|IV|VI{0,3})(?:[AB])?", re.ASCII)
_DRUG = re.compile(r"(?:nib|mab|sib|ciclib|parib|sertib|lisib|platin|taxel|stat|rafenib|denib|vec)\Z")


_ASKED_FOR = re.compile(
    r"\b(?:check(?:ed|ing)? for|look(?:ed|ing)? for|test(?:ed|ing)? for|query|quer(?:y|ied)|targets?"
    r"|request(?:ed)?|order(?:ed)?|sensitivity|assays?|probes?|inhibit\w*|hypothe\w*|suspect\w*|indication)\b"
    r"|(?:^|\n)\W*(?:tests?:|detects\b)",
    re.I,
)
"""Words before a change that ask for it or are about a test or a drug."""


@cache
def _beside() -> frozenset[str]:
    return frozenset(word.lower() for word in strings("voice", "beside"))


def asks_for(text: str, statement: Statement) -> bool:
    """Tell whether the words before a change in its clause ask for it or tell what a test or a drug is for."""
    line_start = text.rfind("\n", 0, statement.subjects[0].start) + 1
    begin = max(line_start, statement.clause[0])
    return _ASKED_FOR.search(text[begin : statement.subjects[0].start]) is not None


def _is_probe(text: str, item: Item) -> bool:
    """Tell whether a word behind a change makes it the name of a test."""
    return item.sort == "assay" and text[item.start : item.end].lower() == "probe"


def is_plain(text: str, statement: Statement) -> bool:
    """Tell whether the words that a named change stands among are known not to deny it.

    Args:
        text: The passage.
        statement: What is said; it makes no call.
    """
    start, end = statement.head_start, statement.tail_end
    line_start = text.rfind("\n", 0, statement.subjects[0].start) + 1
    if _FOREIGN.search(text, max(line_start, start - 60), end):
        return False
    if asks_for(text, statement) or any(_is_probe(text, item) for item in statement.tail):
        return False
    if (
        statement.row
        or statement.subjects[0].sort == "cytogenetic"
        or _SHARE.search(text, statement.subjects[-1].end, end)
    ):
        return True
    known = [(i.start, i.end) for i in statement.items]
    if "=" in text[statement.subjects[-1].end : end]:
        known += [found.span() for found in LEGEND.finditer(text, statement.subjects[-1].end, end)]
    change = next((i.start for i in reversed(statement.tail) if i.sort in {*CHANGES, "event"}), 0)
    begin = max(statement.subjects[-1].end, change)
    for word in _WORD.finditer(text, begin, end):
        if any(a <= word.start() < b for a, b in known):
            continue
        if word[0].lower() not in _beside() and not _CODE.fullmatch(word[0]) and not _DRUG.search(word[0].lower()):
            return False
    return True
