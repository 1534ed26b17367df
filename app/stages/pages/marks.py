"""What people do to a PDF after it was made: fields filled in, boxes ticked, notes added, words crossed out."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pypdfium2 import raw

from app.domain.page import Word
from app.domain.provenance import Box
from app.stages.pages.glyphs import Frame, NativeWord

SHOWN = frozenset({raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_FREETEXT, raw.FPDF_ANNOT_STAMP, raw.FPDF_ANNOT_STRIKEOUT})
"""Kinds of annotations that say something or take something back."""

TICKED, UNTICKED = "☒", "☐"


Corners = tuple[float, float, float, float]
"""Left, bottom, right and top in the page's own space."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What stands on a page beside its text.

    Attributes:
        ticks: Boxes of a form, and whether each is ticked.
        struck: Places that a note of the reader's program crosses out.
    """

    ticks: tuple[tuple[Corners, bool], ...] = ()
    struck: tuple[Corners, ...] = ()


def opened(pdf: Any, number: int) -> tuple[Any, Marks]:
    """Open a page, from 0, what was filled in or added made part of it; return its marks too."""
    page = pdf[number]
    ticks: list[tuple[Corners, bool]] = []
    struck: list[Corners] = []
    speaks = False
    for place in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, place)
        if not annotation:
            continue
        kind = raw.FPDFAnnot_GetSubtype(annotation)
        speaks = speaks or kind in SHOWN
        if kind == raw.FPDF_ANNOT_STRIKEOUT:
            struck.extend(_lines_of(annotation))
        ticked = _ticked(pdf, annotation)
        if ticked is not None:
            ticks.append((_corners(annotation), ticked))
        raw.FPDFPage_CloseAnnot(annotation)
    marks = Marks(tuple(ticks), tuple(struck))
    if not speaks or raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) != raw.FLATTEN_SUCCESS:
        return page, marks
    page.close()
    return pdf[number], marks


def _corners(annotation: Any) -> Corners:
    rect = raw.FS_RECTF()
    raw.FPDFAnnot_GetRect(annotation, ctypes.byref(rect))
    return rect.left, rect.bottom, rect.right, rect.top


def _lines_of(annotation: Any) -> list[Corners]:
    """Return the corners of each line of text that a note marks."""
    quad = raw.FS_QUADPOINTSF()
    found: list[Corners] = []
    for place in range(raw.FPDFAnnot_CountAttachmentPoints(annotation)):
        if raw.FPDFAnnot_GetAttachmentPoints(annotation, place, ctypes.byref(quad)):
            across, up = (quad.x1, quad.x2, quad.x3, quad.x4), (quad.y1, quad.y2, quad.y3, quad.y4)
            found.append((min(across), min(up), max(across), max(up)))
    return found or [_corners(annotation)]


def _ticked(pdf: Any, annotation: Any) -> bool | None:
    """Tell whether a box of a form is ticked; None where it is no such box."""
    if pdf.formenv is None:
        return None
    kind = raw.FPDFAnnot_GetFormFieldType(pdf.formenv, annotation)
    if kind not in (raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON):
        return None
    return bool(raw.FPDFAnnot_IsChecked(pdf.formenv, annotation))


def _place(corners: Corners, frame: Frame) -> Box:
    (x, y), (u, v) = frame.point(*corners[:2]), frame.point(*corners[2:])
    return Box(min(x, u), min(y, v), max(x, u), max(y, v))


def with_ticks(words: Sequence[NativeWord], marks: Marks, frame: Frame) -> list[NativeWord]:
    """Put a sign for each tick box in the place of whatever its tick is drawn as."""
    boxes = [(_place(corners, frame), ticked) for corners, ticked in marks.ticks]
    kept = [n for n in words if len(n.word.text) > 1 or not any(box.holds(n.word.box) for box, _ in boxes)]
    for box, ticked in boxes:
        beside = min(kept, key=lambda n: abs(n.word.box.y0 + n.word.box.y1 - box.y0 - box.y1), default=None)
        if beside is not None:
            place = replace(box, y0=beside.word.box.y0, y1=beside.word.box.y1)
            word = Word(TICKED if ticked else UNTICKED, place, size_pt=beside.word.size_pt)
            kept.append(NativeWord(word, beside.ink))
    return kept


def without_struck(
    words: Sequence[NativeWord], rules: Sequence[Box], marks: Marks, frame: Frame
) -> tuple[list[NativeWord], int]:
    """Leave out words that are crossed out, by a line through their middle or by a note; tell how many these are.

    Args:
        words: Of the page.
        rules: Horizontal lines drawn on it.
        marks: Of the page.
        frame: Of the page.
    """
    thin = [rule for rule in rules if rule.y1 - rule.y0 <= 2.0]
    struck = [_place(corners, frame) for corners in marks.struck]
    kept = [
        n
        for n in words
        if not any(_strikes(rule, n.word.box) for rule in thin) and not any(s.holds(n.word.box) for s in struck)
    ]
    return kept, len(words) - len(kept)


def _strikes(rule: Box, box: Box) -> bool:
    height, width = box.y1 - box.y0, box.x1 - box.x0
    across = min(rule.x1, box.x1) - max(rule.x0, box.x0)
    level = ((rule.y0 + rule.y1) / 2 - box.y0) / max(height, 0.1)
    return 0.4 < level < 0.72 and across > 0.8 * width and rule.x1 - rule.x0 < 12 * height + width
