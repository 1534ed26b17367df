"""Invite somebody to see a record with an account of their own; take the invitation back; accept; leave."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from app.domain.account import Account, Visitor
from app.domain.record import GuestMay, Invitation, Record
from app.errors import NotFoundError, RefusedError
from app.ports import UnitOfWork
from app.services.access import Action, find, hashed, look
from app.services.desk import Desk

LONGEST_DAYS = 30
MOST_GUESTS = 20


@dataclass(frozen=True, slots=True)
class Guest:
    """An invitation as its owner sees it.

    Attributes:
        invitation: The invitation.
        email: Of the account that accepted it; "" while nobody has.
    """

    invitation: Invitation
    email: str


def invite(desk: Desk, visitor: Visitor, key: str, *, may: GuestMay, label: str, days: int) -> str:
    """Make an invitation that can be accepted once, for some days.

    Returns:
        The secret of its address; it is stored nowhere.
    """
    if not 1 <= days <= LONGEST_DAYS:
        raise RefusedError(f"An invitation can wait from 1 to {LONGEST_DAYS} days.")
    moment = desk.clock()
    secret = secrets.token_urlsafe(24)
    with desk.units() as unit:
        opened = find(unit, visitor, key, Action.SHARE, moment)
        if len(unit.invitations.of_record(opened.record.id)) >= MOST_GUESTS:
            raise RefusedError("There are as many invitations as a record can have. Take one back first.")
        life = timedelta(days=days)
        unit.invitations.add(Invitation(hashed(secret), opened.record.id, may, label[:200], moment, moment + life))
        look(unit, opened, "invite.guest", moment, may.value)
        unit.commit()
    return secret


def take_back(desk: Desk, visitor: Visitor, key: str, invitation: str) -> None:
    """Take an invitation back, accepted or not: from now on it opens nothing."""
    moment = desk.clock()
    with desk.units() as unit:
        opened = find(unit, visitor, key, Action.SHARE, moment)
        found = unit.invitations.get(invitation)
        if found is None or found.record != opened.record.id:
            raise NotFoundError
        unit.invitations.delete(found.id)
        look(unit, opened, "uninvite.guest", moment)
        unit.commit()


def guests(unit: UnitOfWork, record: str) -> tuple[Guest, ...]:
    """Return the invitations to a record, with who accepted them."""

    def email(account: Account | None) -> str:
        return account.email if account else ""

    return tuple(
        Guest(i, email(unit.accounts.get(i.account)) if i.account else "") for i in unit.invitations.of_record(record)
    )


def invitation_behind(desk: Desk, secret: str) -> Invitation:
    """Return an invitation that can still be accepted.

    Raises:
        NotFoundError: There is none, it was accepted or taken back, or its time is over.
    """
    with desk.units(reading=True) as unit:
        return _open(unit, desk, secret)[0]


def accept(desk: Desk, visitor: Visitor, secret: str) -> str:
    """Accept an invitation with the account that is signed in.

    Returns:
        The id of the record, which opens it for this account from now on.

    Raises:
        NotFoundError: It cannot be accepted, or nobody is signed in.
        RefusedError: The record is the visitor's own.
    """
    if visitor.account is None:
        raise NotFoundError
    moment = desk.clock()
    with desk.units() as unit:
        invitation, record = _open(unit, desk, secret, lock=True)
        if record.owner == visitor.account.id:
            raise RefusedError("This record is your own. Send the link to the person whom you want to invite.")
        unit.invitations.save(replace(invitation, account=visitor.account.id, accepted_at=moment))
        opened = find(unit, visitor, record.id, Action.VIEW, moment)
        look(unit, opened, "accept.invitation", moment)
        unit.commit()
    return record.id


def leave(desk: Desk, visitor: Visitor, record: str) -> None:
    """Give an accepted invitation back."""
    if visitor.account is None:
        raise NotFoundError
    moment = desk.clock()
    with desk.units() as unit:
        opened = find(unit, visitor, record, Action.VIEW, moment)
        for invitation in unit.invitations.accepted(visitor.account.id, record):
            unit.invitations.delete(invitation.id)
            look(unit, opened, "leave.record", moment)
        unit.commit()


def shared_with(unit: UnitOfWork, account: str, desk: Desk) -> Sequence[tuple[Invitation, Record]]:
    """Return the records that others let an account see, newest first."""
    found = [(i, unit.records.get(i.record)) for i in unit.invitations.accepted(account)]
    return [(i, r) for i, r in found if r and (r.expires_at is None or r.expires_at > desk.clock())]


def _open(unit: UnitOfWork, desk: Desk, secret: str, *, lock: bool = False) -> tuple[Invitation, Record]:
    invitation = unit.invitations.get(hashed(secret), lock=lock)
    if invitation is None or invitation.account or invitation.expires_at <= desk.clock():
        raise NotFoundError
    record = unit.records.get(invitation.record)
    if record is None or (record.expires_at and record.expires_at <= desk.clock()):
        raise NotFoundError
    return invitation, record
