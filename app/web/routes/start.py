"""The start page, the upload page, and what they send."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import JSONResponse, Response

from app.domain.account import Visitor
from app.domain.document import SourceFile
from app.domain.record import Showing
from app.errors import NotFoundError
from app.services.desk import Desk
from app.services.receive_upload import Receipt, Wishes, receive_upload
from app.services.send_pieces import gathered, taken
from app.web.errors import status_of
from app.web.names import file_name
from app.web.pages import LANGUAGE, Pages, go, language_of, page, told_in, wants_json
from app.web.routes.checkers import chosen
from app.web.routes.checkers import upload_page as upload_form
from app.web.samples import load_samples
from app.web.security import DeskOf, Visiting
from app.web.tongue import TONGUES

router = APIRouter()
Pieces = Annotated[list[str], Form(max_length=100)]
"""Secrets of files that came piece by piece."""
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@router.get("/")
def start(request: Request, desk: DeskOf, visiting: Visiting) -> Response:
    """Show the start page."""
    samples = load_samples(request.app.state.settings.samples)
    return page(request, "start.html", visitor=visiting, samples=samples, days=desk.limits.record_days)


@router.get("/upload")
def upload_page(request: Request, desk: DeskOf, visiting: Visiting) -> Response:
    """Show the upload page."""
    return upload_form(request, desk, visiting)


@router.post("/upload")
def upload(
    request: Request,
    desk: DeskOf,
    visiting: Visiting,
    files: Annotated[list[UploadFile] | None, File()] = None,
    photos: Annotated[list[UploadFile] | None, File()] = None,
    uploads: Pieces = [],  # noqa: B006 -- read only
    showing: Annotated[Showing, Form()] = Showing.NOW,
    language: Annotated[str, Form()] = "en",
    mail: Annotated[str, Form()] = "",
    checks: Annotated[str, Form(max_length=20)] = "",
    code: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Take files into a new record."""
    wishes = Wishes(showing, language if language in TONGUES else "en", _address(mail), chosen(checks, code))
    came = sent(files, photos, desk=desk, pieces=uploads)
    receipt = receive_upload(desk, came, visitor=visiting, wishes=wishes)
    taken(desk, uploads)
    return received(request, desk, visiting, receipt)


@router.get("/language/{code}")
def choose_language(request: Request, code: str, back: str = "/") -> Response:
    """Remember the language of the pages, and go back."""
    here = back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/"
    response = go(here)
    if code in TONGUES:
        pages: Pages = request.app.state.pages
        response.set_cookie(LANGUAGE, code, max_age=31_536_000, httponly=True, samesite="lax", secure=pages.secure)
    return response


@router.get("/privacy")
def privacy(request: Request, desk: DeskOf, visiting: Visiting) -> Response:
    """Say what happens to files."""
    return page(request, "privacy.html", visitor=visiting, days=desk.limits.record_days)


@router.post("/samples/{identity}/{name}")
def sample(request: Request, desk: DeskOf, visiting: Visiting, identity: str, name: str) -> Response:
    """Take a sample report into a new record, exactly as if it had been uploaded."""
    folder = request.app.state.settings.samples
    chosen = next((s for s in load_samples(folder) if s.id == identity), None)
    if chosen is None or name not in [f.name for f in chosen.files]:
        raise NotFoundError
    content = (folder / name).read_bytes()
    wishes = Wishes(language=language_of(request))
    receipt = receive_upload(desk, [SourceFile(name, content)], visitor=visiting, wishes=wishes)
    return received(request, desk, visiting, receipt)


def sent(
    files: list[UploadFile] | None, photos: list[UploadFile] | None, *, desk: Desk, pieces: list[str]
) -> list[SourceFile]:
    """Return the files of a form and those that came piece by piece before it.

    A field that was left empty sends a file without a name.
    """
    given = [f for f in [*(files or []), *(photos or [])] if f.filename]
    return [*(SourceFile(file_name(f.filename or ""), f.file.read()) for f in given), *gathered(desk, pieces)]


def received(request: Request, desk: Desk, visiting: Visitor, receipt: Receipt) -> Response:
    """Lead to the record, or say why no file was taken."""
    address = f"/r/{receipt.key}{'/checkers?unknown=1' if receipt.unknown_code else ''}"
    if wants_json(request):
        refused = [told_in(request, str(e)) for e in receipt.refused]
        status = 200 if receipt.key else status_of(receipt.refused[0])[0]
        return JSONResponse({"address": address if receipt.key else "", "refused": refused}, status_code=status)
    if receipt.key and not receipt.refused:
        return go(address)
    status = 200 if receipt.key else status_of(receipt.refused[0])[0]
    return upload_form(
        request,
        desk,
        visiting,
        code=status,
        errors=tuple(str(e) for e in receipt.refused),
        taken=tuple(d.name for d in receipt.taken),
        address=address if receipt.key else "",
    )


def _address(mail: str) -> str:
    mail = mail.strip()
    return mail if ADDRESS.fullmatch(mail) and len(mail) < 320 else ""
