"""Notes reach a mail server, and a server that is away is told without the receiver's address."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator

import pytest

from app.adapters.mail import MailError, SmtpMailer
from app.errors import UsageError


class FakeServer(socketserver.StreamRequestHandler):
    """As much of SMTP as a note needs."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            self.server.said.append(line)  # type: ignore[attr-defined]
            if line.upper().startswith(b"DATA"):
                self.wfile.write(b"354 go on\r\n")
                while (line := self.rfile.readline()) != b".\r\n":
                    self.server.said.append(line)  # type: ignore[attr-defined]
            if line.upper().startswith(b"QUIT"):
                self.wfile.write(b"221 bye\r\n")
                return
            self.wfile.write(b"250 ok\r\n")


@pytest.fixture
def server() -> Iterator[socketserver.TCPServer]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), FakeServer) as running:
        running.said = []  # type: ignore[attr-defined]
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


def test_a_note_is_sent(server: socketserver.TCPServer) -> None:
    SmtpMailer(f"smtp://127.0.0.1:{server.server_address[1]}", "from@example.org").send(
        "jo@example.org", "Hello", "Ready"
    )
    said = b"".join(server.said).decode()  # type: ignore[attr-defined]
    assert "rcpt TO:<jo@example.org>" in said
    assert "Subject: Hello" in said
    assert "Ready" in said


def test_a_server_that_is_away_is_told_without_the_receiver() -> None:
    with pytest.raises(MailError) as caught:
        SmtpMailer("smtp://127.0.0.1:1", "from@example.org").send("jo@example.org", "Hello", "Ready")
    assert "jo@example.org" not in str(caught.value)


@pytest.mark.parametrize("url", ["mail.example.org", "http://mail.example.org", "smtp://"])
def test_an_address_that_is_none_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(UsageError, match="CASEGUIDE_SMTP_URL"):
        SmtpMailer(url, "from@example.org")
