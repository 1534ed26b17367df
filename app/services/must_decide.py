"""Which facts of a case a person has to decide before it can be handed back."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Protocol

from app.domain.account import Organisation
from app.domain.finding import Review
from app.ports import UnitOfWork
from app.services.calibration import calibrate
from app.services.steering import Standing, steering_keys

SAMPLED = 20
"""One case in so many is a random sample: by its id, so that it stays one."""
SURE_WITHOUT = ("doubtful", "ocr_corrected", "conflict", "amended", "ambiguous_date")
"""A fact with one of these marks is never sure enough to stay undecided."""


class Undecided(Standing, Protocol):
    """A fact on the workbench, as far as it is needed here."""

    @property
    def review(self) -> Review:
        """Who stands behind it."""
        ...

    @property
    def again(self) -> bool:
        """Whether it is read otherwise since it was decided."""
        ...


def must_decide(unit: UnitOfWork, record: str, facts: Sequence[Undecided]) -> frozenset[str]:
    """Return the keys of the facts that wait for a decision.

    Below the organisation's threshold every fact waits. Above it those wait on which guidance rests, those with a mark
    of doubt, and all facts of a case of the random sample: what is never checked could never be calibrated.
    """
    waiting = [f for f in facts if f.review is Review.MACHINE or f.again]
    threshold = threshold_of(unit, unit.organisations.of_record(record))
    if threshold is None or is_sampled(record) or unit.records.doubts(record):
        return frozenset(f.key for f in waiting)
    steers = steering_keys(unit, record, facts) if waiting else frozenset()
    return frozenset(f.key for f in waiting if f.again or f.key in steers or not _is_sure(f, threshold))


def threshold_of(unit: UnitOfWork, organisation: Organisation | None) -> float | None:
    """Return the confidence below which a fact must be decided; None where every fact must be.

    What an admin has set counts; else it is derived from what the organisation has checked.
    """
    if organisation is None:
        return None
    if organisation.threshold is not None:
        return organisation.threshold / 100
    return calibrate(unit.reviews.reviewed([organisation.id])).threshold


def is_sampled(record: str) -> bool:
    """Tell whether a record belongs to the random sample."""
    return int(hashlib.sha256(record.encode()).hexdigest(), 16) % SAMPLED == 0


def _is_sure(fact: Undecided, threshold: float) -> bool:
    if fact.read is None:
        return False
    finding = fact.read.finding
    return finding.confidence >= threshold and not set(finding.reading.flags) & set(SURE_WITHOUT)
