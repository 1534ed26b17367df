"""A real worker over the fake pipeline, as a process of its own: `python -m tests.workers.worker_process …`."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

from app.adapters.database import Database
from app.adapters.files import open_files
from app.adapters.queue import CeleryQueue
from app.services.desk import Desk, Limits
from tests.web_fakes import FakeReading
from workers.worker import run_worker

LIMITS = Limits(lease=timedelta(seconds=2), ring_again=timedelta(seconds=1))


def make_desk(database: str, files: str, broker: str, trace: str) -> Desk:
    return Desk(Database(database).units, open_files(files), CeleryQueue(broker), FakeReading(Path(trace)), LIMITS)


if __name__ == "__main__":
    database, files, broker, trace = sys.argv[1:]
    run_worker(lambda: make_desk(database, files, broker, trace), broker_url=broker, sweep_seconds=0.5, loglevel="info")
