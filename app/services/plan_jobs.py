"""What has to be done next for a record, decided inside the transaction that changed it."""

from __future__ import annotations

from app.domain.job import Job, JobKind, JobState
from app.domain.record import DocumentState
from app.ports import UnitOfWork
from app.services.desk import Desk, new_id

UNDER_WAY = (DocumentState.WAITING, DocumentState.READING)


def next_jobs(unit: UnitOfWork, record: str, desk: Desk) -> tuple[Job, ...]:
    """Queue the explanation of a record once no document of it is under way any more.

    The record is locked first: of two documents that end at the same time, the second sees what the first wrote.
    """
    if unit.records.get(record, lock=True) is None:
        return ()
    documents = unit.documents.of_record(record)
    if any(d.state in UNDER_WAY for d in documents):
        return ()
    if not any(d.state is DocumentState.READ for d in documents) and not unit.records.said(record):
        return ()
    if any(j.kind is JobKind.EXPLAIN and j.state is JobState.WAITING for j in unit.jobs.of_record(record)):
        return ()
    job = new_job(JobKind.EXPLAIN, record, None, desk)
    unit.jobs.add(job)
    return (job,)


def new_job(kind: JobKind, record: str, document: str | None, desk: Desk) -> Job:
    """Return a job that waits."""
    moment = desk.clock()
    return Job(new_id(), kind, record, document, JobState.WAITING, 0, "", None, moment, moment)
