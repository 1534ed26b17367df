"""Calls that were read badly: nearly "not detected" is negative, and what cannot be read is never a positive."""

from __future__ import annotations

import re

from app.biomarkers.statement import Assertion

_NEGATIVE = ("notdetected", "negative", "notpresent", "notidentified", "notfound", "undetected", "absent", "wildtype")
_LETTERS = tuple((call, frozenset(call), 2 if len(call) > 9 else 1) for call in _NEGATIVE)
_FIELD = re.compile(r"[\s:=|(—–-]*(?P<words>[^\s|;,()\n][^|;,()\n\t]{3,22}?)(?=\s{2}|\s*[|;,()\n\t.]|\s*$|\s+\d)")
_LETTER = re.compile(r"\s*[:=|\t]\s*(?P<letter>[NY])(?=\s*(?:[;,.|)\n\t]|$))")
_GARBLED = re.compile(r"\s*[:=|]?\s*(?:[#?*~^■█]{2,}|\w{0,4}[#?~^]+[\w ]{0,3}[#?~^\w]*[#?~^]\w+)")
_READ_WELL = re.compile(r"(?:detected|identified|positive|present|found|observed)\b", re.I)
"""Words that need no guess, whatever follows them ("DETECTED (A)" of a portal)."""
_FIRST = re.compile(r"(?P<word>[^\W_]{2,3}|\b[Nn] [a-z])[ ]$")
_DENIED = re.compile(r"\b(?:nicht|niet|não|pas|not)[ ]$", re.I)
_ALLOWED = frozenset({"now", "got", "was", "is", "be", "are", "no", "non", "nor"})
_SAME = str.maketrans("01|!5", "oilis")


def clear(text: str, start: int, stop: int, asserted: Assertion) -> Assertion:
    """Return what was asserted, or what a badly read call behind a name can still tell.

    Args:
        text: The passage.
        start: Where the name and its change end.
        stop: One past the last character that belongs to them.
        asserted: What the plain words assert.
    """
    if asserted.result == "detected" and asserted.cue is not None:
        denied = _DENIED.search(text, max(start, asserted.cue[0] - 8), asserted.cue[0])
        if denied is not None:
            return Assertion("not_detected", "", (denied.start(), asserted.cue[1]))
        before = _FIRST.search(text, max(start, asserted.cue[0] - 5), asserted.cue[0])
        if before is None:
            return asserted
        word = before["word"].replace(" ", "").lower().translate(_SAME)
        slip = word not in _ALLOWED and distance(word, "not", 1) <= 1
        return Assertion("not_detected", "", (before.start(), asserted.cue[1])) if slip else asserted
    if asserted.result or asserted.call or start >= stop:
        return asserted
    letter = _LETTER.match(text, start, min(len(text), stop + 2))
    if letter is not None:
        return Assertion("detected" if letter["letter"] == "Y" else "not_detected", "", letter.span("letter"))
    field = _FIELD.match(text, start, min(stop, start + 40))
    if field is not None and not _READ_WELL.match(field["words"]):
        letters = re.sub(r"[^a-z?]", "", field["words"].lower().translate(_SAME))
        for call, needed, limit in _LETTERS:
            if len(needed.difference(letters)) <= limit and distance(letters, call, 2) <= limit:
                return Assertion("not_detected", "", field.span("words"))
    garbled = _GARBLED.match(text, start, min(stop, start + 30))
    return Assertion("indeterminate", "unreadable", garbled.span()) if garbled else asserted


def distance(one: str, other: str, limit: int) -> int:
    """Return how many letters to change, add or leave out to make one word of the other; `limit` + 1 for more."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        held, row[0] = row[0], at
        for place, wanted in enumerate(other, 1):
            held, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, held + (letter != wanted))
    return row[-1]
