"""The store on SQLite or PostgreSQL: engine, unit of work, migrations."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError

from app.adapters.database_organisations import OrganisationShelf
from app.adapters.database_questions import QuestionShelf
from app.adapters.database_queue import QueueShelf
from app.adapters.database_reviews import ReviewShelf, SecondShelf
from app.adapters.database_shelves import (
    AccountShelf,
    AnalysisShelf,
    DocumentShelf,
    InvitationShelf,
    JobShelf,
    RecordShelf,
    TrailShelf,
    UploadShelf,
)
from app.errors import DependencyError

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
READING = "caseguide_reading"
BUSY_SECONDS = 30


class StoreError(DependencyError):
    """The database cannot be reached or refuses to work."""

    code = "dependency.database"

    def __init__(self) -> None:
        """Say it without the statement, whose values may be a patient's."""
        super().__init__("The database cannot be reached or is full. Check it, then try again.")


class DatabaseUnit:
    """One transaction; leaving it without commit undoes it."""

    def __init__(self, engine: Engine, *, reading: bool) -> None:
        self._engine = engine.execution_options(**{READING: reading})

    def __enter__(self) -> DatabaseUnit:
        """Begin."""
        try:
            self._connection = self._engine.connect()
            self._connection.begin()
            if self._connection.dialect.name == "sqlite":
                self._connection.exec_driver_sql("SELECT 1")
        except OperationalError as error:
            raise StoreError from _bare(error)
        self._arrange(self._connection)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End; roll back what was not committed."""
        self._connection.close()
        if isinstance(error, OperationalError):
            raise StoreError from _bare(error)

    def commit(self) -> None:
        """Write everything."""
        self._connection.commit()

    def _arrange(self, connection: Connection) -> None:
        self.records = RecordShelf(connection)
        self.invitations = InvitationShelf(connection)
        self.uploads = UploadShelf(connection)
        self.documents = DocumentShelf(connection)
        self.analyses = AnalysisShelf(connection)
        self.jobs = JobShelf(connection)
        self.accounts = AccountShelf(connection)
        self.trail = TrailShelf(connection)
        self.reviews = ReviewShelf(connection)
        self.queue = QueueShelf(connection)
        self.organisations = OrganisationShelf(connection)
        self.seconds = SecondShelf(connection)
        self.questions = QuestionShelf(connection)


class Database:
    """Opens units of work on the database at an address.

    Args:
        url: "sqlite:////absolute/caseguide.db" or "postgresql+psycopg://user@host/name".
    """

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        if self.url.drivername == "postgresql":
            self.url = self.url.set(drivername="postgresql+psycopg")
        # Values of statements are a patient's data: they never get into an error message.
        self.engine = create_engine(self.url, hide_parameters=True, pool_pre_ping=not self._is_sqlite, **self._pool())
        if self._is_sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)

    @property
    def _is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    def _pool(self) -> dict[str, Any]:
        if self._is_sqlite:
            return {"connect_args": {"timeout": BUSY_SECONDS, "check_same_thread": False}}
        return {"pool_size": 10, "max_overflow": 20}

    def units(self, *, reading: bool = False) -> DatabaseUnit:
        """Open a unit of work; `reading` promises that nothing will be written."""
        return DatabaseUnit(self.engine, reading=reading)

    def upgrade(self) -> None:
        """Bring the tables to the newest form; safe to run twice and by several at once on PostgreSQL."""
        from alembic import command
        from alembic.config import Config

        if self._is_sqlite and self.url.database:
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        try:
            with self.engine.begin() as connection:
                if not self._is_sqlite:
                    connection.execute(text("SELECT pg_advisory_xact_lock(7311926)"))
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        except OperationalError as error:
            raise StoreError from _bare(error)

    def check(self) -> None:
        """Raise StoreError unless the database answers."""
        try:
            with self.engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except DBAPIError as error:
            raise StoreError from _bare(error)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _bare(error: DBAPIError) -> BaseException | None:
    """Return the driver's own error, which holds no statement."""
    return error.orig


def _prepare_sqlite(connection: sqlite3.Connection, _: object) -> None:
    # The driver's own idea of transactions is switched off: it starts none before a SELECT.
    connection.isolation_level = None
    cursor = connection.cursor()
    # A commit survives a power cut (FULL): a patient was told that the upload is kept.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes the lock at once: a reader that turns writer half-way would be refused, not made to wait.
    reading = connection.get_execution_options().get(READING, False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
