"""The person answers what a navigator asked."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from app.services.ask_patient import answer
from app.web.pages import go
from app.web.security import DeskOf, Visiting

router = APIRouter(prefix="/r/{key}")


@router.post("/questions/{question}")
def answer_question(
    desk: DeskOf, visiting: Visiting, key: str, question: str, text: Annotated[str, Form(max_length=2000)] = ""
) -> Response:
    """Keep the answer; the navigators see it in the case."""
    answer(desk, visiting, key, question, text)
    return go(f"/r/{key}?show=now")
