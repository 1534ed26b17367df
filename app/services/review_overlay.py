"""Lay the navigators' decisions over what the machine read; the machine's record itself is never edited."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from app.domain.finding import Finding, Review
from app.domain.mention import FactType, Reading
from app.domain.outcome import Issue, Severity
from app.domain.provenance import Box, Evidence, Spoken
from app.domain.review import Decision
from app.pipeline import DocumentFacts
from app.services.review_places import found_again, place_in, without_place

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
        key: Of the place and the words; a fact that was decided keeps its key when it is read otherwise later.
        document: Position of the document, from 0.
        finding: As the machine reads it now.
        again: Whether it was decided when the machine read something else, and has to be looked at again.
    """

    key: str
    document: int
    finding: Finding
    again: bool = False


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


@dataclass(frozen=True, slots=True)
class Anchored:
    """The facts of a record with what was decided about them.

    Attributes:
        facts: Every fact that the machine reads now.
        lost: The decisions that hold about what the machine reads no more; what they say stands until looked at again.
    """

    facts: tuple[Keyed, ...]
    lost: tuple[Decision, ...]


def anchored(records: Sequence[DocumentFacts], documents: Sequence[str], decisions: Iterable[Decision]) -> Anchored:
    """Find the fact of each decision, also where a newer version of the code reads it otherwise or elsewhere.

    Args:
        records: What was read, numbered.
        documents: Ids of the stored documents, in the same order.
        decisions: All decisions of the record.
    """
    found = {fact.key: fact for fact in keyed(records, documents)}
    holds = latest(decisions)
    adrift = [
        d for d in holds.values()
        if d.machine and d.fact not in found and not d.fact.startswith(PAGE) and d.review is not Review.MACHINE
    ]  # fmt: skip
    lost: list[Decision] = []
    for decision in adrift:
        place = json.loads(decision.place) if decision.place else {}
        if place and place["document"] not in documents:
            # What was decided about a document goes with it.
            continue
        free = [fact for key, fact in found.items() if key not in holds]
        fact = _found_again(decision, place, free, documents)
        if fact is not None:
            again = not _still_says(decision, values_of(fact.finding.reading))
            # The order of the facts stays: the ids of an analysis follow it.
            found = {
                decision.fact if k == fact.key else k: Keyed(decision.fact, f.document, f.finding, again) if f is fact
                else f
                for k, f in found.items()
            }  # fmt: skip
        elif decision.review is not Review.REJECTED:
            lost.append(decision)
    return Anchored(tuple(found.values()), tuple(lost))


def to_look_at(
    records: Sequence[DocumentFacts], documents: Sequence[str], decisions: Sequence[Decision]
) -> tuple[str, ...]:
    """Name the facts that were decided before the reading changed."""
    anchors = anchored(records, documents, decisions)
    holds = latest(decisions)
    told = [holds[f.key] for f in anchors.facts if f.again] + list(anchors.lost)
    return tuple(_name(json.loads(d.after)) for d in told)


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
    anchors = anchored(records, documents, decisions)
    for fact in anchors.facts:
        decision = holds.get(fact.key)
        finding = decided(fact.finding, decision) if decision else fact.finding
        if finding is not None and decision is not None:
            finding = _put_where_told(finding, decision, records[fact.document])
        if finding is not None:
            kept[fact.document].append(finding)
    spoken = [d for d in holds.values() if d.review is Review.ADDED] + list(anchors.lost)
    for decision in spoken:
        added = (json.loads(decision.place) if decision.place else {}) | json.loads(decision.after)
        # What was added to a page goes with its document; the first one takes what no page says.
        position = documents.index(added["document"]) if added.get("document") in documents else 0
        if added.get("document") in (None, *documents) and kept:
            if added.get("box"):
                place = found_again(place_in(added), records[position])
                added = without_place(added) | (place or {"text": added["text"]})
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
    if decision.review in (Review.CONFIRMED, Review.CORRECTED):
        # What a person confirmed stands, also where a newer version of the code reads something else.
        said = without_place(json.loads(decision.after))
        reading = finding.reading if said == values_of(finding.reading) else changed(finding.reading, said)
        return replace(finding, reading=reading, review=decision.review, confidence=1.0)
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


def _put_where_told(finding: Finding, decision: Decision, read: DocumentFacts) -> Finding:
    """Return a fact at the place to which a navigator moved its box, unless its words do not stand there any more."""
    place = place_in(json.loads(decision.after)) if decision.review is not Review.MACHINE else {}
    place = found_again(place, read) if place.get("box") else {}
    if not place:
        return finding
    told = Evidence(Spoken.PAGE, place["text"], finding.evidence[0].document, int(place["page"]), Box(*place["box"]))
    return replace(finding, evidence=(told, *finding.evidence[1:]))


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
    return Finding(identity, changed(bare, values), (place,), "", 1.0, decision.review)


def _found_again(decision: Decision, place: Values, free: Sequence[Keyed], documents: Sequence[str]) -> Keyed | None:
    """Return the fact that a decision was about, among those that nothing was decided about."""
    machine, after = json.loads(decision.machine), json.loads(decision.after)
    if place:
        free = [f for f in free if documents[f.document] == place["document"]]
    told = [(f, values_of(f.finding.reading)) for f in free]
    told = [(f, v) for f, v in told if v["type"] == machine.get("type")]

    def same(values: Values, *names: str) -> bool:
        return any(all(values.get(n) == of.get(n) for n in names) for of in (machine, after))

    def alike(values: Values) -> bool:
        # Another change of the same gene is not what was rejected: it is a fact of its own, to be checked anew.
        one_gene = bool(values.get("gene")) and same(values, "gene") and decision.review is not Review.REJECTED
        return one_gene or same(values, "alteration")

    tests: list[Callable[[Keyed, Values], bool]] = [
        lambda _, v: v == machine,
        lambda f, v: _overlaps(f, place) and alike(v),
        lambda _, v: same(v, "gene", "alteration"),
    ]
    return next((f for test in tests for f, v in told if test(f, v)), None)


def _overlaps(fact: Keyed, place: Values) -> bool:
    if not place.get("box"):
        return False
    old = Box(*place["box"])
    boxes = [e.box for e in fact.finding.evidence if e.box and e.page == place["page"]]
    return any(box.holds(old) or old.holds(box) for box in boxes)


def _still_says(decision: Decision, values: Values) -> bool:
    """Tell whether a reading is the one that was decided about, or the one that the decision left standing."""
    if values == json.loads(decision.machine):
        return True
    return decision.review is not Review.REJECTED and values == without_place(json.loads(decision.after))


def _name(values: Values) -> str:
    return " ".join(str(values[k]) for k in ("gene", "alteration", "result") if values.get(k)).replace("_", " ")


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
