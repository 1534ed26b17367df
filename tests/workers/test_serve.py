"""`caseguide serve`: everything starts together, a dead part comes back, and nothing is left behind."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path

import pytest

from app.adapters.broker import EmbeddedBroker
from app.web.serve import FolderInUseError, Worker, _alone, free_port

SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_a_port_in_use_is_passed_over() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_port("127.0.0.1", port) > port


def test_a_folder_serves_one_copy_at_a_time(tmp_path: Path) -> None:
    refused: list[bool] = []

    def second() -> None:
        try:
            with _alone(tmp_path):
                refused.append(False)
        except FolderInUseError:
            refused.append(True)

    with _alone(tmp_path):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
    with _alone(tmp_path):
        pass
    assert refused == [True]


def test_a_dead_worker_is_started_again_and_stopped_in_the_end(tmp_path: Path) -> None:
    worker = Worker(SLEEPER, {}, tmp_path / "log")
    worker.start()
    first = worker._process
    assert first
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    worker.revive()
    second = worker._process
    assert second
    assert second.pid != first.pid
    worker.stop()
    assert second.poll() is not None


@pytest.mark.broker
def test_a_broker_left_by_a_killed_copy_is_replaced(tmp_path: Path) -> None:
    left = EmbeddedBroker(tmp_path)
    left.start()
    assert left.pid
    with EmbeddedBroker(tmp_path) as fresh:
        end = time.monotonic() + 5
        while left.alive() and time.monotonic() < end:
            time.sleep(0.05)
        assert not left.alive()
        assert fresh.alive()
        pid = fresh.pid
    assert pid
    assert gone(pid)


@pytest.mark.broker
def test_a_long_data_folder_still_gets_a_socket(tmp_path: Path) -> None:
    with EmbeddedBroker(tmp_path / ("x" * 90)) as broker:
        assert broker.alive()
        assert len(broker.url) < 120
