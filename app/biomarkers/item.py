"""A word or name of a text that has a meaning."""

from __future__ import annotations

from typing import NamedTuple


class Item(NamedTuple):
    """A word or name with a meaning.

    Attributes:
        start: First character.
        end: One past the last character.
        sort: gene, family, signature, cytogenetic, protein, coding, genomic, category, exon, event, cue and so on.
        means: Symbol, normalised name, or kind of cue.
        note: What else is known: marker, direction of a cue, reason.
        weak: Whether it counts only beside a change or a call.
    """

    start: int
    end: int
    sort: str
    means: str
    note: str = ""
    weak: bool = False


NAMES = frozenset({"gene", "marker", "family", "signature", "cytogenetic"})
CHANGES = frozenset({"protein", "coding", "genomic", "category"})
