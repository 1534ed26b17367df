"""Pages → sections: headings, layout and content decide what each stretch of a report is for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.page import Page
from app.domain.section import SectionKind
from app.stages.sections.building import Draft
from app.stages.sections.choices import settled
from app.stages.sections.columns import OPEN, table_drafts
from app.stages.sections.content import NO_RESULTS, kind_by_content
from app.stages.sections.furniture import furniture
from app.stages.sections.grids import regridded, with_cards, with_stacks
from app.stages.sections.headings import Heading, looks_of
from app.stages.sections.layouts import Labels, Layout, Layouts
from app.stages.sections.leaders import without_leaders
from app.stages.sections.pieces import Piece, pieces_of
from app.stages.sections.rows import Row, rows_of
from app.stages.sections.spelling import squeezed
from app.stages.sections.underlines import without_rules

_SPECIMEN = re.compile(
    r"^\s*(?:part|specimen|probe|muestra|espécimen|échantillon|prélèvement|monster|präparat)\s*[:#]?\s*([A-Z]|\d{1,2})\b[\s:.)-]"
    r"|^\s*([A-Z])[.):]\s+(?=[^.:;]{2,60},[^.;]{0,80}\b\w*(?:biops|excision|resection|ectomy|aspirat|washing|brushing|curettag))"
    r"(?!.*\b(?:negative|positive|identified|involved|present|seen)\b)",
    re.I,
)
_LABEL = re.compile(r"^\s*(?:[^\W\d_][\w /()&.,'’-]{1,44}:(?:\s|$)|\d{1,4}[-/.]\d{1,2}(?:[-/.]\d{2,4})?\b)")
_WORD = re.compile(r"[^\W\d_]{3}")
_PROSE = frozenset({SectionKind.BOILERPLATE, SectionKind.METHOD, SectionKind.LITERATURE})
_LISTS = frozenset({SectionKind.TRIALS, SectionKind.THERAPIES})
_TOLD = frozenset({SectionKind.HISTORY, SectionKind.FAMILY, SectionKind.TREATMENT, SectionKind.PLAN})


@dataclass(frozen=True, slots=True)
class Divided:
    """Drafts of sections.

    Attributes:
        drafts: In reading order; what was set apart comes last.
        unmarked: Pages on which a form prints several answers and none can be seen to be marked.
        commanding: Pages with text that speaks to software.
        unsure: Pages with a line of which no word could be read for sure.
    """

    drafts: list[Draft]
    unmarked: tuple[int, ...]
    commanding: tuple[int, ...]
    unsure: tuple[int, ...] = ()


def drafts_of(pages: Sequence[Page], layout: Layout, layouts: Layouts) -> Divided:
    """Divide pages into drafts of sections that cover every word."""
    rows, dots = without_leaders(rows_of(pages))
    outside = furniture(rows, layout)
    spoken, ordered = _spoken([row for at, row in enumerate(rows) if at not in outside], layouts)
    choice = settled(spoken, layouts)
    woven, ruled = without_rules(regridded(choice.rows, layout))
    inside = with_stacks(with_cards(woven))
    looks = looks_of(inside, layout)
    drafts = _run(pieces_of(inside, layout, looks))
    drafts = [part for draft in drafts for part in _patient_alone(draft, layouts.labels)]
    drafts = [part for draft in drafts for part in _by_content(draft, layouts)]
    drafts = [part for draft in drafts for part in _by_specimen(draft)]
    drafts.append(Draft(SectionKind.METHOD, rows=choice.others))
    drafts.append(Draft(SectionKind.BOILERPLATE, rows=[row for at, row in enumerate(rows) if at in outside]))
    drafts.append(Draft(SectionKind.BOILERPLATE, rows=ordered))
    drafts.append(Draft(SectionKind.BOILERPLATE, rows=[*dots, *ruled]))
    held = {(row.page, row.line) for row in rows}
    unsure = {row.page: 0 for row in dots if (row.page, row.line) not in held and _WORD.search(row.text)}
    commanding = {row.page: 0 for row in ordered}
    return Divided([draft for draft in drafts if draft.rows], choice.unmarked, tuple(commanding), tuple(unsure))


def _spoken(rows: Sequence[Row], layouts: Layouts) -> tuple[list[Row], list[Row]]:
    """Part what speaks to people from what speaks to software: a command and the rest of its paragraph."""
    spoken: list[Row] = []
    ordered: list[Row] = []
    for row in rows:
        goes_on = bool(ordered) and (ordered[-1].page, ordered[-1].block) == (row.page, row.block)
        commands = any(pattern.search(row.text) for pattern in layouts.commands)
        (ordered if commands or goes_on else spoken).append(row)
    return spoken, ordered


def _run(pieces: Sequence[Piece]) -> list[Draft]:
    """Go through the pieces in reading order; each heading ends the section above it."""
    drafts = [Draft(SectionKind.UNKNOWN)]
    around = drafts[0]
    edges: dict[int, float] = {}
    for row in (row for piece in pieces for row in piece.rows):
        edges[row.page] = max(edges.get(row.page, 0.0), row.cells[-1].x1)
    for piece in pieces:
        row = piece.rows[0]
        if drafts[-1].inline and not piece.heading and _is_over(drafts[-1], row):
            drafts.append(around.like(()))
        elif not piece.heading and _has_left_column(drafts[-1], row):
            around = _above_in_column(drafts, row) or drafts[-1]
            drafts.append(around.like(()))
        elif _is_beside_a_sidebar(drafts[-1], row, edges):
            around = _above_both(drafts) or Draft(SectionKind.UNKNOWN)
            drafts.append(around.like(()))
        current = drafts[-1]
        if any(column.name for column in piece.columns):
            titled = current
            if (current.kind is SectionKind.PATIENT and _tells_results(piece)) or (
                current.kind is SectionKind.THERAPIES and _measures(piece)
            ):
                titled = Draft(SectionKind.UNKNOWN)
            if piece.heading is not None and piece.heading.kind is not None and current.kind in NO_RESULTS:
                titled = Draft(piece.heading.kind, piece.heading.text, piece.heading.rank)
            drafts.extend(table_drafts(piece, titled))
            drafts.append(titled.like(()))
            around = around if titled is current else drafts[-1]
            continue
        opened = _opened(piece.heading, around if current.inline else current) if piece.heading else None
        if opened is not None:
            opened.place = row
            drafts.append(opened)
            if not opened.inline:
                around = opened
            elif around.kind in NO_RESULTS and opened.kind not in NO_RESULTS:
                around = Draft(SectionKind.UNKNOWN)
        drafts[-1].rows.extend(piece.rows)
    return drafts


def _tells_results(piece: Piece) -> bool:
    """Tell whether the columns of a table are those of findings: the lines on the person above it name no heading."""
    names = {column.name for column in piece.columns}
    return len(names & {"gene", "alteration", "result", "vaf", "value"}) >= 2


def _measures(piece: Piece) -> bool:
    """Tell whether a table gives what was found beside the therapies for it: an allele fraction, or a printed result.

    A table of what drugs are approved for has neither, whatever else it calls its columns.
    """
    head = {squeezed(cell.text) for cell in piece.rows[0].cells}
    names = [column.name for column in piece.columns]
    named = "gene" in names or "alteration" in names
    return named and "condition" not in names and ("vaf" in names or bool(head & _PRINTED_RESULT))


_PRINTED_RESULT = frozenset({"result", "results", "testresult", "testresults"})


def _has_left_column(draft: Draft, row: Row) -> bool:
    """Tell whether a row stands wholly left of the column that its section's heading and lines fill."""
    place = draft.place
    if place is None or place.page != row.page or not row.first or row.cells[-1].x1 > place.x0 + 2 * row.size:
        return False
    if row.x0 > place.x0 - 4 * row.size:
        return False
    own = [other for other in draft.rows if other.page == place.page and other is not place]
    beside = [other for other in own if other.x0 > place.x0 - 2 * other.size]
    return len(beside) >= max(2, 0.6 * len(own))


def _is_beside_a_sidebar(draft: Draft, row: Row, edges: dict[int, float]) -> bool:
    """Tell whether a row begins the wide column on the right of a narrow one that the section's heading opened.

    Text that runs on from one column into the next stands in columns of like width; a sidebar is narrower.
    """
    place = draft.place
    if place is None or not draft.rows or place.page != row.page or draft.rows[-1].page != row.page:
        return False
    if row.y0 >= draft.rows[-1].y0:
        return False
    own = [other for other in draft.rows if other.page == row.page]
    right = max(other.cells[-1].x1 for other in own)
    return row.x0 > right and right - place.x0 < NARROW * (edges[row.page] - row.x0)


def _above_both(drafts: Sequence[Draft]) -> Draft | None:
    """Return the section whose heading stands above that of the last one, on its page."""
    last = drafts[-1].place
    above = (d for d in reversed(drafts[:-1]) if d.place is not None and last is not None and d.place.page == last.page)
    return next((d for d in above if d.place is not None and last is not None and d.place.y1 <= last.y0), None)


NARROW = 0.7
"""Width of a sidebar as a share of the width of the column beside it, at most."""


def _above_in_column(drafts: Sequence[Draft], row: Row) -> Draft | None:
    """Return the section whose heading stands nearest above a row in the row's own column of its page.

    Of columns that begin left of the row, its own goes first; of drafts with one heading, the last.
    """
    found, nearest = None, (False, 0.0)
    for draft in drafts:
        place = draft.place
        if place is None or place.page != row.page or place.y1 > row.y0 or place.x0 - 2 * row.size > row.x0:
            continue
        here = (abs(place.x0 - row.x0) < 4 * row.size, place.y0)
        if found is None or here >= nearest:
            found, nearest = draft, here
    return found


def _is_over(draft: Draft, row: Row) -> bool:
    """Tell whether a section whose heading stood on one line with its text ends before this row.

    It ends with its paragraph and before a line with a label of its own; a history that is told in prose goes on.
    """
    if not draft.rows:
        return False
    if _LABEL.match(row.text):
        return True
    last = draft.rows[-1]
    if (last.page, last.block) == (row.page, row.block):
        return False
    return not (draft.kind in _TOLD and len(row.text.split()) >= 12)


def _opened(found: Heading, current: Draft) -> Draft | None:
    """Return the section that a heading begins; None where it stays a line of the current one."""
    if found.inner:
        return Draft(current.kind, found.text, current.rank, specimen=current.specimen, date=current.date)
    shut = current.kind in NO_RESULTS
    if found.kind is None:
        below = (shut or bool(current.heading)) and found.rank <= found.margin * current.rank
        return None if below else Draft(SectionKind.UNKNOWN, found.text, found.rank)
    stays = _cannot_end(found, current) if shut else found.inline and _says_nothing_new(found.kind, current)
    only_alike = not found.exact and found.rank <= current.rank
    if stays or (only_alike and (current.kind is SectionKind.SYNOPTIC or current.inline)):
        return None
    return Draft(found.kind, found.text, found.rank, inline=found.inline)


def _cannot_end(found: Heading, current: Draft) -> bool:
    """Tell whether a heading is too weak to end a section that holds no results and to begin one that does.

    Trials and therapies list diagnoses and results of others; only a heading as high as their own ends them.
    """
    if found.kind in NO_RESULTS:
        return False
    if not found.stands_out and (not found.begins or (found.inline and current.kind not in _PROSE)):
        return True
    as_high = found.rank >= 0.85 * current.rank
    return not as_high and (current.kind in _LISTS or not (found.exact and found.begins))


def _says_nothing_new(kind: SectionKind, current: Draft) -> bool:
    """Tell whether a label before a text is only a line of its section: a note in it, or a field of a synoptic form."""
    if kind is SectionKind.RESULTS:
        return current.kind in OPEN
    return current.kind in (kind, SectionKind.SYNOPTIC) or (kind is SectionKind.COMMENT and bool(current.heading))


def _patient_alone(draft: Draft, labels: Labels) -> list[Draft]:
    """Keep to the patient's data the blocks that hold such data; whatever else follows may be a result."""
    if draft.kind is not SectionKind.PATIENT or draft.columns:
        return [draft]
    parts: list[Draft] = []
    for number, block in enumerate(_blocks(draft.rows)):
        own = number == 0 or any(_is_patient_data(row, labels) for row in block)
        kind = SectionKind.PATIENT if own else SectionKind.UNKNOWN
        if parts and parts[-1].kind is kind:
            parts[-1].rows.extend(block)
        else:
            parts.append(draft.like(block, kind))
    return parts


def _is_patient_data(row: Row, labels: Labels) -> bool:
    return any(squeezed(cell.text.split(":")[0]) in labels.fields for cell in row.cells)


def _by_content(draft: Draft, layouts: Layouts) -> list[Draft]:
    """Take out of a section the blocks whose content says that they hold no results."""
    if draft.kind in NO_RESULTS or draft.columns:
        return [draft]
    parts: list[Draft] = []
    for block in _blocks(draft.rows):
        kind = kind_by_content(block, layouts)
        if kind is not None and draft.kind is SectionKind.NEGATIVE and kind is SectionKind.GENE_LIST:
            kind = None
        if kind is not None and draft.kind is SectionKind.NOT_COVERED and kind is SectionKind.GENE_LIST:
            kind = None
        wanted = kind or draft.kind
        if parts and parts[-1].kind is wanted:
            parts[-1].rows.extend(block)
        else:
            parts.append(draft.like(block, wanted))
    return parts


def _blocks(rows: Sequence[Row]) -> list[list[Row]]:
    blocks: list[list[Row]] = []
    for row in rows:
        if blocks and (blocks[-1][-1].page, blocks[-1][-1].block) == (row.page, row.block):
            blocks[-1].append(row)
        else:
            blocks.append([row])
    return blocks


def _by_specimen(draft: Draft) -> list[Draft]:
    """Part a section where a line names another specimen."""
    if draft.kind in NO_RESULTS or draft.columns:
        return [draft]
    parts = [draft.like(())]
    for row in draft.rows:
        found = _SPECIMEN.match(row.text)
        label = (found[1] or found[2] or "").upper() if found else ""
        if label.isalpha() and parts[-1].specimen.isdigit() and not (found and found[1]):
            label = ""
        if label and label != parts[-1].specimen:
            parts.append(draft.like(()))
            parts[-1].specimen = label
        parts[-1].rows.append(row)
    return parts
