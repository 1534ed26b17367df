"""Opens files in a process of its own, with limits, so that a poison file takes down neither the web side nor a worker.

What only looks at bytes (is this a PDF, a photo, a text?) is done here; everything that opens a PDF or an archive, or
draws a page, is asked of a process that is kept for the next order and thrown away when it dies or takes too long.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.adapters.page_json import issue_from, page_to
from app.adapters.reader import error_of
from app.domain.document import Format, SourceDocument, SourceFile
from app.domain.outcome import Outcome
from app.domain.page import Page
from app.errors import DamagedFileError, InputError
from app.stages import intake

ACCEPT_SECONDS = 60.0
DRAW_SECONDS = 60.0
MOST_IDLE = 2
CHUNK = 1 << 16
OPENED = frozenset({Format.PDF, Format.ZIP})
"""Formats that are opened when they are accepted; of the others only the first bytes are looked at."""


class HandlingFailedError(Exception):
    """The process died or took too long."""


class SafeHandling:
    """Accepts, unlocks and draws files.

    Args:
        memory_mb: Most address space of the process, in megabytes.
    """

    def __init__(self, *, memory_mb: int = 3000) -> None:
        self._memory_mb = memory_mb
        self._idle: list[_Process] = []
        self._lock = threading.Lock()

    def accept(self, file: SourceFile) -> Outcome[tuple[SourceDocument, ...]]:
        """Turn a file into its documents, or refuse it.

        Raises:
            InputError: It is refused; a file that kills the process or takes too long counts as damaged.
        """
        if not file.content or intake.kind(file.content)[0] not in OPENED:
            return intake.accept(file)
        told, blob = self._ask({"do": "accept", "password": file.password}, file.name, file.content, ACCEPT_SECONDS)
        documents, start = [], 0
        for name, sha256, kind, size in told["documents"]:
            content = file.content if size < 0 else blob[start : start + size]
            start += max(size, 0)
            documents.append(SourceDocument(name, sha256, Format(kind), content, file.password))
        return Outcome(tuple(documents), tuple(issue_from(i) for i in told["issues"]))

    def unlock(self, file: SourceFile) -> bytes:
        """Return a PDF without its password, which must be right."""
        return self._ask({"do": "unlock", "password": file.password}, file.name, file.content, ACCEPT_SECONDS)[1]

    def draw(self, source: SourceDocument, page: Page, *, dpi: int = 110) -> bytes:
        """Draw a page as it is shown.

        Raises:
            InputError: The document does not open, or its page does not draw.
        """
        if page.image is not None:
            return page.image
        # Words are needed only where a page without pictures was set here.
        bare = page if source.format not in (Format.PDF, Format.IMAGE) else replace(page, lines=())
        order = {"do": "draw", "format": source.format.value, "password": source.password, "dpi": dpi}
        return self._ask(order | {"page": page_to(bare)}, source.name, source.content, DRAW_SECONDS)[1]

    def warm(self) -> None:
        """Start a process now, so that the first person does not wait for it."""
        with suppress(InputError):
            self._ask({"do": "accept", "password": None}, "warm", b"%PDF-1.7 warm", ACCEPT_SECONDS)

    def _ask(self, order: dict[str, Any], name: str, content: bytes, seconds: float) -> tuple[dict[str, Any], bytes]:
        with self._lock:
            process = self._idle.pop() if self._idle else None
        if process is None or not process.alive():
            process = _Process(self._memory_mb)
        try:
            told, blob = process.ask(order | {"name": name, "size": len(content)}, content, seconds)
        except HandlingFailedError:
            process.kill()
            raise DamagedFileError(name) from None
        except BaseException:
            process.kill()
            raise
        with self._lock:
            keep = len(self._idle) < MOST_IDLE
            if keep:
                self._idle.append(process)
        if not keep:
            process.kill()
        if "error" in told:
            raise error_of(told)
        return told, blob


class _Process:
    """One process and the pipes to it."""

    def __init__(self, memory_mb: int) -> None:
        known = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "DYLD_LIBRARY_PATH", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
        environment = {k: v for k, v in os.environ.items() if k in known}
        root = str(Path(__file__).resolve().parents[2])
        environment |= {
            "PYTHONPATH": root,
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "MALLOC_ARENA_MAX": "2",
        }
        self._owner = os.getpid()
        self._process = subprocess.Popen(  # noqa: S603 -- our own interpreter and module
            [sys.executable, "-m", "app.adapters.handling_process", str(memory_mb)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )

    def alive(self) -> bool:
        """Tell whether it runs, and is ours: one that came along with a fork belongs to the other process."""
        return self._owner == os.getpid() and self._process.poll() is None

    def ask(self, order: dict[str, Any], content: bytes, seconds: float) -> tuple[dict[str, Any], bytes]:
        """Send an order and wait for its answer.

        Raises:
            HandlingFailedError: There is none in time.
        """
        deadline = time.monotonic() + seconds
        sender = threading.Thread(target=self._send, args=(json.dumps(order).encode() + b"\n", content), daemon=True)
        sender.start()
        received = bytearray()
        while (end := received.find(b"\n")) < 0:
            received += self._receive(deadline)
        try:
            told: dict[str, Any] = json.loads(received[:end])
            size = int(told["size"])
        except (ValueError, KeyError, TypeError):
            raise HandlingFailedError from None
        blob = received[end + 1 :]
        while len(blob) < size:
            blob += self._receive(deadline)
        sender.join(max(deadline - time.monotonic(), 0.1))
        return told, bytes(blob)

    def kill(self) -> None:
        """End it and everything that it started."""
        if self._owner != os.getpid():
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            with suppress(OSError, ValueError):
                if stream is not None:
                    stream.close()

    def _send(self, head: bytes, content: bytes) -> None:
        stream = self._process.stdin
        with suppress(OSError, ValueError):
            if stream is not None:
                stream.write(head)
                stream.write(content)
                stream.flush()

    def _receive(self, deadline: float) -> bytes:
        stream = self._process.stdout
        if stream is None:
            raise HandlingFailedError
        ready, _, _ = select.select([stream], [], [], max(deadline - time.monotonic(), 0.0))
        got = os.read(stream.fileno(), CHUNK) if ready else b""
        if not got:
            raise HandlingFailedError
        return got
