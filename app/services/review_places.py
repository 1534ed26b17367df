"""Where a fact stands: the words that a navigator chose on a page, and whether they still stand there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

from app.domain.page import Page, Word
from app.domain.provenance import Box
from app.errors import RefusedError
from app.pipeline import DocumentFacts

PLACE = ("document", "page", "box", "text")
"""The part of a decision's values that says where the fact stands."""
Place = dict[str, Any]


def place_in(values: Mapping[str, Any]) -> Place:
    """Return the place among a decision's values; empty where it says none."""
    return {k: values[k] for k in PLACE if k in values}


def without_place(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a decision's values without the place."""
    return {k: v for k, v in values.items() if k not in PLACE}


def chosen_place(told: str, documents: Sequence[str], facts: Sequence[DocumentFacts]) -> Place:
    """Return the place that a navigator chose; box and text come from the page, never from a form.

    Args:
        told: "<document>:<page>:<line>:<first word>:<last word>", or
            "<document>:<page>:<x0>:<y0>:<x1>:<y1>:box" in points; "" for nowhere.
        documents: Ids of the record's documents.
        facts: What was read from each of them.

    Raises:
        RefusedError: No words stand there.
    """
    if not told:
        return {}
    try:
        identity, number, *numbers = told.split(":")
        read = facts[documents.index(identity)]
        page = next(p for p in read.document.pages if p.number == int(number))
        if numbers[-1] == "box":
            box = _drawn(page, [float(n) for n in numbers[:-1]])
            text = " ".join(w.text for w in words_in(page, box))
        else:
            row, first, last = (int(n) for n in numbers)
            chosen = page.lines[row].words[first : last + 1]
            box, text = _around(chosen), " ".join(w.text for w in chosen)
    except (ValueError, StopIteration, IndexError, TypeError):
        raise RefusedError("These words are not on the page any more. Choose them again.") from None
    if not text:
        raise RefusedError("No word was read there. Put the box around the words that say it.")
    return {"document": identity, "page": page.number, "box": [box.x0, box.y0, box.x1, box.y1], "text": text}


def words_in(page: Page, box: Box) -> tuple[Word, ...]:
    """Return the words of a page whose middle lies in a box, in reading order."""
    return tuple(w for w in page.words if box.holds(w.box))


def found_again(place: Place, read: DocumentFacts) -> Place:
    """Return a place as the page is now: at its box, else where its words stand now; empty where they are gone.

    A page may have been read again since, turned or by newer code.
    """
    page = next((p for p in read.document.pages if p.number == int(place["page"])), None)
    if page is None:
        return {}
    if " ".join(w.text for w in words_in(page, Box(*place["box"]))) == place["text"]:
        return place
    wanted = str(place["text"]).split(" ")
    for line in page.lines:
        texts = [w.text for w in line.words]
        for start in range(len(texts) - len(wanted) + 1):
            if texts[start : start + len(wanted)] == wanted:
                box = _around(line.words[start : start + len(wanted)])
                return place | {"box": [box.x0, box.y0, box.x1, box.y1]}
    return {}


def _around(words: Sequence[Word]) -> Box:
    return reduce(Box.joined, (w.box for w in words))


def _drawn(page: Page, corners: list[float]) -> Box:
    x0, y0, x1, y1 = corners
    left, right = sorted(min(max(x, 0.0), page.width) for x in (x0, x1))
    top, bottom = sorted(min(max(y, 0.0), page.height) for y in (y0, y1))
    return Box(round(left, 2), round(top, 2), round(right, 2), round(bottom, 2))
