"""The kinds of facts that a report states; each is a module that knows how its kind is written, read and shown.

To add a kind, write a module with `NAME` and `read(passage) -> Iterable[Hit]` (see `kind.py`) and add it to `KINDS`.
"""

from __future__ import annotations

from app.biomarkers import diagnosis, family, pathology_lab, stage, treatment
from app.biomarkers.kind import Hit, Kind, Passage
from app.biomarkers.names import Name, Names, Terms

KINDS: tuple[Kind, ...] = (diagnosis, stage, treatment, pathology_lab, family)

__all__ = ["KINDS", "Hit", "Kind", "Name", "Names", "Passage", "Terms"]
