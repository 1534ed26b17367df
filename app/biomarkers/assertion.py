"""What a text asserts of a marker, from the cues around it.

After ConText (Harkema et al. 2009, doi:10.1016/j.jbi.2009.05.002): a cue reaches forwards or backwards until a stop
word, the next marker with a call of its own, or the end of the clause. The cues themselves are data.
"""

from __future__ import annotations

import re
from dataclasses import replace

from app.biomarkers.item import CHANGES, Item
from app.biomarkers.statement import Assertion, Statement
from app.biomarkers.subjects import LIST_GAP

_RESULTS = {"negated": "not_detected", "affirmed": "detected", "unsure": "indeterminate", "untested": "not_evaluated"}
_ADJECTIVE_GAP = re.compile(r"^[\s:(\"]*(?:the |for |of |gene |in )*$", re.I)


def resolve(
    text: str,
    head: tuple[Item, ...],
    tail: tuple[Item, ...],
    stop: int,
    start: int | None = None,
    end: int | None = None,
) -> Assertion:
    """Return what is asserted of the names between `start` and `end`.

    Args:
        text: The passage.
        head: Items before the names that belong to them.
        tail: Items after the names that belong to them.
        stop: One past the last character that belongs to them.
        start: First character of the names; None where none are named.
        end: One past the names; None where none are named.
    """
    before = _before(text, head, start) if start is not None else Assertion()
    after = _after(text, tail)
    if before.result == "not_detected":
        if after.result in {"detected", ""} and not after.call:
            return before
        if after.call:
            return Assertion(
                after.result, after.reason, before.cue, {"lost": "intact", "intact": "lost"}.get(after.call, after.call)
            )
        return after
    if after.result or after.call:
        return after
    return before


def _before(text: str, head: tuple[Item, ...], start: int) -> Assertion:
    found = Assertion()
    negation: tuple[int, int] | None = None
    for item in head:
        if item.sort == "call":
            found = Assertion(cue=(item.start, item.end), call=item.means)
        if item.sort != "cue":
            continue
        if item.means == "stop":
            found, negation = Assertion(), None
        elif item.means == "pseudo":
            continue
        elif item.means in _RESULTS and (item.note == "forward" or _opens(text, item)):
            if item.means == "negated":
                negation = (item.start, item.end)
            found = Assertion(_RESULTS[item.means], "", (item.start, item.end))
        elif item.means == "untested":
            found = Assertion("not_evaluated", item.note, (item.start, item.end))
        elif (
            item.means in _RESULTS
            and text[item.start : item.end].lower() not in {"normal", "none"}
            and _ADJECTIVE_GAP.match(_bare(text, head, item.end, start))
        ):
            found = Assertion(_RESULTS[item.means], "", (item.start, item.end))
    if negation is not None and found.result == "detected":
        return Assertion("not_detected", "", negation)
    if negation is not None and found.call:
        return Assertion("", "", negation, {"lost": "intact", "intact": "lost"}.get(found.call, found.call))
    return found


_NEGATOR = re.compile(r"(?:no|not|none|kein|keine|sin|aucune?|pas|geen|absence|without|ausencia)\b", re.I)


def _opens(text: str, item: Item) -> bool:
    """Tell whether a backward cue opens with a negation, so that it speaks of what follows too ("no mutation in X")."""
    return item.means == "negated" and bool(_NEGATOR.match(text, item.start))


def _bare(text: str, head: tuple[Item, ...], left: int, right: int) -> str:
    """Return the words between a cue and the names, events and assays left out."""
    told = text[left:right]
    for item in sorted(head, key=lambda i: -i.start):
        if item.start >= left and item.sort in {"event", "assay", "origin"}:
            told = told[: item.start - left] + told[item.end - left :]
    return told


def is_detached(text: str, item: Item, tail: tuple[Item, ...]) -> bool:
    """Tell whether "no …" after a comma speaks of other changes than the one named before ("KRAS G12V, no other")."""
    if item.means != "negated" or not _NEGATOR.match(text, item.start):
        return False
    before = [other.end for other in tail if other.sort in CHANGES and other.end <= item.start]
    return (
        bool(before)
        and "," in text[max(before) : item.start]
        and not text.startswith(("not ", "no longer"), item.start)
    )


def _attributive(text: str, item: Item, tail: tuple[Item, ...]) -> bool:
    """Tell whether a participle stands before its noun ("the detected mutations"): no call."""
    if text.startswith((" to be", " to have"), item.end):
        return True
    if text[item.start : item.end].lower() not in {"detected", "identified", "found", "observed"}:
        return False
    before = text[: item.start].rstrip()
    noun = any(other.sort == "event" and 0 < other.start - item.end <= 1 for other in tail)
    return noun and not before.endswith((":", "-", "=", "|", "\t"))


_LABEL_END = re.compile(r"\s?(?:status|results?)?\s?[:=]\s*", re.I)


def _labels(text: str, item: Item, tail: tuple[Item, ...]) -> bool:
    """Tell whether a word is the label before the call ("overexpression: negative")."""
    found = _LABEL_END.match(text, item.end)
    return found is not None and any(i.sort == "cue" and i.means in _RESULTS and i.start == found.end() for i in tail)


def _after(text: str, tail: tuple[Item, ...]) -> Assertion:
    found = Assertion()
    negation: Item | None = None
    call = ""
    for item in tail:
        if item.sort == "call" and not call:
            call = item.means
            if negation is not None and item.start - negation.end < 40:
                call = {"lost": "intact", "intact": "lost"}.get(call, call)
            if not found.cue:
                found = replace(found, cue=(item.start, item.end))
            continue
        if item.sort != "cue" or item.means == "pseudo":
            continue
        if item.means == "stop":
            break
        if item.means == "affirmed" and (_attributive(text, item, tail) or _labels(text, item, tail)):
            continue
        if is_detached(text, item, tail):
            continue
        if item.means == "negated" and item.note == "forward":
            negation = item
        elif (item.means, item.note) == ("affirmed", "forward") and not found.result and negation is None:
            if any(i.sort in {"protein", "coding"} and 0 < i.start - item.end < 30 for i in tail):
                found = Assertion("detected", "", (item.start, item.end))
        elif item.means in _RESULTS and item.note != "forward":
            flipped = (
                item.means == "affirmed"
                and negation is not None
                and item.start - negation.end < 60
                and "," not in text[negation.end : item.start]
            )
            start = negation.start if flipped and negation is not None else item.start
            result = "not_detected" if flipped else _RESULTS[item.means]
            told = Assertion(result, item.note if item.means == "untested" else "", (start, item.end))
            if (
                text.startswith("no longer", item.start)
                or not found.result
                or (
                    found.result == "detected"
                    and told.result == "indeterminate"
                    and found.cue
                    and item.start - found.cue[1] < 40
                )
            ):
                found = told
            elif (
                found.result == "not_evaluated"
                and told.result == "not_evaluated"
                and told.reason in {"insufficient", "below_depth"}
            ):
                found = replace(found, reason=told.reason)
    if not found.result and not call and negation is not None and _denies(text, negation, tail):
        found = Assertion("not_detected", "", (negation.start, negation.end))
    if (
        not found.result
        and not call
        and negation is not None
        and re.match(r"^\W*(?:\w+\W*){0,5}$", text[negation.end : negation.end + 60])
        and any(i.sort in {"event", "call", "class"} and i.start >= negation.end for i in tail)
    ):
        found = Assertion("not_detected", "", (negation.start, negation.end))
    return replace(found, call=call) if call else found


_LAST_NO = re.compile(r"no[ \ue001]*(?:\s{2}|\s?$|\n|[.;,|)](?!\s?\d)(?:\s|$))", re.I)


def _denies(text: str, negation: Item, tail: tuple[Item, ...]) -> bool:
    """Tell whether a denial comes last ("ALK: no") or right before the changes ("EGFR: negative for L858R")."""
    if negation.end >= tail[-1].end and _LAST_NO.match(text[negation.start :]):
        return True
    changes = [item for item in tail if item.sort in CHANGES]
    return bool(changes) and 0 < changes[0].start - negation.end <= 12


def chained(text: str, drafts: list[Statement]) -> list[Statement]:
    """Let the members of a list share the call that stands before the first or after the last of them."""
    told = list(drafts)
    for at in range(1, len(told)):
        held, here = told[at - 1], told[at]
        lead = held.asserted
        shares = (
            (lead.result in {"not_detected", "detected"} or bool(lead.call))
            and lead.cue is not None
            and lead.cue[1] <= held.subjects[0].start
        )
        if (
            not shares
            or (here.head and any(i.sort == "cue" and i.means in {*_RESULTS, "stop"} for i in here.head))
            or here.row
        ):
            continue
        gap = text[_last_end(held) : here.subjects[0].start]
        own = here.asserted
        if LIST_GAP.match(gap) and (
            not (own.result or own.call)
            or (
                lead.result == "not_detected"
                and own.result == "detected"
                and at == len(told) - 1
                and re.search(r"\b(?:or|nor|and|o|y|oder|und|ou|et|of|en)\b", gap)
            )
        ):
            told[at] = replace(here, asserted=lead)
    for at in range(len(told) - 2, -1, -1):
        here, following = told[at], told[at + 1]
        if _NOR.fullmatch(text[_last_end(here) : following.subjects[0].start]) and not here.events():
            told[at] = here = replace(here, tail=(*here.tail, *(i for i in following.tail if i.sort == "event")))
        if (
            here.asserted.result
            or here.asserted.call
            or here.row
            or not (following.asserted.result or following.asserted.call)
        ):
            continue
        if following.asserted.cue is None or following.asserted.cue[0] < following.subjects[-1].end:
            continue
        gap = text[_last_end(here) : following.subjects[0].start]
        if following.subjects[0].name == "MRD" and not gap.strip() and here.events() & {"itd", "tkd", "mutation"}:
            told[at] = replace(here, asserted=following.asserted)
            continue
        shape = {item.sort for item in here.tail if item.sort in CHANGES} == {
            item.sort for item in following.tail if item.sort in CHANGES
        }
        if (
            LIST_GAP.match(gap)
            and shape
            and here.subjects[0].sort == following.subjects[0].sort
            and not re.search(r"\d ?%|\d\+", text[here.subjects[-1].end : following.subjects[0].start])
        ):
            told[at] = replace(here, asserted=following.asserted)
    return told


_NOR = re.compile(r"\s*,?\s*nor\s+", re.I)


def _last_end(statement: Statement) -> int:
    """Return the end of the last name, change or event of a statement."""
    ends = [item.end for item in statement.tail if item.sort in {*CHANGES, "event", "exon"}]
    return max([statement.subjects[-1].end, *ends])
