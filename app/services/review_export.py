"""What navigators checked, as a gold case for `caseguide evaluate`: the lines that say it, without whose they are."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.domain.account import Visitor
from app.domain.finding import Review
from app.domain.provenance import Box
from app.errors import RefusedError
from app.services.access import Action, find, look
from app.services.deidentify import CANNOT, scrub
from app.services.desk import Desk
from app.services.review_case import Bench, Item, open_bench

SHOWN = ("type", "gene", "alteration", "result", "value", "unit", "score")
PATTERN = ("type", "gene", "alteration", "result")
STILL = (1980, 1, 1, 0, 0, 0)
"""The moment of every file in an archive, so that the same case gives the same bytes."""


@dataclass(frozen=True, slots=True)
class GoldCase:
    """A checked case without the patient.

    Attributes:
        name: Of its folder.
        gold: What `gold.json` holds.
        texts: The lines of each document that say its facts, scrubbed; a blank line where others were left out.
        taken: How often each sort of thing was taken out.
    """

    name: str
    gold: dict[str, Any]
    texts: tuple[tuple[str, ...], ...]
    taken: dict[str, int]


def gold_case(desk: Desk, visitor: Visitor, record: str) -> GoldCase:
    """Return a case as gold.

    Args:
        desk: The store.
        visitor: A navigator.
        record: Id of the record.

    Raises:
        RefusedError: Some facts have not been checked: a gold case says all that its lines say.
    """
    bench = open_bench(desk, visitor, record)
    waiting = sum(i.review is Review.MACHINE or i.again for i in bench.items)
    if waiting:
        raise RefusedError(f"{waiting} facts have not been decided yet; the case is no gold before that.")
    names = [facts.document.person.name for facts in bench.facts]
    texts, taken = [], dict[str, int]()
    for lines in _said_lines(bench):
        scrubbed = scrub(lines, names)
        texts.append(scrubbed.lines)
        for kind, times in scrubbed.taken.items():
            taken[kind] = taken.get(kind, 0) + times
    name = "case-" + hashlib.sha256(record.encode()).hexdigest()[:12]
    return GoldCase(name, _gold(bench, names), tuple(texts), taken)


def export_gold(desk: Desk, visitor: Visitor, record: str) -> tuple[str, bytes]:
    """Return a case as a ZIP file whose folder `caseguide evaluate` reads, and the name of that folder.

    Raises:
        RefusedError: Some facts have not been checked.
    """
    case = gold_case(desk, visitor, record)
    files = {f"document-{n}.txt": "\n".join(lines) + "\n" for n, lines in enumerate(case.texts, 1)}
    files |= {"gold.json": json.dumps(case.gold, ensure_ascii=False, indent=1), "README.md": _readme(case)}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(f"{case.name}/{name}", STILL), text)
    with desk.units() as unit:
        opened = find(unit, visitor, record, Action.REVIEW, desk.clock())
        look(unit, opened, "review.export", desk.clock())
        unit.commit()
    return case.name, out.getvalue()


def _gold(bench: Bench, names: list[str]) -> dict[str, Any]:
    kept = [i for i in bench.items if i.review is not Review.REJECTED]
    gone = [i for i in bench.items if i.review is Review.REJECTED and i.machine]
    patterns = [_fact(i, PATTERN, names) for i in kept]
    rejected = [{k: v for k, v in i.machine.items() if k in PATTERN and v not in (None, "")} for i in gone]
    return {
        "expected": [_fact(i, SHOWN, names) for i in kept],
        # What was rejected must not be found again, unless the same words are also right elsewhere.
        "not_expected": [told for told in rejected if told not in patterns],
        "traps": [],
        "medium": "native",
        "layout": "evidence lines",
    }


def _fact(item: Item, names: tuple[str, ...], people: list[str]) -> dict[str, Any]:
    told = {k: item.values[k] for k in names if item.values.get(k) not in (None, "")}
    told = {k: scrub([str(v)], people).lines[0] for k, v in told.items()}
    reading = item.read.finding.reading if item.read else None
    if reading is not None and names is SHOWN:
        told |= {k: v for k in ("temporality", "experiencer") if (v := getattr(reading, k))}
    return told


def _said_lines(bench: Bench) -> Iterator[tuple[str, ...]]:
    """Return for each document the printed lines on which its facts stand."""
    for position, facts in enumerate(bench.facts):
        wanted = [place for item in bench.items for place in _places(item, position)]
        lines: list[str] = []
        for page in facts.document.pages:
            boxes = [box for number, box in wanted if number == page.number]
            last = None
            for row, line in enumerate(page.lines):
                if any(box.holds(word.box) for box in boxes for word in line.words):
                    if lines and last != row - 1:
                        lines.append("")
                    lines.append(line.text)
                    last = row
        yield tuple(lines)


def _places(item: Item, document: int) -> Iterator[tuple[int, Box]]:
    if item.read is not None:
        for place in item.read.finding.evidence:
            if place.box and place.page is not None and place.document == document:
                yield place.page, place.box
    elif item.document == document and item.values.get("box"):
        yield int(item.values["page"]), Box(*item.values["box"])


def _readme(case: GoldCase) -> str:
    taken = [f"- {kind}: {times}" for kind, times in sorted(case.taken.items())] or ["- nothing"]
    cannot = [f"- {what}" for what in CANNOT]
    head = [
        f"# {case.name}", "",
        "A case that care navigators checked: only the lines that say its facts, and what was decided.",
        "The reports themselves are not here.", "", "## Taken out of the lines", "",
    ]  # fmt: skip
    tail = ["", "## What this cannot promise", "", *cannot, "", "Read the lines before you give them to anybody.", ""]
    return "\n".join([*head, *taken, *tail])
