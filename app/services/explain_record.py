"""Explain a record: merge what its documents say, match it, compose the guidance, and keep the result."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.domain.finding import Review
from app.domain.job import Job, JobKind, JobState
from app.domain.record import DocumentState, Record, SaidFact, StoredAnalysis, StoredDocument
from app.domain.review import Decision
from app.errors import DependencyError
from app.ports import UnitOfWork
from app.services.desk import Desk, Explained, new_id
from app.services.facts import renumbered, unpack
from app.services.keep_queue import enlist
from app.services.plan_jobs import new_job
from app.services.review_overlay import overlaid, to_look_at
from app.services.say_fact import as_findings

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Loaded:
    record: Record
    documents: tuple[StoredDocument, ...]
    contents: tuple[bytes, ...]
    decisions: tuple[Decision, ...]
    said: tuple[SaidFact, ...]


def explain_record(desk: Desk, job: Job, hold: Callable[[], None]) -> tuple[Job, ...]:
    """Explain the record of a job; the same documents, versions and choices are explained once.

    Args:
        desk: Store and pipeline.
        job: The job, taken.
        hold: Raises where the job is no longer ours.

    Returns:
        The job that draws the pages, so that they are there when the person looks.
    """
    loaded = _load(desk, job)
    if loaded is not None:
        inputs = _inputs(loaded, desk.reading.versions())
        with desk.units(reading=True) as unit:
            made = unit.analyses.latest(loaded.record.id)
        if made is None or made.inputs != inputs:
            read = renumbered([unpack(content) for content in loaded.contents])
            facts = overlaid(read, [d.id for d in loaded.documents], loaded.decisions)
            explained = desk.reading.explain(
                facts,
                language=loaded.record.language,
                one_person=loaded.record.one_person,
                said=as_findings(loaded.said),
            )
            hold()
            again = to_look_at(read, [d.id for d in loaded.documents], loaded.decisions)
            return _store(desk, job, loaded, explained, inputs, again)
    with desk.units() as unit:
        unit.jobs.finish(job.id, job.holder, JobState.DONE, desk.clock())
        unit.commit()
    return ()


def read_documents(unit: UnitOfWork, record: str) -> tuple[StoredDocument, ...]:
    """Return the documents that an analysis is made of, in its order."""
    return tuple(d for d in unit.documents.of_record(record) if d.state is DocumentState.READ)


def is_up_to_date(unit: UnitOfWork, record: Record, analysis: StoredAnalysis) -> bool:
    """Tell whether an analysis holds everything that was decided and said about its record so far."""
    decisions, said = tuple(unit.reviews.of_record(record.id)), tuple(unit.records.said(record.id))
    now = _Loaded(record, read_documents(unit, record.id), (), decisions, said)
    return analysis.inputs == _inputs(now, (analysis.pipeline_version, analysis.knowledge_version))


def _load(desk: Desk, job: Job) -> _Loaded | None:
    with desk.units(reading=True) as unit:
        record = unit.records.get(job.record)
        if record is None:
            return None
        documents = read_documents(unit, record.id)
        contents = tuple(unit.documents.facts(d.id) or b"" for d in documents)
        decisions = tuple(unit.reviews.of_record(record.id))
        said = tuple(unit.records.said(record.id))
    return _Loaded(record, documents, contents, decisions, said) if documents or said else None


def _inputs(loaded: _Loaded, versions: tuple[str, str]) -> str:
    record = loaded.record
    told = [[d.id, d.sha256, d.version, *([d.turns] if d.turns else [])] for d in loaded.documents]
    parts: list[object] = [told, versions, record.language, record.one_person]
    if loaded.decisions:
        parts.append([d.id for d in loaded.decisions])
    if loaded.said:
        parts.append(["said", *(f.id for f in loaded.said)])
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _store(
    desk: Desk, job: Job, loaded: _Loaded, explained: Explained, inputs: str, again: tuple[str, ...]
) -> tuple[Job, ...]:
    # The ids of the stored documents stand beside their places, so that a box finds its page after others have gone.
    told = explained.json | {"stored_documents": [d.id for d in loaded.documents]}
    with desk.units() as unit:
        if unit.records.get(loaded.record.id, lock=True) is None:
            return ()
        if not unit.jobs.finish(job.id, job.holder, JobState.DONE, desk.clock()):
            return ()
        before = unit.analyses.latest(loaded.record.id)
        unit.analyses.add(
            StoredAnalysis(
                new_id(),
                loaded.record.id,
                before.number + 1 if before else 1,
                inputs,
                json.dumps(told, ensure_ascii=False),
                explained.pipeline_version,
                explained.knowledge_version,
                desk.clock(),
                " ".join(d.id for d in loaded.documents),
                loaded.record.language,
                loaded.record.one_person,
                " ".join(f.id for f in loaded.said),
            )
        )
        enlist(unit, loaded.record.id, told, (*again, *_new_since(unit, before, told)))
        drawing = new_job(JobKind.DRAW, loaded.record.id, None, desk)
        unit.jobs.add(drawing)
        unit.commit()
    if before is None:
        _tell(desk, loaded.record)
    return (drawing,)


def _new_since(unit: UnitOfWork, before: StoredAnalysis | None, told: dict[str, Any]) -> tuple[str, ...]:
    """Name what a newer version of the code reads in a checked case that nobody has seen there before."""
    if before is None or unit.reviews.case(before.record).done_at is None:
        return ()
    if before.documents.split() != told["stored_documents"]:
        return ()
    known = {_named(f) for f in json.loads(before.json)["profile"]["findings"]}
    new = [f for f in told["profile"]["findings"] if f["review"] == Review.MACHINE and _named(f) not in known]
    return tuple(_named(f) for f in new)


def _named(finding: dict[str, Any]) -> str:
    words = (finding.get("gene") or finding.get("marker"), finding.get("alteration"), finding.get("result"))
    return " ".join(w for w in words if w).replace("_", " ")


READY = {
    "en": (
        "Your result is ready",
        "The reports that you uploaded have been read. Open your private link, or sign in, to see the result when you "
        "want to.\n\nThis note has no link in it on purpose: whoever reads your e-mail cannot open your record.\n",
    ),
    "es": (
        "Su resultado está listo",
        "Ya se leyeron los informes que usted envió. Abra su enlace privado o entre en su cuenta para ver el resultado "
        "cuando quiera.\n\nEste aviso no lleva ningún enlace a propósito: quien lea su correo no puede abrir su "
        "expediente.\n",
    ),
}
"""The one note that is sent, by language: subject and text, with nothing about health in it."""


def _tell(desk: Desk, record: Record) -> None:
    """Send the one note that a result is ready; it never stops the result itself."""
    if desk.mailer is None or not record.mail:
        return
    try:
        desk.mailer.send(record.mail, *READY.get(record.language, READY["en"]))
    except DependencyError:
        log.warning("the note that record %s is ready could not be sent", record.id)
