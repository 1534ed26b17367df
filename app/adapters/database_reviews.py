"""The navigators' rows: decisions, which are only ever added, and the locks and ends of cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, exists, func, select, update

from app.adapters import database_tables as tables
from app.adapters.database_shelves import Shelf
from app.domain.record import StoredAnalysis
from app.domain.review import Case, Decision


class ReviewShelf:
    """What navigators decided, and who works on what."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._decisions = Shelf(connection, Decision, tables.decisions)
        self._cases = Shelf(connection, Case, tables.cases)
        self._analyses = Shelf(connection, StoredAnalysis, tables.analyses)

    def add(self, decision: Decision) -> None:
        """Add a decision."""
        self._decisions.add(decision)

    def of_record(self, record: str) -> list[Decision]:
        """Return all decisions of a record, in the order of each fact's history."""
        table = tables.decisions
        return self._decisions.where(table.c.record == record, order=[table.c.at, table.c.number, table.c.id])

    def decided(self) -> frozenset[str]:
        """Return the records for which anything was decided."""
        return frozenset(self._connection.execute(select(tables.decisions.c.record).distinct()).scalars())

    def case(self, record: str) -> Case:
        """Return the state of a case; one that nobody has touched is free."""
        return self._cases.get(record) or Case(record)

    def cases(self) -> list[Case]:
        """Return all cases that somebody has touched."""
        return self._cases.where()

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

    def count(self) -> int:
        """Count the records that have an analysis."""
        query = select(func.count(tables.analyses.c.record.distinct()))
        return int(self._connection.execute(query).scalar_one())
