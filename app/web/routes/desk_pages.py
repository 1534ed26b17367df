"""The workbench beside its facts: pages and their words, documents, questions to the patient, the audit of a case."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse, Response

from app.errors import InputError, NotFoundError
from app.services import ask_patient, merge_records, review_pages
from app.services.access import Action, open_record
from app.services.process_document import page_picture
from app.services.see_case import audit, case_state, mark_page, page_words
from app.web.errors import status_of
from app.web.pages import go, page
from app.web.routes.navigator import said, show_bench
from app.web.security import DeskOf, Visiting

router = APIRouter(prefix="/desk/{record}")
Text = Annotated[str, Form(max_length=2000)]
TURNS = {"right": 90, "over": 180, "left": 270}
AUDIT_WORDS = {
    "confirmed": "Confirmed", "corrected": "Corrected", "rejected": "Rejected", "added": "Added",
    "machine": "Taken back to what the machine read", "take": "Took the case", "done": "Handed back as checked",
    "turn_page": "Turned a page; read again", "read_again": "Read again", "split": "Split into reports",
    "set_aside": "Set aside as a copy", "take_in": "Took back in", "ask": "Asked the patient",
    "ask_no_more": "Took a question back", "merge": "Put another record together with this one",
}  # fmt: skip


@router.get("/pages/{document}/{number:int}/image")
def image(request: Request, desk: DeskOf, visiting: Visiting, record: str, document: str, number: int) -> Response:
    """Return the image of a page; the browser keeps it, and asks each time whether it still may show it."""
    opened = open_record(desk, visiting, record, Action.REVIEW)
    with desk.units(reading=True) as unit:
        found = unit.documents.get(document)
    if found is None or found.record != opened.record.id:
        raise NotFoundError
    picture = page_picture(desk, found, number)
    if picture is None:
        raise NotFoundError
    content, media_type = picture
    mark = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"ETag": mark, "Cache-Control": "private, no-cache"}
    if request.headers.get("if-none-match", "") == mark:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media_type, headers=headers)


@router.get("/pages/{document}/{number:int}/words")
def words(desk: DeskOf, visiting: Visiting, record: str, document: str, number: int) -> JSONResponse:
    """Return the words of a page, line by line, with their boxes."""
    found = page_words(desk, visiting, record, document, number)
    lines = [[[w.text, w.box.x0, w.box.y0, w.box.x1, w.box.y1] for w in line.words] for line in found.lines]
    return JSONResponse({"lines": lines})


@router.get("/state")
def state(desk: DeskOf, visiting: Visiting, record: str) -> JSONResponse:
    """Say whether documents are being read, and whether the patient's result holds all decisions."""
    under_way, fresh, number = case_state(desk, visiting, record)
    return JSONResponse({"reading": under_way, "fresh": fresh, "number": number})


@router.get("/audit")
def trail(request: Request, desk: DeskOf, visiting: Visiting, record: str) -> Response:
    """Show everything that was done about the case."""
    steps = audit(desk, visiting, record)
    return page(
        request, "navigator/audit.html", visitor=visiting, record=record, steps=steps, words=AUDIT_WORDS, said=said
    )


@router.post("/page")
def act_on_page(
    request: Request, desk: DeskOf, visiting: Visiting, record: str, page: Text, action: Text, starts: Text = ""
) -> Response:
    """Turn a page, mark it as unreadable or take that back, or split its document before it."""
    document, _, number = page.partition(":")
    leaf = int(number) if number.isascii() and number.isdigit() else 0

    def act() -> None:
        if action in TURNS:
            review_pages.turn_page(desk, visiting, record, document, leaf, TURNS[action])
        elif action in ("unreadable", "readable"):
            mark_page(desk, visiting, record, document, leaf, readable=action == "readable")
        elif action == "split":
            review_pages.split_document(desk, visiting, record, document, starts or str(leaf))
        elif action != "words":
            raise InputError("Choose what to do with the page.")

    after = f"/desk/{record}?words={document}:{leaf}#add" if action == "words" else f"/desk/{record}"
    return _done(request, desk, visiting, record, act, after)


@router.post("/documents/{document}/{action}")
def act_on_document(
    request: Request, desk: DeskOf, visiting: Visiting, record: str, document: str, action: str, copy_of: Text = ""
) -> Response:
    """Set a document aside, take it in again, or read it again."""

    def act() -> None:
        if action == "aside":
            review_pages.set_aside(desk, visiting, record, document, copy_of)
        elif action == "take-in":
            review_pages.take_in(desk, visiting, record, document)
        elif action == "again":
            review_pages.read_again(desk, visiting, record, document)
        else:
            raise NotFoundError

    return _done(request, desk, visiting, record, act)


@router.post("/ask")
def ask(
    request: Request, desk: DeskOf, visiting: Visiting, record: str, text: Text = "", fact: Text = "", label: Text = ""
) -> Response:
    """Ask the patient."""
    return _done(
        request, desk, visiting, record,
        lambda: ask_patient.ask(desk, visiting, record, text, fact=fact, label=label), f"/desk/{record}#questions",
    )  # fmt: skip


@router.post("/questions/{question}/take-back")
def ask_no_more(request: Request, desk: DeskOf, visiting: Visiting, record: str, question: str) -> Response:
    """Take a question back."""
    return _done(
        request, desk, visiting, record,
        lambda: ask_patient.take_question_back(desk, visiting, record, question), f"/desk/{record}#questions",
    )  # fmt: skip


@router.post("/merge")
def merge(request: Request, desk: DeskOf, visiting: Visiting, record: str, other: Text) -> Response:
    """Put another record of the same account together with this one."""
    return _done(request, desk, visiting, record, lambda: merge_records.merge_records(desk, visiting, record, other))


def _done(
    request: Request, desk: DeskOf, visiting: Visiting, record: str, act: Callable[[], object], after: str = ""
) -> Response:
    try:
        act()
    except NotFoundError:
        raise
    except InputError as error:
        return show_bench(request, desk, visiting, record, wrong=str(error), code=status_of(error)[0])
    return go(after or f"/desk/{record}")
