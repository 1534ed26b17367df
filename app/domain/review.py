"""What a navigator decided about a fact, and who works on which case; a decision is added and never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

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
        confidence: Of the machine's reading, 0 to 1; None for what it did not read.
        place: Where the fact stood ("document", "page", "box", "text"), as JSON; "" where no page said it.
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
    confidence: float | None = None
    place: str = ""


class CaseStage(StrEnum):
    """How far the checking of a case has come."""

    FIRST = "first"
    SECOND = "second"
    DIFFERENCES = "differences"


@dataclass(frozen=True, slots=True)
class Case:
    """Who works on a record, and when it was last finished.

    Attributes:
        record: Id of the record.
        holder: Id of the account that works on it, or "".
        held_until: When its lock runs out; None while nobody holds it.
        done_at: When it was last handed back as checked; None while it never was.
        done_by: Id of the account that did so, or "".
        assigned: Id of the account that is to check it, or "".
        assigned_by: Id of the account that said so, or "".
        stage: How far the checking has come.
        second_by: Id of the account that reads it a second time, or "".
    """

    record: str
    holder: str = ""
    held_until: datetime | None = None
    done_at: datetime | None = None
    done_by: str = ""
    assigned: str = ""
    assigned_by: str = ""
    stage: CaseStage = CaseStage.FIRST
    second_by: str = ""


@dataclass(frozen=True, slots=True)
class Placement:
    """Which organisation may check a record.

    Attributes:
        record: Id of the record.
        organisation: Id of the organisation.
        at: In UTC.
        who: Who gave it there, as in the audit trail.
    """

    record: str
    organisation: str
    at: datetime
    who: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A case as the queue lists it; made anew from its record whenever that changes.

    Attributes:
        record: Id of the record.
        since: When the newest of its documents, or of the person's objections, came; the oldest is checked first.
        names: Names of its documents, a line each.
        kinds: Their kinds and laboratories, a line each.
        facts: How many facts it has.
        waiting: Whether somebody has to check it.
        reasons: Why, with what each reason is about.
    """

    record: str
    since: datetime
    names: str
    kinds: str
    facts: int
    waiting: bool
    reasons: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """A case of the queue with who works on it.

    Attributes:
        listed: The case.
        case: Its lock, its end and its stage.
        holder: E-mail of who holds it, or "".
        assignee: E-mail of who is to check it, or "".
        organisation: Name of the organisation that it was given to.
    """

    listed: Listed
    case: Case
    holder: str
    assignee: str
    organisation: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks the queue for.

    Attributes:
        account: Id of who asks; only cases of their organisations are told.
        moment: The present moment.
        show: "waiting", "mine", "free" or "done".
        reason: Only cases with this reason; "" for all.
        search: Part of a name, kind or laboratory, or the beginning of a record's id.
        skip: How many to leave out.
        most: How many to tell.
    """

    account: str
    moment: datetime
    show: str = "waiting"
    reason: str = ""
    search: str = ""
    skip: int = 0
    most: int = 50


@dataclass(frozen=True, slots=True)
class SecondReading:
    """What a second person said of a fact without seeing what the first had decided.

    Attributes:
        id: Random, in hexadecimal.
        record: Id of the record.
        fact: Key of the fact.
        review: CONFIRMED (as the machine read it), CORRECTED or REJECTED.
        values: What stands there according to the second person, as JSON.
        why: Their reason.
        who: Id of their account.
        at: In UTC.
        first: The first person's decision that it was compared with, by id; "" until both had read.
        first_review: What the first person had decided; "" until then.
        first_values: What the first person had left standing, as JSON; "" until then.
        agreed: Whether both said the same; None until then.
        settled_by: Id of the lead's account that settled the difference, or "".
        settled_at: When; None while it waits.
    """

    id: str
    record: str
    fact: str
    review: Review
    values: str
    why: str
    who: str
    at: datetime
    first: str = ""
    first_review: str = ""
    first_values: str = ""
    agreed: bool | None = None
    settled_by: str = ""
    settled_at: datetime | None = None
