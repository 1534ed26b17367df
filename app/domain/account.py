"""Who uses the product: accounts, sessions, and the visitor behind one request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What an account is for."""

    PATIENT = "patient"
    CAREGIVER = "caregiver"
    NAVIGATOR = "navigator"
    LEAD = "lead"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Account:
    """A person who signs in.

    Attributes:
        id: Random, in hexadecimal.
        email: In lower case; unique.
        password_hash: Argon2id, with its own parameters and salt.
        role: What the account is for.
        created_at: In UTC.
        disabled: Whether it may no longer sign in.
    """

    id: str
    email: str
    password_hash: str
    role: Role
    created_at: datetime
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Organisation:
    """A team that checks reports; its navigators and leads see the records that were given to it, and no others.

    Attributes:
        id: Random, in hexadecimal.
        name: As people know it; shown to the person who uploads.
        code: What a person types, or follows as a link, to let this team check; upper case, unique.
        created_at: In UTC.
        takes_all: Whether it checks every record whose person chose nobody else and did not refuse.
        closed: Whether it takes no more records; its members see none either.
        second_reading: Whether facts that steer guidance are read blind by a second person.
        threshold: Confidence in percent below which a fact must be decided; None derives it from what was checked.
    """

    id: str
    name: str
    code: str
    created_at: datetime
    takes_all: bool = False
    closed: bool = False
    second_reading: bool = False
    threshold: int | None = None


@dataclass(frozen=True, slots=True)
class Membership:
    """Who works for which organisation.

    Attributes:
        organisation: Id of the organisation.
        account: Id of a navigator's or lead's account.
        since: In UTC.
    """

    organisation: str
    account: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser.

    Attributes:
        token_hash: SHA-256 of the cookie's value; the value itself is kept nowhere.
        account: Id of the account.
        created_at: In UTC.
        expires_at: In UTC.
    """

    token_hash: str
    account: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever sends one request.

    Attributes:
        account: The signed-in account; None for everybody else.
    """

    account: Account | None = None


NOBODY = Visitor()
"""A visitor who is not signed in."""
