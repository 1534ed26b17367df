"""The rows of organisations: who works for them, and which records were given to them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from app.adapters import database_tables as tables
from app.adapters.database_review_tables import memberships, organisations, placements
from app.adapters.database_shelves import Shelf
from app.domain.account import Account, Organisation
from app.domain.review import Placement

STAFF = ("navigator", "lead", "admin")


class OrganisationShelf(Shelf[Organisation]):
    """Teams, who works for them, and which records were given to them."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, Organisation, organisations)
        self._accounts = Shelf(connection, Account, tables.accounts)

    def all(self) -> list[Organisation]:
        """Return all, by name."""
        return self.where(order=[organisations.c.name, organisations.c.id])

    def by_code(self, code: str) -> Organisation | None:
        """Return the one with this code that takes records."""
        return next(iter(self.where(organisations.c.code == code, organisations.c.closed.is_(False))), None)

    def taker(self) -> Organisation | None:
        """Return the one that checks every record whose person chose nobody else."""
        taking = [organisations.c.takes_all.is_(True), organisations.c.closed.is_(False)]
        return next(iter(self.where(*taking, order=[organisations.c.created_at])), None)

    def of_account(self, account: str) -> list[Organisation]:
        """Return those that an account works for, by name."""
        theirs = select(memberships.c.organisation).where(memberships.c.account == account)
        return self.where(organisations.c.id.in_(theirs), order=[organisations.c.name, organisations.c.id])

    def members(self, organisation: str) -> list[Account]:
        """Return who works for one, by address."""
        working = select(memberships.c.account).where(memberships.c.organisation == organisation)
        return self._accounts.where(tables.accounts.c.id.in_(working), order=[tables.accounts.c.email])

    def join(self, organisation: str, account: str, moment: datetime) -> None:
        """Let an account work for one; to do so twice changes nothing."""
        if any(o.id == organisation for o in self.of_account(account)):
            return
        self._connection.execute(insert(memberships).values(organisation=organisation, account=account, since=moment))

    def leave(self, organisation: str, account: str) -> None:
        """Let an account no longer work for one."""
        gone = [memberships.c.organisation == organisation, memberships.c.account == account]
        self._connection.execute(delete(memberships).where(*gone))

    def place(self, placement: Placement) -> None:
        """Give a record to one; it is taken from any other."""
        self.withdraw(placement.record)
        self._connection.execute(insert(placements).values(**asdict(placement)))

    def withdraw(self, record: str) -> None:
        """Take a record from whichever it was given to."""
        self._connection.execute(delete(placements).where(placements.c.record == record))

    def of_record(self, record: str) -> Organisation | None:
        """Return the one that a record was given to; a closed one counts as none."""
        given = select(placements.c.organisation).where(placements.c.record == record)
        open_ones = organisations.c.closed.is_(False)
        return next(iter(self.where(organisations.c.id.in_(given), open_ones)), None)

    def staff(self) -> list[Account]:
        """Return all accounts of navigators, leads and admins, by address."""
        table = tables.accounts
        return self._accounts.where(table.c.role.in_(STAFF), order=[table.c.email])
