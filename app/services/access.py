"""Who may do what with a record: decided here and nowhere else; what is not allowed here is denied."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.account import Account, Role, Visitor
from app.domain.record import GuestMay, Invitation, Link, LinkPurpose, Look, Record
from app.domain.review import Case, CaseStage
from app.errors import NotFoundError
from app.ports import UnitOfWork
from app.services.desk import Desk


class Action(StrEnum):
    """What somebody may want to do with a record."""

    VIEW = "view"
    ADD = "add"
    CHANGE = "change"
    DISPUTE = "dispute"
    SHARE = "share"
    KEEP = "keep"
    TRAIL = "trail"
    DELETE = "delete"
    REVIEW = "review"
    SECOND = "second"
    ASSIGN = "assign"
    ADJUDICATE = "adjudicate"


STAFF_ONLY = frozenset({Action.REVIEW, Action.SECOND, Action.ASSIGN, Action.ADJUDICATE})
OWNER_MAY = frozenset(Action) - STAFF_ONLY
SHARED_MAY = frozenset({Action.VIEW})
GUEST_MAY = {
    GuestMay.READ: frozenset({Action.VIEW}),
    GuestMay.HELP: frozenset({Action.VIEW, Action.ADD, Action.DISPUTE}),
}
REVIEWER_MAY = frozenset({Action.VIEW, Action.REVIEW})
LEAD_MAY = REVIEWER_MAY | {Action.ASSIGN, Action.ADJUDICATE}
REVIEWERS = frozenset({Role.NAVIGATOR, Role.LEAD})


@dataclass(frozen=True, slots=True)
class Opened:
    """A record that a visitor may do something with.

    Attributes:
        record: The record.
        key: The part of the address that opened it.
        may: Everything that this visitor may do with it.
        who: Name for the audit trail.
    """

    record: Record
    key: str
    may: frozenset[Action]
    who: str


def permitted(
    visitor: Visitor,
    link: Link | None,
    record: Record,
    now: datetime,
    *,
    given: Case | None = None,
    guest: Invitation | None = None,
) -> frozenset[Action]:
    """Return everything that a visitor, who may hold a link, may do with a record.

    Args:
        visitor: Who asks.
        link: The link that they hold, if any.
        record: The record.
        now: The present moment.
        given: How far its checking has come, where it was given to an organisation that the visitor works for.
        guest: The invitation to it that the visitor has accepted, if any.
    """
    if record.expires_at is not None and record.expires_at <= now:
        return frozenset()
    may: frozenset[Action] = frozenset()
    if link is not None and link.record == record.id and link.expires_at > now:
        may |= OWNER_MAY if link.purpose is LinkPurpose.OWNER else SHARED_MAY
    account = visitor.account
    if account is not None and not account.disabled:
        if record.owner == account.id:
            may |= OWNER_MAY
        elif given is not None:
            may |= checking(account, given)
        elif guest is not None and (guest.record, guest.account) == (record.id, account.id):
            may |= GUEST_MAY[guest.may]
    return may


def checking(account: Account, case: Case) -> frozenset[Action]:
    """Return what an account may do with a case of its own organisation.

    While a second person reads, a navigator who is not the first one sees neither the first one's decisions nor the
    result that they made: only the page of the second reading.
    """
    if account.role not in REVIEWERS:
        return frozenset()
    leads = account.role is Role.LEAD
    may = LEAD_MAY if leads else REVIEWER_MAY
    if case.stage is CaseStage.SECOND and case.done_by != account.id:
        blind = case.second_by == account.id or not leads
        return frozenset({Action.SECOND}) | (may & {Action.ASSIGN} if blind else may)
    return may


def given_to(unit: UnitOfWork, visitor: Visitor, record: Record) -> Case | None:
    """Return the case of a record that was given to an organisation which the visitor works for; else None."""
    account = visitor.account
    if account is None or account.role not in REVIEWERS:
        return None
    checks = unit.organisations.of_record(record.id)
    if checks is None or not any(o.id == checks.id for o in unit.organisations.of_account(account.id)):
        return None
    return unit.reviews.case(record.id)


def invitation_to(unit: UnitOfWork, visitor: Visitor, record: Record) -> Invitation | None:
    """Return the invitation to a record that the visitor has accepted; the one that allows most, if there are two."""
    if visitor.account is None:
        return None
    accepted = unit.invitations.accepted(visitor.account.id, record.id)
    return max(accepted, key=lambda i: len(GUEST_MAY[i.may]), default=None)


def hashed(secret: str) -> str:
    """Return the form in which a secret is stored: it can be compared and not used."""
    return hashlib.sha256(secret.encode()).hexdigest()


def find(unit: UnitOfWork, visitor: Visitor, key: str, action: Action, now: datetime) -> Opened:
    """Open the record behind a key for one action.

    Args:
        unit: The unit of work to look in.
        visitor: Who asks.
        key: The secret of a link, or the id of a record that the visitor's account may see.
        action: What for.
        now: The present moment.

    Raises:
        NotFoundError: There is none, or not for this visitor, or not for this action.
    """
    link = unit.records.link(hashed(key))
    record = unit.records.get(link.record if link else key)
    if record is None:
        raise NotFoundError
    given, guest = given_to(unit, visitor, record), invitation_to(unit, visitor, record)
    may = permitted(visitor, link, record, now, given=given, guest=guest)
    if action not in may:
        raise NotFoundError
    who = f"link:{link.purpose}" if link else f"account:{visitor.account.id if visitor.account else ''}"
    return Opened(record, key, may, who)


def look(unit: UnitOfWork, opened: Opened, what: str, now: datetime, detail: str = "") -> None:
    """Write a line into the audit trail."""
    unit.trail.add(Look(now, opened.who, what, opened.record.id, detail))


def open_record(desk: Desk, visitor: Visitor, key: str, action: Action, *, what: str = "") -> Opened:
    """Open a record and, where `what` names the look, write it into the audit trail."""
    now = desk.clock()
    with desk.units(reading=not what) as unit:
        opened = find(unit, visitor, key, action, now)
        if what:
            look(unit, opened, what, now)
            unit.commit()
    return opened
