"""An admin's page: organisations, who works for them, and the accounts of colleagues; no record is among it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from app.domain.account import Role, Visitor
from app.errors import InputError
from app.services import organisations
from app.services.desk import Desk
from app.web.errors import status_of
from app.web.pages import go, page
from app.web.security import DeskOf, Visiting

router = APIRouter(prefix="/office")
Text = Annotated[str, Form(max_length=320)]
STAFF_ROLES = (Role.NAVIGATOR, Role.LEAD, Role.ADMIN)


@router.get("")
def office(request: Request, desk: DeskOf, visiting: Visiting) -> Response:
    """Show organisations and colleagues."""
    return _office(request, desk, visiting)


@router.post("/organisations")
def add_organisation(request: Request, desk: DeskOf, visiting: Visiting, name: Text = "") -> Response:
    """Add an organisation."""
    return _done(request, desk, visiting, lambda: organisations.add_organisation(desk, visiting, name))


@router.post("/organisations/{identity}")
def change_organisation(
    request: Request,
    desk: DeskOf,
    visiting: Visiting,
    identity: str,
    name: Text = "",
    threshold: Text = "",
    takes_all: Text = "",
    closed: Text = "",
    second_reading: Text = "",
) -> Response:
    """Change an organisation."""

    def change() -> None:
        organisations.change_organisation(
            desk,
            visiting,
            identity,
            name=name,
            takes_all=bool(takes_all),
            closed=bool(closed),
            second_reading=bool(second_reading),
            threshold=threshold,
        )

    return _done(request, desk, visiting, change)


@router.post("/organisations/{identity}/code")
def renew_code(request: Request, desk: DeskOf, visiting: Visiting, identity: str) -> Response:
    """Give an organisation a new code."""
    return _done(request, desk, visiting, lambda: organisations.renew_code(desk, visiting, identity))


@router.post("/organisations/{identity}/members")
def add_member(request: Request, desk: DeskOf, visiting: Visiting, identity: str, account: Text = "") -> Response:
    """Let a colleague work for an organisation."""
    return _done(request, desk, visiting, lambda: organisations.add_member(desk, visiting, identity, account))


@router.post("/organisations/{identity}/members/{account}/remove")
def remove_member(request: Request, desk: DeskOf, visiting: Visiting, identity: str, account: str) -> Response:
    """Let a colleague no longer work for an organisation."""
    return _done(request, desk, visiting, lambda: organisations.remove_member(desk, visiting, identity, account))


@router.post("/staff")
def add_staff(
    request: Request, desk: DeskOf, visiting: Visiting, email: Text = "", role: Text = "", organisation: Text = ""
) -> Response:
    """Add a colleague; the first password is shown once."""
    try:
        password = organisations.add_staff(desk, visiting, email, role, organisation)
    except InputError as error:
        return _office(request, desk, visiting, wrong=str(error), code=status_of(error)[0])
    return _office(request, desk, visiting, password=password, email=email)


@router.post("/staff/{account}")
def change_staff(
    request: Request, desk: DeskOf, visiting: Visiting, account: str, role: Text = "", disabled: Text = ""
) -> Response:
    """Change a colleague's role, or stop them from signing in."""

    def change() -> None:
        organisations.change_staff(desk, visiting, account, role=role, disabled=bool(disabled))

    return _done(request, desk, visiting, change)


def _done(request: Request, desk: Desk, visiting: Visitor, change: Callable[[], object]) -> Response:
    try:
        change()
    except InputError as error:
        return _office(request, desk, visiting, wrong=str(error), code=status_of(error)[0])
    return go("/office")


def _office(
    request: Request,
    desk: Desk,
    visiting: Visitor,
    *,
    wrong: str = "",
    code: int = 200,
    password: str = "",
    email: str = "",
) -> Response:
    return page(
        request,
        "navigator/office.html",
        code=code,
        visitor=visiting,
        office=organisations.see_office(desk, visiting),
        roles=STAFF_ROLES,
        wrong=wrong,
        password=password,
        email=email,
    )
