"""What the words before and behind a treatment say of it: given, ongoing, stopped, planned, declined and so on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from app.biomarkers.word_lists import Phrases, lists

_NOT_DENYING = re.compile(
    r"\b(?:evidence|changes?|response|progression|disease|recurrence|complications?|toxicity|residual|signs?"
    r"|longer|new|but|only"
    r"|involvement|nodes?|tumou?r|carcinoma|cancer|malignan\w+|invasion|identified|found|seen|detected|metasta\w+"
    r"|symptoms?"
    r"|issues?|effects?)\b|[,;:]",
    re.IGNORECASE,
)
_NONE_BEHIND = re.compile(
    r"\s*[:=\t(-]+\s*(none|no|never|n/a|not applicable|ninguno|ninguna|keine|aucun|geen)\b"
    r"(?!\s+(?:listed|known|found))",
    re.IGNORECASE,
)
"""A label with its answer: "Neoadjuvant therapy: none"."""
_STRONG = frozenset({"stopped", "held", "declined", "ongoing", "completed", "planned", "recommended", "not_given"})


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that give a treatment its status.

    Attributes:
        status: given, ongoing, completed, stopped, planned, declined, held, recommended, not_given, or "general" for
            what is only considered or known of the drug.
        start: Where they begin, in the words before (or behind) the treatment.
        text: The words, in lower case.
        before: They stand before the treatment.
    """

    status: str
    start: int
    text: str
    before: bool


Cues = dict[str, str]


@cache
def _statuses(side: str) -> Cues:
    return {_plain(words.rstrip("*")): status for status, cues in lists("treatment", side).items() for words in cues}


@cache
def _pattern(side: str) -> Phrases:
    return Phrases(words for cues in lists("treatment", side).values() for words in cues)


def _plain(words: str) -> str:
    return re.sub(r"\s+", " ", words.lower())


def _status(side: str, words: str) -> str:
    known = _statuses(side)
    plain = _plain(words)
    if plain in known:
        return known[plain]
    return next(status for cue, status in known.items() if plain.startswith(cue))


def status(left: str, right: str) -> Cue | None:
    """Judge a treatment by the words before and behind it; None where they say nothing of it."""
    before = _before(left)
    behind = _behind(right)
    if (
        behind is not None
        and behind.status in _STRONG
        and not (before and before.status in ("declined", "general", "not_given"))
    ):
        return behind
    if before is not None:
        return before
    return behind


def _before(left: str) -> Cue | None:
    """Return the last cue before a treatment; a denial a few words before it wins over what follows it."""
    cues = [Cue(_status("before", m[0]), m.start(), _plain(m[0]), True) for m in _pattern("before").finditer(left)]
    if not cues:
        return None
    for cue in cues:
        between = left[cue.start + len(cue.text) :]
        if cue.status == "not_given" and len(between.split()) <= 5 and not _NOT_DENYING.search(between):
            return cue
    last = cues[-1]
    weak = last.status == "given"
    if weak:
        for cue in reversed(cues[:-1]):
            between = left[cue.start + len(cue.text) : last.start]
            if (
                cue.status not in ("given", "not_given")
                and len(between.split()) <= 3
                and not re.search(r"[,;.]", between)
            ):
                return cue
    if last.status == "not_given" and _NOT_DENYING.search(left[last.start + len(last.text) :]):
        return next((cue for cue in reversed(cues[:-1]) if cue.status != "not_given"), None)
    return last


def _behind(right: str) -> Cue | None:
    """Return the first cue behind a treatment that settles its status, else the first at all."""
    if denied := _NONE_BEHIND.match(right):
        return Cue("not_given", denied.start(1), denied[1].lower(), False)
    first = settled = None
    for match in _pattern("after").finditer(right):
        cue = Cue(_status("after", match[0]), match.start(), _plain(match[0]), False)
        if settled is not None:
            settled = cue if _overrules(cue) else settled
        elif cue.status in _STRONG or (cue.status == "general" and first is None):
            settled = cue
        first = first or cue
    return settled or first


def _overrules(cue: Cue) -> bool:
    """Tell whether a later cue undoes an earlier one: "held, restarted", "planned but never started"."""
    return cue.status in ("not_given", "declined") or cue.text.startswith(("restart", "resum", "rechalleng", "was res"))
