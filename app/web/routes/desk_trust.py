"""A lead's page of trust: agreement of two readers, and the machine's confidence against what people decided."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.services.agreement import FEW
from app.services.calibration import LEAST, WANTED, Bin
from app.services.see_trust import see_trust
from app.web.pages import page
from app.web.security import DeskOf, Visiting

router = APIRouter(prefix="/desk")
SIDE = 300
"""Length of the plot's axes, in units of its drawing."""


@router.get("/trust")
def trust(request: Request, desk: DeskOf, visiting: Visiting) -> Response:
    """Show how far readers agree, and how far the machine's confidence can be believed."""
    found = see_trust(desk, visiting)
    points = [_point(b) for b in found.calibration.bins if b.n]
    return page(
        request,
        "navigator/trust.html",
        visitor=visiting,
        trust=found,
        points=points,
        side=SIDE,
        few=FEW,
        least=LEAST,
        wanted=WANTED,
    )


def _point(one: Bin) -> dict[str, float]:
    """Place a bin on the plot: confidence to the right, share of right ones upwards."""
    right, least, most = one.right or 0.0, one.least or 0.0, one.most or 0.0
    told = {"x": one.said * SIDE, "y": (1 - right) * SIDE, "top": (1 - most) * SIDE, "bottom": (1 - least) * SIDE}
    return {name: round(value, 1) for name, value in told.items()}
