"""Who may check a record: the person chooses a care team, another one by its code, or nobody, and can take it back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from app.domain.account import Organisation, Visitor
from app.errors import NotFoundError, RefusedError
from app.services.access import Action, open_record
from app.services.desk import Desk
from app.services.organisations import NOBODY, checker_of, choose_checker, named_by
from app.web.errors import status_of
from app.web.pages import go, page
from app.web.security import DeskOf, Visiting
from app.web.tongue import TONGUES

router = APIRouter()
UNKNOWN = "No care team has this code. Check it with the people who gave it to you."
CODE = "code"


@router.get("/with/{code}")
def upload_with(request: Request, desk: DeskOf, visiting: Visiting, code: str) -> Response:
    """Show the upload page with the care team that gave the person this address."""
    team = named_by(desk, code) if code else None
    if team is None:
        raise NotFoundError
    return upload_page(request, desk, visiting, team=team)


@router.get("/r/{key}/checkers")
def checkers(request: Request, desk: DeskOf, visiting: Visiting, key: str, unknown: str = "") -> Response:
    """Show who may check the record."""
    return _checkers(request, desk, visiting, key, wrong=UNKNOWN if unknown else "")


@router.post("/r/{key}/checkers")
def choose(
    request: Request,
    desk: DeskOf,
    visiting: Visiting,
    key: str,
    checks: Annotated[str, Form(max_length=20)] = "",
    code: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Choose who may check the record."""
    try:
        choose_checker(desk, visiting, key, chosen(checks, code))
    except RefusedError as error:
        return _checkers(request, desk, visiting, key, wrong=UNKNOWN, status=status_of(error)[0])
    return go(f"/r/{key}/checkers")


def chosen(checks: str, code: str) -> str:
    """Return the choice of a form: a code, `NOBODY`, or "" for the care team of this site."""
    if checks == CODE:
        return code.strip() or NOBODY
    return NOBODY if checks == NOBODY else ""


def upload_page(
    request: Request,
    desk: Desk,
    visiting: Visitor,
    *,
    team: Organisation | None = None,
    code: int = 200,
    errors: tuple[str, ...] = (),
    taken: tuple[str, ...] = (),
    address: str = "",
) -> Response:
    """Show the upload page.

    Args:
        request: The request.
        desk: The store.
        visiting: Who asks.
        team: The care team whose address the person followed; without one, the team of this site is offered.
        code: Of the answer.
        errors: Why files were not taken.
        taken: Names of the files that were.
        address: Where the record is, if there is one already.
    """
    return page(
        request,
        "upload.html",
        code=code,
        visitor=visiting,
        limits=desk.limits,
        errors=errors,
        taken=taken,
        address=address,
        languages=TONGUES,
        mail=bool(desk.mailer),
        team=team,
        site_team=named_by(desk, ""),
    )


def _checkers(
    request: Request, desk: Desk, visiting: Visitor, key: str, *, wrong: str = "", status: int = 200
) -> Response:
    opened = open_record(desk, visiting, key, Action.CHANGE)
    told = {"checker": checker_of(desk, opened), "site_team": named_by(desk, ""), "wrong": wrong}
    return page(request, "checkers.html", code=status, visitor=visiting, key=key, opened=opened, **told)
