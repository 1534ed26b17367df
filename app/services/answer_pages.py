"""The public pages that there are: every marker in every cancer that the knowledge base calls standard."""

from __future__ import annotations

from app.pipeline import Tools
from app.stages.answers import answer_index


def answer_pages(tools: Tools) -> tuple[tuple[str, str], ...]:
    """Return (last part of the address, question) pairs in order of address, made once a process."""
    return answer_index(tools.knowledge, tools.vocabulary, tools.wording.questions)
