"""Who checks which case: a lead tells anybody, a navigator takes the next; locks of open cases are another matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.domain.account import Visitor
from app.domain.review import Asked
from app.errors import NotFoundError, RefusedError
from app.services.access import Action, find, look
from app.services.desk import Desk
from app.services.review_case import LOCK
from app.services.review_queue import is_reviewer

MOST = 200


def assign(desk: Desk, visitor: Visitor, records: Sequence[str], to: str) -> int:
    """Let a colleague check cases; "" for `to` lets nobody in particular.

    Returns:
        How many cases changed.

    Raises:
        NotFoundError: A case is none of the lead's; none of the others has changed then.
        RefusedError: The colleague does not work for the organisation of a case, or no case was chosen.
    """
    if not records:
        raise RefusedError("Choose at least one case.")
    if len(records) > MOST:
        raise RefusedError(f"Choose at most {MOST} cases at a time.")
    moment = desk.clock()
    changed = 0
    with desk.units() as unit:
        for record in dict.fromkeys(records):
            opened = find(unit, visitor, record, Action.ASSIGN, moment)
            unit.records.get(opened.record.id, lock=True)
            organisation = unit.organisations.of_record(opened.record.id)
            members = unit.organisations.members(organisation.id) if organisation else ()
            if to and not any(a.id == to and not a.disabled for a in members):
                raise RefusedError("This colleague does not work for the organisation of one of these cases.")
            case = unit.reviews.case(opened.record.id)
            if case.assigned == to or visitor.account is None:
                continue
            unit.reviews.put_case(replace(case, assigned=to, assigned_by=visitor.account.id))
            look(unit, opened, "review.assign", moment, f"to {to}" if to else "to nobody")
            changed += 1
        unit.commit()
    return changed


def take_next(desk: Desk, visitor: Visitor) -> str:
    """Take the case that waits longest and that nobody holds or is to check.

    Returns:
        Id of its record; "" where none waits.

    Raises:
        NotFoundError: The visitor is no navigator.
    """
    account = visitor.account
    if account is None or not is_reviewer(visitor):
        raise NotFoundError
    moment = desk.clock()
    asked = Asked(account.id, moment, show="free", most=20)
    with desk.units() as unit:
        for seen in unit.queue.seen(asked):
            record = seen.listed.record
            unit.records.get(record, lock=True)
            case = unit.reviews.case(record)
            if case.assigned or (case.held_until is not None and case.held_until > moment):
                continue
            try:
                opened = find(unit, visitor, record, Action.REVIEW, moment)
            except NotFoundError:
                continue
            unit.reviews.put_case(replace(case, assigned=account.id, holder=account.id, held_until=moment + LOCK))
            look(unit, opened, "review.take", moment)
            unit.commit()
            return record
    return ""
