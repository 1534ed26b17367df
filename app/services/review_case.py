"""A case as a navigator works on it: confirm, correct, reject, add, take back, hand back."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from app.domain.account import Visitor
from app.domain.finding import Review
from app.domain.mention import FactType
from app.domain.record import Doubt, SaidFact, StoredDocument, StoredPage
from app.domain.review import Case, CaseStage, Decision
from app.errors import NotFoundError, RefusedError
from app.pipeline import DocumentFacts
from app.ports import UnitOfWork
from app.services.access import Action, Opened, find, look
from app.services.desk import Desk, new_id
from app.services.explain_record import read_documents
from app.services.facts import renumbered, unpack
from app.services.keep_queue import enlist
from app.services.must_decide import must_decide
from app.services.plan_jobs import next_jobs
from app.services.review_overlay import EDITABLE, PAGE, Keyed, anchored, latest, values_of
from app.services.review_places import chosen_place, place_in, without_place
from app.services.steering import needs_second_reading

LOCK = timedelta(minutes=20)
RESULTS: dict[str, tuple[str, ...]] = {
    "variant": ("detected", "not_detected", "indeterminate", "not_evaluated"),
    "fusion": ("detected", "not_detected", "indeterminate", "not_evaluated"),
    "cnv": ("detected", "not_detected", "indeterminate", "not_evaluated"),
    "cytogenetics": ("detected", "not_detected", "not_evaluated"),
    "ish": ("positive", "negative", "equivocal", "not_evaluated"),
    "methylation": ("methylated", "unmethylated", "not_evaluated"),
    "ihc": (
        "positive", "low_positive", "negative", "equivocal", "intact", "retained", "lost", "aberrant",
        "wild_type_pattern", "reported", "not_evaluated",
    ),
    "signature": (
        "MSI-H", "MSS", "MSI-L", "dMMR", "pMMR", "high", "low", "positive", "negative", "mutated", "unmutated",
        "detected", "not_detected", "indeterminate", "reported", "not_evaluated",
    ),
    "treatment": (
        "given", "ongoing", "completed", "stopped", "planned", "declined", "held", "recommended", "not_given",
    ),
}  # fmt: skip
"""The outcomes that belong to each type; a type that is not here takes free words."""
NEW = re.compile(r"new:[0-9a-f]{20}")
"""Key of a fact that a person adds."""
REASONS = ("failed", "insufficient", "below_depth", "not_covered", "pending", "not_done")


class ConflictError(RefusedError):
    """Somebody else decided about the same fact in the meantime; nothing was overwritten."""

    code = "input.conflict"

    def __init__(self, decision: Decision | None) -> None:
        """Keep what stands now."""
        self.decision = decision
        super().__init__("Somebody else changed this in the meantime. Look at their value, then decide again.")


@dataclass(frozen=True, slots=True)
class Item:
    """A fact on the workbench.

    Attributes:
        key: Its key.
        document: Position of its document, from 0; None for one that no page says.
        read: As the machine read it; None for one that was added.
        machine: What the machine read, as values; empty for one that was added.
        values: What stands now.
        review: Who stands behind it now.
        version: Number of its newest decision; 0 while there is none.
        history: All decisions, oldest first.
        again: Whether it was decided when the machine read something else.
    """

    key: str
    document: int | None
    read: Keyed | None
    machine: dict[str, Any]
    values: dict[str, Any]
    review: Review
    version: int
    history: tuple[Decision, ...]
    again: bool = False


@dataclass(frozen=True, slots=True)
class Bench:
    """A case with everything that is needed to check it."""

    opened: Opened
    case: Case
    documents: tuple[StoredDocument, ...]
    pages: tuple[StoredPage, ...]
    facts: tuple[DocumentFacts, ...]
    items: tuple[Item, ...]
    doubts: tuple[Doubt, ...]
    unreadable: frozenset[str]
    names: dict[str, str]
    waits: frozenset[str] = frozenset()
    said: tuple[SaidFact, ...] = ()
    """What the person says without a document: to be seen beside the pages, there is none to compare it with."""

    @property
    def unresolved(self) -> int:
        """How many facts must be decided before the case can be handed back."""
        return len(self.waits)


def open_bench(desk: Desk, visitor: Visitor, record: str, *, looked: bool = True) -> Bench:
    """Open a case; the look is written into the audit trail unless the page has been open and asks for one field."""
    moment = desk.clock()
    with desk.units() as unit:
        opened = find(unit, visitor, record, Action.REVIEW, moment)
        documents = read_documents(unit, opened.record.id)
        contents = [unit.documents.facts(d.id) or b"" for d in documents]
        decisions = tuple(unit.reviews.of_record(opened.record.id))
        bench = Bench(
            opened,
            unit.reviews.case(opened.record.id),
            documents,
            tuple(p for d in documents for p in unit.documents.pages(d.id)),
            facts := renumbered([unpack(c) for c in contents]),
            items := items_of(facts, [d.id for d in documents], decisions),
            tuple(unit.records.doubts(opened.record.id)),
            frozenset(k for k, d in latest(decisions).items() if k.startswith(PAGE) and d.review is Review.REJECTED),
            _names(unit, decisions, unit.reviews.case(opened.record.id)),
            must_decide(unit, opened.record.id, items),
            tuple(unit.records.said(opened.record.id)),
        )
        if looked:
            look(unit, opened, "review.open", moment)
        unit.commit()
    return bench


def decide(
    desk: Desk,
    visitor: Visitor,
    record: str,
    fact: str,
    review: Review,
    *,
    version: int,
    values: Mapping[str, Any] | None = None,
    why: str = "",
    words: str = "",
) -> Decision:
    """Write the next decision about a fact, and have the record explained anew.

    Args:
        desk: The store.
        visitor: The navigator.
        record: Id of the record.
        fact: Key of the fact, of a page ("page:<document>:<number>"), or, for a fact to be added, "" or a key of its
            own ("new:…"): what is sent twice is then added once.
        review: CONFIRMED, CORRECTED, REJECTED, ADDED, or MACHINE to take the last decision back.
        version: Number of the decision that the navigator saw; 0 for none.
        values: The corrected or added values.
        why: The reason; needed to reject.
        words: Where an added fact stands, or where the box of a fact is moved to when no values are given, as
            `chosen_place` reads it; "" for nowhere new.

    Raises:
        ConflictError: Somebody else decided in the meantime.
        RefusedError: A value does not belong to its type, or a reason is missing.
    """
    moment = desk.clock()
    with desk.units() as unit:
        opened = find(unit, visitor, record, Action.REVIEW, moment)
        unit.records.get(opened.record.id, lock=True)
        documents = read_documents(unit, opened.record.id)
        decisions = tuple(unit.reviews.of_record(opened.record.id))
        history = sorted((d for d in decisions if fact and d.fact == fact), key=lambda d: d.number)
        last = history[-1] if history else None
        if (last.number if last else 0) != version:
            raise ConflictError(last)
        read = _read_now(unit, documents, fact, decisions)
        machine = _machine(read, fact, history)
        before = last.after if last else machine
        if fact and words and values is None:
            values = _unmoved(before, last)
        after, became = _after(review, machine, before, history, values or {}, why)
        if became in (Review.ADDED, Review.CORRECTED) and review is not Review.MACHINE:
            place = _placed(unit, documents, words, last, before)
            after = json.dumps(without_place(_told(after)) | place, ensure_ascii=False, sort_keys=True)
        if visitor.account is None:
            raise NotFoundError
        if fact.startswith(PAGE):
            _check_page(unit, documents, fact)
        made = Decision(
            new_id(), opened.record.id, fact or f"new:{new_id()[:20]}", version + 1, became, machine,
            before, after, why.strip()[:2000], visitor.account.id, desk.reading.versions()[0], moment,
            read.finding.confidence if read else None, _place_of(read, documents) or (last.place if last else ""),
        )  # fmt: skip
        unit.reviews.add(made)
        case = unit.reviews.case(opened.record.id)
        if case.holder in ("", visitor.account.id) or case.held_until is None or case.held_until <= moment:
            unit.reviews.put_case(replace(case, holder=visitor.account.id, held_until=moment + LOCK))
        look(unit, opened, f"review.{became}", moment, f"{made.fact} {made.number}")
        following = next_jobs(unit, opened.record.id, desk)
        unit.commit()
    for job in following:
        desk.queue.ring(job.id)
    return made


def _unmoved(before: str, last: Decision | None) -> dict[str, Any]:
    """Return the values of a fact whose box alone is moved."""
    if last is not None and last.review is Review.REJECTED:
        raise RefusedError("This was rejected. Take that back first, then move its box.")
    return without_place(_told(before))


def _told(values: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(values) if values else {}
    return told


def _after(
    review: Review, machine: str, before: str, history: list[Decision], values: Mapping[str, Any], why: str
) -> tuple[str, Review]:
    """Return what stands after a decision, and as what."""
    if review is Review.MACHINE:
        if not history:
            raise RefusedError("There is nothing to take back.")
        earlier = history[-2] if len(history) > 1 else None
        # A fact that was added has nothing before it: to take it back is to reject it.
        if earlier is None:
            return (machine, Review.MACHINE) if machine else (before, Review.REJECTED)
        return earlier.after, earlier.review
    if review is Review.REJECTED and not why.strip():
        raise RefusedError("Say in a few words why this is rejected, such as “not this patient”.")
    if review in (Review.CORRECTED, Review.ADDED):
        checked = checked_values(values, json.loads(machine) if machine else {})
        became = Review.ADDED if not machine else Review.CORRECTED
        return json.dumps(checked, ensure_ascii=False, sort_keys=True), became
    if review is Review.CONFIRMED and not machine:
        return before, Review.ADDED
    if review is Review.CONFIRMED and history and history[-1].review is Review.CORRECTED:
        return before, Review.CORRECTED
    return (machine if review is Review.CONFIRMED else before), review


def checked_values(values: Mapping[str, Any], machine: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that may be kept, with the type of the fact that they correct."""
    kept = {k: str(values[k]).strip()[:300] for k in EDITABLE if values.get(k) not in (None, "")}
    kind = machine.get("type") or kept.get("type", "")
    if kind not in set(FactType):
        raise RefusedError("Choose the type of the fact.")
    kept["type"] = kind
    result = kept.get("result", "")
    if kind in RESULTS and result not in (*RESULTS[kind], machine.get("result")):
        raise RefusedError(f"“{result}” is no result of this type. Choose one of: {', '.join(RESULTS[kind])}.")
    if not kept.get("alteration"):
        raise RefusedError("Say what was found or looked for, such as “p.L858R”.")
    if kind in ("variant", "fusion", "cnv", "ish", "methylation") and not kept.get("gene") and machine.get("gene"):
        raise RefusedError("Name the gene.")
    return kept


def _placed(
    unit: UnitOfWork, documents: tuple[StoredDocument, ...], words: str, last: Decision | None, before: str
) -> dict[str, Any]:
    """Return where a fact stands from now on: where the navigator chose, else where it stood before."""
    if words:
        facts = [unpack(unit.documents.facts(d.id) or b"") for d in documents]
        return chosen_place(words, [d.id for d in documents], facts)
    kept = _told(last.place) if last and not last.machine else {}
    return kept | place_in(_told(before))


def _read_now(
    unit: UnitOfWork, documents: tuple[StoredDocument, ...], fact: str, decisions: tuple[Decision, ...]
) -> Keyed | None:
    """Return what the machine reads now under a key; None for what was added, for pages, and for what is gone."""
    if not fact or fact.startswith(PAGE):
        return None
    facts = renumbered([unpack(unit.documents.facts(d.id) or b"") for d in documents])
    anchors = anchored(facts, [d.id for d in documents], decisions)
    return next((k for k in anchors.facts if k.key == fact), None)


def _machine(read: Keyed | None, fact: str, history: list[Decision]) -> str:
    """Return what the machine reads under a key, as JSON; "" for what was added and for what it reads no more.

    Raises:
        NotFoundError: Nothing has this key.
    """
    if fact.startswith(PAGE):
        return '{"type": "page"}'
    if read is not None:
        return json.dumps(values_of(read.finding.reading), ensure_ascii=False, sort_keys=True)
    if fact and not history and not NEW.fullmatch(fact):
        raise NotFoundError
    return ""


def _check_page(unit: UnitOfWork, documents: tuple[StoredDocument, ...], fact: str) -> None:
    """Refuse a page that is none of the record's."""
    _, document, number = [*fact.split(":"), "", ""][:3]
    if not any(str(p.number) == number for d in documents if d.id == document for p in unit.documents.pages(d.id)):
        raise NotFoundError


def _place_of(read: Keyed | None, documents: tuple[StoredDocument, ...]) -> str:
    """Return where a fact stands, so that its decision finds it again when it is read otherwise."""
    place = next((e for e in read.finding.evidence if e.box), None) if read else None
    if read is None or place is None or place.box is None:
        return ""
    box = [place.box.x0, place.box.y0, place.box.x1, place.box.y1]
    told = {"document": documents[read.document].id, "page": place.page, "box": box, "text": place.text}
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


def take(desk: Desk, visitor: Visitor, record: str) -> Case:
    """Take a case, from somebody else too: the audit trail says from whom."""
    moment = desk.clock()
    with desk.units() as unit:
        opened = find(unit, visitor, record, Action.REVIEW, moment)
        if visitor.account is None:
            raise NotFoundError
        unit.records.get(opened.record.id, lock=True)
        old = unit.reviews.case(opened.record.id)
        case = replace(old, holder=visitor.account.id, held_until=moment + LOCK)
        unit.reviews.put_case(case)
        look(unit, opened, "review.take", moment, f"from {old.holder}" if old.holder != case.holder else "")
        unit.commit()
    return case


def finish(desk: Desk, visitor: Visitor, record: str) -> None:
    """Hand a case back as checked; what the person had said is wrong is settled with it.

    Raises:
        RefusedError: Facts that the person disputes, or others, have not been decided.
    """
    moment = desk.clock()
    bench = open_bench(desk, visitor, record)
    if bench.unresolved:
        raise RefusedError(f"{bench.unresolved} facts have not been decided yet. Confirm, correct or reject them.")
    with desk.units() as unit:
        opened = find(unit, visitor, record, Action.REVIEW, moment)
        if visitor.account is None:
            raise NotFoundError
        unit.records.get(opened.record.id, lock=True)
        case = unit.reviews.case(opened.record.id)
        stage = CaseStage.SECOND if needs_second_reading(unit, case, bench.items) else case.stage
        if case.stage is CaseStage.FIRST:
            case = replace(case, done_at=moment, done_by=visitor.account.id, stage=stage)
        unit.reviews.put_case(replace(case, holder="", held_until=None, assigned="", assigned_by=""))
        unit.reviews.settle(opened.record.id, moment)
        enlist(unit, opened.record.id, again=())
        look(unit, opened, "review.done", moment)
        unit.commit()


def items_of(
    facts: tuple[DocumentFacts, ...], documents: list[str], decisions: tuple[Decision, ...]
) -> tuple[Item, ...]:
    """Return every fact of a record with its decisions, those that a person added last."""
    histories: dict[str, list[Decision]] = {}
    for decision in sorted(decisions, key=lambda d: d.number):
        histories.setdefault(decision.fact, []).append(decision)
    items: list[Item] = []
    anchors = anchored(facts, documents, decisions)
    for fact in anchors.facts:
        history = histories.pop(fact.key, [])
        machine = values_of(fact.finding.reading)
        last = history[-1] if history else None
        standing = json.loads(last.after) if last else machine
        review = last.review if last else Review.MACHINE
        items.append(
            Item(fact.key, fact.document, fact, machine, standing, review, len(history), tuple(history), fact.again)
        )
    lost = {d.fact for d in anchors.lost}
    for key, history in histories.items():
        last = history[-1]
        if key.startswith(PAGE) or (last.machine and key not in lost):
            continue
        standing = json.loads(last.after) | _told(last.place)
        named = standing.get("document")
        place = documents.index(named) if named in documents else None
        items.append(Item(key, place, None, {}, standing, last.review, len(history), tuple(history), again=key in lost))
    return tuple(items)


def _names(unit: UnitOfWork, decisions: tuple[Decision, ...], case: Case) -> dict[str, str]:
    wanted = {d.who for d in decisions} | {case.holder, case.done_by}
    found = {identity: unit.accounts.get(identity) for identity in wanted if identity}
    return {identity: account.email if account else "a former colleague" for identity, account in found.items()}
