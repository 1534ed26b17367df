"""The tables of the store, the same on SQLite and PostgreSQL; migrations/ builds them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
)

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = MetaData(naming_convention=NAMES)


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC; SQLite forgets the zone, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn a moment into UTC."""
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """Give a moment its zone."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _id(name: str = "id") -> Column[str]:
    return Column(name, String(64), primary_key=True)


def _of(name: str, target: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, String(64), ForeignKey(f"{target}.id", ondelete="CASCADE"), nullable=nullable, index=True)


accounts = Table(
    "accounts",
    metadata,
    _id(),
    Column("email", String(320), nullable=False, unique=True),
    Column("password_hash", String(255), nullable=False),
    Column("role", String(20), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("disabled", Boolean, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    _id("token_hash"),
    _of("account", "accounts"),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
)

failures = Table(
    "sign_in_failures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(64), nullable=False, index=True),
    Column("at", UtcTime, nullable=False),
)

records = Table(
    "records",
    metadata,
    _id(),
    Column("created_at", UtcTime, nullable=False),
    _of("owner", "accounts", nullable=True),
    Column("expires_at", UtcTime, nullable=True, index=True),
    Column("showing", String(20), nullable=False),
    Column("language", String(8), nullable=False),
    Column("mail", String(320), nullable=False),
    Column("one_person", Boolean, nullable=False),
)

links = Table(
    "links",
    metadata,
    _id("token_hash"),
    _of("record", "records"),
    Column("purpose", String(20), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("label", String(200), nullable=False),
)

invitations = Table(
    "invitations",
    metadata,
    _id(),
    _of("record", "records"),
    Column("may", String(20), nullable=False),
    Column("label", String(200), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    _of("account", "accounts", nullable=True),
    Column("accepted_at", UtcTime, nullable=True),
)

uploads = Table(
    "uploads",
    metadata,
    _id(),
    Column("name", String(500), nullable=False),
    Column("bytes_count", Integer, nullable=False),
    Column("received", Integer, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False, index=True),
)

documents = Table(
    "documents",
    metadata,
    _id(),
    _of("record", "records"),
    Column("name", String(500), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("format", String(20), nullable=False),
    Column("key", String(500), nullable=False),
    Column("original", String(500), nullable=False),
    Column("bytes_count", Integer, nullable=False),
    Column("received_at", UtcTime, nullable=False),
    Column("state", String(20), nullable=False),
    Column("pages", Integer, nullable=False),
    Column("pages_read", Integer, nullable=False),
    Column("error_code", String(60), nullable=False),
    Column("error_message", Text, nullable=False),
    Column("version", String(60), nullable=False),
    Column("turned", Integer, nullable=False),
    Column("turns", Text, nullable=False, server_default=""),
    UniqueConstraint("record", "sha256", "name"),
)

pages = Table(
    "pages",
    metadata,
    Column("document", String(64), ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("width", Float, nullable=False),
    Column("height", Float, nullable=False),
    Column("key", String(500), nullable=False),
    Column("media_type", String(40), nullable=False),
    Column("words", Integer, nullable=False),
    Column("source", String(20), nullable=False),
)

facts = Table(
    "facts",
    metadata,
    Column("document", String(64), ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

analyses = Table(
    "analyses",
    metadata,
    _id(),
    _of("record", "records"),
    Column("number", Integer, nullable=False),
    Column("inputs", String(64), nullable=False),
    Column("json", Text, nullable=False),
    Column("pipeline_version", String(60), nullable=False),
    Column("knowledge_version", String(60), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("documents", Text, nullable=False, server_default=""),
    Column("language", String(8), nullable=False, server_default="en"),
    Column("one_person", Boolean, nullable=False, server_default=false()),
    Column("said", Text, nullable=False, server_default=""),
    UniqueConstraint("record", "number"),
)

said = Table(
    "said_facts",
    metadata,
    _id(),
    _of("record", "records"),
    Column("kind", String(20), nullable=False),
    Column("reading", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
)

jobs = Table(
    "jobs",
    metadata,
    _id(),
    Column("kind", String(20), nullable=False),
    _of("record", "records"),
    _of("document", "documents", nullable=True),
    Column("state", String(20), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("holder", String(64), nullable=False),
    Column("lease_until", UtcTime, nullable=True),
    Column("rung_at", UtcTime, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime, nullable=True),
    Column("error_code", String(60), nullable=False),
    Index(None, "state", "rung_at"),
)

doubts = Table(
    "doubts",
    metadata,
    _id(),
    _of("record", "records"),
    Column("about", String(60), nullable=False),
    Column("label", String(500), nullable=False),
    Column("note", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("settled_at", UtcTime, nullable=True),
)

trail = Table(
    "trail",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("who", String(100), nullable=False),
    Column("what", String(60), nullable=False),
    # No foreign key: the trail outlives the record that it is about.
    Column("record", String(64), nullable=False, index=True),
    Column("detail", String(500), nullable=False),
)

purges = Table("purges", metadata, Column("prefix", String(500), primary_key=True))
