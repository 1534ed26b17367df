"""What a general question takes in: the exact changes, and the results beside them, that statements ask for.

"What does an EGFR mutation mean in lung cancer?" is about an exon 19 deletion and about L858R too, since approvals
speak of those. What is added here only widens the made-up profile of a question; it is never said of a person.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from app.domain.mention import FactType, Reading
from app.domain.statement import Change, Condition, Direction, Level, Statement, Trust
from app.domain.term import Vocabulary
from app.ports import KnowledgeBase
from app.stages.answers.reading import Marker

MOST = 12
"""Statements whose conditions are added, at most."""
SAME: dict[FactType, frozenset[Change]] = {
    FactType.VARIANT: frozenset({Change.VARIANT, Change.CATEGORY, Change.MUTATION}),
    FactType.FUSION: frozenset({Change.FUSION}),
    FactType.CNV: frozenset({Change.AMPLIFICATION, Change.GAIN, Change.LOSS}),
    FactType.IHC: frozenset({Change.EXPRESSION, Change.LOST_EXPRESSION}),
    FactType.ISH: frozenset({Change.AMPLIFICATION}),
    FactType.SIGNATURE: frozenset({Change.SIGNATURE}),
    FactType.METHYLATION: frozenset({Change.METHYLATION}),
    FactType.CYTOGENETICS: frozenset({Change.CYTOGENETIC, Change.FUSION}),
}
ABSENT = {
    "detected": "not_detected",
    "positive": "negative",
    "methylated": "unmethylated",
    "MSI-H": "MSS",
    "dMMR": "pMMR",
}


def widen(
    markers: Sequence[Marker], codes: Sequence[str], knowledge: KnowledgeBase, vocabulary: Vocabulary
) -> list[Reading]:
    """Return the further findings that a question takes in.

    Args:
        markers: What it names.
        codes: The cancers that it covers; none means any cancer.
        knowledge: The statements.
        vocabulary: The cancers' ancestors and groups.
    """
    near = {a for code in codes for a in vocabulary.ancestors(code)}
    added: dict[Reading, None] = {}
    for marker in markers:
        added.update(dict.fromkeys(marker.also))
        if marker.reading.result in ABSENT.values() or marker.reading.classification == "vus":
            continue
        rows = _near(knowledge, marker, near)
        resistant = {
            c.detail
            for s in rows
            if s.direction is Direction.RESISTANT and s.trust is not Trust.MACHINE
            for c in s.conditions
            if c.detail
        }
        chosen = [s for s in _strongest(rows) if s.direction is not Direction.RESISTANT and _speaks_of(s, marker)]
        # A change that makes medicines work less does not come with the others: beside them it would hide what works.
        told = [s for s in chosen if not any(c.detail in resistant for c in s.conditions)] or chosen
        for statement in told[:MOST]:
            for condition in statement.conditions:
                reading = reading_of(condition)
                alike = (
                    condition.change in SAME.get(marker.reading.type, ()) and marker.reading.type is not FactType.IHC
                )
                same = alike and _same_gene(condition, marker.reading) and not condition.negated
                if reading and (not same or marker.general or marker.open):
                    added.setdefault(reading, None)
    named = {marker.reading for marker in markers}
    return [reading for reading in added if reading not in named]


def _near(knowledge: KnowledgeBase, marker: Marker, near: set[str]) -> list[Statement]:
    """Return the statements on the marker's genes in the cancers asked about."""
    genes: list[str | None] = [*(marker.reading.gene or "").split("::")] if marker.reading.gene else [None]
    if marker.name.startswith("BRCA mutation"):
        genes = ["BRCA1", "BRCA2"]
    return [s for s in knowledge.about(genes) if not near or s.disease in near]


def _strongest(rows: Sequence[Statement]) -> list[Statement]:
    strong = [s for s in rows if s.level in (Level.APPROVED, Level.GUIDELINE)]
    return sorted(strong, key=lambda s: (s.level is not Level.APPROVED, s.trust is not Trust.CURATED, s.id))


def _speaks_of(statement: Statement, marker: Marker) -> bool:
    """Tell whether a statement is about the marker in the way that the question names it."""
    for condition in statement.conditions:
        if condition.negated or not _same_gene(condition, marker.reading):
            continue
        if marker.open or (marker.general and condition.change in SAME.get(marker.reading.type, ())):
            return True
        if condition.change in SAME.get(marker.reading.type, ()) and _same_detail(condition, marker.reading):
            return True
    return False


def _same_gene(condition: Condition, reading: Reading) -> bool:
    if reading.gene is None or condition.gene is None:
        return reading.gene is condition.gene is None
    own = set(reading.gene.split("::")) | ({"BRCA2"} if reading.gene == "BRCA1" else set())
    return bool(own & {gene for gene in condition.genes if gene})


def _same_detail(condition: Condition, reading: Reading) -> bool:
    if not condition.detail:
        return True
    result = "low" if reading.result == "low_positive" else reading.result
    spoken = re.sub(r"[^a-z0-9]", "", f"{reading.alteration} {result} {reading.gene}".lower())
    wanted = [re.sub(r"[^a-z0-9]", "", want.lower().removeprefix("p.")) for want in condition.detail.split("|")]
    return any(want and want in spoken for want in wanted)


def reading_of(condition: Condition) -> Reading | None:
    """Return a finding that meets a condition (one that speaks against it, where it is negated)."""
    detail = condition.detail.split("|")[0].strip()
    reading = _positive(condition, detail)
    if reading is None or not condition.negated:
        return reading
    absent = ABSENT.get(reading.result)
    if absent is None:
        return None
    alteration = "any mutation" if reading.type is FactType.VARIANT else reading.alteration
    return Reading(reading.type, reading.gene, alteration, absent)


def _positive(condition: Condition, detail: str) -> Reading | None:
    gene, origin = condition.gene, condition.origin or None
    match condition.change:
        case Change.MUTATION:
            return Reading(FactType.VARIANT, gene, "any mutation", "detected", origin=origin)
        case Change.VARIANT | Change.CATEGORY:
            return Reading(FactType.VARIANT, gene, detail, "detected", origin=origin)
        case Change.FUSION:
            return Reading(FactType.FUSION, f"{detail}::{gene}" if detail else gene, "fusion", "detected")
        case Change.AMPLIFICATION | Change.GAIN | Change.LOSS:
            return Reading(FactType.CNV, gene, condition.change.value, "detected")
        case Change.EXPRESSION:
            return _amount(gene, detail)
        case Change.LOST_EXPRESSION:
            return Reading(FactType.IHC, gene, "protein expression", "lost")
        case Change.METHYLATION:
            return Reading(FactType.METHYLATION, gene, "promoter methylation", "methylated")
        case Change.CYTOGENETIC:
            return Reading(FactType.CYTOGENETICS, gene, detail, "detected")
        case Change.SIGNATURE:
            return _signature(detail)
    return None


def _amount(gene: str | None, detail: str) -> Reading:
    threshold = re.match(r">=?\s*(\d+)\s*(%?)\s*(\w*)", detail)
    what = "protein expression"
    if threshold:
        percent = f"{threshold[1]}{threshold[2]}"
        return Reading(FactType.IHC, gene, what, "positive", value=percent, score=threshold[3] or None)
    if re.fullmatch(r"[0-3]\+?", detail):
        return Reading(FactType.IHC, gene, what, "positive" if detail == "3+" else "reported", score=detail)
    result = {"negative": "negative", "low": "low_positive", "ultralow": "low_positive"}.get(detail, "positive")
    score = {"low": "1+", "positive": "3+"}.get(detail) if gene == "ERBB2" else None
    return Reading(FactType.IHC, gene, what, result, score=score)


def _signature(detail: str) -> Reading | None:
    burden = re.match(r"TMB\s*>=?\s*(\d+)", detail)
    if burden:
        return Reading(FactType.SIGNATURE, None, "TMB", "high", value=Decimal(burden[1]), unit="mut/Mb")
    known = {
        "MSI-H": ("MSI", "MSI-H"),
        "dMMR": ("MMR", "dMMR"),
        "MSS": ("MSI", "MSS"),
        "pMMR": ("MMR", "pMMR"),
        "HRD": ("HRD", "positive"),
        "IGHV mutated": ("IGHV", "mutated"),
        "IGHV unmutated": ("IGHV", "unmutated"),
    }.get(detail)
    return Reading(FactType.SIGNATURE, None, *known) if known else None
