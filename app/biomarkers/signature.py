"""Signatures: MSI, MMR, TMB, HRD, LOH, tumour fraction, ctDNA, MRD, IGHV, and viruses in the tumour (EBV, HPV).

Sources: TMB of 10 mutations per megabase or more is high in the tumour-agnostic label of pembrolizumab (FDA, 16 June
2020); a report that ranks its burden by percentile makes no such call and gets none. MSI by
markers: two of five or at least 30 % unstable is MSI-H (Boland et al. 1998, PMID 9823339). Other calls are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from app.biomarkers.kind import Hit, Passage
from app.biomarkers.parts import NUMBER, PERCENT, hit, number
from app.biomarkers.statement import Statement, Subject
from app.domain.mention import FactType, Reading

NAME = "signature"
_PER_MB = re.compile(
    rf"(?P<sign>[<>≥≤]\s?)?(?P<value>{NUMBER})\s*[¹²³⁰⁴-⁹*†‡]?\s*\(?(?:m|muts?|mutations?|var(?:iants)?|mutaciones|Mutationen"
    rf"|mutaties)\s?\.?(?:/|per|por|pro|par)\s?(?:mb|megabase|megabasen|mega-base|Mbp)\b",
    re.I,
)
_UNSTABLE_OF = re.compile(r"(?P<n>\d{1,2})\s?(?:/|of|out of|de|von)\s?(?P<of>\d{1,2})\b", re.I)
_MTM = re.compile(rf"(?P<value>{NUMBER})\s*(?:mean tumou?r molecules?(?:\s*(?:per|/)\s*mL)?|MTM\s?/\s?mL)", re.I)
_HIGH = re.compile(r"\b(?:high|alta|alto|hoch|élevée?|hoog|elevated)\b(?!-grade)", re.I)
_LOW = re.compile(r"\b(?:low|baja|bajo|niedrig|faible|laag)\b(?!-grade)", re.I)
_STABLE = re.compile(r"\b(?:stable|estable|stabil|stabiel|MSS|MS-S)\b", re.I)
_UNSTABLE = re.compile(r"\b(?:unstable|inestable|instabil|instable|instabiel|high|MSI-?H)\b", re.I)
_UNIT = re.compile(r"/ ?Mb\b|per (?:mb|megabase)|por megabase|pro Megabase|par mégabase|per megabase|/ ?megabase", re.I)
_PERCENTILE = re.compile(r"percentile", re.I)
_SCORE_OF = re.compile(
    r"(?:score|GIS|index|status|HRD|instability)\W{0,14}?(?P<value>\d{1,3}(?:\.\d+)?)(?!\s?%|\d|/)", re.I
)
_THRESHOLD = re.compile(r"(?:cut-?off|threshold|>=|≥|>|<|reference|umbral|limit)\W{0,6}(?:of |is )?$", re.I)
_BRACKET = re.compile(r"\([^)]*(?:cut-?off|threshold|percentile|reference|>=|≥)[^)]*\)", re.I)
_LABELLED = re.compile(r"[:=\t]|\b(?:status|result|score|estado|resultado|statut)\b", re.I)
_RESULT_WORDS: dict[str, dict[str, str]] = {
    "MSI": {"detected": "MSI-H", "not_detected": "MSS"},
    "MMR": {"detected": "dMMR", "not_detected": "pMMR"},
    "TMB": {"detected": "high", "not_detected": "low"},
    "HRD": {"detected": "positive", "not_detected": "negative"},
    "LOH": {"detected": "high", "not_detected": "low"},
    "IGHV": {"detected": "mutated", "not_detected": "unmutated"},
    "EBV": {"detected": "positive", "not_detected": "negative"},
    "HPV": {"detected": "positive", "not_detected": "negative"},
}


def read(passage: Passage) -> Iterable[Hit]:
    """Read the signatures of a passage."""
    for statement in passage.statements:
        if statement.silenced or statement.context.silent:
            continue
        for subject in statement.subjects:
            if subject.sort == "signature":
                yield from _read(passage, statement, subject)


def _read(passage: Passage, statement: Statement, subject: Subject) -> Iterable[Hit]:
    name, text = subject.name, passage.text
    if name == "MMR" and _OTHERS.search(text, max(0, subject.start - 24), subject.start):
        return
    region = _BRACKET.sub(" ", text[subject.start : statement.tail_end])
    told: dict[str, Any] = {}
    places: list[tuple[int, int]] = []
    value = _value(passage, statement, subject)
    if value is not None:
        told["value"], told["unit"], place = value
        places.append(place)
    result = _call(statement, subject, name, region, told.get("value"))
    if _is_denied(passage, statement, subject, told.get("value")):
        result = _flipped(name, result)
    if not result:
        return
    yield hit(passage, statement, subject, FactType.SIGNATURE, None, name, result, places, **told)


_OTHERS = re.compile(r"\b(?:other|remaining|rest of the|further)\s+(?:\w+\s)?$", re.I)
"""Words that make the proteins that follow those beside one with a result of its own: no call of the whole."""
_UNFAVOURED = frozenset({"MSI-H", "dMMR", "high", "positive", "detected"})


def _call(statement: Statement, subject: Subject, name: str, region: str, value: object) -> str:
    asserted = statement.asserted
    tail = region[subject.end - subject.start :]
    if asserted.result == "not_evaluated":
        return "not_evaluated"
    if asserted.result == "indeterminate":
        return "equivocal"
    if subject.note:
        return (
            _flipped(name, subject.note)
            if asserted.result == "not_detected" and (not statement.has_verb or subject.note in _UNFAVOURED)
            else subject.note
        )
    if name == "MSI" and isinstance(value, str) and "/" in value:
        unstable, of = (int(part) for part in value.split("/"))
        return "MSI-H" if of and unstable >= 2 and unstable / of >= 0.3 else "MSS"
    if name == "MSI":
        return _msi(asserted.result, tail, statement)
    if name == "MMR":
        return _mmr(asserted.result, region, statement)
    if name in {"TMB", "LOH", "tumor fraction"}:
        return _level(name, asserted.result, tail, value, region)
    if name == "IGHV":
        if re.search(r"unmutated|nicht mutiert|no mutad|non muté", region, re.I):
            return "unmutated"
        if re.search(r"\bmutated|mutiert|mutad|muté", region, re.I):
            return "mutated"
    words = _RESULT_WORDS.get(name, {})
    if name == "HRD" and not asserted.result:
        if re.search(r"proficien|HRP\b", tail, re.I):
            return "negative"
        if re.search(r"\bdeficient\b", tail, re.I):
            return "positive"
        if _HIGH.search(tail):
            return "positive"
        if _LOW.search(tail):
            return "negative"
        return "reported" if value is not None else ""
    if asserted.result:
        return words.get(asserted.result, asserted.result)
    return "reported" if value is not None and name in {"HRD", "ctDNA"} else ""


def _is_denied(passage: Passage, statement: Statement, subject: Subject, value: object) -> bool:
    """Tell whether a call is only the name of what a list of negatives denies, as "MSI-high" is below its heading.

    A label with its value ("Microsatellite status: MSI-high") states a result of its own, wherever it stands.
    """
    if statement.context.result != "not_detected" or statement.asserted.result or value is not None:
        return False
    line = passage.text.rfind("\n", 0, subject.start) + 1
    named = passage.text[max(line, subject.start - 30) : statement.tail_end]
    return not _LABELLED.search(named)


def _flipped(name: str, call: str) -> str:
    return {"MSI-H": "MSS", "dMMR": "pMMR", "positive": "negative", "detected": "not_detected", "high": "low"}.get(
        call, call
    )


def _msi(result: str, tail: str, statement: Statement) -> str:
    stable, unstable = _STABLE.search(tail), _UNSTABLE.search(tail)
    if stable and unstable and re.search(r"\bequivocal\b", tail, re.I):
        stable_only = stable.start() < unstable.start()
        return "MSS" if stable_only else ""
    if stable and not (unstable and unstable.start() < stable.start()):
        return "MSS"
    if unstable and result != "not_detected":
        return "MSI-H"
    if _LOW.search(tail):
        return "MSS"
    if statement.asserted.call == "intact":
        return "MSS"
    return {"detected": "MSI-H", "not_detected": "MSS"}.get(result, "")


def _mmr(result: str, region: str, statement: Statement) -> str:
    if statement.asserted.call in {"intact", "lost"}:
        return "pMMR" if statement.asserted.call == "intact" else "dMMR"
    if re.search(r"\b(?:proficien\w*|intact|retained|preserved|conservad\w*)\b", region, re.I):
        return "pMMR"
    if result == "not_detected" and any(i.sort == "event" and i.means == "loss" for i in statement.head):
        return "pMMR"
    if result == "detected" and re.search(r"\bproteins?\b", region, re.I) and re.search(r"\bpresent\b", region, re.I):
        return "pMMR"
    if re.search(r"\bdeficien\w*\b|\bloss\b|\blost\b", region, re.I):
        return "pMMR" if result == "not_detected" else "dMMR"
    return {"detected": "", "not_detected": ""}.get(result, "")


def _level(name: str, result: str, tail: str, value: object, region: str) -> str:
    high, low = _HIGH.search(tail), _LOW.search(tail)
    if high and re.search(r"\bnot\s+$", tail[: high.start()], re.I):
        return "low"
    if high and result == "not_detected":
        return "low"
    if high and not (low and low.start() < high.start()):
        return "high"
    if low:
        return "low"
    if name == "TMB":
        amount = value if isinstance(value, Decimal) else None
        if amount is None:
            return {"detected": "high", "not_detected": "low"}.get(result, "")
        if (
            not _UNIT.search(region)
            or _PERCENTILE.search(region)
            or re.search(r"intermediate|intermedi[oa]", region, re.I)
        ):
            return "reported"
        return "high" if amount >= 10 else "low"
    if value is not None:
        return "reported"
    return {
        "detected": "high" if name == "LOH" else "detected",
        "not_detected": "low" if name == "LOH" else "not_detected",
    }.get(result, "")


def _value(
    passage: Passage, statement: Statement, subject: Subject
) -> tuple[Decimal | str, str | None, tuple[int, int]] | None:
    text, start, stop, name = passage.text, subject.end, statement.tail_end, subject.name
    if name == "TMB":
        found = _PER_MB.search(text, start, stop)
        if found and not _THRESHOLD.search(text, max(start, found.start() - 14), found.start()):
            return number(found["value"]), "mut/Mb", found.span()
        plain = re.compile(
            rf"(?:\s*\((?:mut\w*|m|variants)\s?(?:/|per)\s?Mb\))?\s*[:=|\t ]\s*(?P<value>{NUMBER})"
            r"(?=\s*(?:$|[\n(|;,\t]|\.\s|\.$))"
        ).match(text, start, stop)
        return (number(plain["value"]), None, plain.span("value")) if plain else None
    if name == "MSI":
        found = _UNSTABLE_OF.search(text, start, stop)
        if found and re.search(r"unstable|instab|markers|loci|inestab", text[found.start() : stop], re.I):
            return f"{found['n']}/{found['of']}", None, found.span()
        return None
    if name == "ctDNA":
        found = _MTM.search(text, start, stop)
        return (number(found["value"]), "MTM/mL", found.span()) if found else None
    if name == "HRD":
        for found in _SCORE_OF.finditer(text, subject.start, stop):
            if not _THRESHOLD.search(text, max(start, found.start("value") - 14), found.start("value")):
                return number(found["value"]), None, found.span("value")
        plain = re.compile(r"\s*[:=]?\s*(?P<value>\d{1,3}(?:\.\d+)?)(?![\d%/])").match(text, start, stop)
        return (number(plain["value"]), None, plain.span("value")) if plain else None
    if name in {"LOH", "tumor fraction", "MRD", "IGHV"}:
        for found in PERCENT.finditer(text, start, stop):
            if not _THRESHOLD.search(text, max(start, found.start() - 14), found.start()):
                return found[0].replace(" ", ""), None, found.span()
    return None


def show(reading: Reading) -> str:
    """Write a signature as one line that `read` reads back."""
    told = {"not_evaluated": "could not be determined", "not_detected": "not detected", "reported": ""}
    unit = f" {reading.unit}" if reading.unit else ""
    value = f"{reading.value}{unit}" if reading.value is not None else ""
    return f"{reading.alteration}: {', '.join(p for p in (value, told.get(reading.result, reading.result)) if p)}"
