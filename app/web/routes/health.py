"""Is the product well? For load balancers and operators."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from app.errors import DependencyError
from app.web.security import DeskOf

router = APIRouter()


@router.get("/healthz")
def health(desk: DeskOf) -> JSONResponse:
    """Check store and files."""
    try:
        with desk.units(reading=True) as unit:
            unit.records.get("")
        desk.files.check()
    except DependencyError as error:
        return JSONResponse({"status": "down", "why": error.code}, status_code=503)
    return JSONResponse({"status": "ok"})
