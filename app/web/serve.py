"""The whole product on one machine: broker, worker and web side, started, watched and stopped together."""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

import uvicorn
from fastapi import FastAPI

from app.adapters.broker import EmbeddedBroker
from app.errors import DependencyError, UsageError

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
STOP_SECONDS = 15.0
PORTS_TO_TRY = 50


class FolderInUseError(UsageError):
    """Another copy of the product works on the same data folder."""

    def __init__(self, folder: Path) -> None:
        """Name the folder."""
        super().__init__(f"Caseguide runs on {folder} already. Stop it first, or set CASEGUIDE_DATA to another folder.")


class Worker:
    """The worker process; a dead one is started anew.

    Args:
        command: What to run.
        environment: For it, added to our own.
        log: Where it writes.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self._command = list(command)
        self._environment = {**os.environ, **environment}
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it."""
        with self._log.open("ab") as out:
            # A session of its own: Ctrl-C reaches us alone, and we stop it in good order.
            self._process = subprocess.Popen(  # noqa: S603 -- our own command
                self._command,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    def revive(self) -> None:
        """Start it anew where it has died."""
        if self._process is not None and self._process.poll() is not None:
            log.warning("the worker ended with code %s and is started again", self._process.returncode)
            self.start()

    def stop(self) -> None:
        """Let it finish the job at hand, for a while; what it cannot finish is done after the next start."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


def serve(
    make_app: Callable[[str], FastAPI],
    *,
    folder: Path,
    host: str,
    port: int,
    worker_command: Sequence[str],
    environment: Mapping[str, str],
) -> None:
    """Run everything until told to stop (Ctrl-C or TERM).

    Args:
        make_app: Makes the web application for a broker's address.
        folder: The data folder.
        host: Address to listen on.
        port: Port; the next free one is taken where it is in use.
        worker_command: Starts a worker.
        environment: For the worker, beside CASEGUIDE_BROKER_URL.

    Raises:
        FolderInUseError: Another copy works on the folder.
        BrokerError: The broker does not start.
    """
    # The web server raises the signal again once it has stopped; the rest must still be stopped then.
    signal.signal(signal.SIGTERM, _leave)
    with contextlib.suppress(KeyboardInterrupt), _alone(folder), EmbeddedBroker(folder / "broker") as broker:
        known = {**environment, "CASEGUIDE_BROKER_URL": broker.url}
        worker = Worker(worker_command, known, folder / "worker.log")
        worker.start()
        over = threading.Event()
        watch = threading.Thread(target=_watch, args=(broker, worker, over), daemon=True)
        watch.start()
        try:
            run_web(make_app(broker.url), host, free_port(host, port))
        finally:
            over.set()
            watch.join()
            worker.stop()


def run_web(app: FastAPI, host: str, port: int) -> None:
    """Run the web side alone; prints its address once it answers.

    The log has no lines of requests: an address may be the key to a record.
    """
    config = uvicorn.Config(app, host, port, log_level="warning", access_log=False, timeout_graceful_shutdown=3)
    server = uvicorn.Server(config)
    threading.Thread(target=_announce, args=(server, host, port), daemon=True).start()
    server.run()


def free_port(host: str, port: int) -> int:
    """Return the port, or the next one that nobody uses.

    Raises:
        UsageError: None of them is free.
    """
    for candidate in range(port, min(port + PORTS_TO_TRY, 65_536)):
        with contextlib.closing(socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind((host, candidate))
                return candidate
    raise UsageError(f"No port from {port} on is free on {host}. Name another one with --port.")


def _leave(*_: object) -> NoReturn:
    raise SystemExit(0)


def _announce(server: uvicorn.Server, host: str, port: int) -> None:
    while not server.started:
        if server.should_exit:
            return
        time.sleep(0.05)
    shown = "127.0.0.1" if host in ("0.0.0.0", "") else f"[{host}]" if ":" in host else host  # noqa: S104 -- only shown
    print(f"Caseguide is running at http://{shown}:{port} (stop it with Ctrl-C)", file=sys.stdout, flush=True)


def _watch(broker: EmbeddedBroker, worker: Worker, over: threading.Event) -> None:
    while not over.wait(LOOK_SECONDS):
        if not broker.alive():
            log.warning("the broker ended and is started again")
            with contextlib.suppress(DependencyError):
                broker.start()
        worker.revive()


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise FolderInUseError(folder) from None
        yield
