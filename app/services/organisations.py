"""Which organisation may check a record, as its person chose; who works for which; what an admin may change."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.account import Account, Organisation, Role, Visitor
from app.domain.record import Look
from app.domain.review import Placement
from app.errors import NotFoundError, RefusedError
from app.ports import UnitOfWork
from app.services.access import REVIEWERS, Action, Opened, find, look
from app.services.accounts import add_account
from app.services.desk import Desk, new_id

NOBODY = "nobody"
"""What a person chooses who wants no one to check."""
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Of codes: none that are taken for one another when they are read out."""
CODE_LENGTH = 8
MOST_NAME = 200


@dataclass(frozen=True, slots=True)
class Team:
    """An organisation with who works for it."""

    organisation: Organisation
    members: tuple[Account, ...]


@dataclass(frozen=True, slots=True)
class Office:
    """What an admin sees: no record is among it."""

    teams: tuple[Team, ...]
    staff: tuple[Account, ...]


def as_operator(desk: Desk) -> Visitor:
    """Return whoever sits at the machine's own command line: they may do what an admin may."""
    return Visitor(Account("operator", "", "", Role.ADMIN, desk.clock()))


def join_by_name(desk: Desk, visitor: Visitor, email: str, name: str) -> None:
    """Let a colleague work for an organisation; both are named as people name them.

    Raises:
        RefusedError: There is no such colleague or organisation.
    """
    with desk.units(reading=True) as unit:
        account = unit.accounts.by_email(email.strip().lower())
        named = [o for o in unit.organisations.all() if o.name.lower() == " ".join(name.split()).lower()]
    if account is None or not named:
        raise RefusedError(f"There is no {'account ' + email if account is None else 'organisation ' + name}.")
    add_member(desk, visitor, named[0].id, account.id)


def normal_code(code: str) -> str:
    """Return a code as it is stored, however it was typed."""
    return re.sub(r"[^A-Z0-9]", "", code.upper())[:20]


def give(unit: UnitOfWork, record: str, checks: str, who: str, moment: datetime) -> bool:
    """Give a record to the organisation that its person chose.

    Args:
        unit: The unit of work to write in.
        record: Id of the record.
        checks: A code, `NOBODY`, or "" for the organisation that takes every record.
        who: Name for the audit trail.
        moment: The present moment.

    Returns:
        False where no organisation has this code; nothing was changed then.
    """
    if checks == NOBODY:
        unit.organisations.withdraw(record)
        return True
    found = unit.organisations.by_code(normal_code(checks)) if checks else unit.organisations.taker()
    if found is not None:
        unit.organisations.place(Placement(record, found.id, moment, who))
    return found is not None or not checks


def named_by(desk: Desk, code: str) -> Organisation | None:
    """Return the organisation with a code; without a code the one that takes every record."""
    with desk.units(reading=True) as unit:
        return unit.organisations.by_code(normal_code(code)) if code else unit.organisations.taker()


def checker_of(desk: Desk, opened: Opened) -> Organisation | None:
    """Return the organisation that may check a record."""
    with desk.units(reading=True) as unit:
        return unit.organisations.of_record(opened.record.id)


def choose_checker(desk: Desk, visitor: Visitor, key: str, checks: str) -> None:
    """Let the owner of a record choose who may check it; whoever could before cannot any more.

    Raises:
        RefusedError: No organisation has this code.
    """
    moment = desk.clock()
    with desk.units() as unit:
        opened = find(unit, visitor, key, Action.CHANGE, moment)
        unit.records.get(opened.record.id, lock=True)
        if not give(unit, opened.record.id, checks, opened.who, moment):
            raise RefusedError("No care team has this code. Check it with the people who gave it to you.")
        _free(unit, opened.record.id)
        look(unit, opened, "choose.checker", moment)
        unit.commit()


def hand_over(desk: Desk, visitor: Visitor, record: str, organisation: str) -> None:
    """Give a case to another organisation; the lead has to work for both.

    Raises:
        NotFoundError: The case or the organisation is none of the visitor's.
    """
    moment = desk.clock()
    with desk.units() as unit:
        opened = find(unit, visitor, record, Action.ASSIGN, moment)
        unit.records.get(opened.record.id, lock=True)
        theirs = unit.organisations.of_account(visitor.account.id) if visitor.account else ()
        if not any(o.id == organisation and not o.closed for o in theirs):
            raise NotFoundError
        unit.organisations.place(Placement(opened.record.id, organisation, moment, opened.who))
        _free(unit, opened.record.id)
        look(unit, opened, "review.hand_over", moment, organisation)
        unit.commit()


def see_office(desk: Desk, visitor: Visitor) -> Office:
    """Return organisations and staff.

    Raises:
        NotFoundError: The visitor is no admin.
    """
    _admin(visitor)
    with desk.units(reading=True) as unit:
        teams = tuple(Team(o, tuple(unit.organisations.members(o.id))) for o in unit.organisations.all())
        return Office(teams, tuple(unit.organisations.staff()))


def add_organisation(desk: Desk, visitor: Visitor, name: str) -> Organisation:
    """Add an organisation; its code is told to the people whose reports it shall check."""
    admin = _admin(visitor)
    with desk.units() as unit:
        made = make_organisation(unit, name, desk.clock())
        _note(unit, admin, "admin.add_organisation", made.id, desk.clock())
        unit.commit()
    return made


def make_organisation(unit: UnitOfWork, name: str, moment: datetime) -> Organisation:
    """Write a new organisation.

    Raises:
        RefusedError: The name is empty or taken.
    """
    made = Organisation(new_id(), _name(unit, name), _new_code(), moment)
    unit.organisations.add(made)
    return made


def change_organisation(
    desk: Desk,
    visitor: Visitor,
    identity: str,
    *,
    name: str,
    takes_all: bool,
    closed: bool,
    second_reading: bool,
    threshold: str,
) -> None:
    """Change an organisation; of all organisations only one takes every record.

    Raises:
        RefusedError: The name is taken, or the threshold is no whole number from 0 to 100.
    """
    admin = _admin(visitor)
    percent = threshold.strip().rstrip("%").strip()
    if percent and not (percent.isascii() and percent.isdigit() and int(percent) <= 100):
        raise RefusedError("The threshold is a whole number from 0 to 100, or empty.")
    with desk.units() as unit:
        old = _organisation(unit, identity)
        for other in unit.organisations.all():
            if takes_all and other.takes_all and other.id != old.id:
                unit.organisations.save(replace(other, takes_all=False))
        fresh = replace(
            old,
            name=_name(unit, name, old.id),
            takes_all=takes_all and not closed,
            closed=closed,
            second_reading=second_reading,
            threshold=int(percent) if percent else None,
        )
        unit.organisations.save(fresh)
        _note(unit, admin, "admin.change_organisation", identity, desk.clock())
        unit.commit()


def renew_code(desk: Desk, visitor: Visitor, identity: str) -> None:
    """Give an organisation a new code; the old one opens nothing any more."""
    admin = _admin(visitor)
    with desk.units() as unit:
        unit.organisations.save(replace(_organisation(unit, identity), code=_new_code()))
        _note(unit, admin, "admin.renew_code", identity, desk.clock())
        unit.commit()


def add_member(desk: Desk, visitor: Visitor, identity: str, account: str) -> None:
    """Let a navigator or lead work for an organisation.

    Raises:
        RefusedError: The account has no such role.
    """
    admin = _admin(visitor)
    with desk.units() as unit:
        organisation = _organisation(unit, identity)
        found = unit.accounts.get(account)
        if found is None or found.role not in REVIEWERS:
            raise RefusedError("Only a navigator or a lead can work for an organisation.")
        unit.organisations.join(organisation.id, found.id, desk.clock())
        _note(unit, admin, "admin.add_member", f"{identity} {account}", desk.clock())
        unit.commit()


def remove_member(desk: Desk, visitor: Visitor, identity: str, account: str) -> None:
    """Let an account no longer work for an organisation; it sees that organisation's cases no more."""
    admin = _admin(visitor)
    with desk.units() as unit:
        unit.organisations.leave(_organisation(unit, identity).id, account)
        _note(unit, admin, "admin.remove_member", f"{identity} {account}", desk.clock())
        unit.commit()


def add_staff(desk: Desk, visitor: Visitor, email: str, role: str, organisation: str = "") -> str:
    """Add an account for a colleague.

    Returns:
        Its first password, which is told once and stored nowhere.

    Raises:
        RefusedError: The address or role cannot be used, or the address has an account.
    """
    admin = _admin(visitor)
    if role not in (*REVIEWERS, Role.ADMIN):
        raise RefusedError("Choose navigator, lead or admin.")
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    made = add_account(desk, email, password, role)
    with desk.units() as unit:
        if organisation and made.role in REVIEWERS:
            for other in unit.organisations.of_account(made.id):
                unit.organisations.leave(other.id, made.id)
            unit.organisations.join(_organisation(unit, organisation).id, made.id, desk.clock())
        _note(unit, admin, "admin.add_staff", made.id, desk.clock())
        unit.commit()
    return password


def change_staff(desk: Desk, visitor: Visitor, account: str, *, role: str, disabled: bool) -> None:
    """Change what a colleague's account is for, or whether it may sign in; it holds from the next click on.

    Raises:
        RefusedError: It is the admin's own account, or the role is none of the staff's.
    """
    admin = _admin(visitor)
    if account == admin.id:
        raise RefusedError("You cannot change your own account: another admin can.")
    if role not in (*REVIEWERS, Role.ADMIN):
        raise RefusedError("Choose navigator, lead or admin.")
    with desk.units() as unit:
        found = unit.accounts.get(account)
        if found is None or found.role not in (*REVIEWERS, Role.ADMIN):
            raise NotFoundError
        unit.accounts.save(replace(found, role=Role(role), disabled=disabled))
        if role == Role.ADMIN:
            for organisation in unit.organisations.of_account(account):
                unit.organisations.leave(organisation.id, account)
        _note(unit, admin, "admin.change_staff", account, desk.clock())
        unit.commit()


def _admin(visitor: Visitor) -> Account:
    account = visitor.account
    if account is None or account.disabled or account.role is not Role.ADMIN:
        raise NotFoundError
    return account


def _organisation(unit: UnitOfWork, identity: str) -> Organisation:
    found = unit.organisations.get(identity)
    if found is None:
        raise NotFoundError
    return found


def _name(unit: UnitOfWork, name: str, but: str = "") -> str:
    tidy = " ".join(name.split())[:MOST_NAME]
    if not tidy:
        raise RefusedError("Give the organisation a name: people see it when they upload.")
    if any(o.name.lower() == tidy.lower() and o.id != but for o in unit.organisations.all()):
        raise RefusedError("There is an organisation with this name already.")
    return tidy


def _new_code() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))


def _free(unit: UnitOfWork, record: str) -> None:
    """Nobody of the organisation before holds a case that was given away."""
    case = unit.reviews.case(record)
    unit.reviews.put_case(replace(case, holder="", held_until=None, assigned="", assigned_by="", second_by=""))


def _note(unit: UnitOfWork, admin: Account, what: str, detail: str, moment: datetime) -> None:
    unit.trail.add(Look(moment, f"account:{admin.id}", what, "", detail[:500]))
