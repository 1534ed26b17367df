"""What a finding is, in words: its name, its printed value, and what a report "shows" or "says"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from app.domain.finding import Finding
from app.domain.mention import FactType, Reading
from app.domain.provenance import Evidence, Spoken
from app.stages.guidance.writing import Writer

ABSENT = frozenset({"not_detected", "negative", "unmethylated"})
"""Tested, and not there."""
USUAL = frozenset({"intact", "retained", "wild_type_pattern", "MSS", "pMMR", "normal"})
"""Tested, and as in healthy tissue."""
UNJUDGED = frozenset({"not_evaluated", "indeterminate", "equivocal"})
"""Tested or to be tested, and no answer."""
UNCLEAR = frozenset({"vus"})
HARMLESS = frozenset({"benign", "likely_benign"})
CHANGES_OF_COPIES = {"amplification", "gain", "loss", "homozygous deletion"}


def is_absent(reading: Reading) -> bool:
    """Tell whether the finding says "tested, not found"."""
    return reading.result in ABSENT


def is_usual(reading: Reading) -> bool:
    """Tell whether the finding says "as usual"."""
    low_burden = reading.type is FactType.SIGNATURE and reading.alteration == "TMB" and reading.result == "low"
    return reading.result in USUAL or low_burden or is_normal_karyotype(reading)


def is_normal_karyotype(reading: Reading) -> bool:
    """Tell whether a chromosome analysis found what every healthy person has."""
    return reading.type is FactType.CYTOGENETICS and reading.alteration.lower().startswith("normal")


def is_unjudged(reading: Reading) -> bool:
    """Tell whether the finding says that nothing could be judged."""
    return reading.result in UNJUDGED


def is_unclear(reading: Reading) -> bool:
    """Tell whether the report calls a change unclear or harmless."""
    return (reading.classification or "").lower() in UNCLEAR | HARMLESS


def is_earlier(reading: Reading) -> bool:
    """Tell whether it is an earlier result of the person."""
    return reading.temporality == "historical"


def marker(reading: Reading) -> str:
    """Return the name of the marker as the report prints it, else its symbol."""
    return reading.marker or reading.gene or reading.alteration


def number(value: Decimal | str) -> str:
    """Write a printed number without an empty exponent or trailing zeros that nobody printed."""
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def value(reading: Reading) -> str:
    """Return the value as printed, with its unit or scoring system; "" where there is none."""
    parts: list[str] = []
    if reading.value is not None:
        parts.append(number(reading.value))
        if reading.unit:
            parts.append(reading.unit)
    if reading.score and reading.score not in parts:
        parts.insert(0, reading.score)
    return " ".join(parts)


def copies(reading: Reading) -> str:
    """Return ", 12 copies"-like text; "" where none is printed."""
    return f", {number(reading.copies)}" if reading.copies is not None else ""


def _same_name(short: str, gene: str | None) -> bool:
    return bool(gene) and re.sub(r"\W", "", short).lower() == re.sub(r"\W", "", gene or "").lower()


def name(reading: Reading, writer: Writer) -> str:
    """Return the short name for lists and questions, such as "EGFR p.L858R" or "MSI-H"."""
    gene, change = reading.gene or "", reading.alteration
    match reading.type:
        case FactType.IHC:
            return marker(reading)
        case FactType.SIGNATURE:
            word = reading.result if reading.result in ("MSI-H", "MSS", "dMMR", "pMMR") else ""
            return word or (reading.marker or change)
        case FactType.CYTOGENETICS | FactType.LAB:
            return change or marker(reading)
        case FactType.FUSION:
            kind = "fusion" if change in ("fusion", "", "any mutation") else change
            return writer.marker(f"{gene or marker(reading)} {kind}")
        case _:
            said = "mutation" if change == "any mutation" else change
            if writer.has(f"marker.{said}") or not writer.has(f"kind.{said}"):
                return writer.marker(" ".join(part for part in (gene or marker(reading), said) if part))
            return " ".join(part for part in (gene or marker(reading), writer.word(f"kind.{said}")) if part)


def printed(reading: Reading, writer: Writer) -> str:
    """Return the finding as a line of a report: name, result, value."""
    word = f"result.{reading.result}"
    result = writer.word(word) if writer.has(word) else reading.result
    parts = [name(reading, writer)]
    told = value(reading)
    if result not in parts[0] and not (reading.type is FactType.LAB and told):
        parts.append(result)
    if reading.c and reading.c not in parts[0]:
        parts.append(reading.c)
    if reading.vaf is not None:
        parts.append(f"VAF {number(reading.vaf)} %")
    if reading.copies is not None:
        parts.append(f"copies {number(reading.copies)}")
    if told:
        parts.append(told)
    return ", ".join(parts)


def called(reading: Reading, writer: Writer) -> str:
    """Return the name for a question, with the result where the marker alone would not say it: "ER negative"."""
    word = f"result.{reading.result}"
    spoken = reading.type in (FactType.IHC, FactType.SIGNATURE) and reading.result != "detected"
    if not spoken or reading.result in ("reported", "not_evaluated") or not writer.has(word):
        return name(reading, writer)
    if reading.type is FactType.IHC and reading.score and reading.result in ("negative", "equivocal"):
        return f"{name(reading, writer)} {reading.score}"
    return f"{name(reading, writer)} {writer.word(word)}"


def is_read(evidence: Sequence[Evidence]) -> bool:
    """Tell whether a page says it, rather than a person or a question."""
    return any(place.source is Spoken.PAGE for place in evidence)


def is_entered(finding: Finding) -> bool:
    """Tell whether the person typed it rather than a page saying it."""
    return bool(finding.evidence) and all(e.source is Spoken.PERSON for e in finding.evidence)


def short(reading: Reading) -> str:
    """Return what stands in brackets after plain words: the change as printed."""
    parts = [p for p in (reading.alteration, reading.category if reading.category != reading.alteration else None) if p]
    return ", ".join(parts) or (reading.c or reading.p or "")


def shown(reading: Reading, writer: Writer) -> tuple[str, str]:
    """Put a finding into words.

    Returns:
        "shows" and words that follow "Your report shows", or "says" and words that follow "Your report says that".
    """
    detail = f", {value(reading)}" if value(reading) else ""
    gene = reading.gene or marker(reading)
    match reading.type:
        case FactType.VARIANT:
            change = short(reading)
            if not change or change == "any mutation" or reading.of_any_change:
                return "shows", writer.word("shows.variant_any", gene=gene)
            return "shows", writer.word("shows.variant", gene=gene, printed=change)
        case FactType.FUSION:
            return "shows", _fusion(reading, writer)
        case FactType.CNV:
            return "shows", _copies(reading, writer, gene)
        case FactType.METHYLATION:
            key = f"shows.methylation.{reading.result}"
            return "shows", _or_printed(key, reading, writer, gene=gene)
        case FactType.CYTOGENETICS if is_normal_karyotype(reading):
            return "says", writer.word("says.karyotype.normal", printed=reading.alteration)
        case FactType.CYTOGENETICS:
            return "shows", writer.word("shows.cytogenetics", printed=reading.alteration or marker(reading))
        case FactType.ISH:
            return _ish(reading, writer, gene)
        case FactType.IHC:
            key = f"says.ihc.{reading.result}"
            told = value(reading)
            if reading.result == "reported" and not told:
                return "shows", printed(reading, writer)
            return _says(key, reading, writer, marker=marker(reading), detail=f" ({told})" if told else "", value=told)
        case FactType.SIGNATURE:
            return _signature(reading, writer, detail)
        case _:
            return "says", writer.word("says.lab", marker=marker(reading), value=value(reading) or reading.result)


def _or_printed(key: str, reading: Reading, writer: Writer, **slots: object) -> str:
    return writer.word(key, **slots) if writer.has(key) else printed(reading, writer)


def _says(key: str, reading: Reading, writer: Writer, **slots: object) -> tuple[str, str]:
    if writer.has(key):
        return "says", writer.word(key, **slots)
    return "shows", printed(reading, writer)


def _fusion(reading: Reading, writer: Writer) -> str:
    if reading.gene and "::" in reading.gene:
        five, three = reading.gene.split("::", 1)
        return writer.word("shows.fusion", five=five, three=three)
    if reading.gene:
        return writer.word("shows.fusion_one", gene=reading.gene)
    return writer.word("shows.fusion_printed", printed=marker(reading))


def _copies(reading: Reading, writer: Writer, gene: str) -> str:
    kind = reading.alteration.replace(" ", "_")
    key = f"shows.{kind}" if kind.replace("_", " ") in CHANGES_OF_COPIES else "shows.cnv"
    return writer.word(key, gene=gene, printed=reading.alteration, copies=copies(reading))


def _ish(reading: Reading, writer: Writer, gene: str) -> tuple[str, str]:
    if reading.result == "positive" and reading.alteration in ("amplification", "rearrangement"):
        return "shows", writer.word(f"shows.ish.{reading.alteration}", gene=gene, printed=reading.alteration)
    if reading.result in ("positive", "negative"):
        told = value(reading) or reading.alteration
        return "says", writer.word(f"says.ish.{reading.result}", gene=gene, printed=told)
    return "shows", printed(reading, writer)


def _signature(reading: Reading, writer: Writer, detail: str) -> tuple[str, str]:
    kind = reading.alteration.split()[0] if reading.alteration else ""
    told = value(reading)
    for key in (f"says.signature.{kind}.{reading.result}",):
        if writer.has(key) and (reading.result != "reported" or told):
            return "says", writer.word(key, detail=detail, value=told)
    if reading.result == "reported" and told:
        return "says", writer.word("says.lab", marker=reading.alteration or marker(reading), value=told)
    word = f"result.{reading.result}"
    result = writer.word(word) if writer.has(word) else reading.result.replace("_", " ")
    return "says", writer.word("says.signature.any", marker=reading.alteration, result=result, detail=detail)
