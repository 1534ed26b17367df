"""The web side over the fake pipeline, in a thread: every state of every page is quickly reached."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import uvicorn

from app.domain.document import SourceFile
from app.services.desk import Desk, Limits
from app.services.receive_upload import Wishes, receive_upload
from app.services.work_job import work_job
from app.web.app import create_app
from app.web.serve import free_port
from tests.web.conftest import new_site
from tests.web_fakes import FakeReading, SilentQueue


@dataclass
class FakeSite:
    """A running site; the work is done when a test says so."""

    address: str
    desk: Desk
    queue: SilentQueue
    made: list[str] = field(default_factory=list)

    def record(self, *contents: bytes, work: bool = True, wishes: Wishes = Wishes()) -> str:  # noqa: B008 -- frozen
        """Make a record and return its address."""
        files = [SourceFile(f"report-{n}.pdf", content) for n, content in enumerate(contents, 1)]
        receipt = receive_upload(self.desk, files, wishes=wishes)
        if work:
            self.work()
        return f"{self.address}/r/{receipt.key}"

    def work(self) -> None:
        """Do all background work."""
        while self.queue.rung:
            work_job(self.desk, self.queue.rung.pop(0))


@contextlib.contextmanager
def fake_site(
    folder: Path,
    limits: Limits = Limits(),  # noqa: B008 -- frozen
    reading: FakeReading | None = None,
) -> Iterator[FakeSite]:
    """Run the site."""
    desk, queue = new_site(folder, limits)
    if reading is not None:
        desk = replace(desk, reading=reading)
    port = free_port("127.0.0.1", 8750)
    server = uvicorn.Server(uvicorn.Config(create_app(desk), port=port, log_level="error", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield FakeSite(f"http://127.0.0.1:{port}", desk, queue)
    server.should_exit = True
    thread.join()
