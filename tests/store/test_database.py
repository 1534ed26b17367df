"""The store behaves the same on SQLite and PostgreSQL."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from app.adapters.database import Database, StoreError
from app.adapters.database_tables import metadata
from app.domain.account import Account, Role
from app.domain.job import Job, JobKind, JobState
from app.domain.record import (
    DocumentState,
    Link,
    LinkPurpose,
    Look,
    Record,
    StoredAnalysis,
    StoredDocument,
    StoredPage,
)

NOON = datetime(2026, 5, 3, 12, tzinfo=UTC)
LEASE = timedelta(seconds=60)


def record(identity: str = "r1", **more: object) -> Record:
    return replace(Record(identity, NOON), **more)


def document(identity: str = "d1", of: str = "r1", sha256: str = "aa") -> StoredDocument:
    return StoredDocument(identity, of, "report.pdf", sha256, "pdf", "k", "k", 5, NOON)


def job(identity: str = "j1", of: str = "r1", reads: str | None = "d1") -> Job:
    return Job(identity, JobKind.READ, of, reads, JobState.WAITING, 0, "", None, NOON, NOON)


def filled(database: Database) -> None:
    with database.units() as unit:
        unit.records.add(record())
        unit.documents.add(document())
        unit.jobs.add(job())
        unit.commit()


def test_migrations_build_exactly_the_tables_that_the_code_uses(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_upgrading_twice_changes_nothing(database: Database) -> None:
    filled(database)
    database.upgrade()
    with database.units(reading=True) as unit:
        assert unit.records.get("r1") == record()


def test_what_is_not_committed_is_not_written(database: Database) -> None:
    with database.units() as unit:
        unit.records.add(record())
    with database.units(reading=True) as unit:
        assert unit.records.get("r1") is None


def test_nouns_come_back_as_they_went_in(database: Database) -> None:
    filled(database)
    account = Account("a1", "jo@example.org", "hash", Role.CAREGIVER, NOON)
    link = Link("h", "r1", LinkPurpose.SHARE, NOON, NOON + LEASE, "Dr. Poe")
    page = StoredPage("d1", 1, 612.0, 792.0, "k", "image/png", 12, "native")
    analysis = StoredAnalysis("n1", "r1", 1, "in", '{"ü": 1}', "1", "2", NOON)
    with database.units() as unit:
        unit.accounts.add(account)
        unit.records.add_link(link)
        unit.documents.put_pages("d1", [page])
        unit.documents.put_facts("d1", b"\x00\xff")
        unit.analyses.add(analysis)
        unit.trail.add(Look(NOON, "account:a1", "view.result", "r1"))
        unit.commit()
    with database.units(reading=True) as unit:
        assert unit.accounts.by_email("jo@example.org") == account
        assert unit.records.link("h") == link
        assert unit.documents.get("d1") == document()
        assert unit.documents.pages("d1") == [page]
        assert unit.documents.facts("d1") == b"\x00\xff"
        assert unit.analyses.latest("r1") == analysis
        assert unit.jobs.get("j1") == job()
        assert unit.trail.of_record("r1")[0].what == "view.result"


def test_deleting_a_record_takes_everything_but_the_trail_with_it(database: Database) -> None:
    filled(database)
    with database.units() as unit:
        unit.trail.add(Look(NOON, "system", "delete.record", "r1"))
        unit.records.delete("r1")
        unit.commit()
    with database.units(reading=True) as unit:
        assert unit.documents.get("d1") is None
        assert unit.jobs.get("j1") is None
        assert len(unit.trail.of_record("r1")) == 1


def test_of_many_takers_one_gets_the_job(database: Database) -> None:
    filled(database)
    taken: list[str] = []
    start = threading.Barrier(8)

    def take(name: str) -> None:
        start.wait()
        with database.units() as unit:
            if unit.jobs.claim("j1", name, NOON, NOON + LEASE):
                taken.append(name)
            unit.commit()

    threads = [threading.Thread(target=take, args=(f"w{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 1


def test_a_job_whose_lease_ran_out_goes_to_the_next_and_the_first_can_write_no_more(database: Database) -> None:
    filled(database)
    later = NOON + 2 * LEASE
    with database.units() as unit:
        assert unit.jobs.claim("j1", "first", NOON, NOON + LEASE)
        assert unit.jobs.claim("j1", "second", NOON, NOON + LEASE) is None
        second = unit.jobs.claim("j1", "second", later, later + LEASE)
        assert second
        assert second.attempts == 2
        assert not unit.jobs.finish("j1", "first", JobState.DONE, later)
        assert not unit.jobs.extend("j1", "first", later)
        assert unit.jobs.finish("j1", "second", JobState.DONE, later)
        assert unit.jobs.claim("j1", "third", later + 9 * LEASE, later + 10 * LEASE) is None
        unit.commit()


def test_a_job_is_due_when_nobody_rang_for_it_lately(database: Database) -> None:
    filled(database)
    with database.units() as unit:
        assert [j.id for j in unit.jobs.due(NOON + LEASE, NOON + LEASE)] == ["j1"]
        unit.jobs.rung("j1", NOON + LEASE)
        assert unit.jobs.due(NOON + LEASE, NOON + LEASE) == []
        unit.jobs.close("j1", JobState.CANCELLED, NOON)
        assert unit.jobs.due(NOON + 9 * LEASE, NOON + 9 * LEASE) == []
        unit.commit()


def test_the_same_file_stands_once_in_a_record(database: Database) -> None:
    filled(database)
    with pytest.raises(Exception, match=r"(?i)unique"), database.units() as unit:
        unit.documents.add(document("d2"))


def test_progress_touches_only_the_counts(database: Database) -> None:
    filled(database)
    with database.units() as unit:
        unit.documents.progress("d1", 2, 9)
        unit.commit()
    with database.units(reading=True) as unit:
        found = unit.documents.get("d1")
        assert found == replace(document(), pages_read=2, pages=9)
        assert found.state is DocumentState.WAITING


def test_an_error_of_the_store_holds_no_values() -> None:
    database = Database("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(StoreError) as caught, database.units():
        pass
    assert "nobody" not in str(caught.value)
