"""Treatment facts → treatments: one for each course, under the generic name, in order of start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.domain.finding import Finding
from app.domain.mention import FactType
from app.domain.profile import Treatment
from app.domain.term import Drug, Vocabulary

_WEAKEST_FIRST = ("not_given", "recommended", "planned", "held", "declined", "given", "ongoing", "stopped", "completed")
"""Which word wins when two places speak of one course: what happened outweighs what was meant to happen."""
_BY_SUBSTANCE = frozenset({"drug", "regimen"})
"""Kinds that go by the vocabulary's name; a procedure keeps the name that the report gives it."""
_NEVER = frozenset({"not_given", "declined"})


def treatments_of(findings: Sequence[Finding], vocabulary: Vocabulary) -> tuple[Treatment, ...]:
    """Merge the treatment facts of all documents."""
    drugs = _by_name(vocabulary)
    merged: list[Treatment] = []
    for finding in findings:
        reading = finding.reading
        if reading.type is not FactType.TREATMENT or reading.experiencer == "family":
            continue
        new = _treatment(finding, drugs)
        at = next((n for n, old in enumerate(merged) if _one_course(old, new, drugs)), None)
        if at is None:
            merged.append(new)
        else:
            merged[at] = _joined(merged[at], new)
    merged.sort(key=lambda t: (not t.start, t.start, t.line or 99))
    return tuple(replace(t, id=f"t{n}") for n, t in enumerate(merged, start=1))


def _by_name(vocabulary: Vocabulary) -> dict[str, Drug]:
    names: dict[str, Drug] = {}
    for drug in vocabulary.drugs.values():
        for name in (drug.generic, *drug.brands, *drug.synonyms):
            names.setdefault(name.lower(), drug)
    return names


def _treatment(finding: Finding, drugs: dict[str, Drug]) -> Treatment:
    reading = finding.reading
    drug = drugs.get(reading.alteration.lower())
    return Treatment(
        id="",
        name=drug.generic if drug and drug.kind in _BY_SUBSTANCE else reading.alteration,
        kind=drug.kind if drug else (reading.category or "other"),
        result=reading.result,
        start=reading.start or (reading.date or ""),
        end=reading.end or "",
        line=reading.line,
        reason=reading.reason or "",
        dose=reading.dose or "",
        cycles=reading.cycles,
        evidence=finding.evidence,
    )


def _key(name: str, drugs: dict[str, Drug]) -> str:
    drug = drugs.get(name.lower())
    return (drug.generic if drug else name).lower()


def _one_course(old: Treatment, new: Treatment, drugs: dict[str, Drug]) -> bool:
    """Tell whether two facts speak of one course: same name, and no date or line that differs."""
    if _key(old.name, drugs) != _key(new.name, drugs) or (old.result in _NEVER) != (new.result in _NEVER):
        return False
    if old.line and new.line and old.line != new.line:
        return False
    if old.start and new.start and not _same_day(old.start, new.start):
        return False
    if old.end and new.end and not _same_day(old.end, new.end):
        return False
    return not (old.end and new.start and new.start > old.end) and not (new.end and old.start and old.start > new.end)


def _same_day(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _joined(old: Treatment, new: Treatment) -> Treatment:
    stronger = max(old, new, key=lambda t: _WEAKEST_FIRST.index(t.result) if t.result in _WEAKEST_FIRST else 5)
    return replace(
        old,
        result=stronger.result,
        start=max(old.start, new.start, key=len),
        end=max(old.end, new.end, key=len),
        line=old.line or new.line,
        reason=old.reason or new.reason,
        dose=old.dose or new.dose,
        cycles=old.cycles or new.cycles,
        evidence=tuple(dict.fromkeys((*old.evidence, *new.evidence))),
    )
