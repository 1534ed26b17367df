"""Do one job: take its lease, read a document or explain a record, write everything in one commit, let go."""

from __future__ import annotations

import logging
import secrets
import threading
import traceback
from dataclasses import replace
from types import TracebackType

from app.domain.job import Job, JobKind, JobState
from app.domain.record import DocumentState
from app.errors import AppError, DependencyError, InputError
from app.services.desk import Desk
from app.services.explain_record import explain_record
from app.services.plan_jobs import next_jobs
from app.services.process_document import draw_record, process_document

log = logging.getLogger(__name__)

GIVEN_UP = (
    "We tried several times and could not read {name}. It is stored safely. "
    "Try again, or send it in another form, such as a photo of each page."
)


class LeaseLostError(AppError):
    """Somebody else holds the job now, or it was cancelled: whatever was made here is thrown away."""

    code = "lease_lost"


class Lease:
    """Shows signs of life for a job while it is worked on.

    Args:
        desk: Store and clock.
        job: The job, taken.
    """

    def __init__(self, desk: Desk, job: Job) -> None:
        self._desk = desk
        self._job = job
        self._over = threading.Event()
        self._lost = False
        self._thread = threading.Thread(target=self._beat, name="lease", daemon=True)

    def __enter__(self) -> Lease:
        """Begin to show signs of life."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self._over.set()
        self._thread.join()

    def hold(self) -> None:
        """Raise LeaseLostError where the job is no longer ours."""
        if self._lost:
            raise LeaseLostError

    def _beat(self) -> None:
        pause = self._desk.limits.lease.total_seconds() / 4
        while not self._over.wait(pause):
            try:
                with self._desk.units() as unit:
                    until = self._desk.clock() + self._desk.limits.lease
                    held = unit.jobs.extend(self._job.id, self._job.holder, until)
                    unit.commit()
            except DependencyError:
                continue  # The store may come back before the lease runs out.
            if not held:
                self._lost = True
                return


def work_job(desk: Desk, identity: str) -> JobState | None:
    """Do the job with this id, unless somebody else does or did.

    Args:
        desk: Store, files, queue and pipeline.
        identity: Id of the job.

    Returns:
        What became of it; None where there was nothing to do. Called twice, it does nothing the second time.
    """
    job = _take(desk, identity)
    if job is None:
        return None
    if job.attempts > desk.limits.attempts:
        return _give_up(desk, job, "work.given_up")
    try:
        with Lease(desk, job) as lease:
            following = _do(desk, job, lease)
    except LeaseLostError:
        return None
    except InputError as refusal:
        return _refuse(desk, job, refusal)
    except Exception as error:
        return _lay_back(desk, job, error)
    for next_job in following:
        desk.queue.ring(next_job.id)
    return JobState.DONE


def _take(desk: Desk, identity: str) -> Job | None:
    moment = desk.clock()
    with desk.units() as unit:
        job = unit.jobs.claim(identity, secrets.token_hex(8), moment, moment + desk.limits.lease)
        unit.commit()
    return job


def _do(desk: Desk, job: Job, lease: Lease) -> tuple[Job, ...]:
    services = {JobKind.READ: process_document, JobKind.EXPLAIN: explain_record, JobKind.DRAW: draw_record}
    return services[job.kind](desk, job, lease.hold)


def _refuse(desk: Desk, job: Job, refusal: InputError) -> JobState:
    """The document is at fault: say so to the person; trying again would not help."""
    return _fail(desk, job, refusal.code, str(refusal))


def _lay_back(desk: Desk, job: Job, error: Exception) -> JobState:
    """Something else is at fault: lay the job back for another try, or give up after the last one."""
    code = error.code if isinstance(error, AppError) else "bug"
    # The message of an error may quote the document, so only its type and the lines of code are logged.
    where = "".join(traceback.format_tb(error.__traceback__)[-6:])
    log.error("job %s (%s) failed: %s\n%s", job.id, job.kind, type(error).__name__, where)
    if job.attempts >= desk.limits.attempts and not isinstance(error, DependencyError):
        return _give_up(desk, job, code)
    with desk.units() as unit:
        unit.jobs.finish(job.id, job.holder, JobState.WAITING, desk.clock(), code)
        unit.commit()
    return JobState.WAITING


def _give_up(desk: Desk, job: Job, code: str) -> JobState:
    return _fail(desk, job, code, None)


def _fail(desk: Desk, job: Job, code: str, message: str | None) -> JobState:
    following: tuple[Job, ...] = ()
    with desk.units() as unit:
        document = unit.documents.get(job.document) if job.document else None
        if not unit.jobs.finish(job.id, job.holder, JobState.FAILED, desk.clock(), code):
            return JobState.FAILED
        if document:
            told = message or GIVEN_UP.format(name=document.name)
            unit.documents.save(replace(document, state=DocumentState.FAILED, error_code=code, error_message=told))
            following = next_jobs(unit, document.record, desk)
        unit.commit()
    for next_job in following:
        desk.queue.ring(next_job.id)
    return JobState.FAILED
