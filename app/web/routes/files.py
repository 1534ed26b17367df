"""Downloads: the analysis as JSON, the sheet as PDF, FHIR, and the originals as attachments."""

from __future__ import annotations

import json
import re

from fastapi import APIRouter
from fastapi.responses import Response

from app.errors import NotFoundError
from app.services.access import Action, open_record
from app.services.export_record import export_bundle, export_sheet
from app.services.see_record import see
from app.web.security import DeskOf, Visiting

router = APIRouter(prefix="/r/{key}")


@router.get("/analysis.json")
def analysis(desk: DeskOf, visiting: Visiting, key: str) -> Response:
    """Download the analysis."""
    opened = open_record(desk, visiting, key, Action.VIEW, what="download.json")
    status = see(desk, opened)
    if status.json is None:
        raise NotFoundError
    told = {k: v for k, v in status.json.items() if k != "stored_documents"}
    return _attached(json.dumps(told, ensure_ascii=False, indent=1).encode(), "application/json", "caseguide.json")


@router.get("/sheet.pdf")
def sheet(desk: DeskOf, visiting: Visiting, key: str, *, large: bool = False) -> Response:
    """Download the sheet for the visit, in large print if wanted."""
    opened = open_record(desk, visiting, key, Action.VIEW, what="download.pdf")
    name = "caseguide-large.pdf" if large else "caseguide.pdf"
    return _attached(export_sheet(desk, opened, large=large), "application/pdf", name)


@router.get("/fhir.json")
def bundle(desk: DeskOf, visiting: Visiting, key: str) -> Response:
    """Download the record as a FHIR bundle."""
    opened = open_record(desk, visiting, key, Action.VIEW, what="download.fhir")
    content = json.dumps(export_bundle(desk, opened), ensure_ascii=False, indent=1).encode()
    return _attached(content, "application/fhir+json", "caseguide-fhir.json")


@router.get("/documents/{document}/original")
def original(desk: DeskOf, visiting: Visiting, key: str, document: str) -> Response:
    """Download a file as it was uploaded."""
    opened = open_record(desk, visiting, key, Action.CHANGE, what="download.original")
    with desk.units(reading=True) as unit:
        found = unit.documents.get(document)
    if found is None or found.record != opened.record.id:
        raise NotFoundError
    # As an attachment of no type: a browser never shows it as a page of ours.
    name = re.sub(r"[^A-Za-z0-9._-]+", "_", found.name.split(" / ")[0]) or "file"
    return _attached(desk.files.get(found.original), "application/octet-stream", name)


def _attached(content: bytes, media_type: str, name: str) -> Response:
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
