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
from app.biomarkers.parting import FIVE_PRIME_KINASES
from app.biomarkers.parts import PERCENT, hit, origin, result_of, unread_list
from app.biomarkers.statement import Statement, Subject
from app.domain.mention import FactType, Reading

NAME = "fusion"
_BREAKPOINT = re.compile(r"\b(?P<code>E\d{1,2}[a-z]?;\s?[A-Z]\d{1,2}[a-z]?|[A-Z]\d{1,2}:[A-Z]\d{1,2}|e\d{1,2}a\d)\b")
_PARTNER = re.compile(
    r"[^\n.]{0,50}\bpartner(?: gene)?(?: is| was|,)?\s*[:=]?\s*(?P<gene>[A-Z][A-Z0-9]{1,9}(?:-[A-Z0-9]{1,3})?)(?!\w)"
)
"""The other gene of a fusion, named behind its result."""
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
    if not result or (pair and not statement.asserted.result and _denied_behind(passage.text, statement)):
        return
    if unread_list(passage, statement):
        return
    gene = "::".join(subject.genes)
    partner = _PARTNER.search(passage.text, subject.end, statement.clause[1]) if not pair and joined else None
    if partner and result == "detected":
        gene = _with_partner(passage, subject.genes[0], partner["gene"]) or gene
    told: dict[str, Any] = {"origin": origin(passage.text, statement)}
    places: list[tuple[int, int]] = []
    stop = statement.tail_end
    partner = _PARTNER.match(passage.text, subject.end) if result == "detected" and not pair else None
    if partner and (symbol := passage.terms.symbols.get(partner["gene"].upper())) and symbol != gene:
        gene = f"{gene}::{symbol}" if gene in FIVE_PRIME_KINASES else f"{symbol}::{gene}"
        places.append(partner.span("gene"))
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


_PARTNER = re.compile(
    r"(?:\bpartner(?:ed)?(?: gene)?\s*(?:is|was|with|:|=)?\s*|\bfused (?:to|with)\s+|\bfusion [^.;\n]{0,20}\bwith\s+)"
    r"(?P<gene>[A-Z][A-Z0-9]{2,7})\b"
)


def _with_partner(passage: Passage, gene: str, other: str) -> str:
    """Return the fusion of a gene with the partner named behind it, the 5' gene first; "" where it is no gene."""
    symbol = passage.terms.symbols.get(other)
    if not symbol or symbol == gene:
        return ""
    first = gene in passage.rules.five_prime.get(symbol, ()) or symbol not in passage.rules.five_prime.get(gene, ())
    return f"{symbol}::{gene}" if first else f"{gene}::{symbol}"


def _denied_behind(text: str, statement: Statement) -> bool:
    """Tell whether the row of a bare name ends in a denial: the name is that of a probe, whose result the row says."""
    end = text.find("\n", statement.tail_end)
    return statement.row and bool(_DENIED.search(text, statement.tail_end, end if end >= 0 else len(text)))


_DENIED = re.compile(r"\b(?:normal|negativ\w*|not (?:detected|seen|present|observed)|none|absent|neg)\b", re.I)
_SHOWN = {
    "detected": "detected",
    "not_detected": "not detected",
    "indeterminate": "indeterminate",
    "not_evaluated": "failed",
}


def show(reading: Reading) -> str:
    """Write a fusion as one line that `read` reads back."""
    return f"{reading.gene} {reading.alteration}: {_SHOWN[reading.result]}"
