"""Lay the navigators' decisions over what the machine read; the machine's record itself is never edited."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from app.domain.finding import Finding, Review
from app.domain.mention import FactType, Reading
from app.domain.outcome import Issue, Severity
from app.domain.provenance import Box, Evidence, Spoken
from app.domain.review import Decision
from app.pipeline import DocumentFacts

Values = Mapping[str, Any]
EDITABLE = ("type", "gene", "alteration", "result", "marker", "value", "unit", "score", "c", "reason")
DERIVED = ("c", "p", "category", "alias", "variant")
"""Further spellings of one change: they fall when the change itself is corrected."""
PAGE = "page:"
UNREADABLE = Issue(
    "page.unreadable",
    "A navigator could not read this page either. Ask for a better copy: it may hold more results.",
    Severity.WARNING,
)


@dataclass(frozen=True, slots=True)
class Keyed:
    """A fact of one document under a key that stays when a record is explained again.

    Attributes:
        key: Of the place and the words: another reading at the same place is another fact, to be checked anew.
        document: Position of the document, from 0.
        finding: As the machine read it.
    """

    key: str
    document: int
    finding: Finding


def keyed(records: Sequence[DocumentFacts], documents: Sequence[str]) -> tuple[Keyed, ...]:
    """Give every fact of a record its key.

    Args:
        records: What was read, numbered.
        documents: Ids of the stored documents, in the same order.
    """
    seen: dict[str, int] = {}
    found: list[Keyed] = []
    for position, (facts, identity) in enumerate(zip(records, documents, strict=True)):
        for finding in facts.findings:
            place = finding.evidence[0]
            box = place.box
            corner = [round(v) for v in (box.x0, box.y0, box.x1, box.y1)] if box else []
            words = [identity, place.page, corner, values_of(finding.reading)]
            key = hashlib.sha256(json.dumps(words, sort_keys=True).encode()).hexdigest()[:24]
            seen[key] = seen.get(key, 0) + 1
            found.append(Keyed(key if seen[key] == 1 else f"{key}-{seen[key]}", position, finding))
    return tuple(found)


def latest(decisions: Iterable[Decision]) -> dict[str, Decision]:
    """Return the decision that holds for each fact; the decisions come in the order of each history."""
    return {d.fact: d for d in sorted(decisions, key=lambda d: d.number)}


def overlaid(
    records: Sequence[DocumentFacts], documents: Sequence[str], decisions: Sequence[Decision]
) -> tuple[DocumentFacts, ...]:
    """Return what was read as the navigators left it.

    Args:
        records: What was read, numbered.
        documents: Ids of the stored documents, in the same order.
        decisions: All decisions of the record.
    """
    if not decisions:
        return tuple(records)
    holds = latest(decisions)
    kept: list[list[Finding]] = [[] for _ in records]
    for fact in keyed(records, documents):
        decision = holds.get(fact.key)
        finding = decided(fact.finding, decision) if decision else fact.finding
        if finding is not None:
            kept[fact.document].append(finding)
    for decision in holds.values():
        if decision.review is Review.ADDED:
            added = json.loads(decision.after)
            # What was added to a page goes with its document; the first one takes what no page says.
            position = documents.index(added["document"]) if added.get("document") in documents else 0
            if added.get("document") in (None, *documents) and kept:
                kept[position].append(_added(decision, added, position, len(kept[position])))
    issues = _page_issues(holds.values(), documents)
    return tuple(
        DocumentFacts(replace(r.document, issues=(*r.document.issues, *issues.get(n, ()))), tuple(kept[n]))
        for n, r in enumerate(records)
    )


def decided(finding: Finding, decision: Decision) -> Finding | None:
    """Return a fact as a decision leaves it; None for one that was rejected."""
    if decision.review is Review.REJECTED:
        return None
    if decision.review is Review.CONFIRMED:
        return replace(finding, review=Review.CONFIRMED, confidence=1.0)
    if decision.review is Review.CORRECTED:
        reading = changed(finding.reading, json.loads(decision.after))
        return replace(finding, reading=reading, review=Review.CORRECTED, confidence=1.0)
    return finding


def values_of(reading: Reading) -> dict[str, Any]:
    """Return what a navigator can change of a reading, as JSON values."""
    told = {name: getattr(reading, name) for name in EDITABLE}
    plain = {k: str(v) if isinstance(v, Decimal) else v for k, v in told.items() if v is not None}
    return plain | {"type": reading.type.value}


def changed(reading: Reading, values: Values) -> Reading:
    """Return a reading with other values; a number that stays is still a number."""
    new: dict[str, Any] = {name: values.get(name) or None for name in EDITABLE if name != "type"}
    for needed in ("alteration", "result"):
        new[needed] = new[needed] or getattr(reading, needed)
    if isinstance(reading.value, Decimal) and str(reading.value) == new["value"]:
        new["value"] = reading.value
    if new["gene"] != reading.gene or new["alteration"] != reading.alteration:
        stale: dict[str, None] = dict.fromkeys(DERIVED)
        if new["c"] == reading.c:
            new["c"] = None
        new = stale | new
        if new["gene"] != reading.gene and new["marker"] == reading.marker:
            new["marker"] = new["gene"]
    if new["result"] != "not_evaluated":
        new["reason"] = None if reading.type is not FactType.TREATMENT else new["reason"]
    return replace(reading, **new)


def _added(decision: Decision, values: Values, position: int, number: int) -> Finding:
    kind = FactType(values["type"])
    bare = Reading(kind, None, values.get("alteration") or "", values.get("result") or "reported")
    box = values.get("box")
    text = values.get("text") or " ".join(str(values.get(k) or "") for k in ("gene", "alteration", "result")).strip()
    place = (
        Evidence(Spoken.PAGE, text, position, int(values["page"]), Box(*box))
        if box
        else Evidence(Spoken.REVIEWER, text)
    )
    identity = f"f{number + 1}"
    return Finding(identity, changed(bare, values), (place,), "", 1.0, Review.ADDED)


def _page_issues(decisions: Iterable[Decision], documents: Sequence[str]) -> dict[int, tuple[Issue, ...]]:
    issues: dict[int, tuple[Issue, ...]] = {}
    for decision in decisions:
        if decision.fact.startswith(PAGE) and decision.review is Review.REJECTED:
            _, document, page = decision.fact.split(":")
            if document in documents:
                position = documents.index(document)
                issue = replace(UNREADABLE, document=position, page=int(page))
                issues[position] = (*issues.get(position, ()), issue)
    return issues
