"""What the navigators' side needs from the store: decisions, the queue, organisations and second readings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from app.domain.account import Account, Organisation
from app.domain.record import Question, StoredAnalysis
from app.domain.review import Asked, Case, Decision, Listed, Placement, SecondReading, Seen


class Reviews(Protocol):
    """What navigators decided, and who works on what."""

    def add(self, decision: Decision) -> None:
        """Add a decision."""
        ...

    def of_record(self, record: str) -> Sequence[Decision]:
        """Return all decisions of a record, in the order of each fact's history."""
        ...

    def case(self, record: str) -> Case:
        """Return the state of a case; one that nobody has touched is free."""
        ...

    def put_case(self, case: Case) -> None:
        """Write the state of a case."""
        ...

    def settle(self, record: str, moment: datetime) -> None:
        """Settle everything that the person had said is wrong."""
        ...

    def newest(self, limit: int) -> Sequence[StoredAnalysis]:
        """Return the newest analysis of each record, those that wait longest first."""
        ...

    def reviewed(self, organisations: Sequence[str]) -> Sequence[tuple[float, str, int]]:
        """Count what was decided last about facts that the machine had read, in these organisations.

        Returns:
            Confidence in hundredths, what the last decision was, and how many facts.
        """
        ...


class Queue(Protocol):
    """The cases as they are listed; told only to members of the organisation that a record was given to."""

    def put(self, listed: Listed) -> None:
        """Write a case anew."""
        ...

    def get(self, record: str) -> Listed | None:
        """Return a case as it is listed."""
        ...

    def drop(self, record: str) -> None:
        """Take a case out of the queue."""
        ...

    def wait(self, record: str, *, waiting: bool) -> None:
        """Note whether somebody has to check a case."""
        ...

    def seen(self, asked: Asked) -> Sequence[Seen]:
        """Return the cases asked for, those that wait longest first."""
        ...

    def count(self, asked: Asked) -> int:
        """Count the cases asked for, whatever the page."""
        ...

    def by_reason(self, asked: Asked) -> Mapping[str, int]:
        """Count the waiting cases for each reason."""
        ...

    def done_since(self, account: str, since: datetime) -> int:
        """Count the cases that an account finished since a moment."""
        ...

    def unlisted(self, limit: int) -> Sequence[str]:
        """Return records that have an analysis and are not listed, oldest first."""
        ...


class Organisations(Protocol):
    """Teams, who works for them, and which records were given to them."""

    def add(self, noun: Organisation) -> None:
        """Add one."""
        ...

    def get(self, identity: str) -> Organisation | None:
        """Return the one with this id."""
        ...

    def save(self, noun: Organisation) -> None:
        """Write the changed one."""
        ...

    def all(self) -> Sequence[Organisation]:
        """Return all, by name."""
        ...

    def by_code(self, code: str) -> Organisation | None:
        """Return the one with this code that takes records."""
        ...

    def taker(self) -> Organisation | None:
        """Return the one that checks every record whose person chose nobody else."""
        ...

    def of_account(self, account: str) -> Sequence[Organisation]:
        """Return those that an account works for, by name."""
        ...

    def members(self, organisation: str) -> Sequence[Account]:
        """Return who works for one, by address."""
        ...

    def join(self, organisation: str, account: str, moment: datetime) -> None:
        """Let an account work for one; to do so twice changes nothing."""
        ...

    def leave(self, organisation: str, account: str) -> None:
        """Let an account no longer work for one."""
        ...

    def place(self, placement: Placement) -> None:
        """Give a record to one; it is taken from any other."""
        ...

    def withdraw(self, record: str) -> None:
        """Take a record from whichever it was given to."""
        ...

    def of_record(self, record: str) -> Organisation | None:
        """Return the one that a record was given to; a closed one counts as none."""
        ...

    def staff(self) -> Sequence[Account]:
        """Return all accounts of navigators, leads and admins, by address."""
        ...


class Questions(Protocol):
    """What navigators asked the persons, and what they answered."""

    def add(self, noun: Question) -> None:
        """Add one."""
        ...

    def get(self, identity: str) -> Question | None:
        """Return the one with this id."""
        ...

    def save(self, noun: Question) -> None:
        """Write the changed one."""
        ...

    def delete(self, identity: str) -> None:
        """Delete the one with this id."""
        ...

    def of_record(self, record: str) -> Sequence[Question]:
        """Return all questions of a record, oldest first."""
        ...

    def move_all(self, old: str, new: str) -> None:
        """Let everything that was said and decided about one record be about another; its documents move one by one."""
        ...


class SecondReadings(Protocol):
    """What second persons said of facts."""

    def put(self, reading: SecondReading) -> None:
        """Write what the second person says of a fact now."""
        ...

    def of_record(self, record: str) -> Sequence[SecondReading]:
        """Return all second readings of a record, oldest first."""
        ...

    def compared(self, account: str) -> Sequence[SecondReading]:
        """Return all that were compared with a first reading, in the account's organisations."""
        ...
