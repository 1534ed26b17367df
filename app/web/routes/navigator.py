"""The navigator's workbench. Every action is a plain form; scripts send the same forms."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse, Response

from app.domain.account import Visitor
from app.domain.finding import Review
from app.domain.mention import FactType
from app.errors import InputError
from app.services.desk import Desk
from app.services.review_case import RESULTS, Bench, ConflictError, Item, decide, finish, open_bench, take
from app.services.review_export import gold_case
from app.services.review_overlay import values_of
from app.services.review_queue import is_reviewer
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
def bench(request: Request, desk: DeskOf, visiting: Visiting, record: str) -> Response:
    """Show the workbench."""
    return _bench(request, desk, visiting, record)


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
        return _bench(request, desk, visiting, record, wrong=str(error), code=status_of(error)[0])
    return go("/desk")


@router.get("/{record}/gold.json")
def gold(desk: DeskOf, visiting: Visiting, record: str) -> Response:
    """Download what was checked as a gold case without the patient."""
    content = json.dumps(gold_case(desk, visiting, record), ensure_ascii=False, indent=1)
    headers = {"Content-Disposition": 'attachment; filename="gold.json"'}
    return Response(content, media_type="application/json", headers=headers)


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
        made = decide(desk, visiting, record, fact, review, version=version, values=values, why=why, words=words)
    except ConflictError as error:
        return _conflict(request, desk, visiting, record, fact, error, values)
    except InputError as error:
        if wants_json(request):
            return JSONResponse({"error": str(error)}, status_code=status_of(error)[0])
        return _bench(request, desk, visiting, record, wrong=str(error), code=status_of(error)[0])
    if wants_json(request):
        return JSONResponse(
            {"fact": made.fact, "version": made.number, "review": made.review, "values": json.loads(made.after)}
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
        return _bench(request, desk, visiting, record, wrong=wrong, code=409)
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
            "values": standing,
            "said": said(standing),
            "who": who,
        },
        status_code=409,
    )


def _bench(
    request: Request, desk: Desk, visiting: Visitor, record: str, *, wrong: str = "", code: int = 200
) -> Response:
    opened = open_bench(desk, visiting, record)
    now = desk.clock()
    held = opened.case.held_until is not None and opened.case.held_until > now
    me = visiting.account.id if visiting.account else ""
    return page(
        request,
        "navigator/workbench.html",
        code=code,
        visitor=visiting,
        bench=opened,
        record=record,
        rows=[_row(opened, item) for item in opened.items],
        words=_words(opened),
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
    if not finding and item.values.get("box"):
        shown = [{k: item.values[k] for k in ("document", "page", "box", "text")}]
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
        "raw": shown[0]["text"] if shown else (finding.evidence[0].text if finding else ""),
        "cue": finding.cue if finding else "",
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


def said(values: dict[str, Any]) -> str:
    """Say values in one line."""
    name = values.get("gene") or values.get("marker") or ""
    result = str(values.get("result") or "").replace("_", " ")
    more = " ".join(str(values[k]) for k in ("value", "unit", "score") if values.get(k))
    return ", ".join(p for p in (f"{name} {values.get('alteration', '')}".strip(), result, more) if p)


def _words(bench: Bench) -> dict[str, list[dict[str, Any]]]:
    """Return the lines of each page with the boxes of their words, for choosing words with the mouse or the keys."""
    told: dict[str, list[dict[str, Any]]] = {}
    for document, facts in zip(bench.documents, bench.facts, strict=True):
        for leaf in facts.document.pages:
            told[f"{document.id}:{leaf.number}"] = [
                {"row": n, "text": line.text, "words": [w.text for w in line.words]}
                for n, line in enumerate(leaf.lines)
            ]
    return told
