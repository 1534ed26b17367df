"""A second person reads what steers guidance without seeing the first decisions; a lead settles the differences."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.domain.account import Account, Visitor
from app.domain.finding import Review
from app.domain.record import StoredDocument, StoredPage
from app.domain.review import Case, CaseStage, SecondReading
from app.errors import NotFoundError, RefusedError
from app.pipeline import DocumentFacts
from app.ports import UnitOfWork
from app.services.access import Action, Opened, find, look
from app.services.desk import Desk, new_id
from app.services.explain_record import read_documents
from app.services.facts import renumbered, unpack
from app.services.keep_queue import enlist
from app.services.review_case import LOCK, RESULTS, Item, checked_values, decide, items_of
from app.services.steering import to_read_again

COMPARED = ("type", "gene", "alteration", "result", "value")
"""Fields in which two readers can differ."""
LOOKED = ("review.", "view.", "download.")
"""Looks by which somebody has seen what the first person decided."""


@dataclass(frozen=True, slots=True)
class Task:
    """A fact to be read a second time.

    Attributes:
        key: Its key.
        document: Id of its document; "" where no page says it.
        page: Its page; None where no page says it.
        box: Where it stands on the page, in points; empty where no page says it.
        quote: The words there.
        machine: What the machine read; empty for what the first person added.
        choices: The results that belong to its type; empty where any words may stand.
        said: What this reader has said so far.
    """

    key: str
    document: str
    page: int | None
    box: tuple[float, ...]
    quote: str
    machine: dict[str, Any]
    choices: tuple[str, ...]
    said: SecondReading | None


@dataclass(frozen=True, slots=True)
class SecondBench:
    """A case as its second reader sees it."""

    opened: Opened
    documents: tuple[StoredDocument, ...]
    pages: tuple[StoredPage, ...]
    tasks: tuple[Task, ...]

    @property
    def left(self) -> int:
        """How many facts wait for an answer."""
        return sum(t.said is None for t in self.tasks)


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact of which two persons said different things.

    Attributes:
        reading: The second person's.
        task: The fact.
        first_who: E-mail of the first person.
        second_who: E-mail of the second person.
    """

    reading: SecondReading
    task: Task
    first_who: str
    second_who: str


def open_second(desk: Desk, visitor: Visitor, record: str) -> SecondBench:
    """Open a case for its second reading; from now on it is this reader's.

    Raises:
        RefusedError: Somebody else reads it, or this reader has seen what the first person decided.
    """
    moment = desk.clock()
    with desk.units() as unit:
        opened = find(unit, visitor, record, Action.SECOND, moment)
        account = _account(visitor)
        unit.records.get(opened.record.id, lock=True)
        case = unit.reviews.case(opened.record.id)
        held = case.held_until is not None and case.held_until > moment
        if case.second_by not in ("", account.id) and held:
            raise RefusedError("Somebody else reads this case a second time just now. Take another one.")
        if case.second_by != account.id:
            _must_be_blind(unit, opened.record.id, account)
        unit.reviews.put_case(replace(case, second_by=account.id, holder=account.id, held_until=moment + LOCK))
        bench = _bench(unit, opened, account)
        look(unit, opened, "second.open", moment)
        unit.commit()
    return bench


def answer(
    desk: Desk,
    visitor: Visitor,
    record: str,
    fact: str,
    review: Review,
    *,
    values: Mapping[str, Any] | None = None,
    why: str = "",
) -> None:
    """Write what the second person says of a fact; the record itself is not touched by it.

    Raises:
        NotFoundError: This fact is not to be read by this person.
        RefusedError: A value does not belong to its type, or a reason is missing.
    """
    moment = desk.clock()
    with desk.units() as unit:
        opened = find(unit, visitor, record, Action.SECOND, moment)
        account = _account(visitor)
        unit.records.get(opened.record.id, lock=True)
        case = unit.reviews.case(opened.record.id)
        task = next((t for t in _bench(unit, opened, account).tasks if t.key == fact), None)
        if task is None or case.second_by != account.id:
            raise NotFoundError
        said = _said(task, review, values or {}, why)
        unit.seconds.put(
            SecondReading(new_id(), opened.record.id, fact, review, said, why.strip()[:2000], account.id, moment)
        )
        unit.reviews.put_case(replace(case, holder=account.id, held_until=moment + LOCK))
        look(unit, opened, "second.answer", moment, fact)
        unit.commit()


def hand_in(desk: Desk, visitor: Visitor, record: str) -> int:
    """End a second reading: compare it with the first one.

    Returns:
        How many facts the two said different things of; a lead settles them.

    Raises:
        RefusedError: Some facts wait for an answer.
    """
    moment = desk.clock()
    with desk.units() as unit:
        opened = find(unit, visitor, record, Action.SECOND, moment)
        account = _account(visitor)
        unit.records.get(opened.record.id, lock=True)
        case = unit.reviews.case(opened.record.id)
        bench = _bench(unit, opened, account)
        if case.second_by != account.id:
            raise NotFoundError
        if bench.left:
            raise RefusedError(f"{bench.left} facts have no answer yet.")
        differ = _compare(unit, opened.record.id, bench.tasks)
        stage = CaseStage.DIFFERENCES if differ else CaseStage.FIRST
        unit.reviews.put_case(replace(case, stage=stage, second_by="", holder="", held_until=None))
        enlist(unit, opened.record.id)
        look(unit, opened, "second.done", moment, f"{differ} differences")
        unit.commit()
    return differ


def see_differences(desk: Desk, visitor: Visitor, record: str) -> tuple[Opened, tuple[Difference, ...]]:
    """Return what two persons said differently and nobody has settled."""
    moment = desk.clock()
    with desk.units() as unit:
        opened = find(unit, visitor, record, Action.ADJUDICATE, moment)
        if unit.reviews.case(opened.record.id).stage is not CaseStage.DIFFERENCES:
            raise NotFoundError
        items = {i.key: i for i in _load(unit, opened.record.id)[2]}
        documents = read_documents(unit, opened.record.id)
        found = []
        for reading in unit.seconds.of_record(opened.record.id):
            if reading.agreed is False and reading.settled_at is None and reading.fact in items:
                item = items[reading.fact]
                first = item.history[-1].who if item.history else ""
                task = _task(item, documents, None)
                found.append(Difference(reading, task, _email(unit, first), _email(unit, reading.who)))
        look(unit, opened, "differences.open", moment)
        unit.commit()
    return opened, tuple(found)


def settle(
    desk: Desk,
    visitor: Visitor,
    record: str,
    fact: str,
    choice: str,
    *,
    values: Mapping[str, Any] | None = None,
    why: str = "",
) -> None:
    """Settle a difference; what the lead chooses becomes the newest decision about the fact.

    Args:
        desk: The store.
        visitor: A lead who was neither the first nor the second reader.
        record: Id of the record.
        fact: Key of the fact.
        choice: "first", "second", "own" (with values) or "reject".
        values: The lead's own values.
        why: The reason; it is kept with the decision.

    Raises:
        RefusedError: The lead was one of the two readers, or gave no reason.
    """
    with desk.units(reading=True) as unit:
        opened = find(unit, visitor, record, Action.ADJUDICATE, desk.clock())
        item = next((i for i in _load(unit, opened.record.id)[2] if i.key == fact), None)
        reading = next((r for r in unit.seconds.of_record(opened.record.id) if r.fact == fact), None)
    account = _account(visitor)
    if item is None or reading is None or reading.agreed is not False or reading.settled_at is not None:
        raise NotFoundError
    if account.id == reading.who or any(d.who == account.id for d in item.history):
        raise RefusedError("You are one of the two who read this. Another lead has to settle it.")
    if not why.strip():
        raise RefusedError("Say in a few words why, so that both readers can learn from it.")
    if choice != "first":
        review, chosen = _chosen(choice, reading, item, values or {})
        decide(desk, visitor, record, fact, review, version=item.version, values=chosen, why=why)
    moment = desk.clock()
    with desk.units() as unit:
        opened = find(unit, visitor, record, Action.ADJUDICATE, moment)
        unit.records.get(opened.record.id, lock=True)
        unit.seconds.put(replace(reading, settled_by=account.id, settled_at=moment))
        _end_if_settled(unit, opened.record.id)
        look(unit, opened, "differences.settle", moment, f"{fact} {choice}")
        unit.commit()


def same_words(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    """Tell whether two readers say the same of a fact, whatever the case of letters and the spaces."""
    return all(plain(first, name) == plain(second, name) for name in COMPARED)


def plain(values: Mapping[str, Any], name: str) -> str:
    """Return a field as it is compared."""
    told = "".join(str(values.get(name) or "").split()).casefold()
    return told.removeprefix("p.") if name == "alteration" else told


def _account(visitor: Visitor) -> Account:
    if visitor.account is None:
        raise NotFoundError
    return visitor.account


def _load(
    unit: UnitOfWork, record: str
) -> tuple[tuple[StoredDocument, ...], tuple[DocumentFacts, ...], tuple[Item, ...]]:
    documents = read_documents(unit, record)
    facts = renumbered([unpack(unit.documents.facts(d.id) or b"") for d in documents])
    items = items_of(facts, [d.id for d in documents], tuple(unit.reviews.of_record(record)))
    return documents, facts, items


def _bench(unit: UnitOfWork, opened: Opened, account: Account) -> SecondBench:
    documents, _, items = _load(unit, opened.record.id)
    wanted = to_read_again(unit, opened.record.id, items)
    said = {r.fact: r for r in unit.seconds.of_record(opened.record.id) if r.who == account.id and r.agreed is None}
    tasks = tuple(_task(i, documents, said.get(i.key)) for i in items if i.key in wanted)
    pages = tuple(p for d in documents for p in unit.documents.pages(d.id))
    return SecondBench(opened, documents, pages, tasks)


def _task(item: Item, documents: Sequence[StoredDocument], said: SecondReading | None) -> Task:
    # What the first person added or corrected is not told: of an added fact only the words on the page.
    kind = item.machine.get("type", "")
    choices = tuple(dict.fromkeys([*RESULTS.get(kind, ()), *filter(None, [item.machine.get("result")])]))
    choices = choices if kind in RESULTS else ()
    if item.read is not None:
        place = next((e for e in item.read.finding.evidence if e.box), item.read.finding.evidence[0])
        box = (place.box.x0, place.box.y0, place.box.x1, place.box.y1) if place.box else ()
        document = documents[item.read.document].id if place.page else ""
        return Task(item.key, document, place.page, box, place.text, item.machine, choices, said)
    values = item.values
    told = (str(values.get("document") or ""), values.get("page"), tuple(values.get("box") or ()))
    return Task(item.key, *told, str(values.get("text") or ""), {}, choices, said)


def _said(task: Task, review: Review, values: Mapping[str, Any], why: str) -> str:
    if review is Review.REJECTED:
        if not why.strip():
            raise RefusedError("Say in a few words why this is no finding, such as “a relative's result”.")
        return json.dumps(task.machine, ensure_ascii=False, sort_keys=True)
    if review is Review.CONFIRMED and task.machine:
        return json.dumps(task.machine, ensure_ascii=False, sort_keys=True)
    if review is Review.CORRECTED:
        return json.dumps(checked_values(values, task.machine), ensure_ascii=False, sort_keys=True)
    raise RefusedError("Write what you read there, or say that it is no finding.")


def _must_be_blind(unit: UnitOfWork, record: str, account: Account) -> None:
    decided = [d.at for d in unit.reviews.of_record(record) if d.who != account.id]
    mine = [d for d in unit.reviews.of_record(record) if d.who == account.id]
    who = f"account:{account.id}"
    begun = min(decided) if decided else None
    looked = any(
        x.who == who and x.what.startswith(LOOKED) and begun is not None and x.at >= begun
        for x in unit.trail.of_record(record)
    )
    if looked or mine:
        raise RefusedError("You have seen what was decided in this case. Somebody else has to read it.")


def _compare(unit: UnitOfWork, record: str, tasks: Sequence[Task]) -> int:
    items = {i.key: i for i in _load(unit, record)[2]}
    differ = 0
    for task in tasks:
        item, said = items[task.key], task.said
        if said is None:
            continue
        rejected = (item.review is Review.REJECTED, said.review is Review.REJECTED)
        agreed = all(rejected) or (not any(rejected) and same_words(item.values, json.loads(said.values)))
        differ += not agreed
        unit.seconds.put(
            replace(
                said,
                first=item.history[-1].id if item.history else "machine",
                first_review=item.review.value,
                first_values=json.dumps(item.values, ensure_ascii=False, sort_keys=True),
                agreed=agreed,
            )
        )
    return differ


def _chosen(
    choice: str, reading: SecondReading, item: Item, values: Mapping[str, Any]
) -> tuple[Review, dict[str, Any]]:
    if choice == "reject" or (choice == "second" and reading.review is Review.REJECTED):
        return Review.REJECTED, {}
    told = json.loads(reading.values) if choice == "second" else dict(values)
    if item.review is Review.MACHINE and told == item.machine:
        return Review.CONFIRMED, {}
    return Review.CORRECTED, told


def _end_if_settled(unit: UnitOfWork, record: str) -> None:
    waiting = [r for r in unit.seconds.of_record(record) if r.agreed is False and r.settled_at is None]
    case: Case = unit.reviews.case(record)
    if not waiting and case.stage is CaseStage.DIFFERENCES:
        unit.reviews.put_case(replace(case, stage=CaseStage.FIRST))
    enlist(unit, record)


def _email(unit: UnitOfWork, identity: str) -> str:
    account = unit.accounts.get(identity) if identity else None
    return account.email if account else "a former colleague"
