"""Sweep: ring again for jobs that nobody works on, delete what is over, remove files that must go."""

from __future__ import annotations

import logging
from dataclasses import replace

from app.domain.job import Job, JobState
from app.domain.record import DocumentState, Look
from app.errors import DependencyError
from app.services.desk import Desk
from app.services.plan_jobs import next_jobs
from app.services.receive_upload import read_job
from app.services.send_pieces import forget

log = logging.getLogger(__name__)

MOST_RENEWED = 500
OPEN = (JobState.WAITING, JobState.WORKING)


def sweep(desk: Desk, *, at_start: bool = False) -> int:
    """Put right what crashed workers, a restarted broker and time have left behind; safe to run anywhere, any time.

    Args:
        desk: Store, files and queue.
        at_start: Ring for every job that nobody holds, however short a time ago it was rung for.

    Returns:
        How many jobs were rung for.
    """
    moment = desk.clock()
    with desk.units() as unit:
        due = unit.jobs.due(moment, moment if at_start else moment - desk.limits.ring_again)
        for job in due:
            unit.jobs.rung(job.id, moment)
        for record in unit.records.expired(moment):
            unit.records.delete(record.id)
            unit.trail.add_purge(f"records/{record.id}")
            unit.trail.add(Look(moment, "system", "expire.record", record.id))
        for upload in unit.uploads.expired(moment):
            forget(unit, upload)
        unit.commit()
    for job in due:
        desk.queue.ring(job.id)
    remove_files(desk)
    return len(due)


def renew(desk: Desk) -> int:
    """Queue anew what other versions of code or knowledge made; called when a worker starts.

    What another version of the code read is read again; what only another version of the knowledge explained is
    explained again.

    Returns:
        How many records are renewed.
    """
    pipeline_version, knowledge_version = desk.reading.versions()
    jobs: list[Job] = []
    with desk.units() as unit:
        outdated = unit.analyses.outdated(pipeline_version, knowledge_version, MOST_RENEWED)
        for analysis in outdated:
            record = unit.records.get(analysis.record, lock=True)
            if record is None or any(j.state in OPEN for j in unit.jobs.of_record(record.id)):
                continue
            for document in unit.documents.of_record(record.id):
                if document.state is DocumentState.READ and document.version != pipeline_version:
                    waiting = replace(document, state=DocumentState.WAITING, pages_read=0)
                    unit.documents.save(waiting)
                    jobs.append(read_job(waiting, desk))
                    unit.jobs.add(jobs[-1])
            jobs += next_jobs(unit, record.id, desk)
        unit.commit()
    for job in jobs:
        desk.queue.ring(job.id)
    return len(outdated)


def remove_files(desk: Desk) -> None:
    """Delete the files of what was deleted; what cannot be deleted now is tried again at the next sweep."""
    with desk.units(reading=True) as unit:
        prefixes = unit.trail.purges()
    for prefix in prefixes:
        try:
            desk.files.purge(prefix)
        except DependencyError:
            log.warning("files of a deleted record could not be removed yet")
            continue
        with desk.units() as unit:
            unit.trail.purged(prefix)
            unit.commit()
