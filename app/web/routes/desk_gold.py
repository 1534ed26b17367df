"""A checked case as gold without the patient: shown first, for a person to read, and then downloaded."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from app.services.deidentify import CANNOT
from app.services.review_export import export_gold, gold_case
from app.web.pages import page
from app.web.security import DeskOf, Visiting

router = APIRouter(prefix="/desk/{record}")


@router.get("/gold")
def gold_page(request: Request, desk: DeskOf, visiting: Visiting, record: str) -> Response:
    """Show what would leave."""
    return _shown(request, desk, visiting, record)


@router.get("/gold.json")
def gold(desk: DeskOf, visiting: Visiting, record: str) -> Response:
    """Download the facts alone."""
    content = json.dumps(gold_case(desk, visiting, record).gold, ensure_ascii=False, indent=1)
    return Response(content, media_type="application/json", headers=_attachment("gold.json"))


@router.post("/gold")
def download(
    request: Request, desk: DeskOf, visiting: Visiting, record: str, read: Annotated[str, Form()] = ""
) -> Response:
    """Download the case once a person has read it."""
    if not read:
        return _shown(request, desk, visiting, record, code=400)
    name, content = export_gold(desk, visiting, record)
    return Response(content, media_type="application/zip", headers=_attachment(f"{name}.zip"))


def _shown(request: Request, desk: DeskOf, visiting: Visiting, record: str, *, code: int = 200) -> Response:
    case = gold_case(desk, visiting, record)
    told = {"case": case, "cannot": CANNOT, "record": record, "unread": code != 200}
    return page(request, "navigator/gold.html", code=code, visitor=visiting, **told)


def _attachment(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
