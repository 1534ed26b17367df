"""How far a record has come, and what was made of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.domain.job import JobKind, JobState
from app.domain.record import DocumentState, Doubt, SaidFact, StoredAnalysis, StoredDocument, StoredPage
from app.services.access import Opened
from app.services.desk import Desk
from app.services.plan_jobs import UNDER_WAY
from app.services.what_changed import what_changed


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
        changes: What differs from the analysis before it, one sentence each.
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
        analysis = unit.analyses.latest(record)
        before = unit.analyses.before(analysis) if whole and analysis and analysis.number > 1 else None
        said = tuple(unit.records.said(record))
        explaining = [j for j in unit.jobs.of_record(record) if j.kind is JobKind.EXPLAIN]
    broken = bool(explaining) and explaining[-1].state is JobState.FAILED
    read = " ".join(d.id for d in documents if d.state is DocumentState.READ)
    wanted = (read, opened.record.language, opened.record.one_person, " ".join(f.id for f in said))
    made = (analysis.documents, analysis.language, analysis.one_person, analysis.said) if analysis else None
    fits = made == wanted
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
    told = json.loads(analysis.json) if analysis and fits and whole else None
    changes = what_changed(json.loads(before.json), told) if before and told else ()
    return Status(phase, documents, analysis if fits else None, told, mark, changes, said)


def pages_of(desk: Desk, document: str) -> tuple[StoredPage, ...]:
    """Return the pages of a document."""
    with desk.units(reading=True) as unit:
        return tuple(unit.documents.pages(document))


def doubts_of(desk: Desk, opened: Opened) -> tuple[Doubt, ...]:
    """Return what the person said is wrong and nobody has settled."""
    with desk.units(reading=True) as unit:
        return tuple(unit.records.doubts(opened.record.id))
