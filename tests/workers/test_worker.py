"""A real Celery worker over a real Redis-protocol broker: what it began it ends, once, whatever happens to it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.adapters.broker import EmbeddedBroker
from app.adapters.database import Database
from app.domain.document import SourceFile
from app.domain.record import DocumentState, StoredDocument
from app.services.desk import Desk
from app.services.receive_upload import Receipt, receive_upload
from tests.web_fakes import report
from tests.workers.worker_process import make_desk

pytestmark = pytest.mark.broker
ROOT = Path(__file__).parents[2]


@dataclass
class Place:
    """A store, a broker, and workers that can be started and killed."""

    folder: Path
    broker: EmbeddedBroker
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def addresses(self) -> tuple[str, str, str, str]:
        trace = self.folder / "trace"
        return f"sqlite:///{self.folder}/caseguide.db", f"file://{self.folder}/files", self.broker.url, str(trace)

    @property
    def log(self) -> str:
        return (self.folder / "worker.log").read_text()

    @property
    def trace(self) -> list[str]:
        trace = self.folder / "trace"
        return [line.partition(" ")[2] for line in trace.read_text().splitlines()] if trace.exists() else []

    def desk(self) -> Desk:
        return make_desk(*self.addresses)

    def start_worker(self) -> subprocess.Popen[bytes]:
        with (self.folder / "worker.log").open("ab") as log:
            command = [sys.executable, "-m", "tests.workers.worker_process", *self.addresses]
            worker = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
        self.workers.append(worker)
        return worker

    def send(self, content: bytes) -> Receipt:
        return receive_upload(self.desk(), [SourceFile("report.txt", content)])

    def document(self, receipt: Receipt) -> StoredDocument:
        with self.desk().units(reading=True) as unit:
            found = unit.documents.get(receipt.taken[0].id)
        assert found
        return found


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with EmbeddedBroker(tmp_path / "broker") as broker:
        made = Place(tmp_path, broker)
        Database(made.addresses[0]).upgrade()
        yield made
        for worker in made.workers:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()


def until(condition: Callable[[], bool], place: Place, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, place.log
        time.sleep(0.05)


def test_a_document_is_read_and_explained(place: Place) -> None:
    place.start_worker()
    receipt = place.send(report("TP53 p.R196* detected", pages=3))
    until(lambda: "explain" in place.trace, place)
    until(lambda: analyses(place, receipt) == 1, place)
    assert place.document(receipt).pages_read == 3


def test_a_worker_killed_in_the_middle_of_a_document_finishes_it_after_restart_once(place: Place) -> None:
    first = place.start_worker()
    receipt = place.send(report("!slow 0.4", "TP53 p.R196* detected", pages=1) + b"\fREPORT\n!slow 0.4" * 5)
    until(lambda: sum("page" in line for line in place.trace) >= 2, place)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    assert place.document(receipt).state is DocumentState.READING
    place.start_worker()
    until(lambda: analyses(place, receipt) == 1, place)
    time.sleep(3)  # longer than lease and sweep: a second run would have begun by now
    assert sum("read" in line for line in place.trace) == 1
    assert place.trace.count("explain") == 1
    assert analyses(place, receipt) == 1
    assert place.document(receipt).state is DocumentState.READ


def test_a_document_that_kills_its_process_is_given_up_and_the_next_one_is_read(place: Place) -> None:
    worker = place.start_worker()
    bad = place.send(report("!crash"))
    good = place.send(report("TP53 p.R196* detected"))
    until(lambda: place.document(good).state is DocumentState.READ, place)
    until(lambda: place.document(bad).state is DocumentState.FAILED, place)
    assert "could not read report.txt" in place.document(bad).error_message
    assert worker.poll() is None


def test_an_upload_while_the_broker_is_down_is_read_once_it_is_back(place: Place) -> None:
    place.broker.stop()
    receipt = place.send(report("TP53 p.R196* detected"))
    assert place.document(receipt).state is DocumentState.WAITING
    place.broker.start()
    place.start_worker()
    until(lambda: place.document(receipt).state is DocumentState.READ, place)


def test_no_word_of_a_document_gets_into_the_log(place: Place) -> None:
    place.start_worker()
    receipt = place.send(report("!bug Jane Doe"))
    until(lambda: place.document(receipt).state is DocumentState.FAILED, place)
    assert "ValueError" in place.log
    assert "Jane" not in place.log
    assert "report.txt" not in place.log


def analyses(place: Place, receipt: Receipt) -> int:
    with place.desk().units(reading=True) as unit:
        found = unit.analyses.latest(receipt.taken[0].record)
    return found.number if found else 0
