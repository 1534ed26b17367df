"""What a person says of themselves without a document: the page, its forms, and the names while typing."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response

from app.domain.record import SaidFact, SaidKind
from app.errors import NotFoundError, RefusedError
from app.services import said_words
from app.services.access import Action, Opened, open_record
from app.services.desk import Desk
from app.services.receive_upload import Wishes
from app.services.said_words import ChooseError, FieldError
from app.services.say_fact import said_facts, say_fact, suggestions, take_back
from app.web.pages import go, language_of, page
from app.web.security import DeskOf, Visiting

router = APIRouter()
FIELDS = {
    SaidKind.DIAGNOSIS: ("name", "code"),
    SaidKind.STAGE: ("group", "t", "n", "m"),
    SaidKind.MARKER: ("gene", "change", "detail", "result", "day"),
    SaidKind.TREATMENT: ("name", "state", "start", "end"),
}


@dataclass(frozen=True, slots=True)
class Typing:
    """What stands in the forms when the page is shown again.

    Attributes:
        kind: The form that is open; "" for none.
        values: What was filled in there.
        wrong: What has to be put right, or "".
        at: The field that it is about, or "".
        choices: What there is to choose from: value and name.
        asked: Whether a name has to be chosen.
        instead_of: Id of the entry that is being corrected, or "".
    """

    kind: str = ""
    values: dict[str, str] = field(default_factory=dict)
    wrong: str = ""
    at: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    asked: bool = False
    instead_of: str = ""

    def value(self, kind: str, name: str) -> str:
        """Return what was filled into a field of a form."""
        return self.values.get(name, "") if kind == self.kind else ""


async def filled(request: Request) -> dict[str, str]:
    """Return the fields of a form that hold text."""
    form = await request.form()
    return {k: v for k, v in form.items() if isinstance(v, str) and k != "form_token"}


Filled = Annotated[dict[str, str], Depends(filled)]


@router.get("/profile")
def begin_page(request: Request, desk: DeskOf, visiting: Visiting) -> Response:
    """Show the page to somebody who has no record yet."""
    return _page(request, desk, visiting, None, (), Typing())


@router.post("/profile/{kind}")
def begin(request: Request, desk: DeskOf, visiting: Visiting, kind: SaidKind, form: Filled) -> Response:
    """Make a record of what the person says."""
    wishes = Wishes(language=language_of(request))
    try:
        key = say_fact(desk, visiting, "", kind, _own(kind, form), wishes=wishes)
    except RefusedError as error:
        return _page(request, desk, visiting, None, (), _typing(kind, form, error), code=422)
    return go(f"/r/{key}/profile")


@router.get("/r/{key}/profile")
def profile_page(request: Request, desk: DeskOf, visiting: Visiting, key: str, change: str = "") -> Response:
    """Show what the person said, and the forms; `change` is the id of an entry to correct."""
    opened, said = _said(desk, visiting, key)
    typing = Typing()
    if change:
        old = next((f for f in said if f.id == change), None)
        if old is None:
            raise NotFoundError
        typing = Typing(old.kind.value, json.loads(old.form), instead_of=old.id)
    return _page(request, desk, visiting, opened, said, typing)


@router.post("/r/{key}/profile/{kind}")
def add(request: Request, desk: DeskOf, visiting: Visiting, key: str, kind: SaidKind, form: Filled) -> Response:
    """Add or correct an entry."""
    try:
        say_fact(desk, visiting, key, kind, _own(kind, form), instead_of=form.get("instead_of", ""))
    except RefusedError as error:
        opened, said = _said(desk, visiting, key)
        return _page(request, desk, visiting, opened, said, _typing(kind, form, error), code=422)
    return go(f"/r/{key}/profile")


@router.post("/r/{key}/said/{fact}/remove")
def remove(desk: DeskOf, visiting: Visiting, key: str, fact: str) -> Response:
    """Take an entry back."""
    take_back(desk, visiting, key, fact)
    return go(f"/r/{key}/profile")


@router.get("/names/{kind}")
def names(desk: DeskOf, kind: str, q: str = "") -> JSONResponse:
    """Return names that fit what was typed; the text goes nowhere else and is not kept."""
    found = suggestions(kind, q, desk.reading.vocabulary())
    return JSONResponse([{"value": s.value, "label": s.label} for s in found])


def _said(desk: Desk, visiting: Visiting, key: str) -> tuple[Opened, tuple[SaidFact, ...]]:
    opened = open_record(desk, visiting, key, Action.ADD)
    with desk.units(reading=True) as unit:
        return opened, said_facts(unit, opened.record.id)


def _own(kind: SaidKind, form: dict[str, str]) -> dict[str, str]:
    return {name: form[name] for name in FIELDS[kind] if form.get(name)}


def _typing(kind: SaidKind, form: dict[str, str], error: RefusedError) -> Typing:
    told = Typing(kind.value, form, str(error), instead_of=form.get("instead_of", ""))
    if isinstance(error, ChooseError):
        return replace(told, at=error.field, choices=error.choices, asked=True)
    return replace(told, at=error.field) if isinstance(error, FieldError) else told


def _page(
    request: Request,
    desk: Desk,
    visiting: Visiting,
    opened: Opened | None,
    said: tuple[SaidFact, ...],
    typing: Typing,
    *,
    code: int = 200,
) -> Response:
    shown = {"opened": opened} if opened else {}
    return page(
        request,
        "profile.html",
        code=code,
        visitor=visiting,
        key=opened.key if opened else "",
        action=f"/r/{opened.key}/profile" if opened else "/profile",
        said=said,
        typing=typing,
        changes=said_words.CHANGES,
        results=said_words.RESULTS,
        states=said_words.STATES,
        groups=said_words.GROUPS,
        as_written=said_words.AS_WRITTEN,
        owner=opened is None or Action.CHANGE in opened.may,
        days=desk.limits.record_days,
        **shown,
    )
