"""The findings of a profile that may be matched: the person's own, current, settled ones, each with its ids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.finding import Finding, Review
from app.domain.mention import FactType, Reading
from app.domain.profile import Profile
from app.domain.provenance import Spoken
from app.stages.matching.fit import UNSURE, genes, is_harmless

MATCHED = {
    FactType.VARIANT,
    FactType.FUSION,
    FactType.CNV,
    FactType.IHC,
    FactType.SIGNATURE,
    FactType.ISH,
    FactType.CYTOGENETICS,
    FactType.METHYLATION,
}
ABSENT = {"not_detected", "negative", "unmethylated", "intact", "retained", "MSS", "MSI-L", "pMMR", "low"}


@dataclass(frozen=True, slots=True)
class Fact:
    """A finding as the matcher sees it.

    Attributes:
        ids: Ids of the findings that it rests on; two where a stain was settled by a second test.
        reading: What is said.
        asked: Whether it comes from a question, so that nothing beyond it is known.
    """

    ids: tuple[str, ...]
    reading: Reading
    asked: bool = False

    @property
    def genes(self) -> tuple[str | None, ...]:
        """Return the genes under which statements about it are found; None beside them for signatures and events."""
        own: tuple[str | None, ...] = genes(self.reading)
        loose = self.reading.type in {FactType.SIGNATURE, FactType.CYTOGENETICS, FactType.ISH, FactType.IHC}
        return (*own, None) if loose or not own else own


def matched(known: Profile) -> list[Fact]:
    """Return the facts that statements may be matched to; stains settled by in-situ hybridisation come as one."""
    doubted = disputed(known)
    usable = [finding for finding in known.findings if finding.id not in doubted and _own(finding)]
    return _settled([_fact(finding) for finding in usable])


def disputed(known: Profile) -> set[str]:
    """Return the ids of findings that contradict each other or that somebody disputes."""
    apart = {identity for conflict in known.conflicts for identity in conflict.about}
    return apart | {finding.id for finding in known.findings if finding.review is Review.DISPUTED}


def set_aside(known: Profile) -> dict[str, str]:
    """Return the present findings that are not matched, each with the reason that a person can read."""
    doubted = disputed(known)
    reasons: dict[str, str] = {}
    for finding in known.findings:
        reading = finding.reading
        if reading.type not in MATCHED or finding.review is Review.REJECTED or reading.experiencer:
            continue
        if finding.id in doubted:
            reasons[finding.id] = "two results disagree, so nothing is matched to it"
        elif reading.temporality == "historical" and not is_absent(reading):
            reasons[finding.id] = "an earlier result; only current results are matched"
        elif is_harmless(reading) and not is_absent(reading):
            uncertain = "benign" not in (reading.classification or "")
            reasons[finding.id] = (
                "uncertain meaning (VUS): no treatment is matched to it"
                if uncertain
                else "called harmless by the report"
            )
    return reasons


def is_absent(reading: Reading) -> bool:
    """Tell whether the result says that the marker was not found, or says nothing because the test gave no result."""
    normal = reading.type is FactType.CYTOGENETICS and "normal" in reading.alteration.lower()
    return normal or reading.result in ABSENT or reading.result in UNSURE


def _own(finding: Finding) -> bool:
    reading = finding.reading
    return (
        reading.type in MATCHED
        and finding.review is not Review.REJECTED
        and not reading.experiencer
        and reading.temporality != "historical"
    )


def _fact(finding: Finding) -> Fact:
    asked = bool(finding.evidence) and all(place.source is Spoken.QUESTION for place in finding.evidence)
    return Fact((finding.id,), finding.reading, asked)


def _settled(facts: Sequence[Fact]) -> list[Fact]:
    """Join an equivocal HER2 stain (2+) with the in-situ hybridisation that settles it.

    Source: ASCO/CAP HER2 testing in breast cancer, 2018 focused update.
    """
    settled = list(facts)
    stains = [
        f for f in facts if _is_her2(f, FactType.IHC) and "2+" in f"{f.reading.score or ''} {f.reading.value or ''}"
    ]
    probes = [f for f in facts if _is_her2(f, FactType.ISH) and f.reading.result in {"positive", "negative"}]
    for stain in stains:
        for probe in probes:
            if stain.reading.specimen != probe.reading.specimen:
                continue
            positive = probe.reading.result == "positive"
            told = replace(
                stain.reading,
                result=probe.reading.result,
                score="2+/ISH+" if positive else "2+/ISH-",
            )
            settled[settled.index(stain)] = Fact((*stain.ids, *probe.ids), told, stain.asked)
            break
    return settled


def _is_her2(fact: Fact, kind: FactType) -> bool:
    return fact.reading.type is kind and fact.reading.gene == "ERBB2"
