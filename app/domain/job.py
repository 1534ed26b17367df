"""Work to be done in the background: its truth is a row in the database, the broker only rings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class JobKind(StrEnum):
    """What is to be done."""

    READ = "read"
    EXPLAIN = "explain"
    DRAW = "draw"


class JobState(StrEnum):
    """How far a job has come. A working job whose lease has run out is as good as waiting."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work.

    Attributes:
        id: Random, in hexadecimal.
        kind: Read a document, explain a record, or draw the pages of its documents.
        record: Id of the record.
        document: Id of the document to read; None for a record.
        state: How far it has come.
        attempts: How often it was begun.
        holder: Random name of the attempt that holds the lease, or "".
        lease_until: When others may take it over; None while nobody holds it.
        rung_at: When the broker was last told.
        created_at: In UTC.
        finished_at: In UTC; None while it is open.
        error_code: Of the last failure, or "".
    """

    id: str
    kind: JobKind
    record: str
    document: str | None
    state: JobState
    attempts: int
    holder: str
    lease_until: datetime | None
    rung_at: datetime
    created_at: datetime
    finished_at: datetime | None = None
    error_code: str = ""
