"""Copy number: amplification, gain, loss and homozygous deletion of a gene, with its copies."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from app.biomarkers import choice
from app.biomarkers.kind import Hit, Passage
from app.biomarkers.parts import NUMBER, hit, number, origin, result_of
from app.biomarkers.statement import Statement, Subject
from app.domain.mention import FactType, Reading

NAME = "cnv"
EVENTS = ("homozygous deletion", "amplification", "gain", "loss")
_COPIES = re.compile(
    rf"\b(?:(?:gene )?copy (?:number|count)s?|CNV?|copies|número de copias|Kopienzahl|nombre de copies"
    rf"|copy nr\.?)\b(?:\s?\([^)]{{0,14}}\))?\s*(?:of|is|was|estimate|estimated|:|="
    rf"|~)*\s*[:=~≈]?\s*(?P<first>{NUMBER})(?!\s?%)"
    rf"|(?<![\w.,])(?P<second>{NUMBER})\s*(?:x\s)?(?:copies|copias|Kopien|kopieën)\b|\((?P<third>{NUMBER})\s?x\)"
    rf"|\bx\s?(?P<fourth>{NUMBER})\b",
    re.I,
)


def copies(text: str, start: int, end: int) -> tuple[Decimal, int, int] | None:
    """Return the gene copies that a stretch states, and where."""
    found = _COPIES.search(text, start, end)
    if found is None:
        return None
    group = next(name for name in ("first", "second", "third", "fourth") if found[name])
    return (number(found[group]), *found.span())


def read(passage: Passage) -> Iterable[Hit]:
    """Read the copy-number changes of a passage that were not found by FISH."""
    for statement in passage.statements:
        if statement.silenced or statement.context.silent:
            continue
        for subject in statement.subjects:
            if subject.sort == "gene" and subject.genes[0] and choice.CNV in choice.kinds(passage, statement, subject):
                yield from _read(passage, statement, subject)


def _read(passage: Passage, statement: Statement, subject: Subject) -> Iterable[Hit]:
    events = statement.events()
    named = next((event for event in EVENTS if event in events), "")
    if named == "loss" and any(item.sort == "zygosity" and item.means == "homozygous" for item in statement.items):
        named = "homozygous deletion"
    result, _ = result_of(passage.text, statement, bare=bool(named))
    if result == "detected" and not named:
        return
    if not result:
        return
    told: dict[str, Any] = {"origin": origin(passage.text, statement)}
    places = [
        (item.start, item.end)
        for item in statement.items
        if item.sort == "event" and item.means in {*EVENTS, "copy number"}
    ][:1]
    counted = copies(passage.text, subject.end, statement.tail_end)
    cell = statement.cell("copies")
    if cell and (found := re.fullmatch(rf"\s*({NUMBER})\s*", passage.text[cell[0] : cell[1]])):
        counted = (number(found[1]), *cell)
    if counted:
        told["copies"] = counted[0]
        places.append((counted[1], counted[2]))
    yield hit(
        passage, statement, subject, FactType.CNV, subject.genes[0], named or "amplification", result, places, **told
    )


_SHOWN = {
    "detected": "detected",
    "not_detected": "not detected",
    "indeterminate": "equivocal",
    "not_evaluated": "failed",
}


def show(reading: Reading) -> str:
    """Write a copy-number change as one line that `read` reads back."""
    counted = f" (copy number {reading.copies})" if reading.copies is not None else ""
    return f"{reading.gene} {reading.alteration}{counted}: {_SHOWN[reading.result]}"
