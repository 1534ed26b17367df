"""What a question asks for, and whether it is ours to answer."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from app.domain.question import QuestionWords

LONGEST = 500
UNSEEN = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]")
"""Characters that a reader does not see and that can hide words."""


def cleaned(question: str) -> str:
    """Return a question as one line of seen characters, at most 500."""
    seen = UNSEEN.sub("", unicodedata.normalize("NFKC", question))
    printable = "".join(c if c.isprintable() else " " for c in seen)
    return " ".join(printable.split())[:LONGEST].strip()


@lru_cache(maxsize=64)
def _pattern(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in patterns), re.IGNORECASE)


def refusal_of(text: str, words: QuestionWords) -> str:
    """Return why a question is out of scope, or ""."""
    straight = text.replace("’", "'")
    return next((kind for kind, patterns in words.refusals if _pattern(patterns).search(straight)), "")


def intent_of(text: str, words: QuestionWords, *, named: bool) -> str:
    """Return what is asked for: meaning unless the words say otherwise; clarify where nothing was named."""
    if not named:
        return "clarify"
    straight = text.replace("’", "'")
    return next((kind for kind, patterns in words.intents if _pattern(patterns).search(straight)), "meaning")
