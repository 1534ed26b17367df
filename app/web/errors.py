"""Errors → status codes and plain sentences; decided once, here."""

from __future__ import annotations

import logging
import traceback

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import (
    AppError,
    DamagedFileError,
    DependencyError,
    EmptyFileError,
    EncryptedReportError,
    InputError,
    NotADocumentError,
    NotFoundError,
    TooLargeError,
)
from app.services.accounts import SignInError, TooManyGuessesError
from app.web.pages import page, told_in, wants_json
from app.web.security import BodyTooLargeError, FormError

log = logging.getLogger(__name__)

STATUS: tuple[tuple[type[AppError], int, str], ...] = (
    (NotFoundError, 404, "There is nothing here"),
    (TooLargeError, 413, "This file is too large"),
    (BodyTooLargeError, 413, "This is too large"),
    (NotADocumentError, 415, "This is not a report that we can read"),
    (DamagedFileError, 422, "This file is damaged"),
    (EmptyFileError, 422, "This file is empty"),
    (EncryptedReportError, 422, "This file is locked"),
    (FormError, 403, "Please try that again"),
    (SignInError, 403, "That did not work"),
    (TooManyGuessesError, 429, "Please wait a little"),
    (InputError, 400, "That did not work"),
    (DependencyError, 503, "We are having trouble"),
)
NOT_FOUND = str(NotFoundError())
BUG = "Something went wrong on our side. Your files are safe. Go back and try again in a minute."


def status_of(error: AppError) -> tuple[int, str]:
    """Return status code and heading for an error."""
    return next((code, heading) for family, code, heading in STATUS if isinstance(error, family))


def told(request: Request, status: int, heading: str, message: str) -> Response:
    """Tell an error to a person or a script."""
    if wants_json(request):
        return JSONResponse({"error": told_in(request, message)}, status_code=status)
    return page(request, "error.html", code=status, heading=heading, message=message)


def register(app: FastAPI) -> None:
    """Make the application answer errors."""

    @app.exception_handler(AppError)
    def expected(request: Request, error: AppError) -> Response:
        if isinstance(error, DependencyError):
            log.error("%s: %s", error.code, error)
        status, heading = status_of(error)
        return told(request, status, heading, str(error))

    @app.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> Response:
        if isinstance(error.__cause__, AppError):
            return expected(request, error.__cause__)
        if error.status_code in (404, 405):
            return told(request, 404, "There is nothing here", NOT_FOUND)
        return told(
            request,
            error.status_code,
            "That did not work",
            "The request could not be understood. Go back and try again.",
        )

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, _: RequestValidationError) -> Response:
        return told(
            request, 400, "That did not work", "Something in the form is missing. Go back, fill it in, try again."
        )


class Bugs:
    """Turns what nobody expected into a plain page.

    The server would log the error itself, with its message, which may quote a document; so nothing gets that far.

    Args:
        app: The application.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception as error:
            where = "".join(traceback.format_tb(error.__traceback__)[-6:])
            # Neither the message nor the address, which may be a key, is logged.
            log.error("%s in a request\n%s", type(error).__name__, where)  # noqa: TRY400
            if not begun and scope["type"] == "http":
                answer = told(Request(scope), 500, "Something went wrong", BUG)
                await answer(scope, receive, send)
