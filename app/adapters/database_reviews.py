"""The navigators' rows: decisions, which are only ever added, the locks and ends of cases, and second readings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, exists, func, select, update

from app.adapters import database_review_tables as review_tables
from app.adapters import database_tables as tables
from app.adapters.database_shelves import Shelf
from app.domain.record import StoredAnalysis
from app.domain.review import Case, Decision, SecondReading


class ReviewShelf:
    """What navigators decided, and who works on what."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._decisions = Shelf(connection, Decision, review_tables.decisions)
        self._cases = Shelf(connection, Case, review_tables.cases)
        self._analyses = Shelf(connection, StoredAnalysis, tables.analyses)

    def add(self, decision: Decision) -> None:
        """Add a decision."""
        self._decisions.add(decision)

    def of_record(self, record: str) -> list[Decision]:
        """Return all decisions of a record, in the order of each fact's history."""
        table = review_tables.decisions
        return self._decisions.where(table.c.record == record, order=[table.c.at, table.c.number, table.c.id])

    def case(self, record: str) -> Case:
        """Return the state of a case; one that nobody has touched is free."""
        return self._cases.get(record) or Case(record)

    def put_case(self, case: Case) -> None:
        """Write the state of a case."""
        if self._cases.get(case.record) is None:
            self._cases.add(case)
        else:
            self._cases.save(case)

    def settle(self, record: str, moment: datetime) -> None:
        """Settle everything that the person had said is wrong."""
        table = tables.doubts
        waiting = [table.c.record == record, table.c.settled_at.is_(None)]
        self._connection.execute(update(table).where(*waiting).values(settled_at=moment))

    def newest(self, limit: int) -> Sequence[StoredAnalysis]:
        """Return the newest analysis of each record, those that wait longest first."""
        table = tables.analyses
        later = table.alias("later")
        newest = ~exists().where(later.c.record == table.c.record, later.c.number > table.c.number)
        return self._analyses.where(newest, order=[table.c.created_at, table.c.id], limit=limit)

    def reviewed(self, organisations: Sequence[str]) -> list[tuple[float, str, int]]:
        """Count what was decided last about facts that the machine had read, in these organisations."""
        table, placed = review_tables.decisions, review_tables.placements
        later = table.alias("later")
        last = ~exists().where(
            later.c.record == table.c.record, later.c.fact == table.c.fact, later.c.number > table.c.number
        )
        confidence = func.round(table.c.confidence * 100)
        query = (
            select(confidence, table.c.review, func.count())
            .join(placed, placed.c.record == table.c.record)
            .where(placed.c.organisation.in_(organisations), table.c.confidence.is_not(None), last)
            .group_by(confidence, table.c.review)
        )
        return [(float(c) / 100, str(review), int(n)) for c, review, n in self._connection.execute(query)]


class SecondShelf:
    """What second persons said of facts."""

    def __init__(self, connection: Connection) -> None:
        self._readings = Shelf(connection, SecondReading, review_tables.second_readings)

    def put(self, reading: SecondReading) -> None:
        """Write what the second person says of a fact now."""
        table = review_tables.second_readings
        old = next(iter(self._readings.where(table.c.record == reading.record, table.c.fact == reading.fact)), None)
        if old is not None:
            self._readings.delete(old.id)
        self._readings.add(reading)

    def of_record(self, record: str) -> list[SecondReading]:
        """Return all second readings of a record, oldest first."""
        table = review_tables.second_readings
        return self._readings.where(table.c.record == record, order=[table.c.at, table.c.id])

    def compared(self, account: str) -> list[SecondReading]:
        """Return all that were compared with a first reading, in the account's organisations."""
        table, placed, member = review_tables.second_readings, review_tables.placements, review_tables.memberships
        theirs = (
            exists()
            .where(placed.c.record == table.c.record)
            .where(member.c.organisation == placed.c.organisation, member.c.account == account)
        )
        return self._readings.where(table.c.agreed.is_not(None), theirs, order=[table.c.at, table.c.id])
