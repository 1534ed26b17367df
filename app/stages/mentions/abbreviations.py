"""What a report means by an abbreviation that it defines itself ("partial response (PR)").

Uses scispaCy's implementation of Schwartz and Hearst (2003); spaCy is loaded only when a report defines a short name
that could also be a marker as something else, which most never do.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from app.biomarkers.names import Terms
from app.biomarkers.rules import Rules

_DEFINED = re.compile(r"(?P<long>(?:[\w'-]+[ \t]+){1,6})\((?P<short>[A-Z][A-Za-z]{1,4})\)")

_IN_BRACKETS = re.compile(r"\(([A-Z][A-Za-z]{1,4})\)")


class Abbreviations:
    """Tells which short names of a text stand for something else than the marker of that name."""

    def __init__(self, terms: Terms, rules: Rules) -> None:
        """Gather the long names of each guarded short one."""
        self._meant: dict[str, set[str]] = {}
        by_marker: dict[str, set[str]] = {}
        for entry in rules.entries:
            if entry.sort in {"marker", "gene"}:
                by_marker.setdefault(entry.means, set()).add(entry.phrase.lower())
        for short in rules.guarded:
            symbol = next((e.means for e in rules.entries if e.phrase == short and e.means), short)
            gene = terms.vocabulary.genes.get(symbol)
            names = by_marker.get(symbol, set()) | ({gene.name.lower()} if gene else set())
            self._meant[short] = {name for name in names if len(name) > 5}

    def barred(self, text: str) -> frozenset[str]:
        """Return the short names that the text defines as something that is no marker."""
        found: set[str] = set()
        if self._meant.keys().isdisjoint(_IN_BRACKETS.findall(text)):
            return frozenset()
        for defined in _DEFINED.finditer(text):
            short = defined["short"]
            before = defined["long"].strip()
            if short not in self._meant or any(name in before.lower() for name in self._meant[short]):
                continue
            long = _long_form(before, short)
            if long and not any(long in name for name in self._meant[short]):
                found.add(short)
        return frozenset(found)


def _long_form(before: str, short: str) -> str:
    """Return the words that the short form stands for, in lower case; "" where it abbreviates none of them."""
    from scispacy.abbreviation import find_abbreviation

    doc = _blank()(f"{before} {short}")
    _, long = find_abbreviation(doc[:-1], doc[-1:])
    return long.text.lower() if long is not None else ""


@cache
def _blank() -> Any:
    import spacy

    return spacy.blank("en")
