"""Whether the measured amount of a protein meets a condition: positive, negative, HER2 scores, PD-L1 thresholds."""

from __future__ import annotations

import re
from decimal import Decimal

from app.domain.mention import FactType, Reading
from app.domain.statement import Condition
from app.stages.matching.fit import UNSURE, Fit, called


def lost(condition: Condition, reading: Reading) -> Fit:
    """Compare a protein that should be missing."""
    if reading.type is not FactType.IHC:
        return Fit.APART
    if reading.result in {"lost", "negative"}:
        return Fit.EXACT
    return Fit.AGAINST if reading.result in {"intact", "retained", "positive"} else Fit.OPEN


def expression(condition: Condition, reading: Reading) -> Fit:
    """Compare a protein's amount; the best of the alternatives counts."""
    if reading.type not in {FactType.IHC, FactType.ISH, FactType.CNV}:
        return Fit.APART
    return max(_amount(want, condition.genes, reading) for want in condition.detail.split("|"))


def _amount(want: str, wanted_genes: tuple[str | None, ...], reading: Reading) -> Fit:
    if "ERBB2" in wanted_genes:
        return _her2(want, reading)
    if reading.type is not FactType.IHC:
        return Fit.APART
    if want == "positive":
        if reading.result == "reported":
            return _over_zero(reading)
        return called(reading, Fit.EXACT, absent=frozenset({"negative", "not_detected", "lost"}))
    if want == "negative":
        if reading.result in UNSURE | {"reported"}:
            return Fit.OPEN
        return Fit.EXACT if reading.result in {"negative", "not_detected", "lost"} else Fit.AGAINST
    return _threshold(want, reading)


def _her2(want: str, reading: Reading) -> Fit:
    """Compare HER2. Source: ASCO/CAP HER2 testing in breast cancer, 2018 focused update and 2023 affirmation."""
    if reading.type is not FactType.IHC:
        return _her2_copies(want, reading)
    settled = {"2+/ISH-": "negative", "2+/ISH+": "positive"}.get(reading.score or "")
    if settled:
        meets = want == settled or (want == "low" and settled == "negative")
        return Fit.EXACT if meets else Fit.AGAINST
    score = _ihc_score(reading)
    low = _named_low(reading)
    if low:
        return Fit.EXACT if want in {low, "negative"} else Fit.AGAINST
    if score:
        return _HER2.get(want, {}).get(score, Fit.EXACT if score == want else Fit.AGAINST)
    if want in {"positive", "negative"} and reading.result in {"positive", "negative"}:
        return Fit.EXACT if reading.result == want else Fit.AGAINST
    return Fit.OPEN


def _named_low(reading: Reading) -> str:
    """Return "low" or "ultralow" where the report uses the word for HER2 instead of a score."""
    words = " ".join(str(word) for word in (reading.value, reading.score, reading.result) if word).lower()
    if "ultralow" in words or "ultra-low" in words:
        return "ultralow"
    return "low" if "low" in words else ""


_HER2: dict[str, dict[str, Fit]] = {
    "positive": {"3+": Fit.EXACT, "2+": Fit.OPEN, "1+": Fit.AGAINST, "0": Fit.AGAINST},
    "negative": {"3+": Fit.AGAINST, "2+": Fit.OPEN, "1+": Fit.EXACT, "0": Fit.EXACT},
    "low": {"3+": Fit.AGAINST, "2+": Fit.OPEN, "1+": Fit.EXACT, "0": Fit.AGAINST},
    "ultralow": {"3+": Fit.AGAINST, "2+": Fit.AGAINST, "1+": Fit.AGAINST, "0": Fit.OPEN},
}
"""Wanted status → IHC score → how it stands to it; 2+ waits for in-situ hybridisation."""


def _her2_copies(want: str, reading: Reading) -> Fit:
    """Compare gene copies by in-situ hybridisation or sequencing; only the former can call HER2 negative."""
    if "amplif" not in reading.alteration.lower():
        return Fit.APART
    if want != "positive" or reading.result in UNSURE:
        return Fit.OPEN
    if reading.result in {"positive", "detected"}:
        return Fit.KIND
    return Fit.OPEN if reading.type is FactType.CNV else Fit.AGAINST


def _ihc_score(reading: Reading) -> str:
    for text in (reading.score, str(reading.value or "")):
        found = re.search(r"(?<![\d.])([0-3])\s?\+|\b0\b", text or "")
        if found and "%" not in (text or ""):
            return f"{found[1]}+" if found[1] and found[1] != "0" else "0"
    return ""


def _over_zero(reading: Reading) -> Fit:
    number = least(str(reading.value or ""))
    return Fit.EXACT if number is not None and number >= 1 else Fit.OPEN


_SYSTEMS = {"TPS", "CPS", "IC", "TC", "TAP"}
_THRESHOLD = re.compile(r"(>=|>|<)(\d+(?:\.\d+)?) ?(%|H)?(?: ?(TPS|CPS|IC|TC|TAP))?")


def _threshold(want: str, reading: Reading) -> Fit:
    """Compare a percentage or score with a threshold such as ">=50% TPS"; another scoring system leaves it open."""
    found = _THRESHOLD.fullmatch(want)
    if not found or reading.result in UNSURE:
        return Fit.OPEN
    sign, limit, system = found[1], Decimal(found[2]), found[4] or ""
    value = _measured(reading)
    if not value:
        return _called_only(sign, limit, reading.result)
    if not _same_system(system, value, reading):
        return Fit.OPEN
    measured = least(value)
    if measured is None:
        return Fit.OPEN
    if value.lstrip().startswith("<"):
        if measured > limit:
            return Fit.OPEN
        return Fit.EXACT if sign == "<" else Fit.AGAINST
    holds = {">=": measured >= limit, ">": measured > limit, "<": measured < limit}[sign]
    return Fit.EXACT if holds else Fit.AGAINST


def _measured(reading: Reading) -> str:
    """Return the measured value as printed; some reports print it with the scoring system ("TPS 60%")."""
    if reading.value is not None:
        return str(reading.value)
    score = reading.score or ""
    return re.sub(r"^[A-Za-z ]+", "", score) if re.search(r"\d", score) else ""


def _called_only(sign: str, limit: Decimal, result: str) -> Fit:
    """Judge a call without a number: "positive" says no more than "at least 1"."""
    if result == "negative":
        return Fit.EXACT if sign == "<" else Fit.AGAINST
    return Fit.EXACT if result in {"positive", "high"} and sign != "<" and limit <= 1 else Fit.OPEN


def _same_system(system: str, value: str, reading: Reading) -> bool:
    """Tell whether a value may be compared with a threshold of the scoring system; TPS and TC count the same cells."""
    said = next((word for word in re.findall(r"[A-Z]+", (reading.score or "").upper()) if word in _SYSTEMS), "")
    if not system:
        return True
    if said:
        return said == system or {said, system} == {"TPS", "TC"}
    percent = "%" in value or reading.unit == "%"
    return percent if system in {"TPS", "TC"} else system == "CPS" and not percent


def least(value: str) -> Decimal | None:
    """Return the first number of a printed value: 60 of "60%", 1 of "1-49%"."""
    found = re.search(r"\d+(?:\.\d+)?", value)
    return Decimal(found[0]) if found else None
