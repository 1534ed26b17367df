"""Promoter methylation, such as that of MGMT and MLH1."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from app.biomarkers import choice
from app.biomarkers.kind import Hit, Passage
from app.biomarkers.parts import PERCENT, hit
from app.biomarkers.statement import Statement, Subject
from app.domain.mention import FactType, Reading

NAME = "methylation"
_UNMETHYLATED = re.compile(
    r"\b(?:un-?methylated|non-?methylated|not methylated|no metilad[oa]|unmethyliert|nicht methyliert|non méthylé"
    r"|ongemethyleerd)\b",
    re.I,
)
_METHYLATED = re.compile(
    r"(?<!un)(?<!non-)(?<!not )\b(?:hyper-?)?(?:methylated|metilad[oa]|methyliert|méthylé|gemethyleerd)\b", re.I
)
_CUT_OFF = re.compile(r"\b(?:cut-?off|threshold|limit|reference)\W{0,4}(?:of|is)?\W{0,3}$", re.I)
_RESULTS = {
    "detected": "methylated",
    "not_detected": "unmethylated",
    "indeterminate": "equivocal",
    "not_evaluated": "not_evaluated",
}


def read(passage: Passage) -> Iterable[Hit]:
    """Read the methylation results of a passage."""
    for statement in passage.statements:
        if statement.silenced or statement.context.silent:
            continue
        for subject in statement.subjects:
            if (
                subject.sort == "gene"
                and subject.genes[0]
                and choice.METHYLATION in choice.kinds(passage, statement, subject)
            ):
                yield from _read(passage, statement, subject)


def _read(passage: Passage, statement: Statement, subject: Subject) -> Iterable[Hit]:
    text = passage.text
    region = text[statement.head_start : statement.tail_end]
    result = ""
    if _UNMETHYLATED.search(region):
        result = "unmethylated"
    elif statement.asserted.result in {"not_evaluated", "indeterminate"}:
        result = _RESULTS[statement.asserted.result]
    elif statement.asserted.result == "not_detected":
        result = "unmethylated"
    elif _METHYLATED.search(region) or statement.asserted.result == "detected":
        result = "methylated"
    if not result:
        return
    told: dict[str, Any] = {}
    places = [
        (item.start, item.end) for item in statement.items if item.sort == "event" and item.means == "methylation"
    ][:1]
    percent = PERCENT.search(text, subject.end, statement.tail_end)
    if percent and result in {"methylated", "unmethylated"} and not _CUT_OFF.search(text, subject.end, percent.start()):
        told["value"] = percent[0].replace(" ", "")
        places.append(percent.span())
    yield hit(
        passage,
        statement,
        subject,
        FactType.METHYLATION,
        subject.genes[0],
        "promoter methylation",
        result,
        places,
        **told,
    )


def show(reading: Reading) -> str:
    """Write a methylation result as one line that `read` reads back."""
    told = "could not be evaluated" if reading.result == "not_evaluated" else reading.result
    return f"{reading.gene} promoter methylation: {told}" + (f" ({reading.value})" if reading.value else "")
