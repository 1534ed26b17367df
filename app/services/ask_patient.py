"""Ask the person whose record it is: the question stands on their page, their answer in the case and in the queue."""

from __future__ import annotations

import logging
from dataclasses import replace

from app.domain.account import Visitor
from app.domain.record import Question, Record
from app.errors import DependencyError, NotFoundError, RefusedError
from app.ports import UnitOfWork
from app.services.access import Action, find, look
from app.services.desk import Desk, new_id
from app.services.keep_queue import enlist

log = logging.getLogger(__name__)

MOST = 2000
NOTE = (
    "A question about your reports",
    "A care navigator who checks what we read from your reports has a question for you. Open your private link, or "
    "sign in: the question is at the top of your page.\n\nThis note has no link in it on purpose, and it does not say "
    "what the question is about: whoever reads your e-mail cannot open your record.\n",
)


def ask(desk: Desk, visitor: Visitor, record: str, text: str, *, fact: str = "", label: str = "") -> Question:
    """Put a question on the person's page, and send a note that there is one.

    Args:
        desk: The store.
        visitor: The navigator.
        record: Id of the record.
        text: The question, in plain words.
        fact: Key of the fact that it is about, or "".
        label: The fact's name, or "".

    Raises:
        RefusedError: Nothing is asked.
    """
    words = " ".join(text.split())[:MOST]
    if len(words) < 3:
        raise RefusedError("Write the question as you would ask it at the bedside.")
    moment = desk.clock()
    with desk.units() as unit:
        opened = find(unit, visitor, record, Action.REVIEW, moment)
        if visitor.account is None:
            raise NotFoundError
        asked = Question(new_id(), opened.record.id, fact[:80], label[:300], words, visitor.account.id, moment)
        unit.questions.add(asked)
        look(unit, opened, "review.ask", moment)
        address = _address(unit, opened.record)
        unit.commit()
    if desk.mailer is not None and address:
        try:
            desk.mailer.send(address, *NOTE)
        except DependencyError:
            log.warning("the note that record %s has a question could not be sent", opened.record.id)
    return asked


def take_question_back(desk: Desk, visitor: Visitor, record: str, question: str) -> None:
    """Take a question away that nobody has answered."""
    with desk.units() as unit:
        opened = find(unit, visitor, record, Action.REVIEW, desk.clock())
        asked = unit.questions.get(question)
        if asked is None or asked.record != opened.record.id:
            raise NotFoundError
        if asked.answered_at is not None:
            raise RefusedError("The patient has answered this. The answer stays with the case.")
        unit.questions.delete(asked.id)
        look(unit, opened, "review.ask_no_more", desk.clock())
        unit.commit()


def answer(desk: Desk, visitor: Visitor, key: str, question: str, text: str) -> None:
    """Answer a question; the case goes back to the navigators.

    Raises:
        RefusedError: The answer is empty.
    """
    words = text.strip()[:MOST]
    if not words:
        raise RefusedError("Write your answer first. “I don't know” is an answer too.")
    moment = desk.clock()
    with desk.units() as unit:
        opened = find(unit, visitor, key, Action.DISPUTE, moment)
        asked = unit.questions.get(question)
        if asked is None or asked.record != opened.record.id:
            raise NotFoundError
        unit.questions.save(replace(asked, answer=words, answered_at=moment))
        enlist(unit, opened.record.id)
        look(unit, opened, "answer.question", moment)
        unit.commit()


def open_questions(unit: UnitOfWork, record: str) -> tuple[Question, ...]:
    """Return the questions that wait for the person's answer, oldest first."""
    return tuple(q for q in unit.questions.of_record(record) if q.answered_at is None)


def _address(unit: UnitOfWork, record: Record) -> str:
    """Return where the person wants to hear from us; "" for nowhere."""
    if record.mail:
        return record.mail
    owner = unit.accounts.get(record.owner) if record.owner else None
    return owner.email if owner and not owner.disabled else ""
