"""What holds for every request: headers, size, forms that come from our own pages, and who is visiting."""

from __future__ import annotations

import hmac
import secrets
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.domain.account import NOBODY, Visitor
from app.errors import InputError
from app.services.accounts import visitor_of
from app.services.desk import Desk

HEADERS = {
    # No inline script or style, nothing from another host, no frame around us.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    # The address of a record is its key: it must not travel to other sites.
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}
PUBLIC = ("/answers", "/static", "/sitemap.xml", "/robots.txt")
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
SESSION = "caseguide_session"
FORM = "caseguide_form"


class FormError(InputError):
    """A form did not come from our own page, or the page is too old."""

    code = "input.form"

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            "This page was open for too long, or cookies are blocked. Go back, reload the page, try again."
        )


class BodyTooLargeError(InputError):
    """A request is larger than all files together may be."""

    code = "input.too_large"

    def __init__(self, limit_mb: int) -> None:
        """Name the limit."""
        super().__init__(f"That is more than {limit_mb} MB at once. Send fewer or smaller files at a time.")


class Guard:
    """Sets the headers of every answer and stops a body that is too large while it is still coming.

    Args:
        app: The application.
        limit_mb: Most megabytes of one request.
        secure: Whether people reach us over HTTPS only.
    """

    def __init__(self, app: ASGIApp, *, limit_mb: int, secure: bool) -> None:
        self._app = app
        self._limit_mb = limit_mb
        self._secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self._limit_mb * 1_000_000:
                raise BodyTooLargeError(self._limit_mb)
            return message

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._set(MutableHeaders(scope=message), scope["path"])
            await send(message)

        await self._app(scope, counted, with_headers)

    def _set(self, headers: MutableHeaders, path: str) -> None:
        for name, value in HEADERS.items():
            if name != "X-Robots-Tag" or not (path == "/" or path.startswith(PUBLIC)):
                headers.setdefault(name, value)
        if self._secure:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        # What a person's record says is kept by no cache, neither on the way nor in the browser.
        if not path.startswith("/static"):
            headers.setdefault("Cache-Control", "no-store")


def desk_of(request: Request) -> Desk:
    """Return what the use cases need."""
    desk: Desk = request.app.state.desk
    return desk


def visitor(request: Request) -> Visitor:
    """Return who sends the request."""
    cookie = request.cookies.get(SESSION, "")
    return visitor_of(desk_of(request), cookie) if cookie else NOBODY


def form_token(request: Request) -> str:
    """Return the secret that this browser's forms carry; made at the first page that has one."""
    token: str | None = getattr(request.state, "form_token", None)
    if token is None:
        given = request.cookies.get(FORM, "")
        token = given if len(given) == 43 else secrets.token_urlsafe(32)
        request.state.form_token = token
    return token


async def from_own_page(request: Request) -> None:
    """Refuse a form that another site made the browser send.

    Raises:
        FormError: The cookie and the hidden field do not agree, or another origin sent it.
    """
    if request.method in SAFE_METHODS:
        return
    origin = request.headers.get("origin", "")
    if origin and origin != "null" and urlsplit(origin).netloc != request.headers.get("host", ""):
        raise FormError
    cookie = request.cookies.get(FORM, "")
    sent = request.headers.get("x-form-token", "") or str((await request.form()).get("form_token", ""))
    if not cookie or not hmac.compare_digest(cookie.encode(), sent.encode()):
        raise FormError


DeskOf = Annotated[Desk, Depends(desk_of)]
Visiting = Annotated[Visitor, Depends(visitor)]
