"""Whatever a file does, it does it to a process of its own."""

from __future__ import annotations

import io
import os
import signal
import time
from pathlib import Path

import pikepdf
import pytest

from app.adapters import handling
from app.adapters.handling import SafeHandling
from app.domain.document import Format, SourceDocument, SourceFile
from app.domain.page import Page
from app.errors import DamagedFileError, EncryptedReportError, NotADocumentError

SAMPLE = (Path(__file__).parents[2] / "app" / "data" / "samples" / "lung-ngs.pdf").read_bytes()


def with_attachment() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(SAMPLE)) as pdf:
        pdf.attachments["second.pdf"] = SAMPLE + b"\n%second copy"
        pdf.save(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def safe() -> SafeHandling:
    return SafeHandling()


def process_of(safe: SafeHandling) -> int:
    return safe._idle[-1]._process.pid


def test_a_pdf_is_opened_by_another_process_that_stays(safe: SafeHandling) -> None:
    accepted = safe.accept(SourceFile("a.pdf", SAMPLE))
    assert [(d.name, d.format, d.content) for d in accepted.value] == [("a.pdf", Format.PDF, SAMPLE)]
    first = process_of(safe)
    assert first != os.getpid()
    safe.accept(SourceFile("b.pdf", SAMPLE))
    assert process_of(safe) == first


def test_what_is_attached_comes_along(safe: SafeHandling) -> None:
    content = with_attachment()
    whole, part = safe.accept(SourceFile("a.pdf", content)).value
    assert whole.content == content
    assert part.name == "a.pdf / second.pdf"
    assert part.content.startswith(SAMPLE)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"%PDF-1.7 cut off", DamagedFileError),
        (b"ID3" + bytes(999), NotADocumentError),
        (b"PK\x03\x04 no", DamagedFileError),
    ],
)
def test_refusals_come_back_as_what_they_are(safe: SafeHandling, content: bytes, refusal: type[Exception]) -> None:
    with pytest.raises(refusal, match="a file"):
        safe.accept(SourceFile("a file", content))


def test_a_locked_file_opens_with_its_password_only(safe: SafeHandling) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(SAMPLE)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(user="open sesame", owner="open sesame"))
    locked = SourceFile("a.pdf", out.getvalue())
    with pytest.raises(EncryptedReportError):
        safe.accept(locked)
    free = safe.unlock(SourceFile("a.pdf", locked.content, "open sesame"))
    assert safe.accept(SourceFile("a.pdf", free)).value


def test_a_page_is_drawn_there_too(safe: SafeHandling) -> None:
    drawn = safe.draw(SourceDocument("a.pdf", "", Format.PDF, SAMPLE), Page(1, 612.0, 792.0, ()))
    assert drawn.startswith(b"\x89PNG")


def test_a_file_that_kills_its_process_is_damaged_and_the_next_file_is_taken(safe: SafeHandling) -> None:
    safe.accept(SourceFile("a.pdf", SAMPLE))
    os.kill(process_of(safe), signal.SIGSTOP)  # a process that is stuck
    patience, handling.ACCEPT_SECONDS = handling.ACCEPT_SECONDS, 1.0
    try:
        with pytest.raises(DamagedFileError, match=r"poison\.pdf"):
            safe.accept(SourceFile("poison.pdf", SAMPLE))
    finally:
        handling.ACCEPT_SECONDS = patience
    assert safe.accept(SourceFile("b.pdf", SAMPLE)).value
    os.kill(process_of(safe), signal.SIGKILL)  # one that has died
    time.sleep(0.2)
    assert safe.accept(SourceFile("c.pdf", SAMPLE)).value
