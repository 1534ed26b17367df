"""Whether one finding about a gene's changes meets one condition, speaks against it, or leaves it open.

A finding that is uncertain, failed, of unknown significance or harmless never meets a condition: a wrong "positive" is
the worst error there is.
"""

from __future__ import annotations

import re
from functools import lru_cache

from app.domain.mention import ANY_ALTERATION, FactType, Reading
from app.domain.statement import Change, Condition
from app.stages.matching import events, exons
from app.stages.matching.fit import Fit, called, genes, is_harmless
from app.stages.matching.proteins import expression, lost
from app.stages.matching.signatures import cytogenetic, signature

MEANINGLESS_NAMES = {
    "any mutation",
    ANY_ALTERATION,
    "mutation",
    "mutated",
    "any",
    "",
    "sequence variant",
    "pathogenic variant",
}
SCREENING_ENOUGH = {"ALK"}
"""Genes for which a positive protein stain stands for the fusion. Source: FDA PMA P140025 (VENTANA ALK D5F3)."""


def fit(condition: Condition, reading: Reading) -> Fit:
    """Compare a finding with a condition, `negated` aside."""
    if condition.change is Change.SIGNATURE:
        return signature(condition.detail, reading)
    if condition.change is Change.CYTOGENETIC:
        return cytogenetic(condition, reading)
    about = set(genes(reading)) & {gene for gene in condition.genes if gene}
    if not about:
        return Fit.APART
    if condition.origin and reading.origin and condition.origin != reading.origin:
        return Fit.APART
    compared = COMPARE[condition.change](condition, reading)
    if compared.meets and condition.origin and not reading.origin:
        return Fit.OPEN
    return Fit.OPEN if compared.meets and is_harmless(reading) else compared


def _spoken(reading: Reading) -> frozenset[str]:
    return _names(reading.alteration, reading.p, reading.alias, reading.c, reading.category)


@lru_cache(maxsize=2048)
def _names(*names: str | None) -> frozenset[str]:
    return frozenset(name for name in names if name)


_BRACKETS = str.maketrans("", "", "() ")


@lru_cache(maxsize=2048)
def _plain(names: frozenset[str]) -> frozenset[str]:
    """Return names without "p.", brackets and spaces."""
    return frozenset(name.translate(_BRACKETS).removeprefix("p.") for name in names)


@lru_cache(maxsize=2048)
def _codons(names: frozenset[str]) -> frozenset[str]:
    """Return the places that protein notations name, such as "V600"."""
    return frozenset(exons.codon(name) for name in names if exons.place(name))


@lru_cache(maxsize=8192)
def _wanted(detail: str) -> frozenset[str]:
    """Return the alternatives of a detail, as `_plain` writes them."""
    return _plain(frozenset(detail.split("|")))


def _unspecific(reading: Reading) -> bool:
    return reading.alteration.lower() in MEANINGLESS_NAMES


def _mutation(condition: Condition, reading: Reading) -> Fit:
    if reading.type is not FactType.VARIANT:
        return Fit.APART
    if reading.result == "not_detected" and not _unspecific(reading):
        return Fit.APART
    return called(reading, Fit.GENE)


def _variant(condition: Condition, reading: Reading) -> Fit:
    if reading.type is not FactType.VARIANT:
        return Fit.APART
    if _unspecific(reading):
        return called(reading, Fit.OPEN)
    wanted, spoken = _wanted(condition.detail), _spoken(reading)
    if not wanted.isdisjoint(_plain(spoken)):
        return called(reading, Fit.EXACT)
    if not wanted.isdisjoint(_codons(spoken)) and reading.result != "not_detected":
        return called(reading, Fit.KIND)
    return Fit.APART


def _category(condition: Condition, reading: Reading) -> Fit:
    if reading.type not in {FactType.VARIANT, FactType.FUSION}:
        return Fit.APART
    if _unspecific(reading):
        return called(reading, Fit.OPEN)
    gene = genes(reading)[0]
    belongs = any(_belongs(gene, want, reading) for want in condition.detail.split("|"))
    if not belongs:
        return Fit.APART
    named = any(want.lower() in {name.lower() for name in _spoken(reading)} for want in condition.detail.split("|"))
    if reading.result == "not_detected" and not named:
        return Fit.APART
    return called(reading, Fit.KIND)


def _belongs(gene: str, want: str, reading: Reading) -> bool:
    spoken = {name.lower() for name in _spoken(reading)}
    if want.lower() in spoken:
        return True
    proteins = [name for name in _spoken(reading) if exons.place(name)]
    match want:
        case "ITD":
            return any("itd" in name for name in spoken) or any(
                exons.is_internal_duplication(gene, p) for p in proteins
            )
        case "TKD":
            return any("tkd" in name for name in spoken) or any(exons.is_kinase_point(gene, p) for p in proteins)
        case "AR-V7":
            return bool({re.sub(r"[- ]", "", name) for name in spoken} & {"arv7", "v7", "splicevariant7"})
        case "truncating":
            return any(exons.truncates(p) for p in proteins)
        case "activating":
            return not any(exons.truncates(p) for p in proteins)
        case "exon 14 skipping":
            return gene == "MET" and (
                any("exon 14" in name for name in spoken) or bool(reading.c and exons.skips_met_14(reading.c))
            )
        case "promoter mutation":
            return any("promoter" in name or name.startswith(("c.-", "c.−")) for name in spoken)
    return any(exons.is_in(gene, p, want) for p in proteins)


def _fusion(condition: Condition, reading: Reading) -> Fit:
    rearranged = (
        reading.type is FactType.FUSION
        or (reading.type is FactType.ISH and "rearrange" in reading.alteration)
        or (reading.type is FactType.ISH and events.fusion(reading.alteration) is not None)
        or (reading.type is FactType.CYTOGENETICS and events.fusion(reading.alteration) is not None)
        or (reading.type is FactType.CYTOGENETICS and "::" in (reading.gene or ""))
    )
    if "exon" in reading.alteration or "skipping" in reading.alteration:
        return Fit.APART
    if reading.type is FactType.IHC and condition.gene in SCREENING_ENOUGH and not condition.detail:
        return called(reading, Fit.KIND)
    if reading.type is FactType.IHC and reading.result in {"positive", "low_positive"}:
        return Fit.OPEN
    if reading.of_any_change:
        return called(reading, Fit.OPEN)
    if not rearranged:
        return Fit.APART
    partners = set(genes(reading))
    if not condition.detail:
        return called(reading, Fit.KIND)
    if condition.detail in partners:
        return called(reading, Fit.EXACT)
    if len(partners) == 1:
        return called(reading, Fit.OPEN)
    return Fit.APART


def _copies(condition: Condition, reading: Reading) -> Fit:
    if reading.type not in {FactType.CNV, FactType.ISH}:
        return Fit.APART
    words = reading.alteration.lower()
    up = "amplif" in words
    wanted = {
        Change.AMPLIFICATION: up,
        Change.GAIN: up or "gain" in words or "duplication" in words,
        Change.LOSS: any(word in words for word in ("loss", "delet", "homozygous")),
    }[condition.change]
    if not wanted:
        return Fit.APART
    if condition.change is Change.LOSS and condition.detail.startswith("homozygous"):
        deep = any(word in words for word in ("homozygous", "deep", "biallelic"))
        if not deep:
            return called(reading, Fit.OPEN)
    return called(reading, Fit.EXACT)


def _methylation(condition: Condition, reading: Reading) -> Fit:
    if reading.type is not FactType.METHYLATION:
        return Fit.APART
    return called(reading, Fit.EXACT, absent=frozenset({"unmethylated", "not_detected", "negative"}))


COMPARE = {
    Change.MUTATION: _mutation,
    Change.VARIANT: _variant,
    Change.CATEGORY: _category,
    Change.FUSION: _fusion,
    Change.AMPLIFICATION: _copies,
    Change.GAIN: _copies,
    Change.LOSS: _copies,
    Change.EXPRESSION: expression,
    Change.LOST_EXPRESSION: lost,
    Change.METHYLATION: _methylation,
}
