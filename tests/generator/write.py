"""Writes made-up cases: a report in one of the layouts, as PDF, scan or photos, with its gold beside it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import pypdfium2

from tests.generator import boards, degrade, letters, panels, pathology
from tests.generator.case import Case, Gold, case_of
from tests.generator.paper import Paper

LAYOUTS: dict[str, Callable[[Case, Gold], Paper]] = {
    **panels.LAYOUTS,
    **pathology.LAYOUTS,
    **letters.LAYOUTS,
    **boards.LAYOUTS,
}
MEDIA = ("native", "scan", "photo")
OF_WOMEN = frozenset({"synoptic", "addendum", "spanish"})


def write_cases(folder: Path, layouts: Sequence[str], media: Sequence[str], *, cases: int = 1, seed: int = 1) -> int:
    """Write so many cases of each layout in each medium; return how many there are.

    Each medium has cases of its own, so that no reader sees one text twice.
    """
    written = 0
    for layout in layouts:
        for medium in media:
            for at in range(cases):
                write_case(folder / f"{layout}-{medium}-{at + 1}", layout, medium, seed=_seed(layout, medium, at, seed))
                written += 1
    return written


def _seed(layout: str, medium: str, at: int, seed: int) -> int:
    return zlib.crc32(f"{layout}/{medium}/{at}/{seed}".encode())


def write_case(folder: Path, layout: str, medium: str, *, seed: int) -> Gold:
    """Write one case and return its gold."""
    folder.mkdir(parents=True, exist_ok=True)
    gold = Gold()
    paper = LAYOUTS[layout](case_of(seed, sex="female" if layout in OF_WOMEN else ""), gold)
    native = folder / "report.pdf"
    paper.write(native)
    if medium == "scan":
        degrade.write_scan(native, native, seed=seed)
    if medium == "photo":
        for page in range(_pages(native)):
            degrade.write_photo(native, folder / f"report-{page + 1}.jpg", seed=seed + page, page=page)
        native.unlink()
    content = json.dumps(gold.as_file(layout, medium), indent=1, ensure_ascii=False)
    (folder / "gold.json").write_text(content + "\n", encoding="utf-8")
    return gold


def _pages(pdf: Path) -> int:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()
