"""The kinds of facts that a report states; each is a module that knows how its kind is written, read and shown.

To add a kind, write a module with `NAME` and `read(passage) -> Iterable[Hit]` (see `kind.py`) and add it to `KINDS`.
"""

from __future__ import annotations

from app.biomarkers import (
    copy_number,
    cytogenetics,
    diagnosis,
    family,
    fusion,
    ihc,
    ish,
    methylation,
    pathology_lab,
    signature,
    stage,
    treatment,
    variant,
)
from app.biomarkers.kind import Hit, Kind, Passage
from app.biomarkers.names import Name, Names, Terms

KINDS: tuple[Kind, ...] = (
    variant,
    fusion,
    copy_number,
    ish,
    ihc,
    signature,
    methylation,
    cytogenetics,
    diagnosis,
    stage,
    treatment,
    pathology_lab,
    family,
)

__all__ = ["KINDS", "Hit", "Kind", "Name", "Names", "Passage", "Terms"]
