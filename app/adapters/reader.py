"""Reads each document in a process of its own, with limits, so that a poison file takes nothing else down.

The process gets the document on its standard input and answers page by page in JSON lines; nothing that it says is ever
run. When a page kills it or takes too long, that page is named unreadable and a new process goes on with the next one.
"""

from __future__ import annotations

import json
import os
import queue
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from app import errors
from app.adapters.page_json import issue_from, page_from
from app.domain.document import SourceDocument
from app.domain.outcome import Outcome
from app.domain.page import Page
from app.stages.pages.reading import PageRead, gathered, unreadable

if TYPE_CHECKING:  # types only: the reading process starts sooner without the other nouns
    from app.ports import OnPage

MOST_RESTARTS = 5
START_SECONDS = 60.0
"""Longest wait for the first answer."""


class SafeReader:
    """Implements `DocumentReader`."""

    def __init__(
        self,
        *,
        seconds: float = 900,
        memory_mb: int = 3000,
        languages: tuple[str, ...] = ("eng",),
        workers: int | None = None,
        page_seconds: float = 90,
    ) -> None:
        """Set the limits.

        Args:
            seconds: Longest time for one document.
            memory_mb: Most address space of the reading process and of each program that it starts, in megabytes.
            languages: Tesseract's codes of the languages to expect, likeliest first.
            workers: Pages read at the same time; as many as there are cores where None.
            page_seconds: Longest time that OCR of one page may take.
        """
        self._seconds = seconds
        self._memory_mb = memory_mb
        self._languages = languages
        self._workers = workers or _cores()
        self._page_seconds = page_seconds

    def read(self, document: SourceDocument, on_page: OnPage) -> Outcome[tuple[Page, ...]]:
        """Read all pages; see `DocumentReader.read`."""
        return gathered(self._pages(document), on_page, document.name)

    def _pages(self, document: SourceDocument) -> Iterator[PageRead]:
        deadline = time.monotonic() + self._seconds
        following, total, restarts = 1, 0, 0
        while True:
            with tempfile.TemporaryDirectory(prefix="reading-") as folder:
                child = _Child(document, following, self._order(document, following), folder, self._memory_mb)
                try:
                    for answer in child.answers(deadline, self._page_seconds * 3 + START_SECONDS):
                        done = PageRead(
                            page_from(answer["page"]) if answer["page"] else None,
                            tuple(issue_from(i) for i in answer["issues"]),
                            answer["number"],
                            answer["total"],
                        )
                        following, total = done.number + 1, done.total
                        yield done
                finally:
                    child.kill()
            if child.finished:
                return
            restarts += 1
            if total == 0 and restarts > 1:
                raise errors.DamagedFileError(document.name)
            if total == 0:
                continue
            yield PageRead(None, (_stamped(following),), following, total)
            following += 1
            if following > total:
                return
            if restarts > MOST_RESTARTS or time.monotonic() > deadline:
                for number in range(following, total + 1):
                    yield PageRead(None, (_stamped(number),), number, total)
                return

    def _order(self, document: SourceDocument, first: int) -> dict[str, Any]:
        return {
            "name": document.name,
            "sha256": document.sha256,
            "format": document.format.value,
            "password": document.password,
            "size": len(document.content),
            "first": first,
            "languages": self._languages,
            "workers": self._workers,
            "page_seconds": self._page_seconds,
            "turns": document.turns,
        }


def _stamped(number: int) -> Any:
    from dataclasses import replace

    return replace(unreadable(), page=number)


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return max(len(os.sched_getaffinity(0)), 1)
    return os.cpu_count() or 1


class _Child:
    """The reading process and all that it starts."""

    def __init__(
        self, document: SourceDocument, first: int, order: dict[str, Any], folder: str, memory_mb: int
    ) -> None:
        self.finished = False
        root = str(Path(__file__).resolve().parents[2])
        known = {
            k: v
            for k, v in os.environ.items()
            if k
            in (
                "PATH",
                "HOME",
                "LANG",
                "LC_ALL",
                "TESSDATA_PREFIX",
                "DYLD_LIBRARY_PATH",
                "LD_LIBRARY_PATH",
                "VIRTUAL_ENV",
            )
        }
        environment = {
            **known,
            "PYTHONPATH": root,
            "OMP_THREAD_LIMIT": "1",
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "MALLOC_ARENA_MAX": "2",
            "TMPDIR": folder,
            "PYTHONUNBUFFERED": "1",
        }
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed in kill()
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", "app.adapters.reading_process", str(memory_mb)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            cwd=folder,
            env=environment,
            start_new_session=True,
        )
        self._lines: queue.Queue[bytes | None] = queue.Queue(maxsize=4)
        threading.Thread(target=self._feed, args=(order, document.content), daemon=True).start()
        threading.Thread(target=self._listen, daemon=True).start()

    def _feed(self, order: dict[str, Any], content: bytes) -> None:
        stream = self._process.stdin
        with suppress(OSError):
            if stream is not None:
                stream.write(json.dumps(order).encode() + b"\n")
                stream.write(content)
                stream.close()

    def _listen(self) -> None:
        stream: IO[bytes] | None = self._process.stdout
        with suppress(OSError, ValueError):
            for line in stream or ():
                self._lines.put(line)
        self._lines.put(None)

    def answers(self, deadline: float, patience: float) -> Iterator[dict[str, Any]]:
        """Yield the answers; end when the process ends, dies, or lets one wait for longer than its patience."""
        while True:
            wait = min(patience, deadline - time.monotonic())
            try:
                line = self._lines.get(timeout=max(wait, 0.01))
            except queue.Empty:
                return
            if line is None:
                return
            try:
                answer: dict[str, Any] = json.loads(line)
            except ValueError:
                return
            if "error" in answer:
                raise error_of(answer)
            if answer.get("end"):
                self.finished = True
                return
            yield answer

    def kill(self) -> None:
        """End the process and everything that it started."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._log):
            with suppress(OSError, ValueError):
                if stream is not None:
                    stream.close()


def error_of(answer: dict[str, Any]) -> errors.AppError:
    """Make the error that the process met; its class by its code."""
    for kind in _below(errors.AppError):
        if kind.code == answer["error"]:
            made = kind.__new__(kind)
            Exception.__init__(made, answer["message"])
            return made
    return errors.DependencyError(str(answer["message"]))


def _below(kind: type[errors.AppError]) -> list[type[errors.AppError]]:
    found: list[type[errors.AppError]] = []
    for child in kind.__subclasses__():
        found.extend((child, *_below(child)))
    return found


def limit_memory(megabytes: int) -> None:
    """Bound this process's address space, where the system can do that."""
    with suppress(ValueError, OSError):
        bound = megabytes * 1024 * 1024
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (bound if hard < 0 else min(bound, hard), hard))
