"""Accounts: sign up, sign in, sign out; passwords as Argon2id, sessions as hashes, guesses slowed down."""

from __future__ import annotations

import re
import secrets
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from app.domain.account import NOBODY, Account, Role, Session, Visitor
from app.domain.record import Look
from app.errors import RefusedError
from app.services.access import REVIEWERS, hashed
from app.services.desk import Desk, new_id

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
GUESSES = 8
GUESSING_TIME = timedelta(minutes=15)
EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,253}\.[^@\s.]{2,}")


class SignInError(RefusedError):
    """Address and password do not belong together; which of them is wrong is not told."""

    code = "input.sign_in"

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("This e-mail address and password do not fit together. Check both and try again.")


class TooManyGuessesError(RefusedError):
    """Too many wrong passwords in a short time."""

    code = "input.too_many"

    def __init__(self) -> None:
        """Say when to come back."""
        super().__init__("There were too many attempts. Wait 15 minutes, then try again.")


def add_account(desk: Desk, email: str, password: str, role: str = "patient") -> Account:
    """Add an account; a navigator or lead works for the organisation that takes every record, where there is one.

    Raises:
        RefusedError: The address, password or role cannot be used, or the address has an account.
    """
    address = email.strip().lower()
    if not EMAIL.fullmatch(address):
        raise RefusedError("This is not an e-mail address. Write it like name@example.org.")
    _check_length(password)
    if role not in set(Role):
        raise RefusedError(f"The role must be one of: {', '.join(Role)}.")
    account = Account(new_id(), address, _hasher().hash(password), Role(role), desk.clock())
    with desk.units() as unit:
        if unit.accounts.by_email(address):
            raise RefusedError("There is an account with this address already. Sign in instead.")
        unit.accounts.add(account)
        taker = unit.organisations.taker()
        if taker is not None and account.role in REVIEWERS:
            unit.organisations.join(taker.id, account.id, desk.clock())
        unit.trail.add(Look(desk.clock(), f"account:{account.id}", "add.account"))
        unit.commit()
    return account


def _check_length(password: str) -> None:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise RefusedError(f"Choose a password of at least {SHORTEST_PASSWORD} characters, such as four random words.")


def change_password(desk: Desk, account: Account, old: str, new: str) -> str:
    """Change the password, end every session of the account, and begin a new one.

    Returns:
        The secret of the new session, for the cookie.

    Raises:
        RefusedError: The new password cannot be used.
        SignInError: The old one is wrong.
        TooManyGuessesError: Wait first.
    """
    _check_length(new)
    guess, moment = hashed(f"sign-in {account.email}"), desk.clock()
    with desk.units() as unit:
        if unit.accounts.failures(guess, moment - GUESSING_TIME) >= GUESSES:
            raise TooManyGuessesError
    if not _fits(account.password_hash, old[:LONGEST_PASSWORD]):
        with desk.units() as unit:
            unit.accounts.note_failure(guess, moment)
            unit.commit()
        raise SignInError
    with desk.units() as unit:
        unit.accounts.save(replace(account, password_hash=_hasher().hash(new)))
        unit.accounts.end_sessions(account.id)
        unit.trail.add(Look(moment, f"account:{account.id}", "change.password"))
        unit.commit()
    return sign_in(desk, account.email, new)


def sign_in(desk: Desk, email: str, password: str) -> str:
    """Check the password and begin a session.

    Returns:
        The secret for the cookie; it is stored nowhere.

    Raises:
        SignInError: They do not belong together.
        TooManyGuessesError: Wait first.
    """
    address = email.strip().lower()
    guess = hashed(f"sign-in {address}")
    moment = desk.clock()
    with desk.units() as unit:
        if unit.accounts.failures(guess, moment - GUESSING_TIME) >= GUESSES:
            raise TooManyGuessesError
        account = unit.accounts.by_email(address)
    right = _fits(account.password_hash if account else _no_password(), password[:LONGEST_PASSWORD])
    with desk.units() as unit:
        if account is None or account.disabled or not right:
            unit.accounts.note_failure(guess, moment)
            unit.commit()
            raise SignInError
        secret = secrets.token_urlsafe(32)
        life = timedelta(days=desk.limits.session_days)
        unit.accounts.add_session(Session(hashed(secret), account.id, moment, moment + life))
        unit.accounts.forget_failures(guess)
        unit.trail.add(Look(moment, f"account:{account.id}", "sign_in"))
        unit.commit()
    return secret


def sign_out(desk: Desk, secret: str) -> None:
    """End a session."""
    with desk.units() as unit:
        unit.accounts.delete_session(hashed(secret))
        unit.commit()


def visitor_of(desk: Desk, secret: str) -> Visitor:
    """Return who holds a session's secret; nobody where it is unknown or over."""
    with desk.units(reading=True) as unit:
        session = unit.accounts.session(hashed(secret))
        if session is None or session.expires_at <= desk.clock():
            return NOBODY
        account = unit.accounts.get(session.account)
    return Visitor(account) if account and not account.disabled else NOBODY


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def _no_password() -> str:
    # An unknown address takes as long as a wrong password, so that nobody learns who has an account.
    return _hasher().hash(secrets.token_urlsafe(16))


def _fits(password_hash: str, password: str) -> bool:
    from argon2.exceptions import VerificationError

    try:
        return _hasher().verify(password_hash, password)
    except VerificationError:
        return False
