"""What a navigator sees of a case beside its facts: documents not read from, questions, further records, the audit."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.account import Visitor
from app.domain.finding import Review
from app.domain.job import JobKind, JobState
from app.domain.page import Page
from app.domain.record import DocumentState, Question, Record, StoredDocument
from app.domain.review import Decision
from app.errors import NotFoundError
from app.ports import UnitOfWork
from app.services.access import Action, find, look
from app.services.desk import Desk
from app.services.explain_record import is_up_to_date
from app.services.facts import unpack
from app.services.merge_records import same_person
from app.services.plan_jobs import UNDER_WAY
from app.services.review_case import decide
from app.services.review_overlay import PAGE, latest

AUDITED = "review."


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the facts of a case.

    Attributes:
        under_way: Documents that are being read, again or for the first time.
        failed: Documents that could not be read.
        aside: Documents that were set aside or split.
        questions: All questions to the person, oldest first.
        records: Other records of the same account that can be put together with this one.
        askers: E-mail of who asked, by the id of their account.
        told_by_mail: Whether the person hears by e-mail that there is a question.
    """

    under_way: tuple[StoredDocument, ...]
    failed: tuple[StoredDocument, ...]
    aside: tuple[StoredDocument, ...]
    questions: tuple[Question, ...]
    records: tuple[tuple[Record, tuple[str, ...]], ...]
    askers: dict[str, str]
    told_by_mail: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the audit of a case.

    Attributes:
        at: In UTC.
        who: E-mail, or "a former colleague".
        what: The action: a `Review`, or the name in the audit trail after "review.".
        about: The fact, page or document.
        machine: What the machine had read, as values.
        before: What stood before, as values.
        after: What stood from then on, as values.
        why: The reason.
        version: Pipeline version that had read it, or "".
        fact: Key of the fact, or "".
    """

    at: datetime
    who: str
    what: str
    about: str
    machine: dict[str, Any]
    before: dict[str, Any]
    after: dict[str, Any]
    why: str = ""
    version: str = ""
    fact: str = ""


def see_beside(desk: Desk, visitor: Visitor, record: str) -> Beside:
    """Return what stands beside the facts of a case."""
    with desk.units(reading=True) as unit:
        opened = find(unit, visitor, record, Action.REVIEW, desk.clock())
        documents = unit.documents.of_record(opened.record.id)
        others = same_person(unit, visitor, opened, desk)
        questions = tuple(unit.questions.of_record(opened.record.id))
        return Beside(
            tuple(d for d in documents if d.state in UNDER_WAY),
            tuple(d for d in documents if d.state is DocumentState.FAILED),
            tuple(d for d in documents if d.state is DocumentState.ASIDE),
            questions,
            tuple((r, tuple(d.name for d in unit.documents.of_record(r.id))) for r in others),
            _mails(unit, {q.who for q in questions}),
            bool(desk.mailer and (opened.record.mail or opened.record.owner)),
        )


def case_state(desk: Desk, visitor: Visitor, record: str) -> tuple[int, bool, int]:
    """Return how many documents are being read, whether the person's result is up to date, and its number."""
    with desk.units(reading=True) as unit:
        opened = find(unit, visitor, record, Action.REVIEW, desk.clock())
        under_way = sum(d.state in UNDER_WAY for d in unit.documents.of_record(opened.record.id))
        analysis = unit.analyses.latest(opened.record.id)
        jobs = [j for j in unit.jobs.of_record(opened.record.id) if j.kind is JobKind.EXPLAIN]
        at_it = any(j.state in (JobState.WAITING, JobState.WORKING) for j in jobs)
        fresh = analysis is not None and (not at_it or is_up_to_date(unit, opened.record, analysis))
        return under_way, fresh, analysis.number if analysis else 0


def page_words(desk: Desk, visitor: Visitor, record: str, document: str, number: int) -> Page:
    """Return a page with its words and their boxes, for choosing words with the mouse or the keys."""
    with desk.units(reading=True) as unit:
        opened = find(unit, visitor, record, Action.REVIEW, desk.clock())
        found = unit.documents.get(document)
        content = unit.documents.facts(document) if found and found.record == opened.record.id else None
    if content is None:
        raise NotFoundError
    page = next((p for p in unpack(content).document.pages if p.number == number), None)
    if page is None:
        raise NotFoundError
    return page


def mark_page(desk: Desk, visitor: Visitor, record: str, document: str, number: int, *, readable: bool) -> None:
    """Note that nobody can read a page, or take that back; to say it twice changes nothing."""
    fact = f"{PAGE}{document}:{number}"
    with desk.units(reading=True) as unit:
        opened = find(unit, visitor, record, Action.REVIEW, desk.clock())
        last = latest(unit.reviews.of_record(opened.record.id)).get(fact)
    if readable is (last is None or last.review is not Review.REJECTED):
        return
    review, why = (Review.MACHINE, "") if readable else (Review.REJECTED, "unreadable")
    decide(desk, visitor, record, fact, review, version=last.number if last else 0, why=why)


def audit(desk: Desk, visitor: Visitor, record: str) -> tuple[Step, ...]:
    """Return everything that was decided about a case, newest first: who, when, from what to what, and why."""
    moment = desk.clock()
    with desk.units() as unit:
        opened = find(unit, visitor, record, Action.REVIEW, moment)
        decisions = unit.reviews.of_record(opened.record.id)
        names = {d.id: d.name for d in unit.documents.of_record(opened.record.id)}
        decided = {f"review.{r}" for r in Review} | {"review.open", "review.audit"}
        looks = [k for k in unit.trail.of_record(opened.record.id) if k.what.startswith(AUDITED)]
        looks = [k for k in looks if k.what not in decided]
        mails = _mails(unit, {d.who for d in decisions} | {k.who.removeprefix("account:") for k in looks})
        look(unit, opened, "review.audit", moment)
        unit.commit()
    steps = [_step(d, names, mails) for d in decisions]
    for k in looks:
        who = mails.get(k.who.removeprefix("account:"), k.who)
        steps.append(Step(k.at, who, k.what.removeprefix(AUDITED), _named(k.detail, names), {}, {}, {}))
    return tuple(sorted(steps, key=lambda s: s.at, reverse=True))


def _step(decision: Decision, names: dict[str, str], mails: dict[str, str]) -> Step:
    def told(values: str) -> dict[str, Any]:
        read: dict[str, Any] = json.loads(values) if values else {}
        return read

    about = ""
    if decision.fact.startswith(PAGE):
        _, document, page = decision.fact.split(":")
        about = f"{names.get(document, 'a document that has gone')}, page {page}"
    return Step(
        decision.at, mails.get(decision.who, ""), str(decision.review), about, told(decision.machine),
        told(decision.before), told(decision.after), decision.why, decision.pipeline_version, decision.fact,
    )  # fmt: skip


def _named(detail: str, names: dict[str, str]) -> str:
    """Say the details of a line of the trail, ids of documents by their names."""
    return " ".join(names.get(word, word if len(word) < 32 else "") for word in detail.split()).strip()


def _mails(unit: UnitOfWork, accounts: set[str]) -> dict[str, str]:
    found = {a: unit.accounts.get(a) for a in accounts if a}
    return {a: account.email if account else "a former colleague" for a, account in found.items()}
