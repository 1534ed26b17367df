"""What a navigator decided about a fact, and who works on which case; a decision is added and never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.finding import Review


@dataclass(frozen=True, slots=True)
class Decision:
    """One step in the history of one fact.

    Attributes:
        id: Random, in hexadecimal.
        record: Id of the record.
        fact: Key of the fact: where it was read, or the id under which it was added.
        number: From 1 for each fact; the version that the next decision must name.
        review: What the fact is from now on; MACHINE takes earlier decisions back.
        machine: What the machine read, as JSON; "" for a fact that was added.
        before: What stood before, as JSON; "" for a fact that was added.
        after: What stands from now on, as JSON.
        why: The reason, in the reviewer's words.
        who: Id of the account that decided.
        pipeline_version: Of the code that read the fact.
        at: In UTC.
    """

    id: str
    record: str
    fact: str
    number: int
    review: Review
    machine: str
    before: str
    after: str
    why: str
    who: str
    pipeline_version: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Case:
    """Who works on a record, and when it was last finished.

    Attributes:
        record: Id of the record.
        holder: Id of the account that works on it, or "".
        held_until: When its lock runs out; None while nobody holds it.
        done_at: When it was last handed back as checked; None while it never was.
        done_by: Id of the account that did so, or "".
    """

    record: str
    holder: str = ""
    held_until: datetime | None = None
    done_at: datetime | None = None
    done_by: str = ""
