"""Invitations: made and taken back by the owner, accepted and left by the guest."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from app.domain.record import GuestMay
from app.services import invite
from app.services.access import Action, open_record
from app.services.keep_record import shared_links
from app.web.pages import go, page
from app.web.security import DeskOf, Visiting

router = APIRouter()


@router.post("/r/{key}/invite")
def make(
    request: Request,
    desk: DeskOf,
    visiting: Visiting,
    key: str,
    days: Annotated[int, Form()],
    may: Annotated[GuestMay, Form()] = GuestMay.READ,
    label: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Make an invitation."""
    secret = invite.invite(desk, visiting, key, may=may, label=label, days=days)
    return share_view(request, desk, visiting, key, invited=f"/invited/{secret}")


@router.post("/r/{key}/invitations/{invitation}/remove")
def take_back(desk: DeskOf, visiting: Visiting, key: str, invitation: str) -> Response:
    """Take an invitation back."""
    invite.take_back(desk, visiting, key, invitation)
    return go(f"/r/{key}/share")


@router.get("/invited/{secret}")
def invited(request: Request, desk: DeskOf, visiting: Visiting, secret: str) -> Response:
    """Show what an invitation is for; nothing of the record itself."""
    found = invite.invitation_behind(desk, secret)
    return page(request, "invited.html", visitor=visiting, invitation=found, secret=secret)


@router.post("/invited/{secret}")
def accept(desk: DeskOf, visiting: Visiting, secret: str) -> Response:
    """Accept an invitation."""
    return go(f"/r/{invite.accept(desk, visiting, secret)}")


@router.post("/r/{key}/leave")
def leave(desk: DeskOf, visiting: Visiting, key: str) -> Response:
    """Give an accepted invitation back."""
    invite.leave(desk, visiting, key)
    return go("/records")


def share_view(
    request: Request, desk: DeskOf, visiting: Visiting, key: str, *, made: str = "", invited: str = ""
) -> Response:
    """Show who else can see the record; `made` and `invited` are addresses that were just made."""
    opened = open_record(desk, visiting, key, Action.SHARE)
    with desk.units(reading=True) as unit:
        links = shared_links(unit, opened.record.id)
        guests = invite.guests(unit, opened.record.id)
    base = request.app.state.settings.public_url.rstrip("/") or str(request.base_url).rstrip("/")
    return page(
        request,
        "share.html",
        visitor=visiting,
        key=key,
        opened=opened,
        links=links,
        guests=guests,
        made=base + made if made else "",
        invited=base + invited if invited else "",
        days=desk.limits.share_days,
        now=desk.clock(),
    )
