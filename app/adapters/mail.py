"""E-mail over SMTP, for notes that hold no health data."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from app.errors import DependencyError, UsageError

SECONDS = 15


class MailError(DependencyError):
    """The mail server cannot be reached or refuses."""

    code = "dependency.mail"

    def __init__(self) -> None:
        """Say it without the address of the receiver."""
        super().__init__("An e-mail could not be sent. Check CASEGUIDE_SMTP_URL and the mail server.")


class SmtpMailer:
    """Sends e-mail.

    Args:
        url: "smtp://user:password@host:port" (with STARTTLS where the server offers it) or "smtps://…" (TLS at once).
        sender: Address that the e-mail comes from.
    """

    def __init__(self, url: str, sender: str) -> None:
        self._parts = urlsplit(url)
        self._sender = sender
        if self._parts.scheme not in ("smtp", "smtps") or not self._parts.hostname:
            raise UsageError("CASEGUIDE_SMTP_URL must look like smtp://user:password@host:port.")

    def send(self, receiver: str, subject: str, text: str) -> None:
        """Send a note.

        Raises:
            MailError: It could not be sent.
        """
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._sender, receiver, subject
        message.set_content(text)
        parts, context = self._parts, ssl.create_default_context()
        host = parts.hostname or ""
        try:
            server = (
                smtplib.SMTP_SSL(host, parts.port or 465, timeout=SECONDS, context=context)
                if parts.scheme == "smtps"
                else smtplib.SMTP(host, parts.port or 587, timeout=SECONDS)
            )
            with server:
                server.ehlo()
                if parts.scheme == "smtp" and server.has_extn("starttls"):
                    server.starttls(context=context)
                if parts.username:
                    server.login(unquote(parts.username), unquote(parts.password or ""))
                server.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            raise MailError from error
