"""A record: while it is read, and when it is explained."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from functools import lru_cache
from typing import Annotated, Any

from fastapi import APIRouter, File, Request, UploadFile
from fastapi.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.concurrency import run_in_threadpool

from app.domain.record import DocumentState, Showing, StoredDocument
from app.services.access import Action, Opened, open_record
from app.services.desk import Desk
from app.services.receive_upload import receive_upload
from app.services.see_record import Phase, Status, doubts_of, see
from app.services.send_pieces import taken
from app.web.pages import Pages, day_in, go, language_of, page, told_in, wants_json
from app.web.routes.start import Pieces, received, sent
from app.web.security import DeskOf, Visiting
from app.web.shape import State, shown_once
from app.web.timeline import timeline
from app.web.tongue import TONGUES
from app.web.words import Glossary, PageWords

router = APIRouter(prefix="/r/{key}")
LOOK_SECONDS = 0.25
STREAM_SECONDS = 600
"""A stream ends after this long; the browser opens a new one by itself."""


@router.get("")
def record(request: Request, desk: DeskOf, visiting: Visiting, key: str, show: str = "", plain: str = "1") -> Response:
    """Show the result, or how far it has come."""
    opened = open_record(desk, visiting, key, Action.VIEW, what="view.result")
    status = see(desk, opened)
    common: dict[str, Any] = {"visitor": visiting, "opened": opened, "status": status, "key": key, "Action": Action}
    if status.phase is not Phase.READY or status.analysis is None:
        return page(request, "working.html", **common)
    if opened.record.showing is not Showing.NOW and show != "now":
        return page(request, "ready.html", **common)
    told = shown_once(status.analysis.json, tuple(d.about for d in doubts_of(desk, opened)))
    return page(
        request,
        "result.html",
        told=told,
        timeline=timeline(told),
        words=PageWords(_glossary(desk, opened.record.language)),
        State=State,
        languages=TONGUES,
        clinical=plain == "0",
        show=show,
        **common,
    )


@router.get("/progress")
def progress(request: Request, desk: DeskOf, visiting: Visiting, key: str) -> HTMLResponse:
    """Return the part of the working page that changes."""
    opened, status = _look(desk, visiting, key)
    pages: Pages = request.app.state.pages
    token = request.cookies.get("caseguide_form", "")
    return HTMLResponse(
        pages.text(
            "parts/progress.html",
            opened.record.language,
            status=status,
            key=key,
            opened=opened,
            Action=Action,
            form_token=token,
        )
    )


@router.get("/state")
def state(desk: DeskOf, visiting: Visiting, key: str) -> JSONResponse:
    """Say how far the record has come, for browsers without server-sent events."""
    _, status = _look(desk, visiting, key)
    return JSONResponse(_told(status))


@router.get("/events")
async def events(request: Request, desk: DeskOf, visiting: Visiting, key: str) -> StreamingResponse:
    """Stream how far the record has come."""
    await run_in_threadpool(_look, desk, visiting, key)

    async def stream() -> AsyncIterator[str]:
        last = ""
        for _ in range(int(STREAM_SECONDS / LOOK_SECONDS)):
            if await request.is_disconnected():
                return
            _, status = await run_in_threadpool(_look, desk, visiting, key)
            if status.mark != last:
                last = status.mark
                yield f"data: {json.dumps(_told(status))}\n\n"
            if status.phase in (Phase.READY, Phase.NOTHING):
                return
            await asyncio.sleep(LOOK_SECONDS)

    return StreamingResponse(stream(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


@router.post("/documents")
def add(
    request: Request,
    desk: DeskOf,
    visiting: Visiting,
    key: str,
    files: Annotated[list[UploadFile] | None, File()] = None,
    photos: Annotated[list[UploadFile] | None, File()] = None,
    uploads: Pieces = [],  # noqa: B006 -- read only
) -> Response:
    """Take more files into the record."""
    came = sent(files, photos, desk=desk, pieces=uploads)
    receipt = receive_upload(desk, came, key=key, visitor=visiting)
    taken(desk, uploads)
    if not (receipt.refused or receipt.repeated):
        return received(request, desk, visiting, receipt)
    if wants_json(request):
        same = [_same(request, key, name, earlier) for name, earlier in receipt.repeated]
        refused = [told_in(request, str(e)) for e in receipt.refused]
        return JSONResponse({"address": f"/r/{key}", "refused": refused, "same": same})
    opened = open_record(desk, visiting, key, Action.VIEW)
    return page(
        request,
        "added.html",
        code=200 if receipt.taken or receipt.repeated else 422,
        visitor=visiting,
        key=key,
        opened=opened,
        receipt=receipt,
    )


def _same(request: Request, key: str, name: str, earlier: StoredDocument) -> dict[str, str]:
    """Say that a file is here already, since when, and where it opens."""
    day = day_in(earlier.received_at, language_of(request))
    told = f"{name} is the same as your upload of {day} ({earlier.name}). It was not added twice."
    read = earlier.state is DocumentState.READ
    return {"text": told_in(request, told), "address": f"/r/{key}/documents/{earlier.id}/1" if read else f"/r/{key}"}


@router.get("/kept")
def kept_page(request: Request, desk: DeskOf, visiting: Visiting, key: str) -> Response:
    """Ask whether the record shall move into the account that has just signed in."""
    opened = open_record(desk, visiting, key, Action.KEEP)
    return page(request, "kept.html", visitor=visiting, key=key, opened=opened)


@router.get("/add")
def add_page(request: Request, desk: DeskOf, visiting: Visiting, key: str) -> Response:
    """Show the page for adding files."""
    opened = open_record(desk, visiting, key, Action.ADD)
    return page(request, "add.html", visitor=visiting, key=key, opened=opened, limits=desk.limits)


@router.get("/now")
def show_now(key: str) -> Response:
    """Show the result after the person chose to wait."""
    return go(f"/r/{key}?show=now")


def _look(desk: Desk, visiting: Visiting, key: str) -> tuple[Opened, Status]:
    opened = open_record(desk, visiting, key, Action.VIEW)
    return opened, see(desk, opened, whole=False)


def _told(status: Status) -> dict[str, object]:
    done = sum(d.pages_read for d in status.documents)
    return {"phase": status.phase, "mark": status.mark, "read": done, "pages": sum(d.pages for d in status.documents)}


@lru_cache(maxsize=8)
def _glossary(desk: Desk, language: str) -> Glossary:
    return Glossary(desk.reading.glossary(language))
