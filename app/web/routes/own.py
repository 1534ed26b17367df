"""What a person does with the record: change its documents, share, dispute, keep, delete, see who looked."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from app.domain.record import Showing
from app.errors import EncryptedReportError, NotFoundError
from app.services import keep_record
from app.services.access import Action, Opened, open_record
from app.services.desk import Desk
from app.services.invite import guests
from app.services.see_record import Status, doubts_of, forget_parsed, see
from app.web.pages import go, page
from app.web.routes.guests import share_view
from app.web.security import DeskOf, Visiting
from app.web.shape import Fact, shown_once
from app.web.tongue import TONGUES

router = APIRouter(prefix="/r/{key}")


@router.post("/documents/{document}/remove")
def remove(desk: DeskOf, visiting: Visiting, key: str, document: str) -> Response:
    """Delete one document."""
    keep_record.remove_document(desk, visiting, key, document)
    return go(f"/r/{key}")


@router.post("/documents/{document}/cancel")
def cancel(desk: DeskOf, visiting: Visiting, key: str, document: str) -> Response:
    """Stop reading one document."""
    keep_record.cancel_document(desk, visiting, key, document)
    return go(f"/r/{key}")


@router.post("/documents/{document}/retry")
def retry(desk: DeskOf, visiting: Visiting, key: str, document: str) -> Response:
    """Read one document once more."""
    keep_record.retry_document(desk, visiting, key, document)
    return go(f"/r/{key}")


@router.post("/documents/{document}/unlock")
def unlock(
    request: Request, desk: DeskOf, visiting: Visiting, key: str, document: str, password: Annotated[str, Form()] = ""
) -> Response:
    """Open a locked document with its password."""
    try:
        keep_record.unlock_document(desk, visiting, key, document, password)
    except EncryptedReportError as error:
        opened = open_record(desk, visiting, key, Action.CHANGE)
        return page(
            request,
            "working.html",
            code=422,
            visitor=visiting,
            opened=opened,
            status=see(desk, opened),
            key=key,
            Action=Action,
            wrong=str(error),
        )
    return go(f"/r/{key}")


@router.post("/showing")
def showing(desk: DeskOf, visiting: Visiting, key: str, showing: Annotated[Showing, Form()]) -> Response:
    """Choose when to see the result."""
    keep_record.choose_showing(desk, visiting, key, showing)
    return go(f"/r/{key}")


@router.post("/language")
def language(desk: DeskOf, visiting: Visiting, key: str, language: Annotated[str, Form()]) -> Response:
    """Choose the language of the guidance."""
    if language in TONGUES:
        keep_record.choose_language(desk, visiting, key, language)
    return go(f"/r/{key}")


@router.post("/one-person")
def one_person(desk: DeskOf, visiting: Visiting, key: str) -> Response:
    """Confirm that all documents are about the same person."""
    keep_record.confirm_one_person(desk, visiting, key)
    return go(f"/r/{key}")


@router.get("/wrong/{fact}")
def wrong_page(request: Request, desk: DeskOf, visiting: Visiting, key: str, fact: str) -> Response:
    """Ask what is wrong about a fact."""
    opened = open_record(desk, visiting, key, Action.DISPUTE)
    status = see(desk, opened)
    facts = _facts(desk, opened, status)
    if fact not in facts:
        raise NotFoundError
    return page(request, "wrong.html", visitor=visiting, key=key, opened=opened, fact=facts[fact])


@router.post("/wrong/{fact}")
def wrong(
    desk: DeskOf, visiting: Visiting, key: str, fact: str, note: Annotated[str, Form(max_length=4000)] = ""
) -> Response:
    """Put a fact into the reviewers' queue."""
    opened = open_record(desk, visiting, key, Action.DISPUTE)
    status = see(desk, opened)
    facts = _facts(desk, opened, status)
    if fact not in facts:
        raise NotFoundError
    keep_record.say_wrong(desk, visiting, key, fact, facts[fact].name, note)
    return go(f"/r/{key}?show=now#{fact}")


@router.get("/share")
def share_page(request: Request, desk: DeskOf, visiting: Visiting, key: str) -> Response:
    """Show who else can see the record."""
    return share_view(request, desk, visiting, key)


@router.post("/share")
def share(
    request: Request,
    desk: DeskOf,
    visiting: Visiting,
    key: str,
    days: Annotated[int, Form()],
    label: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Make a link for somebody else."""
    secret = keep_record.share(desk, visiting, key, days=days, label=label)
    return share_view(request, desk, visiting, key, made=f"/r/{secret}")


@router.post("/share/{token_hash}/remove")
def unshare(desk: DeskOf, visiting: Visiting, key: str, token_hash: str) -> Response:
    """End a link."""
    keep_record.unshare(desk, visiting, key, token_hash)
    return go(f"/r/{key}/share")


@router.get("/trail")
def trail(request: Request, desk: DeskOf, visiting: Visiting, key: str) -> Response:
    """Show who looked."""
    opened = open_record(desk, visiting, key, Action.TRAIL)
    with desk.units(reading=True) as unit:
        looks = unit.trail.of_record(opened.record.id)
        named = {
            f"account:{g.invitation.account}": g.invitation.label or g.email for g in guests(unit, opened.record.id)
        }
    return page(request, "trail.html", visitor=visiting, key=key, opened=opened, looks=looks[:500], named=named)


@router.get("/delete")
def delete_page(request: Request, desk: DeskOf, visiting: Visiting, key: str) -> Response:
    """Ask before deleting everything."""
    opened = open_record(desk, visiting, key, Action.DELETE)
    return page(request, "delete.html", visitor=visiting, key=key, opened=opened, status=see(desk, opened))


@router.post("/delete")
def delete(request: Request, desk: DeskOf, visiting: Visiting, key: str) -> Response:
    """Delete everything."""
    keep_record.delete_record(desk, visiting, key)
    forget_parsed()
    shown_once.cache_clear()
    return page(request, "deleted.html", visitor=visiting)


@router.post("/keep")
def keep(desk: DeskOf, visiting: Visiting, key: str) -> Response:
    """Move the record into the visitor's account."""
    return go(f"/r/{keep_record.keep(desk, visiting, key)}")


def _facts(desk: Desk, opened: Opened, status: Status) -> dict[str, Fact]:
    if status.analysis is None:
        return {}
    return shown_once(status.analysis.json, tuple(d.about for d in doubts_of(desk, opened))).facts
