"""The navigators' queue: which cases wait, since when, and why each of them does."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from app.domain.account import Role, Visitor
from app.domain.record import Record, StoredAnalysis, StoredDocument
from app.domain.review import Case
from app.errors import NotFoundError
from app.services.access import REVIEWERS
from app.services.desk import Desk

LOW = 0.8
SAMPLED = 20
MOST = 500


class Why(StrEnum):
    """Why a case waits; the first that holds is shown first."""

    DISPUTED = "disputed"
    CONFLICT = "conflict"
    AMENDED = "amended"
    DOUBTFUL = "doubtful"
    MISSING = "missing"
    NEW = "new"
    SAMPLE = "sample"


WORDS = {
    Why.DISPUTED: "The patient said something is wrong",
    Why.CONFLICT: "Results disagree",
    Why.AMENDED: "An amended report",
    Why.DOUBTFUL: "Read with low confidence",
    Why.MISSING: "Something usual is missing",
    Why.NEW: "New",
    Why.SAMPLE: "Random sample",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One case in the queue.

    Attributes:
        record: Id of the record.
        since: When the newest of its documents came.
        names: Names of its documents.
        kinds: Their kinds and laboratories.
        why: Reasons, with what each is about.
        case: Its lock and its end.
        holder: E-mail of who holds it, or "".
        mine: Whether that is the visitor.
        held: Whether the lock still holds.
        done: Whether it was checked after its newest document and objection came.
        findings: How many facts it has.
    """

    record: str
    since: datetime
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    why: tuple[tuple[Why, str], ...]
    case: Case
    holder: str
    mine: bool
    held: bool
    done: bool
    findings: int


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue, counted before it was filtered.

    Attributes:
        rows: The cases asked for, oldest first.
        mine: How many the visitor holds.
        waiting: How many wait.
        done_today: How many the visitor finished today.
        by_reason: How many wait for each reason.
        left_off: How many records are beyond what one page looks at.
    """

    rows: tuple[Waiting, ...]
    mine: int
    waiting: int
    done_today: int
    by_reason: Mapping[Why, int]
    left_off: int


def see_queue(desk: Desk, visitor: Visitor, *, reason: str = "", show: str = "waiting", search: str = "") -> Queue:
    """Return the queue.

    Args:
        desk: The store.
        visitor: A navigator or lead.
        reason: Only cases with this reason.
        show: "waiting", "mine" or "done".
        search: Part of a document's name, kind, laboratory, or the beginning of the record's id.

    Raises:
        NotFoundError: The visitor is no navigator.
    """
    account = visitor.account
    if account is None or account.disabled or account.role not in REVIEWERS:
        raise NotFoundError
    moment = desk.clock()
    with desk.units(reading=True) as unit:
        analyses = unit.reviews.newest(MOST)
        left_off = max(0, unit.reviews.count() - len(analyses))
        cases = {c.record: c for c in unit.reviews.cases()}
        decided = unit.reviews.decided()
        doubts: dict[str, list[str]] = {}
        latest_doubt: dict[str, datetime] = {}
        for doubt in unit.records.doubts():
            doubts.setdefault(doubt.record, []).append(doubt.label)
            latest_doubt[doubt.record] = doubt.created_at
        rows = []
        for analysis in analyses:
            record = unit.records.get(analysis.record)
            if record is None or (record.expires_at is not None and record.expires_at <= moment):
                continue
            documents = unit.documents.of_record(record.id)
            case = cases.get(record.id, Case(record.id))
            holder = unit.accounts.get(case.holder) if case.holder else None
            row = _row(analysis, record, documents, case, doubts.get(record.id, []), record.id in decided)
            held = case.held_until is not None and case.held_until > moment
            newest = max([row.since, latest_doubt.get(record.id, row.since)])
            rows.append(_seen(row, holder.email if holder else "", case.holder == account.id and held, held, newest))
    rows.sort(key=lambda r: (r.since, r.record))
    waiting = [r for r in rows if not r.done]
    today = [r for r in rows if r.case.done_by == account.id and _same_day(r.case.done_at, moment)]
    chosen = {"mine": [r for r in waiting if r.mine], "done": [r for r in rows if r.done]}.get(show, waiting)
    found = [r for r in chosen if (not reason or reason in {w for w, _ in r.why}) and _has(r, search)]
    counts = {why: sum(why in {w for w, _ in r.why} for r in waiting) for why in Why}
    return Queue(tuple(found), sum(r.mine for r in waiting), len(waiting), len(today), counts, left_off)


def is_reviewer(visitor: Visitor) -> bool:
    """Tell whether the queue is for this visitor."""
    return visitor.account is not None and not visitor.account.disabled and visitor.account.role in REVIEWERS


def leads(visitor: Visitor) -> bool:
    """Tell whether a visitor may do what only a lead may."""
    return visitor.account is not None and not visitor.account.disabled and visitor.account.role is Role.LEAD


def _row(
    analysis: StoredAnalysis,
    record: Record,
    documents: Sequence[StoredDocument],
    case: Case,
    doubts: Sequence[str],
    decided: bool,
) -> Waiting:
    told = json.loads(analysis.json)
    kinds = tuple(dict.fromkeys(" ".join(filter(None, (d["kind"], d["laboratory"]))) for d in told["documents"]))
    since = max((d.received_at for d in documents), default=record.created_at)
    why = _reasons(record.id, told, doubts, fresh=not decided and case.done_at is None)
    profile = told["profile"]
    count = sum(len(profile[k]) for k in ("diagnoses", "stages", "findings", "treatments"))
    names = tuple(d.name for d in documents)
    return Waiting(record.id, since, names, kinds, why, case, "", False, False, False, count)


def _seen(row: Waiting, holder: str, mine: bool, held: bool, newest: datetime) -> Waiting:
    done = row.case.done_at is not None and row.case.done_at >= newest
    return Waiting(
        row.record, row.since, row.names, row.kinds, row.why, row.case, holder, mine, held, done, row.findings
    )


def _reasons(
    record: str, told: Mapping[str, Any], doubts: Sequence[str], *, fresh: bool
) -> tuple[tuple[Why, str], ...]:
    profile = told["profile"]
    reasons: list[tuple[Why, str]] = []
    if doubts:
        reasons.append((Why.DISPUTED, _some(doubts)))
    conflicts = [c["message"] for c in profile["conflicts"]]
    conflicts += [i["message"] for i in profile["issues"] if i["severity"] == "blocking"]
    if conflicts:
        reasons.append((Why.CONFLICT, _some(conflicts)))
    amended = [_name(f) for f in profile["findings"] if "amended" in f.get("flags", ())]
    amended += [d["name"] for d in told["documents"] if any("amended" in i["code"] for i in d["issues"])]
    if amended:
        reasons.append((Why.AMENDED, _some(amended)))
    doubtful = [
        _name(f)
        for f in profile["findings"]
        if f.get("review", "machine") == "machine" and (f["confidence"] < LOW or "doubtful" in f.get("flags", ()))
    ]
    if doubtful:
        reasons.append((Why.DOUBTFUL, _some(doubtful)))
    missing = [] if profile["diagnoses"] else ["no diagnosis was read"]
    missing += [f"{d['name']} has no date" for d in told["documents"] if not d["report_date"]]
    if missing:
        reasons.append((Why.MISSING, _some(missing)))
    if fresh:
        reasons.append((Why.NEW, ""))
    if int(hashlib.sha256(record.encode()).hexdigest(), 16) % SAMPLED == 0:
        reasons.append((Why.SAMPLE, "one in twenty"))
    return tuple(reasons)


def _some(told: Sequence[str]) -> str:
    first = list(dict.fromkeys(told))
    return "; ".join(first[:2]) + (f"; {len(first) - 2} more" if len(first) > 2 else "")


def _name(finding: Mapping[str, Any]) -> str:
    return " ".join(filter(None, (finding.get("marker") or finding.get("gene"), finding.get("alteration"))))


def _has(row: Waiting, search: str) -> bool:
    wanted = search.strip().lower()
    told = " ".join((*row.names, *row.kinds)).lower()
    return not wanted or wanted in told or row.record.startswith(wanted)


def _same_day(one: datetime | None, other: datetime) -> bool:
    return one is not None and one.date() == other.date() and other - one < timedelta(days=1)
