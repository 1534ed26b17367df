"""The repositories: nouns in, nouns out, over one connection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, Generic, TypeVar, get_type_hints

from sqlalchemy import Column, Connection, Row, Table, delete, exists, func, insert, literal, or_, select, update
from sqlalchemy.sql import ColumnElement

from app.adapters import database_tables as tables
from app.domain.account import Account, Session
from app.domain.job import Job, JobState
from app.domain.record import (
    Doubt,
    Invitation,
    Link,
    Look,
    PartialUpload,
    Record,
    SaidFact,
    StoredAnalysis,
    StoredDocument,
    StoredPage,
)

T = TypeVar("T")


@cache
def _shape(noun: type, table: Table) -> tuple[Column[Any], dict[str, type[StrEnum]], list[Column[Any]]]:
    """Return key, enumerations and columns of a noun; worked out once, for every request opens every shelf."""
    hints = get_type_hints(noun)
    enums = {n: h for n, h in hints.items() if isinstance(h, type) and issubclass(h, StrEnum)}
    return next(iter(table.primary_key.columns)), enums, [table.c[f.name] for f in fields(noun)]


class Shelf(Generic[T]):
    """One table as a collection of one noun; the columns are the noun's fields."""

    def __init__(self, connection: Connection, noun: type[T], table: Table) -> None:
        self._connection = connection
        self._noun = noun
        self._table = table
        self._key, self._enums, self._columns = _shape(noun, table)  # type: ignore[arg-type]

    def add(self, noun: T) -> None:
        """Add one."""
        self._connection.execute(insert(self._table).values(**self._values(noun)))

    def get(self, identity: str, *, lock: bool = False) -> T | None:
        """Return the one with this key."""
        query = select(*self._columns).where(self._key == identity)
        row = self._connection.execute(query.with_for_update() if lock else query).one_or_none()
        return self._from(row) if row else None

    def save(self, noun: T) -> None:
        """Write the changed one."""
        values = self._values(noun)
        self._connection.execute(update(self._table).where(self._key == values[self._key.name]).values(**values))

    def delete(self, identity: str) -> None:
        """Delete the one with this key."""
        self._connection.execute(delete(self._table).where(self._key == identity))

    def where(self, *conditions: ColumnElement[bool], order: Sequence[Any] = (), limit: int | None = None) -> list[T]:
        """Return those for which all conditions hold."""
        query = select(*self._columns).where(*conditions).order_by(*order).limit(limit)
        return [self._from(row) for row in self._connection.execute(query)]

    def _values(self, noun: T) -> dict[str, Any]:
        return {k: v.value if isinstance(v, StrEnum) else v for k, v in asdict(noun).items()}  # type: ignore[call-overload]

    def _from(self, row: Row[Any]) -> T:
        values = dict(row._mapping)
        for name, enum in self._enums.items():
            values[name] = enum(values[name])
        return self._noun(**values)


class RecordShelf(Shelf[Record]):
    """Records, their links, and what the person said of them."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, Record, tables.records)
        self._links = Shelf(connection, Link, tables.links)
        self._doubts = Shelf(connection, Doubt, tables.doubts)
        self._said = Shelf(connection, SaidFact, tables.said)

    def owned(self, account: str) -> list[Record]:
        """Return the records that an account keeps, newest first."""
        return self.where(tables.records.c.owner == account, order=[tables.records.c.created_at.desc()])

    def expired(self, now: datetime) -> list[Record]:
        """Return the records whose time is over."""
        return self.where(tables.records.c.expires_at < now)

    def add_link(self, link: Link) -> None:
        """Add a link."""
        self._links.add(link)

    def link(self, token_hash: str) -> Link | None:
        """Return the link with this hash."""
        return self._links.get(token_hash)

    def links(self, record: str) -> list[Link]:
        """Return the links of a record, oldest first."""
        return self._links.where(tables.links.c.record == record, order=[tables.links.c.created_at])

    def delete_link(self, token_hash: str) -> None:
        """Make a link open nothing from now on."""
        self._links.delete(token_hash)

    def add_doubt(self, doubt: Doubt) -> None:
        """Put an objection into the reviewers' queue."""
        self._doubts.add(doubt)

    def doubts(self, record: str | None = None) -> list[Doubt]:
        """Return what still waits for a reviewer, oldest first."""
        waiting: list[ColumnElement[bool]] = [tables.doubts.c.settled_at.is_(None)]
        if record is not None:
            waiting.append(tables.doubts.c.record == record)
        return self._doubts.where(*waiting, order=[tables.doubts.c.created_at])

    def say(self, fact: SaidFact) -> None:
        """Add what the person says."""
        self._said.add(fact)

    def said(self, record: str) -> list[SaidFact]:
        """Return what the person said, oldest first."""
        table = tables.said
        return self._said.where(table.c.record == record, order=[table.c.created_at, table.c.id])

    def take_back(self, identity: str) -> None:
        """Delete what the person said."""
        self._said.delete(identity)


class InvitationShelf(Shelf[Invitation]):
    """Invitations to see records."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, Invitation, tables.invitations)

    def of_record(self, record: str) -> list[Invitation]:
        """Return the invitations to a record, oldest first."""
        table = tables.invitations
        return self.where(table.c.record == record, order=[table.c.created_at])

    def accepted(self, account: str, record: str | None = None) -> list[Invitation]:
        """Return what an account has accepted, newest first; of one record where it is given."""
        table = tables.invitations
        wanted = [table.c.account == account, *([table.c.record == record] if record else [])]
        return self.where(*wanted, order=[table.c.accepted_at.desc()])


class UploadShelf(Shelf[PartialUpload]):
    """Files that are still coming."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, PartialUpload, tables.uploads)

    def expired(self, now: datetime) -> list[PartialUpload]:
        """Return what nobody claimed in time."""
        return self.where(tables.uploads.c.expires_at < now)

    def waiting(self) -> int:
        """Return how many bytes were announced by all that are there."""
        query = select(func.coalesce(func.sum(tables.uploads.c.bytes_count), 0))
        return int(self._connection.execute(query).scalar_one())


class DocumentShelf(Shelf[StoredDocument]):
    """Documents, their pages, and what was read from them."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, StoredDocument, tables.documents)
        self._pages = Shelf(connection, StoredPage, tables.pages)

    def of_record(self, record: str) -> list[StoredDocument]:
        """Return the documents of a record in the order in which they came."""
        table = tables.documents
        return self.where(table.c.record == record, order=[table.c.received_at, table.c.name, table.c.id])

    def progress(self, identity: str, page: int, pages: int) -> None:
        """Note that this many of the pages were read."""
        table = tables.documents
        self._connection.execute(update(table).where(table.c.id == identity).values(pages_read=page, pages=pages))

    def put_pages(self, document: str, pages: Sequence[StoredPage]) -> None:
        """Replace the pages of a document."""
        self._connection.execute(delete(tables.pages).where(tables.pages.c.document == document))
        for page in pages:
            self._pages.add(page)

    def pages(self, document: str) -> list[StoredPage]:
        """Return the pages of a document in order."""
        return self._pages.where(tables.pages.c.document == document, order=[tables.pages.c.number])

    def put_facts(self, document: str, content: bytes) -> None:
        """Replace what was read from a document."""
        self._connection.execute(delete(tables.facts).where(tables.facts.c.document == document))
        self._connection.execute(insert(tables.facts).values(document=document, content=content))

    def facts(self, document: str) -> bytes | None:
        """Return what was read from a document."""
        query = select(tables.facts.c.content).where(tables.facts.c.document == document)
        return self._connection.execute(query).scalar_one_or_none()


class AnalysisShelf(Shelf[StoredAnalysis]):
    """What was made of records."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, StoredAnalysis, tables.analyses)

    def latest(self, record: str, *, whole: bool = True) -> StoredAnalysis | None:
        """Return the newest analysis of a record; unless whole, without its JSON, which is most of it."""
        table = tables.analyses
        if whole:
            return next(iter(self.where(table.c.record == record, order=[table.c.number.desc()], limit=1)), None)
        columns = [literal("").label("json") if c.name == "json" else c for c in self._columns]
        query = select(*columns).where(table.c.record == record).order_by(table.c.number.desc()).limit(1)
        row = self._connection.execute(query).one_or_none()
        return self._from(row) if row else None

    def before(self, analysis: StoredAnalysis) -> StoredAnalysis | None:
        """Return the analysis of the same record that came before this one."""
        table = tables.analyses
        earlier = [table.c.record == analysis.record, table.c.number < analysis.number]
        return next(iter(self.where(*earlier, order=[table.c.number.desc()], limit=1)), None)

    def at(self, record: str, moment: datetime) -> StoredAnalysis | None:
        """Return the analysis of a record that was the newest at a moment."""
        table = tables.analyses
        made = [table.c.record == record, table.c.created_at <= moment]
        return next(iter(self.where(*made, order=[table.c.number.desc()], limit=1)), None)

    def outdated(self, pipeline_version: str, knowledge_version: str, limit: int) -> list[StoredAnalysis]:
        """Return newest analyses that other versions made, oldest first."""
        table = tables.analyses
        later = table.alias("later")
        newest = ~exists().where(later.c.record == table.c.record, later.c.number > table.c.number)
        other = or_(table.c.pipeline_version != pipeline_version, table.c.knowledge_version != knowledge_version)
        return self.where(newest, other, order=[table.c.created_at], limit=limit)


class JobShelf(Shelf[Job]):
    """The truth about background work."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, Job, tables.jobs)

    def of_record(self, record: str) -> list[Job]:
        """Return all jobs of a record, oldest first."""
        return self.where(tables.jobs.c.record == record, order=[tables.jobs.c.created_at, tables.jobs.c.id])

    def claim(self, identity: str, holder: str, now: datetime, until: datetime) -> Job | None:
        """Take the job if nobody holds it; the one UPDATE makes sure that only one can."""
        table = tables.jobs
        taken = self._connection.execute(
            update(table)
            .where(table.c.id == identity, self._free(now))
            .values(state="working", holder=holder, lease_until=until, attempts=table.c.attempts + 1)
        )
        return self.get(identity) if taken.rowcount == 1 else None

    def extend(self, identity: str, holder: str, until: datetime) -> bool:
        """Prolong the lease; False where it was lost."""
        return self._held(identity, holder, {"lease_until": until})

    def finish(self, identity: str, holder: str, state: JobState, now: datetime, error_code: str = "") -> bool:
        """Close the job, or lay it back; False where the lease was lost."""
        closed = None if state is JobState.WAITING else now
        values = {"state": state.value, "holder": "", "lease_until": None, "finished_at": closed, "rung_at": now}
        return self._held(identity, holder, values | {"error_code": error_code})

    def close(self, identity: str, state: JobState, now: datetime) -> None:
        """Close an open job whoever holds it."""
        table = tables.jobs
        still_open = table.c.state.in_(["waiting", "working"])
        self._connection.execute(
            update(table)
            .where(table.c.id == identity, still_open)
            .values(state=state.value, holder="", lease_until=None, finished_at=now)
        )

    def due(self, now: datetime, rung_before: datetime) -> list[Job]:
        """Return jobs that nobody holds and for which nobody rang lately, oldest first."""
        table = tables.jobs
        return self.where(self._free(now), table.c.rung_at < rung_before, order=[table.c.created_at], limit=200)

    def rung(self, identity: str, now: datetime) -> None:
        """Note that the broker was told."""
        self._connection.execute(update(tables.jobs).where(tables.jobs.c.id == identity).values(rung_at=now))

    def _held(self, identity: str, holder: str, values: dict[str, Any]) -> bool:
        table = tables.jobs
        changed = self._connection.execute(
            update(table)
            .where(table.c.id == identity, table.c.holder == holder, table.c.state == "working")
            .values(values)
        )
        return changed.rowcount == 1

    def _free(self, now: datetime) -> ColumnElement[bool]:
        table = tables.jobs
        return or_(table.c.state == "waiting", (table.c.state == "working") & (table.c.lease_until < now))


class AccountShelf(Shelf[Account]):
    """Accounts and their sessions."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, Account, tables.accounts)
        self._sessions = Shelf(connection, Session, tables.sessions)

    def by_email(self, email: str) -> Account | None:
        """Return the account with this address."""
        return next(iter(self.where(tables.accounts.c.email == email)), None)

    def add_session(self, session: Session) -> None:
        """Add a session."""
        self._sessions.add(session)

    def session(self, token_hash: str) -> Session | None:
        """Return a session."""
        return self._sessions.get(token_hash)

    def delete_session(self, token_hash: str) -> None:
        """End a session."""
        self._sessions.delete(token_hash)

    def end_sessions(self, account: str) -> None:
        """End all sessions of an account."""
        self._connection.execute(delete(tables.sessions).where(tables.sessions.c.account == account))

    def note_failure(self, key: str, at: datetime) -> None:
        """Remember a failed sign-in."""
        self._connection.execute(insert(tables.failures).values(key=key, at=at))

    def failures(self, key: str, since: datetime) -> int:
        """Count failed sign-ins."""
        table = tables.failures
        query = select(func.count()).select_from(table).where(table.c.key == key, table.c.at >= since)
        return int(self._connection.execute(query).scalar_one())

    def forget_failures(self, key: str) -> None:
        """Forget the failed sign-ins."""
        self._connection.execute(delete(tables.failures).where(tables.failures.c.key == key))


class TrailShelf:
    """Who looked at what, and which files still have to be deleted."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, look: Look) -> None:
        """Add a line."""
        self._connection.execute(insert(tables.trail).values(**asdict(look)))

    def of_record(self, record: str) -> list[Look]:
        """Return the trail of a record, newest first."""
        table = tables.trail
        columns = [table.c[f.name] for f in fields(Look)]
        query = select(*columns).where(table.c.record == record).order_by(table.c.id.desc())
        return [Look(**row._mapping) for row in self._connection.execute(query)]

    def add_purge(self, prefix: str) -> None:
        """Remember that the files under the prefix must go."""
        if prefix not in self.purges():
            self._connection.execute(insert(tables.purges).values(prefix=prefix))

    def purges(self) -> list[str]:
        """Return the prefixes whose files must go."""
        return list(self._connection.execute(select(tables.purges.c.prefix)).scalars())

    def purged(self, prefix: str) -> None:
        """Forget a prefix whose files are gone."""
        self._connection.execute(delete(tables.purges).where(tables.purges.c.prefix == prefix))
