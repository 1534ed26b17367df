"""What navigators checked, as a gold case for `caseguide evaluate`: facts only, nothing that says whose they are."""

from __future__ import annotations

from typing import Any

from app.domain.account import Visitor
from app.domain.finding import Review
from app.errors import RefusedError
from app.services.desk import Desk
from app.services.review_case import Item, open_bench

SHOWN = ("type", "gene", "alteration", "result", "value", "unit", "score")


def gold_case(desk: Desk, visitor: Visitor, record: str) -> dict[str, Any]:
    """Return the gold of a record; the report itself stays here and must be de-identified by hand to go beside it.

    Args:
        desk: The store.
        visitor: A navigator.
        record: Id of the record.

    Raises:
        RefusedError: Some facts have not been checked: a gold case says all that a report says.
    """
    bench = open_bench(desk, visitor, record)
    if bench.unresolved:
        raise RefusedError(f"{bench.unresolved} facts have not been decided yet; the case is no gold before that.")
    kept = [i for i in bench.items if i.review is not Review.REJECTED]
    gone = [i for i in bench.items if i.review is Review.REJECTED and i.machine]
    sources = {str(page.text_source) for facts in bench.facts for page in facts.document.pages}
    return {
        "expected": [_fact(i) for i in kept],
        # What was rejected must not be found again, unless the same words are also right elsewhere.
        "not_expected": [told for i in gone if (told := _pattern(i)) not in [_pattern(k) for k in kept]],
        "traps": [],
        "medium": "native" if sources == {"native"} else "scan",
    }


def _fact(item: Item) -> dict[str, Any]:
    return {k: item.values[k] for k in SHOWN if item.values.get(k) not in (None, "")}


def _pattern(item: Item) -> dict[str, Any]:
    return {
        k: item.machine[k] if item.machine else item.values.get(k)
        for k in ("type", "gene", "alteration", "result")
        if (item.machine or item.values).get(k)
    }
