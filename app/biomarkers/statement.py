"""Statements: of which markers a stretch of text speaks, with what words, and what it asserts of them."""

from __future__ import annotations

from dataclasses import dataclass

from app.biomarkers.item import Item
from app.biomarkers.layout import Context


@dataclass(frozen=True, slots=True)
class Subject:
    """A marker or fusion that a statement is about.

    Attributes:
        start: First character of its name.
        end: One past the last.
        sort: gene, fusion, signature or cytogenetic.
        genes: One symbol; two for a fusion, 5' first; none for a signature.
        name: Marker as printed on lists, name of the signature, or the event.
        note: Call that the name itself makes ("MSI-H"), gene that an event implies.
        printed: As printed.
        label: Where the name stands when it is in the row above its value.
    """

    start: int
    end: int
    sort: str
    genes: tuple[str, ...]
    name: str
    note: str = ""
    printed: str = ""
    label: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Assertion:
    """What is asserted.

    Attributes:
        result: detected, not_detected, indeterminate, not_evaluated, or "" where the text makes no call.
        reason: Why not evaluated.
        cue: Where the deciding words stand.
        call: A call that only stains have: intact, lost, aberrant …
    """

    result: str = ""
    reason: str = ""
    cue: tuple[int, int] | None = None
    call: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """What one stretch of text says of one or several markers.

    Attributes:
        subjects: In order; a list of markers shares one call.
        head: Items before the names that belong to them.
        tail: Items after the names that belong to them.
        head_start: First character of the words before the names that belong to them.
        tail_end: One past the last character that belongs to them.
        asserted: What is asserted.
        context: What the headings above say.
        row: Whether it is a row of a table or a list of labels and values.
        silenced: Whether the sentence speaks of something else than the patient's own result.
        has_verb: Whether the clause is a full sentence.
        columns: Role of a table column → (start, end) of this row's cell.
        historical: Whether it is an earlier result.
        date: Of the earlier result where stated.
        clause: (start, end) of the clause.
    """

    subjects: tuple[Subject, ...]
    head: tuple[Item, ...]
    tail: tuple[Item, ...]
    head_start: int
    tail_end: int
    asserted: Assertion
    context: Context
    row: bool = False
    silenced: bool = False
    has_verb: bool = False
    columns: tuple[tuple[str, int, int], ...] = ()
    historical: bool = False
    date: str = ""
    clause: tuple[int, int] = (0, 0)

    @property
    def items(self) -> tuple[Item, ...]:
        """All items that belong to the names, in order."""
        return (*self.head, *self.tail)

    def events(self) -> set[str]:
        """Kinds of events named."""
        return {item.means for item in self.items if item.sort == "event"}

    def assays(self) -> set[str]:
        """Kinds of assays named, that of the heading included where the line names none."""
        named = {item.means for item in self.items if item.sort == "assay"}
        only = self.context.assay_of
        holds = self.context.assay and (not only or only in self.subjects[0].genes)
        return named or ({self.context.assay} if holds else set())

    def first(self, sort: str) -> Item | None:
        """Return the first item of a sort, the tail's before the head's."""
        return next((item for item in (*self.tail, *self.head) if item.sort == sort), None)

    def cell(self, role: str) -> tuple[int, int] | None:
        """Return where the row's cell of a role stands."""
        return next(((a, b) for name, a, b in self.columns if name == role), None)
