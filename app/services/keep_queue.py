"""Keep the navigators' queue in step: a case is listed anew, with its reasons, whenever its record changes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.domain.review import Case, CaseStage, Listed
from app.ports import UnitOfWork
from app.services.desk import Desk
from app.services.must_decide import is_sampled, threshold_of

LOW = 0.8
"""Confidence below which a fact counts as doubtful where an organisation has no threshold."""
AT_ONCE = 200


class Why(StrEnum):
    """Why a case waits; the first that holds is shown first."""

    DISPUTED = "disputed"
    ANSWERED = "answered"
    CONFLICT = "conflict"
    AGAIN = "again"
    DIFFERENCES = "differences"
    SECOND = "second"
    AMENDED = "amended"
    DOUBTFUL = "doubtful"
    MISSING = "missing"
    NEW = "new"
    SAMPLE = "sample"


def enlist(
    unit: UnitOfWork, record: str, told: Mapping[str, Any] | None = None, again: Sequence[str] | None = None
) -> None:
    """List a case anew.

    Args:
        unit: The unit of work to write in.
        record: Id of the record.
        told: Its newest analysis; read from the store where it is None.
        again: Facts that were decided before the reading changed, to be looked at again; None keeps those noted.
    """
    # Locked first: of two that list a case at the same time, the second sees what the first wrote.
    found = unit.records.get(record, lock=True)
    if told is None:
        analysis = unit.analyses.latest(record)
        told = json.loads(analysis.json) if analysis else None
    if again is None:
        kept = unit.queue.get(record)
        again = [what for why, what in kept.reasons if why == Why.AGAIN] if kept else ()
    if told is None or found is None:
        unit.queue.drop(record)
        return
    documents = unit.documents.of_record(record)
    doubts = unit.records.doubts(record)
    case = unit.reviews.case(record)
    answers = [q for q in unit.questions.of_record(record) if q.answered_at is not None]
    since = max(
        [
            found.created_at,
            *(d.received_at for d in documents),
            *(d.created_at for d in doubts),
            *(q.answered_at for q in answers if q.answered_at),
        ]
    )
    fresh = case.done_at is None and not unit.reviews.of_record(record)
    case = _reopened(unit, case, since)
    reasons = [*_about(told, [d.label for d in doubts], again, _threshold(unit, record)), *_staged(case)]
    unseen = [q.label for q in answers if q.answered_at and (case.done_at is None or q.answered_at > case.done_at)]
    if unseen:
        reasons.append((Why.ANSWERED, _some([label for label in unseen if label])))
    if fresh:
        reasons.append((Why.NEW, ""))
    if is_sampled(record):
        reasons.append((Why.SAMPLE, "one in twenty"))
    reasons.sort(key=lambda r: list(Why).index(r[0]))
    kinds = dict.fromkeys(" ".join(filter(None, (d["kind"], d["laboratory"]))) for d in told["documents"])
    profile = told["profile"]
    facts = sum(len(profile[k]) for k in ("diagnoses", "stages", "findings", "treatments"))
    names = "\n".join(d.name for d in documents)
    waiting = bool(again) or is_waiting(case, since)
    why = tuple((str(w), what) for w, what in reasons)
    unit.queue.put(Listed(record, since, names, "\n".join(kinds), facts, waiting, why))


def is_waiting(case: Case, since: datetime) -> bool:
    """Tell whether somebody has to check a case whose newest document or objection came at `since`."""
    return case.done_at is None or case.done_at < since or case.stage is not CaseStage.FIRST


def fill_queue(desk: Desk) -> int:
    """List what was explained before there was a queue; called when a worker starts.

    Returns:
        How many cases were listed.
    """
    filled = 0
    while True:
        with desk.units() as unit:
            missing = unit.queue.unlisted(AT_ONCE)
            for record in missing:
                enlist(unit, record)
            unit.commit()
        filled += len(missing)
        if len(missing) < AT_ONCE:
            return filled


def _reopened(unit: UnitOfWork, case: Case, since: datetime) -> Case:
    """Return a case that a new document or objection brings back to its first reading."""
    if case.stage is CaseStage.FIRST or case.done_at is None or case.done_at >= since:
        return case
    case = replace(case, stage=CaseStage.FIRST, second_by="")
    unit.reviews.put_case(case)
    return case


def _threshold(unit: UnitOfWork, record: str) -> float:
    known = threshold_of(unit, unit.organisations.of_record(record))
    return LOW if known is None else known


def _staged(case: Case) -> list[tuple[Why, str]]:
    told = {CaseStage.SECOND: Why.SECOND, CaseStage.DIFFERENCES: Why.DIFFERENCES}.get(case.stage)
    return [(told, "")] if told else []


def _about(
    told: Mapping[str, Any], doubts: Sequence[str], again: Sequence[str], threshold: float
) -> list[tuple[Why, str]]:
    profile = told["profile"]
    conflicts = [c["message"] for c in profile["conflicts"]]
    conflicts += [i["message"] for i in profile["issues"] if i["severity"] == "blocking"]
    amended = [_name(f) for f in profile["findings"] if "amended" in f.get("flags", ())]
    amended += [d["name"] for d in told["documents"] if any("amended" in i["code"] for i in d["issues"])]
    doubtful = [
        _name(f)
        for f in profile["findings"]
        if f.get("review", "machine") == "machine" and (f["confidence"] < threshold or "doubtful" in f.get("flags", ()))
    ]
    missing = [] if profile["diagnoses"] else ["no diagnosis was read"]
    missing += [f"{d['name']} has no date" for d in told["documents"] if not d["report_date"]]
    about = {
        Why.DISPUTED: doubts, Why.CONFLICT: conflicts, Why.AGAIN: again, Why.AMENDED: amended,
        Why.DOUBTFUL: doubtful, Why.MISSING: missing,
    }  # fmt: skip
    return [(why, _some(what)) for why, what in about.items() if what]


def _some(told: Sequence[str]) -> str:
    first = list(dict.fromkeys(told))
    return "; ".join(first[:2]) + (f"; {len(first) - 2} more" if len(first) > 2 else "")


def _name(finding: Mapping[str, Any]) -> str:
    return " ".join(filter(None, (finding.get("marker") or finding.get("gene"), finding.get("alteration"))))
