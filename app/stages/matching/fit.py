"""How a finding can stand to a condition, and what every comparison needs to know of a finding."""

from __future__ import annotations

from enum import IntEnum

from app.domain.mention import FactType, Reading
from app.stages.matching import events


class Fit(IntEnum):
    """How a finding stands to a condition, the closest last."""

    APART = 0
    OPEN = 1
    AGAINST = 2
    GENE = 3
    KIND = 4
    EXACT = 5

    @property
    def meets(self) -> bool:
        """Tell whether the condition is met."""
        return self >= Fit.GENE


UNSURE = {"indeterminate", "equivocal", "not_evaluated"}
HARMLESS = {"vus", "likely benign", "benign", "tier iii", "tier iv", "uncertain significance"}
MMR_GENES = {"MLH1", "MSH2", "MSH6", "PMS2"}


def is_harmless(reading: Reading) -> bool:
    """Tell whether the report calls the change harmless or of unknown significance."""
    return (reading.classification or "").lower().replace("_", " ") in HARMLESS


def genes(reading: Reading) -> tuple[str, ...]:
    """Return the genes of a finding, both partners of a fusion, those that a chromosome event implies included."""
    own = tuple(part for part in (reading.gene or "").split("::") if part)
    if reading.type in {FactType.CYTOGENETICS, FactType.FUSION, FactType.ISH}:
        implied = events.fusion(reading.alteration)
        return tuple(dict.fromkeys((*own, *(implied or ()))))
    return own


def called(reading: Reading, met: Fit, *, absent: frozenset[str] = frozenset({"not_detected", "negative"})) -> Fit:
    """Turn the report's word for the result into the fit, where a present result would be `met`."""
    if reading.result in UNSURE:
        return Fit.OPEN
    if reading.result in absent:
        return Fit.AGAINST
    return met
