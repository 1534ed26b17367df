"""In-situ hybridisation of one gene: amplification by ratio and copies, rearrangement by break-apart probe.

Source: HER2 testing in breast cancer, ASCO/CAP 2018 (affirmed 2023), doi:10.1200/JCO.2018.77.8738: groups 1 to 5. A
call is made from the numbers only where they fall into group 1 (positive) or group 5 (negative).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from app.biomarkers import choice
from app.biomarkers.kind import Hit, Passage
from app.biomarkers.parts import NUMBER, PERCENT, hit, number, result_of
from app.biomarkers.statement import Statement, Subject
from app.domain.mention import FactType, Reading

NAME = "ish"
_RATIO = re.compile(rf"\bratio\b(?:\s?\([^)]{{0,24}}\))?\s*(?:of|is|was|:|=|~)?\s*[:=]?\s*(?P<value>{NUMBER})", re.I)
_COPIES = re.compile(
    rf"(?:copy number|copies|signals?)(?:\s*(?:per|/)\s*(?:cell|nucleus|nuclei))?\s*(?:of|is|was|:"
    rf"|=)?\s*[:=]?\s*(?P<value>{NUMBER})|(?<![\w.])(?P<before>{NUMBER})\s*(?:signals?|copies)\b",
    re.I,
)
_RESULTS = {
    "detected": "positive",
    "not_detected": "negative",
    "indeterminate": "equivocal",
    "not_evaluated": "not_evaluated",
}


def read(passage: Passage) -> Iterable[Hit]:
    """Read the ISH results of a passage."""
    for statement in passage.statements:
        if statement.silenced or statement.context.silent:
            continue
        for subject in statement.subjects:
            if (
                subject.sort in {"gene", "fusion"}
                and subject.genes[0]
                and choice.ISH in choice.kinds(passage, statement, subject)
            ):
                yield from _read(passage, statement, subject)


def _read(passage: Passage, statement: Statement, subject: Subject) -> Iterable[Hit]:
    text, stop = passage.text, statement.tail_end
    told: dict[str, Any] = {}
    places: list[tuple[int, int]] = []
    ratio = _RATIO.search(text, subject.start, stop)
    if ratio:
        told["ratio"] = number(ratio["value"])
        places.append(ratio.span())
    copies = _COPIES.search(text, ratio.end() if ratio else subject.end, stop) or _COPIES.search(
        text, subject.end, stop
    )
    if copies:
        told["copies"] = number(copies["value"] or copies["before"])
        places.append(copies.span())
    events = statement.events()
    dose = (
        events & {"amplification", "gain"}
        or ratio
        or copies
        or (subject.genes[0] in {"ERBB2", "MET"} and not events & {"rearrangement", "fusion"})
    )
    alteration = (
        "rearrangement"
        if events & {"rearrangement", "fusion"} and not events & {"amplification"}
        else "amplification"
        if dose
        else "deletion"
        if events & {"loss", "homozygous deletion"}
        else "rearrangement"
    )
    if subject.sort == "fusion":
        alteration = "fusion"
    result = _RESULTS.get(
        result_of(passage.text, statement, bare=bool(events & {"amplification", "rearrangement", "fusion"}))[0], ""
    )
    if not result:
        result = by_group(told.get("ratio"), told.get("copies")) if subject.genes[0] == "ERBB2" else ""
    if not result:
        return
    percent = next(
        (
            m
            for m in PERCENT.finditer(text, subject.end, stop)
            if not re.search(
                r"(?:cut-?off|threshold|normal|reference|>|<)\W*$", text[max(0, m.start() - 14) : m.start()], re.I
            )
        ),
        None,
    )
    if percent and alteration != "amplification":
        told["value"] = percent[0].replace(" ", "")
        places.append(percent.span())
    yield hit(passage, statement, subject, FactType.ISH, "::".join(subject.genes), alteration, result, places, **told)


def by_group(ratio: Decimal | None, copies: Decimal | None) -> str:
    """Return the call of HER2's ratio and copies: groups 2 to 4 need more than the numbers; "" where one is missing."""
    if ratio is None or copies is None:
        return ""
    if ratio >= 2 and copies >= 4:
        return "positive"
    return "negative" if ratio < 2 and copies < 4 else "equivocal"


def show(reading: Reading) -> str:
    """Write an ISH result as one line that `read` reads back."""
    ratio = f", ratio {reading.ratio}" if reading.ratio is not None else ""
    result = "failed" if reading.result == "not_evaluated" else reading.result
    return f"{reading.gene} FISH, {reading.alteration}: {result}{ratio}"
