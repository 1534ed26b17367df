"""Chromosome changes by karyotype, FISH panel or array, and the fusions that they imply.

Source: ISCN 2020, doi:10.1159/isbn.978-3-318-06867-2.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from app.biomarkers import choice
from app.biomarkers.kind import Hit, Passage
from app.biomarkers.parts import PERCENT, hit, result_of
from app.biomarkers.statement import Statement, Subject
from app.domain.mention import FactType, Reading

NAME = "cytogenetics"


def read(passage: Passage) -> Iterable[Hit]:
    """Read the chromosome changes of a passage."""
    for statement in passage.statements:
        if statement.silenced or statement.context.silent:
            continue
        for subject in statement.subjects:
            if subject.sort == "cytogenetic":
                yield from _read(passage, statement, subject)
            elif (
                subject.sort == "gene"
                and subject.genes[0]
                and choice.CHROMOSOME in choice.kinds(passage, statement, subject)
            ):
                yield from _locus(passage, statement, subject)


def _read(passage: Passage, statement: Statement, subject: Subject) -> Iterable[Hit]:
    name, text = subject.name, passage.text
    result, _ = result_of(passage.text, statement, bare=name not in {"clonal abnormality"})
    if name.startswith("del(") and statement.asserted.call == "intact":
        result = "not_detected"
    codeletion = name == "1p/19q codeletion"
    if codeletion:
        if statement.asserted.call == "intact":
            result = "not_detected"
        elif (
            not re.search(r"co-?del|loss|delet|combined", text[statement.head_start : statement.tail_end], re.I)
            and not statement.asserted.result
        ):
            return
    if name.startswith("normal karyotype"):
        sex = re.search(r"46,\s?X[XY]", text[subject.start : statement.tail_end])
        name = f"normal karyotype {sex[0].replace(' ', '')}" if sex and " 46" not in name else name
        result = "detected" if result != "not_evaluated" else result
    if not result:
        return
    told: dict[str, Any] = {}
    places: list[tuple[int, int]] = []
    percent = PERCENT.search(text, subject.end, statement.tail_end)
    if percent and result == "detected":
        told["value"] = percent[0].replace(" ", "")
        places.append(percent.span())
    gene = "::".join(subject.genes) or None
    yield hit(passage, statement, subject, FactType.CYTOGENETICS, gene, name, result, places, **told)


def _locus(passage: Passage, statement: Statement, subject: Subject) -> Iterable[Hit]:
    """Yield what a FISH panel says of a gene's locus ("ATM (11q22.3) normal"): whether it is deleted."""
    band = choice.BAND.match(passage.text, subject.end)
    result, _ = result_of(passage.text, statement, bare=bool({"loss", "homozygous deletion"} & statement.events()))
    if band is None or not result:
        return
    percent = PERCENT.search(passage.text, subject.end, statement.tail_end) if result == "detected" else None
    told: dict[str, Any] = {"value": percent[0].replace(" ", "")} if percent else {}
    yield hit(
        passage,
        statement,
        subject,
        FactType.CYTOGENETICS,
        subject.genes[0],
        f"del({band['band']})",
        result,
        [band.span(), percent.span()] if percent else [band.span()],
        **told,
    )


_SHOWN = {
    "detected": "detected",
    "not_detected": "not detected",
    "indeterminate": "equivocal",
    "not_evaluated": "failed",
}


def show(reading: Reading) -> str:
    """Write a chromosome change as one line that `read` reads back."""
    return f"{reading.alteration}: {_SHOWN[reading.result]}"
