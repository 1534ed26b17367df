"""Sweep: ring again for jobs that nobody works on, delete what is over, remove files that must go."""

from __future__ import annotations

import logging

from app.domain.record import Look
from app.errors import DependencyError
from app.services.desk import Desk

log = logging.getLogger(__name__)


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
        unit.commit()
    for job in due:
        desk.queue.ring(job.id)
    remove_files(desk)
    return len(due)


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
