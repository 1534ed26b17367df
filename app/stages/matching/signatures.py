"""Whether a tumour-wide signature or a chromosome event meets a condition."""

from __future__ import annotations

from app.domain.mention import FactType, Reading
from app.domain.statement import Condition
from app.stages.matching import events
from app.stages.matching.fit import MMR_GENES, UNSURE, Fit, called, genes
from app.stages.matching.proteins import least


def signature(detail: str, reading: Reading) -> Fit:
    """Compare a signature; the best of the alternatives counts. A lost repair protein stands for dMMR."""
    if reading.type is FactType.IHC and set(genes(reading)) & MMR_GENES and "dMMR" in detail.split("|"):
        return called(reading, Fit.KIND if reading.result == "lost" else Fit.APART)
    if reading.type is not FactType.SIGNATURE:
        return Fit.APART
    return max(_one_signature(want, reading) for want in detail.split("|"))


_PAIRS: dict[str, tuple[set[str], set[str], set[str]]] = {
    "MSI-H": ({"MSI", "MMR"}, {"MSI-H", "high", "dMMR"}, {"MSS", "MSI-L", "low", "not_detected", "pMMR"}),
    "dMMR": ({"MMR", "MSI"}, {"dMMR", "lost"}, {"pMMR", "intact", "MSS"}),
    "MSS": ({"MSI", "MMR"}, {"MSS", "MSI-L", "low", "not_detected", "pMMR"}, {"MSI-H", "high", "dMMR"}),
    "pMMR": ({"MMR", "MSI"}, {"pMMR", "intact", "MSS"}, {"dMMR", "lost", "MSI-H"}),
    "HRD": ({"HRD", "GIS"}, {"positive", "high", "detected"}, {"negative", "low", "not_detected"}),
    "IGHV mutated": ({"IGHV"}, {"mutated", "detected"}, {"unmutated", "not_detected"}),
    "IGHV unmutated": ({"IGHV"}, {"unmutated", "not_detected"}, {"mutated", "detected"}),
}
"""Signature → names under which it is read, results that meet it, results that speak against it."""


def _one_signature(want: str, reading: Reading) -> Fit:
    named = {reading.alteration.upper(), (reading.marker or "").upper()}
    if want.startswith("TMB"):
        return _burden(want, reading) if any(n.startswith(("TMB", "BTMB")) for n in named) else Fit.APART
    names, meet, against = _PAIRS.get(want, ({want.upper()}, {"positive", "high", "detected"}, {"negative", "low"}))
    if not {n.upper() for n in names} & named:
        return Fit.APART
    if reading.result in UNSURE:
        return Fit.OPEN
    if reading.result in meet:
        return Fit.EXACT
    return Fit.AGAINST if reading.result in against else Fit.OPEN


def _burden(want: str, reading: Reading) -> Fit:
    """Compare the mutational burden; a number without a call counts by the number alone.

    Source: FDA approval of 2020-06-16, pembrolizumab for TMB of at least 10 mutations per megabase.
    """
    if reading.result in UNSURE or reading.result == "not_detected":
        return Fit.OPEN
    number = least(want)
    value = least(str(reading.value if reading.value is not None else ""))
    if "<" in str(reading.value or "") or value is None or number is None:
        return {"high": Fit.KIND, "low": Fit.AGAINST}.get(reading.result, Fit.OPEN)
    if reading.unit and not any(word in reading.unit.lower() for word in ("mb", "megabase")):
        return {"high": Fit.KIND}.get(reading.result, Fit.OPEN)
    if value < number:
        return Fit.AGAINST
    return Fit.OPEN if reading.result == "low" else Fit.EXACT


def cytogenetic(condition: Condition, reading: Reading) -> Fit:
    """Compare a chromosome event, also by the fusion that it makes or the gene that stands for its arm."""
    if reading.type not in {FactType.CYTOGENETICS, FactType.ISH, FactType.FUSION, FactType.CNV, FactType.SIGNATURE}:
        return Fit.APART
    said = {events.name(reading.alteration), events.name(reading.alias or "")}
    arm = events.ARMS.get(reading.gene or "")
    if arm and reading.type in {FactType.ISH, FactType.CYTOGENETICS}:
        words = reading.alteration.lower()
        if ("del" in words or "loss" in words) == arm.startswith("del"):
            said.add(arm)
    for want in condition.detail.split("|"):
        named = events.name(want)
        pair = events.FUSIONS.get(named)
        if named in said or (pair and set(pair) <= set(genes(reading))):
            return called(reading, Fit.EXACT)
    return Fit.APART
