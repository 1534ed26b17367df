"""Sign up, sign in, sign out, and the records that an account keeps."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from app.domain.account import Role
from app.errors import NotFoundError, RefusedError
from app.services.accounts import add_account, change_password, sign_in, sign_out
from app.services.desk import Desk
from app.services.invite import shared_with
from app.web.errors import status_of
from app.web.pages import Pages, go, page
from app.web.security import SESSION, DeskOf, Visiting

router = APIRouter()
Text = Annotated[str, Form(max_length=400)]


@router.get("/sign-in")
def sign_in_page(request: Request, visiting: Visiting, keep: str = "", invited: str = "") -> Response:
    """Show the page for signing in.

    `keep` is the key of a record that shall move into the account, `invited` the secret of an invitation.
    """
    told: dict[str, Any] = {"keep": keep, "invited": invited, "wrong": "", "email": "", "new": False}
    return page(request, "sign_in.html", visitor=visiting, **told)


@router.get("/sign-up")
def sign_up_page(request: Request, visiting: Visiting, keep: str = "", invited: str = "") -> Response:
    """Show the page for making an account."""
    told: dict[str, Any] = {"keep": keep, "invited": invited, "wrong": "", "email": "", "new": True}
    return page(request, "sign_in.html", visitor=visiting, **told)


@router.post("/sign-in")
def enter(
    request: Request, desk: DeskOf, visiting: Visiting, email: Text, password: Text, keep: Text = "", invited: Text = ""
) -> Response:
    """Sign in."""
    try:
        return _in(request, desk, email, password, keep, invited)
    except RefusedError as error:
        told = {"keep": keep, "invited": invited, "wrong": str(error), "email": email, "new": False}
        return page(request, "sign_in.html", code=status_of(error)[0], visitor=visiting, **told)


@router.post("/sign-up")
def join(
    request: Request, desk: DeskOf, visiting: Visiting, email: Text, password: Text, keep: Text = "", invited: Text = ""
) -> Response:
    """Make an account and sign in."""
    try:
        add_account(desk, email, password, role=Role.CAREGIVER if _plain(invited) else Role.PATIENT)
        return _in(request, desk, email, password, keep, invited)
    except RefusedError as error:
        told = {"keep": keep, "invited": invited, "wrong": str(error), "email": email, "new": True}
        return page(request, "sign_in.html", code=status_of(error)[0], visitor=visiting, **told)


@router.post("/sign-out")
def leave(request: Request, desk: DeskOf) -> Response:
    """Sign out."""
    sign_out(desk, request.cookies.get(SESSION, ""))
    response = go("/")
    response.delete_cookie(SESSION, path="/")
    return response


@router.get("/password")
def password_page(request: Request, visiting: Visiting) -> Response:
    """Show the page for changing the password."""
    if visiting.account is None:
        raise NotFoundError
    return page(request, "password.html", visitor=visiting, wrong="")


@router.post("/password")
def change(request: Request, desk: DeskOf, visiting: Visiting, old: Text, new: Text) -> Response:
    """Change the password; every other browser is signed out."""
    if visiting.account is None:
        raise NotFoundError
    try:
        secret = change_password(desk, visiting.account, old, new)
    except RefusedError as error:
        return page(request, "password.html", code=status_of(error)[0], visitor=visiting, wrong=str(error))
    return _with_session(request, desk, go("/records"), secret)


@router.get("/records")
def records(request: Request, desk: DeskOf, visiting: Visiting) -> Response:
    """Show the records that the account keeps."""
    if visiting.account is None:
        raise NotFoundError
    with desk.units(reading=True) as unit:
        kept = [(r, unit.documents.of_record(r.id)) for r in unit.records.owned(visiting.account.id)]
        shared = shared_with(unit, visiting.account.id, desk)
    return page(request, "records.html", visitor=visiting, kept=kept, shared=shared)


def _in(request: Request, desk: Desk, email: str, password: str, keep: str, invited: str) -> Response:
    secret = sign_in(desk, email, password)
    response = go(f"/invited/{invited}" if _plain(invited) else f"/r/{keep}/kept" if _plain(keep) else "/records")
    return _with_session(request, desk, response, secret)


def _with_session(request: Request, desk: Desk, response: Response, secret: str) -> Response:
    pages: Pages = request.app.state.pages
    life = desk.limits.session_days * 86_400
    response.set_cookie(SESSION, secret, max_age=life, httponly=True, samesite="lax", secure=pages.secure, path="/")
    return response


def _plain(secret: str) -> bool:
    """Tell whether a text can be a secret of ours: it becomes part of an address."""
    return secret.replace("-", "").replace("_", "").isalnum()
