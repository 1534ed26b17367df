"""The navigators' queue: what waits, for whom, and why; taking the next case; a lead's assignments."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from app.domain.account import Visitor
from app.domain.review import CaseStage
from app.errors import RefusedError
from app.services.assign_cases import assign, take_next
from app.services.desk import Desk
from app.services.organisations import hand_over
from app.services.review_queue import WORDS, Waiting, leads, see_queue
from app.web.errors import status_of
from app.web.pages import go, page
from app.web.security import DeskOf, Visiting

router = APIRouter(prefix="/desk")
Text = Annotated[str, Form(max_length=200)]


@router.get("")
def queue(
    request: Request,
    desk: DeskOf,
    visiting: Visiting,
    reason: str = "",
    show: str = "waiting",
    q: str = "",
    number: int = 1,
    told: str = "",
) -> Response:
    """Show one page of the queue."""
    return _queue(request, desk, visiting, reason=reason, show=show, q=q, number=number, told=told)


@router.post("/next")
def take_the_next(desk: DeskOf, visiting: Visiting) -> Response:
    """Take the case that waits longest."""
    record = take_next(desk, visiting)
    return go(f"/desk/{record}" if record else "/desk?show=free")


@router.post("/assign")
def assign_cases(
    request: Request,
    desk: DeskOf,
    visiting: Visiting,
    to: Text = "",
    record: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Let a colleague check the chosen cases."""
    try:
        changed = assign(desk, visiting, record or [], to)
    except RefusedError as error:
        return _queue(request, desk, visiting, wrong=str(error), code=status_of(error)[0])
    return go(f"/desk?told={changed}")


@router.post("/{record}/hand-over")
def give_away(desk: DeskOf, visiting: Visiting, record: str, organisation: Text) -> Response:
    """Give a case to another organisation."""
    hand_over(desk, visiting, record, organisation)
    return go("/desk")


def _queue(
    request: Request,
    desk: Desk,
    visiting: Visitor,
    *,
    reason: str = "",
    show: str = "waiting",
    q: str = "",
    number: int = 1,
    told: str = "",
    wrong: str = "",
    code: int = 200,
) -> Response:
    found = see_queue(desk, visiting, reason=reason, show=show, search=q[:200], page=number)
    return page(
        request,
        "navigator/queue.html",
        code=code,
        visitor=visiting,
        queue=found,
        words=WORDS,
        reason=reason,
        show=show,
        q=q,
        leads=leads(visiting),
        told=int(told) if told.isascii() and told.isdigit() else None,
        wrong=wrong,
        address=lambda row: _address(row, visiting),
    )


def _address(row: Waiting, visiting: Visitor) -> str:
    """Return where a case is worked on by this visitor."""
    base = f"/desk/{row.record}"
    case = row.seen.case
    if not row.seen.listed.waiting or visiting.account is None:
        return base
    if case.stage is CaseStage.SECOND and case.done_by != visiting.account.id:
        return f"{base}/second"
    return f"{base}/differences" if case.stage is CaseStage.DIFFERENCES and leads(visiting) else base
