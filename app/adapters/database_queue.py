"""The queue's rows: listed cases with their reasons; filtered, counted and put in order by the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, delete, exists, func, insert, or_, select, update
from sqlalchemy.sql import ColumnElement

from app.adapters import database_tables as tables
from app.adapters.database_review_tables import cases, memberships, organisations, placements, queue, reasons
from app.domain.review import Asked, Case, CaseStage, Listed, Seen

HOLDER = tables.accounts.alias("holder")
ASSIGNEE = tables.accounts.alias("assignee")


class QueueShelf:
    """The cases as they are listed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, listed: Listed) -> None:
        """Write a case anew."""
        self.drop(listed.record)
        words = f"{listed.names}\n{listed.kinds}".lower()
        row = {"record": listed.record, "since": listed.since, "names": listed.names, "kinds": listed.kinds}
        row |= {"words": words, "facts": listed.facts, "waiting": listed.waiting}
        self._connection.execute(insert(queue).values(**row))
        told = [
            {"record": listed.record, "reason": reason, "place": n, "told": what}
            for n, (reason, what) in enumerate(listed.reasons)
        ]
        if told:
            self._connection.execute(insert(reasons), told)

    def get(self, record: str) -> Listed | None:
        """Return a case as it is listed."""
        row = self._connection.execute(select(queue).where(queue.c.record == record)).one_or_none()
        return _listed(row._mapping, self._reasons([record]).get(record, ())) if row else None

    def drop(self, record: str) -> None:
        """Take a case out of the queue."""
        self._connection.execute(delete(reasons).where(reasons.c.record == record))
        self._connection.execute(delete(queue).where(queue.c.record == record))

    def wait(self, record: str, *, waiting: bool) -> None:
        """Note whether somebody has to check a case."""
        self._connection.execute(update(queue).where(queue.c.record == record).values(waiting=waiting))

    def seen(self, asked: Asked) -> list[Seen]:
        """Return the cases asked for, those that wait longest first."""
        columns = [*queue.c, *(c.label(f"case_{c.name}") for c in cases.c)]
        names = [HOLDER.c.email.label("holding"), ASSIGNEE.c.email.label("assigned_to"), organisations.c.name]
        query = _asked(select(*columns, *names), asked)
        query = query.join(organisations, organisations.c.id == placements.c.organisation)
        query = query.outerjoin(HOLDER, HOLDER.c.id == cases.c.holder)
        query = query.outerjoin(ASSIGNEE, ASSIGNEE.c.id == cases.c.assigned)
        query = query.order_by(queue.c.since, queue.c.record).offset(asked.skip).limit(asked.most)
        rows = [row._mapping for row in self._connection.execute(query)]
        why = self._reasons([row["record"] for row in rows])
        return [
            Seen(
                _listed(row, why.get(row["record"], ())),
                _case(row),
                row["holding"] or "",
                row["assigned_to"] or "",
                row["name"],
            )
            for row in rows
        ]

    def count(self, asked: Asked) -> int:
        """Count the cases asked for, whatever the page."""
        return int(self._connection.execute(_asked(select(func.count(queue.c.record)), asked)).scalar_one())

    def by_reason(self, asked: Asked) -> dict[str, int]:
        """Count the waiting cases for each reason."""
        query = _asked(select(reasons.c.reason, func.count()), asked)
        query = query.join(reasons, reasons.c.record == queue.c.record).group_by(reasons.c.reason)
        return {str(reason): int(n) for reason, n in self._connection.execute(query)}

    def done_since(self, account: str, since: datetime) -> int:
        """Count the cases that an account finished since a moment."""
        query = select(func.count()).select_from(cases).where(cases.c.done_by == account, cases.c.done_at >= since)
        return int(self._connection.execute(query).scalar_one())

    def unlisted(self, limit: int) -> list[str]:
        """Return records that have an analysis and are not listed, oldest first."""
        table = tables.records
        explained = exists().where(tables.analyses.c.record == table.c.id)
        listed = exists().where(queue.c.record == table.c.id)
        query = select(table.c.id).where(explained, ~listed).order_by(table.c.created_at).limit(limit)
        return list(self._connection.execute(query).scalars())

    def _reasons(self, records: Sequence[str]) -> dict[str, tuple[tuple[str, str], ...]]:
        query = select(reasons).where(reasons.c.record.in_(records)).order_by(reasons.c.record, reasons.c.place)
        found: dict[str, tuple[tuple[str, str], ...]] = {}
        for row in self._connection.execute(query):
            found[row.record] = (*found.get(row.record, ()), (row.reason, row.told))
        return found


def _asked(query: Select[Any], asked: Asked) -> Select[Any]:
    """Narrow a query to the cases asked for; what was not given to an organisation of the asker is never told."""
    query = (
        query.select_from(queue)
        .join(placements, placements.c.record == queue.c.record)
        .join(
            memberships,
            and_(memberships.c.organisation == placements.c.organisation, memberships.c.account == asked.account),
        )
        .join(tables.records, tables.records.c.id == queue.c.record)
        .outerjoin(cases, cases.c.record == queue.c.record)
    )
    expires = tables.records.c.expires_at
    open_ones = select(organisations.c.id).where(organisations.c.closed.is_(False))
    query = query.where(or_(expires.is_(None), expires > asked.moment), placements.c.organisation.in_(open_ones))
    query = query.where(*_shown(asked))
    if asked.reason:
        query = query.where(exists().where(reasons.c.record == queue.c.record, reasons.c.reason == asked.reason))
    wanted = asked.search.strip().lower()
    if wanted:
        begins = queue.c.record.startswith(wanted, autoescape=True)
        query = query.where(or_(queue.c.words.contains(wanted, autoescape=True), begins))
    return query


def _shown(asked: Asked) -> list[ColumnElement[bool]]:
    me = asked.account
    if asked.show == "done":
        return [queue.c.waiting.is_(False)]
    second = cases.c.stage == CaseStage.SECOND.value
    # Who read first has nothing to do while somebody else reads a second time.
    conditions = [queue.c.waiting.is_(True), or_(cases.c.record.is_(None), ~second, cases.c.done_by != me)]
    held = and_(cases.c.holder != "", cases.c.held_until > asked.moment)
    if asked.show == "mine":
        mine = or_(and_(cases.c.holder == me, held), cases.c.assigned == me, and_(second, cases.c.second_by == me))
        conditions.append(mine)
    if asked.show == "free":
        first = cases.c.stage == CaseStage.FIRST.value
        free = and_(first, cases.c.assigned == "", or_(cases.c.held_until.is_(None), ~held))
        conditions.append(or_(cases.c.record.is_(None), free))
    return conditions


def _listed(row: Any, why: tuple[tuple[str, str], ...]) -> Listed:
    return Listed(row["record"], row["since"], row["names"], row["kinds"], row["facts"], row["waiting"], why)


def _case(row: Any) -> Case:
    if row["case_record"] is None:
        return Case(row["record"])
    values = {name: row[f"case_{name}"] for name in cases.c.keys()}  # noqa: SIM118 -- iterating gives columns
    return Case(**(values | {"stage": CaseStage(values["stage"])}))
