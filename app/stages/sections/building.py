"""Rows → the text of a section, with an anchor for every word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.domain.page import Word
from app.domain.section import Anchor, Section, SectionKind
from app.stages.sections.rows import Row


@dataclass(slots=True)
class Draft:
    """A section while it is put together.

    Attributes:
        kind: What it is for.
        heading: As printed, or "".
        rank: Size of its heading; 0 where it has none.
        rows: In reading order.
        columns: Names of a table's columns; empty where it is no named table.
        specimen: Label of the specimen, or "".
        date: ISO day of its results where it states its own, or "".
        inline: Whether its heading stood before its text on one line, so that it may end with that paragraph.
        place: The row of its heading; None where it has none.
    """

    kind: SectionKind
    heading: str = ""
    rank: float = 0.0
    rows: list[Row] = field(default_factory=list)
    columns: tuple[str, ...] = ()
    specimen: str = ""
    date: str = ""
    inline: bool = False
    place: Row | None = None

    def like(self, rows: Sequence[Row], kind: SectionKind | None = None) -> Draft:
        """Return a draft of the same section with other rows, and another kind where one is given."""
        return Draft(
            kind or self.kind, self.heading, self.rank, list(rows), (), self.specimen, self.date, place=self.place
        )


def section_of(draft: Draft, document: int) -> Section:
    """Write the text of a section: cells joined by a tab, rows by a newline, paragraphs by an empty line."""
    text: list[str] = []
    anchors: list[Anchor] = []
    at = 0
    before: Row | None = None
    for row in draft.rows:
        if before is not None:
            gap = "\n\n" if _parts(before, row) and not draft.columns else "\n"
            text.append(gap)
            at += len(gap)
        before = row
        for number, cell in enumerate(row.cells):
            if number:
                text.append("\t")
                at += 1
            for place, (line, word) in enumerate(cell.words):
                if place:
                    text.append(" ")
                    at += 1
                anchors.append(_anchor(at, row.page, line, word))
                text.append(word.text)
                at += len(word.text)
    return Section(
        kind=draft.kind,
        heading=draft.heading,
        text="".join(text),
        anchors=tuple(anchors),
        specimen=draft.specimen,
        date=draft.date,
        columns=draft.columns,
        document=document,
    )


def _anchor(at: int, page: int, line: int, word: Word) -> Anchor:
    return Anchor(at, at + len(word.text), page, line, word)


def _parts(above: Row, row: Row) -> bool:
    """Tell whether a new paragraph begins; a sentence that runs on over a page or column does not part."""
    if (above.page, above.block) == (row.page, row.block):
        return False
    ended = above.text.rstrip().endswith((".", ":", "!", "?"))
    return ended or not row.text[:1].islower()
