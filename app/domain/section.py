"""A stretch of a report with one purpose, as text whose every character knows its word on the page."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.document import ReportKind
from app.domain.page import Word
from app.domain.provenance import Evidence, Spoken


class SectionKind(StrEnum):
    """What a section is for; it decides whether what it names can be a finding of the patient."""

    PATIENT = "patient"
    DIAGNOSIS = "diagnosis"
    RESULTS = "results"
    VUS = "vus"
    GERMLINE = "germline"
    NEGATIVE = "negative"
    NOT_COVERED = "not_covered"
    SYNOPTIC = "synoptic"
    DESCRIPTION = "description"
    COMMENT = "comment"
    ADDENDUM = "addendum"
    HISTORY = "history"
    TREATMENT = "treatment"
    FAMILY = "family"
    PLAN = "plan"
    THERAPIES = "therapies"
    TRIALS = "trials"
    METHOD = "method"
    GENE_LIST = "gene_list"
    LITERATURE = "literature"
    BOILERPLATE = "boilerplate"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Anchor:
    """Ties a stretch of section text to a word on a page.

    Attributes:
        start: First character in the section text.
        end: One past the last character.
        page: Page number, from 1.
        line: Number of the line on the page, so that a box never spans two lines.
        word: The word itself.
    """

    start: int
    end: int
    page: int
    line: int
    word: Word


@dataclass(frozen=True, slots=True)
class Section:
    """Text with one purpose.

    Attributes:
        kind: What it is for.
        heading: As printed, or "" where it has none.
        text: Lines joined by a newline; cells of a table row joined by a tab; a paragraph's lines stay lines.
        anchors: In order of `start`; empty for plain text that has no page.
        specimen: Label of the specimen that the section is about ("A"), or "".
        date: Day of the result where the section states its own (ISO or part of it); "" elsewhere.
        columns: Column names of a table as the lab's layout file names them (gene, alteration, vaf …), in order; empty
            where it is no recognised table.
        document: Position of the document in the record, from 0.
    """

    kind: SectionKind
    heading: str
    text: str
    anchors: tuple[Anchor, ...] = ()
    specimen: str = ""
    date: str = ""
    columns: tuple[str, ...] = ()
    document: int = 0

    def words(self, start: int, end: int) -> tuple[Anchor, ...]:
        """Return the anchors that touch the characters from start (included) to end (excluded)."""
        first = bisect_right(self.anchors, start, key=lambda anchor: anchor.end)
        found: list[Anchor] = []
        for anchor in self.anchors[first:]:
            if anchor.start >= end:
                break
            found.append(anchor)
        return tuple(found)

    def evidence(self, start: int, end: int) -> tuple[Evidence, ...]:
        """Quote the characters from start (included) to end (excluded), one evidence a line of the page."""
        quotes: list[Evidence] = []
        run: list[Anchor] = []
        for anchor in self.words(start, end):
            if run and (anchor.page, anchor.line) != (run[-1].page, run[-1].line):
                quotes.append(self._quote(run))
                run = []
            run.append(anchor)
        if run:
            quotes.append(self._quote(run))
        return tuple(quotes)

    def _quote(self, run: list[Anchor]) -> Evidence:
        box = run[0].word.box
        for anchor in run[1:]:
            box = box.joined(anchor.word.box)
        text = " ".join(anchor.word.text for anchor in run)
        return Evidence(Spoken.PAGE, text, self.document, run[0].page, box)


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a document is about, as printed on it.

    Attributes:
        name: As printed, or "".
        born: ISO date, or "".
        sex: "female", "male" or "".
    """

    name: str = ""
    born: str = ""
    sex: str = ""


NOBODY = Person()
"""Whom a document is about when it does not say."""


@dataclass(frozen=True, slots=True)
class Report:
    """A document divided into sections, and what its head says.

    Attributes:
        kind: What sort of report it is.
        laboratory: As printed or as the layout file names it; "" where unknown.
        test: Name of the assay; "" where unknown.
        report_date: Day it was signed, else collected; None where unknown.
        specimen: As printed; "" where unknown.
        person: Whom it is about.
        sections: In reading order, covering every word of the document.
        people: Page number → whom that page names, for every page that names somebody.
    """

    kind: ReportKind
    sections: tuple[Section, ...]
    laboratory: str = ""
    test: str = ""
    report_date: date | None = None
    specimen: str = ""
    person: Person = NOBODY
    people: tuple[tuple[int, Person], ...] = ()
