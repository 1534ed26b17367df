"""Which tests guidelines expect in the person's cancer and the documents do not show."""

from __future__ import annotations

from app.domain.match import MissingTest
from app.domain.mention import FactType, Reading
from app.domain.profile import Profile
from app.domain.statement import Change, Condition, TestAdvice, Trust
from app.ports import KnowledgeBase
from app.stages.matching import events
from app.stages.matching.fit import MMR_GENES, genes
from app.stages.matching.setting import Setting

TYPES: dict[Change, set[FactType]] = {
    Change.MUTATION: {FactType.VARIANT},
    Change.VARIANT: {FactType.VARIANT},
    Change.CATEGORY: {FactType.VARIANT, FactType.FUSION},
    Change.FUSION: {FactType.FUSION, FactType.ISH, FactType.CYTOGENETICS},
    Change.AMPLIFICATION: {FactType.CNV, FactType.ISH, FactType.IHC},
    Change.GAIN: {FactType.CNV, FactType.ISH, FactType.CYTOGENETICS},
    Change.LOSS: {FactType.CNV, FactType.ISH, FactType.CYTOGENETICS, FactType.IHC},
    Change.EXPRESSION: {FactType.IHC, FactType.ISH, FactType.LAB},
    Change.LOST_EXPRESSION: {FactType.IHC},
    Change.METHYLATION: {FactType.METHYLATION},
    Change.SIGNATURE: {FactType.SIGNATURE},
    Change.CYTOGENETIC: {FactType.CYTOGENETICS, FactType.ISH, FactType.FUSION},
}
"""Class of change → types of findings that show that it was tested."""

SPREAD_ONLY = {"advanced", "metastatic", "recurrent"}


def missing_tests(known: Profile, knowledge: KnowledgeBase, here: Setting) -> tuple[MissingTest, ...]:
    """Return the expected tests that no finding shows; a failed or pending test counts as shown.

    Args:
        known: The profile.
        knowledge: The base.
        here: The person's cancer and stage.
    """
    if not here.known:
        return ()
    shown = [f.reading for f in known.findings if not f.reading.experiencer and f.review != "rejected"]
    lacking: dict[str, TestAdvice] = {}
    answered: set[str] = set()
    for advice in knowledge.advice(here.near):
        if advice.when in SPREAD_ONLY and here.extent == "local":
            continue
        marker = advice.marker.lower()
        if any(shows(condition, reading) for condition in advice.conditions for reading in shown):
            answered.add(marker)
        else:
            kept = lacking.get(marker)
            if kept is None or (kept.trust is not Trust.CURATED and advice.trust is Trust.CURATED):
                lacking[marker] = advice
    return tuple(MissingTest(advice) for marker, advice in lacking.items() if marker not in answered)


def shows(condition: Condition, reading: Reading) -> bool:
    """Tell whether a finding, whatever its result, shows that the marker was tested."""
    if reading.type not in TYPES[condition.change] and not (
        reading.of_any_change and condition.change is Change.FUSION
    ):
        return condition.change is Change.SIGNATURE and _mismatch_repair(condition, reading)
    if condition.change is Change.SIGNATURE:
        wanted = {want.split(" ")[0].upper() for want in condition.detail.split("|")}
        wanted |= {"MSI", "MMR"} if wanted & {"MSI-H", "DMMR", "MSS", "PMMR"} else set()
        return reading.alteration.upper().split(" ")[0] in wanted
    if condition.change is Change.CYTOGENETIC:
        return _event_shown(condition, reading)
    return bool(set(genes(reading)) & {gene for gene in condition.genes if gene})


def _mismatch_repair(condition: Condition, reading: Reading) -> bool:
    asked = {"MSI-H", "dMMR", "MSS", "pMMR"} & set(condition.detail.split("|"))
    return bool(asked) and reading.type is FactType.IHC and bool(set(genes(reading)) & MMR_GENES)


def _event_shown(condition: Condition, reading: Reading) -> bool:
    """Tell whether an event was looked for; a whole karyotype shows that every large event was."""
    said = events.name(reading.alteration)
    if reading.type is FactType.CYTOGENETICS and ("karyotype" in said or "46," in reading.alteration):
        return True
    for want in condition.detail.split("|"):
        pair = events.fusion(want)
        if events.name(want) == said or (pair and set(pair) <= set(genes(reading))):
            return True
        if events.ARMS.get(reading.gene or "") == events.name(want):
            return True
    return False
