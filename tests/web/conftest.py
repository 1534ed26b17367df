"""The web application over the fake pipeline, with the work done when a test says so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from app.adapters.database import Database
from app.adapters.files import open_files
from app.services.desk import Desk, Limits
from app.services.work_job import work_job
from app.web.app import WebSettings, create_app
from tests.web_fakes import FakeReading, SilentQueue, report

TOKEN = re.compile(r'name="form_token" value="([^"]+)"')


@dataclass
class Site:
    """A browser on the site, and the hands that do the background work."""

    browser: TestClient
    desk: Desk
    queue: SilentQueue

    def post(self, address: str, data: dict[str, str] | None = None, **more: object) -> Response:
        """Send a form of our own page."""
        token = TOKEN.search(self.browser.get("/upload").text)
        assert token
        fields = {"form_token": token[1]} | (data or {})
        return self.browser.post(address, data=fields, **more)

    def upload(
        self, *contents: bytes, data: dict[str, str] | None = None, address: str = "/upload", **more: object
    ) -> Response:
        """Send files, as a browser without JavaScript does."""
        files = [("files", (f"report-{n}.pdf", c, "application/pdf")) for n, c in enumerate(contents, 1)]
        return self.post(address, data, files=files, follow_redirects=False, **more)

    def work(self) -> None:
        """Do all background work."""
        while self.queue.rung:
            work_job(self.desk, self.queue.rung.pop(0))

    def record(self, *contents: bytes, data: dict[str, str] | None = None) -> str:
        """Upload, work, and return the address of the record."""
        answer = self.upload(*(contents or (report("EGFR p.L858R detected", "ALK fusion not detected"),)), data=data)
        assert answer.status_code == 303, answer.text
        self.work()
        return answer.headers["location"]


def new_site(folder: Path, limits: Limits) -> tuple[Desk, SilentQueue]:
    database = Database(f"sqlite:///{folder}/caseguide.db")
    database.upgrade()
    queue = SilentQueue()
    return Desk(database.units, open_files(f"file://{folder}/files"), queue, FakeReading(), limits), queue


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    desk, queue = new_site(tmp_path, Limits(file_mb=1))
    app = create_app(desk, settings=WebSettings())
    with TestClient(app, raise_server_exceptions=False) as browser:
        yield Site(browser, desk, queue)
