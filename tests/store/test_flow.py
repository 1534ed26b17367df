"""The use cases from upload to deletion, on SQLite and PostgreSQL alike."""

from __future__ import annotations

import threading
from pathlib import Path

from app.adapters.database import Database
from app.adapters.files import open_files
from app.domain.account import NOBODY
from app.domain.document import SourceFile
from app.domain.job import JobKind, JobState
from app.domain.record import DocumentState
from app.services.access import Action, open_record
from app.services.desk import Desk
from app.services.keep_record import delete_record
from app.services.receive_upload import receive_upload
from app.services.see_record import Phase, see
from app.services.sweep import sweep
from app.services.work_job import work_job
from tests.web_fakes import FakeReading, SilentQueue, report


def new_desk(database: Database, folder: Path) -> tuple[Desk, SilentQueue]:
    queue = SilentQueue()
    return Desk(database.units, open_files((folder / "files").as_uri()), queue, FakeReading()), queue


def work(desk: Desk, queue: SilentQueue) -> None:
    while queue.rung:
        work_job(desk, queue.rung.pop(0))


def test_a_record_is_read_explained_and_deleted_without_a_trace_on_the_disk(database: Database, tmp_path: Path) -> None:
    desk, queue = new_desk(database, tmp_path)
    receipt = receive_upload(desk, [SourceFile("a.pdf", report("EGFR p.L858R detected"))])
    work(desk, queue)
    opened = open_record(desk, NOBODY, receipt.key, Action.VIEW, what="view.result")
    status = see(desk, opened)
    assert status.phase is Phase.READY
    assert status.json
    assert [f["gene"] for f in status.json["profile"]["findings"]] == ["EGFR"]
    delete_record(desk, NOBODY, receipt.key)
    assert [p for p in (tmp_path / "files").rglob("*") if p.is_file()] == []


def test_documents_that_end_at_the_same_time_are_explained_together_once(database: Database, tmp_path: Path) -> None:
    desk, queue = new_desk(database, tmp_path)
    files = [SourceFile(f"{n}.pdf", report(f"GENE{n} p.A1V detected", "!slow 0.1")) for n in range(6)]
    receipt = receive_upload(desk, files)
    threads = [threading.Thread(target=work_job, args=(desk, job)) for job in queue.rung]
    queue.rung.clear()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    record = receipt.taken[0].record
    with desk.units(reading=True) as unit:
        assert {d.state for d in unit.documents.of_record(record)} == {DocumentState.READ}
        explaining = [j for j in unit.jobs.of_record(record) if j.kind is JobKind.EXPLAIN]
    assert len(explaining) == 1
    work(desk, queue)
    with desk.units(reading=True) as unit:
        made = unit.analyses.latest(record)
    assert made
    assert made.number == 1


def test_a_job_for_which_nobody_rang_is_found_by_the_sweeper(database: Database, tmp_path: Path) -> None:
    desk, queue = new_desk(database, tmp_path)
    receipt = receive_upload(desk, [SourceFile("a.pdf", report("EGFR p.L858R detected"))])
    queue.rung.clear()
    assert sweep(desk) == 0
    assert sweep(desk, at_start=True) == 1
    work(desk, queue)
    with desk.units(reading=True) as unit:
        states = {j.state for j in unit.jobs.of_record(receipt.taken[0].record)}
    assert states == {JobState.DONE}


def test_doing_a_job_twice_changes_nothing(database: Database, tmp_path: Path) -> None:
    desk, queue = new_desk(database, tmp_path)
    receive_upload(desk, [SourceFile("a.pdf", report("EGFR p.L858R detected"))])
    job = queue.rung[0]
    assert work_job(desk, job) is JobState.DONE
    rung = list(queue.rung)
    assert work_job(desk, job) is None
    assert queue.rung == rung
