"""How far a record has come, and what was made of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

from app.domain.job import JobKind, JobState
from app.domain.record import DocumentState, Doubt, Question, SaidFact, StoredAnalysis, StoredDocument, StoredPage
from app.ports import UnitOfWork
from app.services.access import Opened
from app.services.ask_patient import open_questions
from app.services.desk import Desk
from app.services.explain_record import is_up_to_date
from app.services.plan_jobs import UNDER_WAY
from app.services.what_changed import what_changed

ONE_VISIT = timedelta(days=1)


class Phase(StrEnum):
    """What a record is doing."""

    EMPTY = "empty"
    READING = "reading"
    EXPLAINING = "explaining"
    READY = "ready"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Status:
    """How far a record has come.

    Attributes:
        phase: What it is doing. NOTHING: it came to its end and no document could be read.
        documents: In the order in which they came.
        analysis: The analysis that was made of exactly these documents; None while there is none.
        json: The same, parsed.
        changes: What differs from what the person saw last, one sentence each.
        asked: Questions of navigators that wait for the person's answer, oldest first.
        said: What the person said without a document, oldest first.
        mark: Changes whenever there is something new to show.
    """

    phase: Phase
    documents: tuple[StoredDocument, ...]
    analysis: StoredAnalysis | None
    json: dict[str, Any] | None
    mark: str
    changes: tuple[str, ...] = ()
    said: tuple[SaidFact, ...] = ()
    asked: tuple[Question, ...] = ()


@lru_cache(maxsize=32)
def parsed(content: str) -> dict[str, Any]:
    """Parse an analysis; pages of one record are opened one after the other, so the last ones are kept."""
    told: dict[str, Any] = json.loads(content)
    return told


@lru_cache(maxsize=32)
def _changed(before: str, after: str) -> tuple[str, ...]:
    return what_changed(json.loads(before), parsed(after))


def forget_parsed() -> None:
    """Keep nothing of what was parsed: a record was deleted."""
    parsed.cache_clear()
    _changed.cache_clear()


def see(desk: Desk, opened: Opened, *, whole: bool = True) -> Status:
    """Return how far a record has come.

    Args:
        desk: The store.
        opened: The record.
        whole: With the analysis; without, it is quick enough to be asked twice a second.
    """
    record = opened.record.id
    with desk.units(reading=True) as unit:
        documents = tuple(unit.documents.of_record(record))
        analysis = unit.analyses.latest(record, whole=whole)
        before = _seen_before(unit, opened, analysis) if whole and analysis and analysis.number > 1 else None
        asked = open_questions(unit, record) if whole else ()
        said = tuple(unit.records.said(record))
        explaining = [j for j in unit.jobs.of_record(record) if j.kind is JobKind.EXPLAIN]
        at_it = any(j.state in (JobState.WAITING, JobState.WORKING) for j in explaining)
        # What a navigator has just put right is not shown as it was before.
        overtaken = at_it and analysis is not None and not is_up_to_date(unit, opened.record, analysis)
    broken = bool(explaining) and explaining[-1].state is JobState.FAILED
    read = " ".join(d.id for d in documents if d.state is DocumentState.READ)
    wanted = (read, opened.record.language, opened.record.one_person, " ".join(f.id for f in said))
    made = (analysis.documents, analysis.language, analysis.one_person, analysis.said) if analysis else None
    fits = made == wanted and not overtaken
    if any(d.state in UNDER_WAY for d in documents):
        phase = Phase.READING
    elif not documents and not said:
        phase = Phase.EMPTY
    elif not (read or said) or (broken and not fits):
        phase = Phase.NOTHING
    else:
        phase = Phase.READY if fits else Phase.EXPLAINING
    states = [f"{d.id[:6]}{d.state}{d.pages_read}/{d.pages}" for d in documents]
    mark = " ".join([phase, *states, analysis.id[:6] if analysis else ""])
    told = parsed(analysis.json) if analysis and fits and whole else None
    changes = _changed(before.json, analysis.json) if before and analysis and told else ()
    return Status(phase, documents, analysis if fits else None, told, mark, changes, said, asked)


def _seen_before(unit: UnitOfWork, opened: Opened, analysis: StoredAnalysis) -> StoredAnalysis | None:
    """Return what the person had seen before; what was made before where they never looked.

    A navigator decides fact by fact, and each decision makes an analysis: what the last of them changed is not what
    changed for the person. The looks of one day count as one, for a page that is open shows each of them.
    """
    person = ("link:owner", f"account:{opened.record.owner}")
    looks = [k.at for k in unit.trail.of_record(analysis.record) if k.what == "view.result" and k.who in person]
    looks = sorted(at for at in looks if at < analysis.created_at)
    earlier = [at for at in looks if at < analysis.created_at - ONE_VISIT]
    seen = max(earlier) if earlier else next(iter(looks), None)
    found = unit.analyses.at(analysis.record, seen) if seen else None
    return found or unit.analyses.before(analysis)


def pages_of(desk: Desk, document: str) -> tuple[StoredPage, ...]:
    """Return the pages of a document."""
    with desk.units(reading=True) as unit:
        return tuple(unit.documents.pages(document))


def doubts_of(desk: Desk, opened: Opened) -> tuple[Doubt, ...]:
    """Return what the person said is wrong and nobody has settled."""
    with desk.units(reading=True) as unit:
        return tuple(unit.records.doubts(opened.record.id))
