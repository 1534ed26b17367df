"""Which facts steer the guidance, and which of a case's facts have to be decided by a person."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from app.domain.review import Case, CaseStage, Decision
from app.ports import UnitOfWork
from app.services.review_overlay import Keyed

SILENT = ("none", "clarify", "out_of_scope")
"""Rungs that say nothing of a fact."""
Place = tuple[int, int, tuple[int, ...]]


class Standing(Protocol):
    """A fact on the workbench, as far as it is needed here."""

    @property
    def key(self) -> str:
        """Its key."""
        ...

    @property
    def document(self) -> int | None:
        """Position of its document."""
        ...

    @property
    def read(self) -> Keyed | None:
        """As the machine read it."""
        ...

    @property
    def values(self) -> dict[str, Any]:
        """What stands now."""
        ...

    @property
    def history(self) -> tuple[Decision, ...]:
        """All decisions."""
        ...


def steering(told: Mapping[str, Any], facts: Sequence[Standing]) -> frozenset[str]:
    """Return the keys of the facts on which the guidance rests.

    A fact steers where the knowledge says something of it, and so does a current diagnosis, for all that is said
    depends on it. What stands at the same place as such a fact counts with it.

    Args:
        told: The analysis (`caseguide.analysis/1`).
        facts: All facts of the record.
    """
    about = {i for match in told["matches"] if match["rung"] not in SILENT for i in match["about"]}
    profile = told["profile"]
    chosen = [f for f in profile["findings"] if f["id"] in about]
    chosen += [d for d in profile["diagnoses"] if d.get("temporality") != "historical"] if about else []
    places = {place for fact in chosen for place in _told_places(fact)}
    return frozenset(fact.key for fact in facts if places & set(_places(fact)))


def steering_keys(unit: UnitOfWork, record: str, facts: Sequence[Standing]) -> frozenset[str]:
    """Return the keys of the facts on which the guidance of a record rests, or rested before anybody decided.

    What was rejected steers nothing any more; but whether it was rejected rightly is what a second person is for.
    """
    newest = unit.analyses.latest(record)
    if newest is None:
        return frozenset()
    first = newest
    while (before := unit.analyses.before(first)) is not None and before.documents == newest.documents:
        first = before
    return frozenset().union(
        *(steering(json.loads(a.json), facts) for a in {first.id: first, newest.id: newest}.values())
    )


def needs_second_reading(unit: UnitOfWork, case: Case, facts: Sequence[Standing]) -> bool:
    """Tell whether somebody else has to read a case that its first reader hands back.

    What two persons have read already is not read again, unless the first reading changed since.
    """
    organisation = unit.organisations.of_record(case.record)
    if organisation is None or not organisation.second_reading:
        return False
    return case.stage is CaseStage.FIRST and bool(to_read_again(unit, case.record, facts))


def to_read_again(unit: UnitOfWork, record: str, facts: Sequence[Standing]) -> frozenset[str]:
    """Return the keys of the steering facts whose standing decision nobody has compared with a second reading."""
    compared = {r.fact: r.first for r in unit.seconds.of_record(record) if r.agreed is not None and r.first}
    settled = {r.fact for r in unit.seconds.of_record(record) if r.settled_at is not None}
    standing = {f.key: f.history[-1].id if f.history else "" for f in facts}
    done = {k for k, first in compared.items() if standing.get(k) == first or k in settled}
    return steering_keys(unit, record, facts) - done


def _told_places(fact: Mapping[str, Any]) -> Iterator[Place]:
    for place in fact["evidence"]:
        if place.get("box"):
            yield place["document"], place["page"], tuple(round(v) for v in place["box"])


def _places(fact: Standing) -> Iterator[Place]:
    if fact.values.get("box") and fact.document is not None:
        yield fact.document, int(fact.values["page"]), tuple(round(v) for v in fact.values["box"])
    if fact.read is not None:
        for place in fact.read.finding.evidence:
            if place.box and place.page is not None:
                box = place.box
                yield fact.read.document, place.page, tuple(round(v) for v in (box.x0, box.y0, box.x1, box.y1))
