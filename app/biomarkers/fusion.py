"""Fusions and rearrangements, in every spelling and orientation, and the quantity of BCR::ABL1 transcripts.

Sources: HGNC fusion nomenclature (Bruford et al. 2021, doi:10.1038/s41375-021-01436-6); International Scale for
BCR::ABL1 (Cross et al. 2015, doi:10.1038/leu.2015.29).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from app.biomarkers import choice
from app.biomarkers.kind import Hit, Passage
from app.biomarkers.parts import PERCENT, hit, origin, result_of, unread_list
from app.biomarkers.statement import Statement, Subject
from app.domain.mention import FactType, Reading

NAME = "fusion"
_BREAKPOINT = re.compile(r"\b(?P<code>E\d{1,2}[a-z]?;\s?[A-Z]\d{1,2}[a-z]?|[A-Z]\d{1,2}:[A-Z]\d{1,2}|e\d{1,2}a\d)\b")
_SCALE = re.compile(
    r"(?P<value>[<>]?\s?\d+(?:[.,]\d+)?)\s?%\s?\(?(?:on the )?(?:IS\b|international scale)"
    r"|IS\b\W{0,4}(?P<after>[<>]?\s?\d+(?:[.,]\d+)?)\s?%",
    re.I,
)


def read(passage: Passage) -> Iterable[Hit]:
    """Read the fusions of a passage that were not found by FISH."""
    for statement in passage.statements:
        if statement.silenced or statement.context.silent:
            continue
        for subject in statement.subjects:
            if subject.sort not in {"fusion", "gene"} or not subject.genes[0]:
                continue
            if choice.FUSION in choice.kinds(passage, statement, subject):
                yield from _read(passage, statement, subject)


def _read(passage: Passage, statement: Statement, subject: Subject) -> Iterable[Hit]:
    pair = subject.sort == "fusion"
    joined = bool({"fusion", "rearrangement"} & statement.events())
    result, _ = result_of(passage.text, statement, bare=pair or joined)
    if not result:
        return
    if unread_list(passage, statement):
        return
    gene = "::".join(subject.genes)
    told: dict[str, Any] = {"origin": origin(passage.text, statement)}
    places: list[tuple[int, int]] = []
    stop = statement.tail_end
    found = _BREAKPOINT.search(passage.text, subject.start, stop)
    if found and pair:
        told["variant"] = found["code"].replace(" ", "")
        places.append(found.span())
    scale = _SCALE.search(passage.text, subject.end, stop) if gene == "BCR::ABL1" else None
    if scale:
        told["value"] = (scale["value"] or scale["after"]).replace(" ", "").replace(",", ".") + "%"
        told["unit"] = "IS"
        places.append(scale.span())
    elif gene == "BCR::ABL1" and result == "detected":
        percent = PERCENT.search(passage.text, subject.end, stop)
        if percent:
            told["value"] = percent[0].replace(" ", "").replace(",", ".")
            places.append(percent.span())
    alteration = "fusion" if pair or "fusion" in statement.events() else "rearrangement"
    yield hit(passage, statement, subject, FactType.FUSION, gene, alteration, result, places, **told)


_SHOWN = {
    "detected": "detected",
    "not_detected": "not detected",
    "indeterminate": "indeterminate",
    "not_evaluated": "failed",
}


def show(reading: Reading) -> str:
    """Write a fusion as one line that `read` reads back."""
    return f"{reading.gene} {reading.alteration}: {_SHOWN[reading.result]}"
