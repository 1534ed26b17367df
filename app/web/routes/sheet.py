"""The page of a report with the box of a fact drawn on it, and the page images themselves."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.domain.record import StoredDocument, StoredPage
from app.errors import NotFoundError
from app.services.access import Action, Opened, open_record
from app.services.desk import Desk
from app.services.process_document import page_picture
from app.services.see_record import doubts_of, pages_of, see
from app.web.pages import page
from app.web.security import DeskOf, Visiting
from app.web.shape import Place, shown_once

router = APIRouter(prefix="/r/{key}")
ROOM_PT = 2.5
"""Between the words and the line that is drawn around them."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A box as it is drawn."""

    x: float
    y: float
    width: float
    height: float
    chosen: bool


@router.get("/source/{fact}/{number:int}")
def source(
    request: Request, desk: DeskOf, visiting: Visiting, key: str, fact: str, number: int, zoom: int = 1
) -> Response:
    """Show the place that says a fact."""
    opened = open_record(desk, visiting, key, Action.VIEW, what="view.source")
    status = see(desk, opened)
    if status.analysis is None:
        raise NotFoundError
    told = shown_once(status.analysis.json, tuple(d.about for d in doubts_of(desk, opened)))
    at = next((i for i, p in enumerate(told.places) if (p.fact, p.number) == (fact, number)), None)
    if at is None:
        raise NotFoundError
    place = told.places[at]
    stored = _page(desk, place.document, place.page)
    same_page = [p for p in told.facts[fact].places if (p.document, p.page) == (place.document, place.page)]
    return page(
        request,
        "source.html",
        visitor=visiting,
        key=key,
        opened=opened,
        Action=Action,
        fact=told.facts[fact],
        place=place,
        stored=stored,
        marks=[_mark(p, chosen=p.number == number) for p in same_page],
        before=told.places[at - 1] if at > 0 else None,
        after=told.places[at + 1] if at + 1 < len(told.places) else None,
        at=[p.number for p in told.facts[fact].places].index(number) + 1,
        of=len(told.facts[fact].places),
        zoom=min(max(zoom, 1), 3),
    )


@router.get("/documents/{document}/{number:int}")
def whole_page(request: Request, desk: DeskOf, visiting: Visiting, key: str, document: str, number: int) -> Response:
    """Show a page without any box."""
    opened = open_record(desk, visiting, key, Action.VIEW, what="view.page")
    found = _document(desk, opened, document)
    stored = _page(desk, document, number)
    return page(
        request,
        "page.html",
        visitor=visiting,
        key=key,
        opened=opened,
        document=found,
        stored=stored,
        last=number >= found.pages,
    )


@router.get("/documents/{document}/{number:int}/image")
def image(desk: DeskOf, visiting: Visiting, key: str, document: str, number: int) -> Response:
    """Return the image of a page: always one that we drew, never the bytes that were uploaded."""
    opened = open_record(desk, visiting, key, Action.VIEW)
    picture = page_picture(desk, _document(desk, opened, document), number)
    if picture is None:
        raise NotFoundError
    content, media_type = picture
    # The address is a secret of the person; the browser may keep the picture for its own session.
    return Response(content, media_type=media_type, headers={"Cache-Control": "private, max-age=600"})


def _document(desk: Desk, opened: Opened, document: str) -> StoredDocument:
    with desk.units(reading=True) as unit:
        found = unit.documents.get(document)
    if found is None or found.record != opened.record.id:
        raise NotFoundError
    return found


def _page(desk: Desk, document: str, number: int) -> StoredPage:
    found = next((p for p in pages_of(desk, document) if p.number == number), None)
    if found is None:
        raise NotFoundError
    return found


def _mark(place: Place, *, chosen: bool) -> Mark:
    x0, y0, x1, y1 = place.box
    return Mark(x0 - ROOM_PT, y0 - ROOM_PT, x1 - x0 + 2 * ROOM_PT, y1 - y0 + 2 * ROOM_PT, chosen)
