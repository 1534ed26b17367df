"""The second reading of a case, blind, and the page on which a lead settles what two readers said differently."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from app.domain.account import Visitor
from app.domain.finding import Review
from app.errors import NotFoundError, RefusedError
from app.services.access import Action, open_record
from app.services.desk import Desk
from app.services.process_document import page_picture
from app.services.second_reading import Difference, answer, hand_in, open_second, see_differences, settle
from app.web.errors import status_of
from app.web.pages import go, page
from app.web.routes.navigator import said
from app.web.security import DeskOf, Visiting

router = APIRouter(prefix="/desk/{record}")
Text = Annotated[str, Form(max_length=2000)]
ANSWERS = {"confirm": Review.CONFIRMED, "correct": Review.CORRECTED, "reject": Review.REJECTED}


@router.get("/second")
def second(request: Request, desk: DeskOf, visiting: Visiting, record: str) -> Response:
    """Show the facts to be read a second time."""
    return _second(request, desk, visiting, record)


@router.post("/second/facts")
def answer_fact(
    request: Request,
    desk: DeskOf,
    visiting: Visiting,
    record: str,
    fact: Text,
    action: Text,
    type: Text = "",
    gene: Text = "",
    alteration: Text = "",
    result: Text = "",
    value: Text = "",
    why: Text = "",
) -> Response:
    """Say what stands there."""
    values = {"type": type, "gene": gene, "alteration": alteration, "result": result, "value": value}
    try:
        review = ANSWERS.get(action, Review.DISPUTED)
        answer(desk, visiting, record, fact, review, values=values, why=why)
    except RefusedError as error:
        return _second(request, desk, visiting, record, wrong=str(error), code=status_of(error)[0])
    return go(f"/desk/{record}/second#f-{fact}")


@router.post("/second/done")
def hand_in_second(request: Request, desk: DeskOf, visiting: Visiting, record: str) -> Response:
    """End the second reading."""
    try:
        hand_in(desk, visiting, record)
    except RefusedError as error:
        return _second(request, desk, visiting, record, wrong=str(error), code=status_of(error)[0])
    return go("/desk")


@router.get("/second/pages/{document}/{number}")
def second_picture(desk: DeskOf, visiting: Visiting, record: str, document: str, number: int) -> Response:
    """Return the image of a page, without the result that goes with it."""
    opened = open_record(desk, visiting, record, Action.SECOND)
    with desk.units(reading=True) as unit:
        found = unit.documents.get(document)
    picture = page_picture(desk, found, number) if found and found.record == opened.record.id else None
    if picture is None:
        raise NotFoundError
    return Response(picture[0], media_type=picture[1], headers={"Cache-Control": "private, max-age=600"})


@router.get("/differences")
def differences(request: Request, desk: DeskOf, visiting: Visiting, record: str) -> Response:
    """Show what two readers said differently."""
    return _differences(request, desk, visiting, record)


@router.post("/differences")
def settle_difference(
    request: Request,
    desk: DeskOf,
    visiting: Visiting,
    record: str,
    fact: Text,
    choice: Text,
    type: Text = "",
    gene: Text = "",
    alteration: Text = "",
    result: Text = "",
    value: Text = "",
    why: Text = "",
) -> Response:
    """Settle one difference."""
    values = {"type": type, "gene": gene, "alteration": alteration, "result": result, "value": value}
    try:
        settle(desk, visiting, record, fact, choice, values=values, why=why)
    except RefusedError as error:
        return _differences(request, desk, visiting, record, wrong=str(error), code=status_of(error)[0])
    try:
        see_differences(desk, visiting, record)
    except NotFoundError:
        return go("/desk")
    return go(f"/desk/{record}/differences")


def _second(
    request: Request, desk: Desk, visiting: Visitor, record: str, *, wrong: str = "", code: int = 200
) -> Response:
    try:
        bench = open_second(desk, visiting, record)
    except RefusedError as error:
        return page(request, "navigator/not_blind.html", code=409, visitor=visiting, why=str(error))
    sizes = {(p.document, p.number): (p.width, p.height) for p in bench.pages}
    rows = [
        {
            "task": t,
            "size": sizes.get((t.document, t.page or 0)),
            "machine": said(t.machine) if t.machine else "",
            "said": _answered(t.said.review.value, t.said.values) if t.said else "",
            "values": json.loads(t.said.values) if t.said else t.machine,
        }
        for t in bench.tasks
    ]
    return page(
        request,
        "navigator/second.html",
        code=code,
        visitor=visiting,
        record=record,
        rows=rows,
        left=bench.left,
        wrong=wrong,
    )


def _answered(review: str, values: str) -> str:
    return "No finding" if review == Review.REJECTED else said(json.loads(values))


def _differences(
    request: Request, desk: Desk, visiting: Visitor, record: str, *, wrong: str = "", code: int = 200
) -> Response:
    opened, found = see_differences(desk, visiting, record)
    with desk.units(reading=True) as unit:
        documents = unit.documents.of_record(opened.record.id)
        sizes = {(p.document, p.number): (p.width, p.height) for d in documents for p in unit.documents.pages(d.id)}
    rows = [_row(d) | {"size": sizes.get((d.task.document, d.task.page or 0))} for d in found]
    return page(
        request, "navigator/differences.html", code=code, visitor=visiting, record=record, rows=rows, wrong=wrong
    )


def _row(difference: Difference) -> dict[str, Any]:
    reading = difference.reading
    return {
        "task": difference.task,
        "machine": said(difference.task.machine) if difference.task.machine else "",
        "first": _answered(reading.first_review, reading.first_values),
        "first_who": difference.first_who,
        "second": _answered(reading.review.value, reading.values),
        "second_who": difference.second_who,
        "why": reading.why,
        "values": json.loads(reading.first_values),
    }
