"""The navigator's workbench. Every action is a plain form; scripts send the same forms."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse, Response

from app.domain.account import Visitor
from app.domain.finding import Finding, Review
from app.domain.mention import FactType
from app.errors import InputError, NotFoundError
from app.services.desk import Desk
from app.services.review_case import RESULTS, Bench, ConflictError, Item, decide, finish, open_bench, take
from app.services.review_overlay import values_of
from app.services.review_places import place_in
from app.services.review_queue import is_reviewer
from app.services.see_case import page_words, see_beside
from app.web.errors import status_of
from app.web.pages import go, page, wants_json
from app.web.security import DeskOf, Visiting
from app.web.shape import REVIEWS

router = APIRouter(prefix="/desk")
Text = Annotated[str, Form(max_length=2000)]
ACTIONS = {
    "confirm": Review.CONFIRMED,
    "correct": Review.CORRECTED,
    "reject": Review.REJECTED,
    "add": Review.ADDED,
    "undo": Review.MACHINE,
    "move": Review.CORRECTED,
}
TYPES = [t.value for t in FactType]


@router.get("/normal")
def normal(desk: DeskOf, visiting: Visiting, gene: str = "", alteration: str = "") -> JSONResponse:
    """Return the normal form of a change that is being typed."""
    if not is_reviewer(visiting) or not alteration.strip():
        return JSONResponse({})
    read = desk.reading.understand(f"{gene[:60]} {alteration[:200]} detected")
    return JSONResponse(values_of(read[0]) if read else {})


@router.get("/{record}")
def bench(request: Request, desk: DeskOf, visiting: Visiting, record: str, words: str = "") -> Response:
    """Show the workbench."""
    return show_bench(request, desk, visiting, record, words=words)


@router.get("/{record}/facts/{fact}")
def one_fact(request: Request, desk: DeskOf, visiting: Visiting, record: str, fact: str) -> Response:
    """Return one field of the workbench as it stands now."""
    opened = open_bench(desk, visiting, record, looked=False)
    item = next((i for i in opened.items if i.key == fact), None)
    if item is None:
        raise NotFoundError
    return page(request, "navigator/fact.html", record=record, row=_row(opened, item))


@router.post("/{record}/take")
def take_case(desk: DeskOf, visiting: Visiting, record: str) -> Response:
    """Take a case, also from somebody else."""
    take(desk, visiting, record)
    return go(f"/desk/{record}")


@router.post("/{record}/done")
def done(request: Request, desk: DeskOf, visiting: Visiting, record: str) -> Response:
    """Hand a case back as checked."""
    try:
        finish(desk, visiting, record)
    except InputError as error:
        return show_bench(request, desk, visiting, record, wrong=str(error), code=status_of(error)[0])
    return go("/desk")


@router.post("/{record}/facts")
def act(
    request: Request,
    desk: DeskOf,
    visiting: Visiting,
    record: str,
    action: Text,
    version: Annotated[int, Form()] = 0,
    fact: Text = "",
    type: Text = "",
    gene: Text = "",
    alteration: Text = "",
    result: Text = "",
    value: Text = "",
    unit: Text = "",
    score: Text = "",
    marker: Text = "",
    c: Text = "",
    reason: Text = "",
    why: Text = "",
    words: Text = "",
) -> Response:
    """Decide about one fact."""
    values = {
        "type": type, "gene": gene, "alteration": alteration, "result": result, "value": value, "unit": unit,
        "score": score, "marker": marker, "c": c, "reason": reason,
    }  # fmt: skip
    try:
        review = ACTIONS.get(action, Review.DISPUTED)
        if review is Review.DISPUTED:
            raise InputError("Choose what to do with the fact.")  # noqa: TRY301 -- told like every other refusal
        given = None if action == "move" else values
        made = decide(desk, visiting, record, fact, review, version=version, values=given, why=why, words=words)
    except ConflictError as error:
        return _conflict(request, desk, visiting, record, fact, error, values)
    except InputError as error:
        if wants_json(request):
            return JSONResponse({"error": str(error)}, status_code=status_of(error)[0])
        return show_bench(request, desk, visiting, record, wrong=str(error), code=status_of(error)[0])
    if wants_json(request):
        return JSONResponse(
            {
                "fact": made.fact,
                "version": made.number,
                "review": made.review,
                "said": said(json.loads(made.after)),
            }
        )
    return go(f"/desk/{record}#f-{made.fact}")


def _conflict(
    request: Request,
    desk: Desk,
    visiting: Visitor,
    record: str,
    fact: str,
    error: ConflictError,
    values: dict[str, Any],
) -> Response:
    theirs = error.decision
    if not wants_json(request):
        told = said(values) if values.get("alteration") else ""
        wrong = f"{error} You had chosen: {told}." if told else str(error)
        return show_bench(request, desk, visiting, record, wrong=wrong, code=409)
    who = ""
    if theirs:
        with desk.units(reading=True) as unit:
            account = unit.accounts.get(theirs.who)
            who = account.email if account else ""
    standing = json.loads(theirs.after) if theirs else {}
    return JSONResponse(
        {
            "error": str(error),
            "fact": fact,
            "version": theirs.number if theirs else 0,
            "review": theirs.review if theirs else Review.MACHINE,
            "said": said(standing),
            "who": who,
            # An answer that was lost on the way makes a browser send the same thing again.
            "mine": bool(theirs and visiting.account and theirs.who == visiting.account.id),
        },
        status_code=409,
    )


def show_bench(
    request: Request, desk: Desk, visiting: Visitor, record: str, *, wrong: str = "", code: int = 200, words: str = ""
) -> Response:
    """Show the workbench, with what went wrong; `words` names the page whose words are listed ("document:page")."""
    opened = open_bench(desk, visiting, record)
    now = desk.clock()
    held = opened.case.held_until is not None and opened.case.held_until > now
    me = visiting.account.id if visiting.account else ""
    places = chosen = None
    if words:
        document, _, rest = words.partition(":")
        number, _, row = rest.partition(":")
        leaf = page_words(desk, visiting, record, document, int(number) if number.isdigit() else 0)
        places = [(f"{document}:{number}:{n}", line.text) for n, line in enumerate(leaf.lines)]
        chosen = next(((place, text) for place, text in places if row and place == words), None)
        if chosen:
            chosen = (f"{chosen[0]}:0:{len(leaf.lines[int(row)].words) - 1}", chosen[1])
    read = desk.reading.understand(chosen[1]) if chosen else ()
    return page(
        request,
        "navigator/workbench.html",
        code=code,
        visitor=visiting,
        bench=opened,
        beside=see_beside(desk, visiting, record),
        record=record,
        rows=[_row(opened, item) for item in opened.items],
        lines=places,
        chosen=chosen,
        proposed=values_of(read[0]) if read else {},
        results=RESULTS,
        types=TYPES,
        wrong=wrong,
        other=opened.names.get(opened.case.holder, "") if held and opened.case.holder != me else "",
        me=me,
    )


def _row(bench: Bench, item: Item) -> dict[str, Any]:
    """Shape one fact for the template."""
    finding = item.read.finding if item.read else None
    places = [e for e in finding.evidence if e.page and e.box] if finding else []
    shown = [
        {
            "document": bench.documents[item.document or 0].id,
            "page": e.page,
            "box": [e.box.x0, e.box.y0, e.box.x1, e.box.y1],
            "text": e.text,
        }
        for e in places
        if e.box
    ]
    if item.values.get("box"):
        shown = [place_in(item.values), *(shown[1:] if finding else [])]
    kind = item.values.get("type", "")
    choices = [*RESULTS.get(kind, ())]
    stands = item.values.get("result")
    if choices and stands and stands not in choices:
        choices.append(stands)
    return {
        "key": item.key,
        "version": item.version,
        "values": item.values,
        "machine": item.machine,
        "said": said(item.values),
        "machine_said": said(item.machine) if item.machine else "",
        "review": item.review.value,
        "review_words": REVIEWS[item.review.value],
        "places": shown,
        "raw": _parted(str(shown[0]["text"]) if shown else (finding.evidence[0].text if finding else ""), finding),
        "cue": finding.cue if finding else "",
        "section": finding.section if finding else "",
        "waits": item.key in bench.waits,
        "again": item.again,
        "spellings": [v for v in (finding.reading.c, finding.reading.p) if v] if finding else [],
        "confidence": round(finding.confidence * 100) if finding else None,
        "flags": [f.replace("_", " ") for f in finding.reading.flags] if finding else [],
        "temporality": (finding.reading.temporality or "") if finding else "",
        "experiencer": (finding.reading.experiencer or "") if finding else "",
        "choices": choices,
        "history": [
            {
                "at": d.at,
                "who": bench.names.get(d.who, ""),
                "old": said(json.loads(d.before)) if d.before else "",
                "new": said(json.loads(d.after)) if d.review is not Review.REJECTED else "rejected",
                "review": d.review.value,
                "why": d.why,
                "version": d.pipeline_version,
            }
            for d in item.history
        ],
    }


def _parted(text: str, finding: Finding | None) -> tuple[str, str, str]:
    """Part a quote around the words that made it negative, uncertain or historical, where it holds them."""
    before, cue, after = text.partition(finding.cue) if finding and finding.cue else (text, "", "")
    return (before, cue, after)


def said(values: dict[str, Any]) -> str:
    """Say values in one line."""
    name = values.get("gene") or values.get("marker") or ""
    result = str(values.get("result") or "").replace("_", " ")
    more = " ".join(str(values[k]) for k in ("value", "unit", "score") if values.get(k))
    return ", ".join(p for p in (f"{name} {values.get('alteration', '')}".strip(), result, more) if p)
