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
