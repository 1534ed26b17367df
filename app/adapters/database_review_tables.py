"""The tables of the navigators' side: decisions, cases, the queue, organisations and second readings."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint, false

from app.adapters.database_tables import UtcTime, metadata


def _id() -> Column[str]:
    return Column("id", String(64), primary_key=True)


def _of(name: str, target: str) -> Column[str]:
    return Column(name, String(64), ForeignKey(f"{target}.id", ondelete="CASCADE"), nullable=False, index=True)


def _record() -> Column[str]:
    return Column("record", String(64), ForeignKey("records.id", ondelete="CASCADE"), primary_key=True)


decisions = Table(
    "decisions",
    metadata,
    _id(),
    _of("record", "records"),
    Column("fact", String(80), nullable=False),
    Column("number", Integer, nullable=False),
    Column("review", String(20), nullable=False),
    Column("machine", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("who", String(64), nullable=False),
    Column("pipeline_version", String(60), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("confidence", Float, nullable=True),
    Column("place", Text, nullable=False, server_default=""),
    # Two reviewers can't both write the next step of one fact.
    UniqueConstraint("record", "fact", "number"),
)

cases = Table(
    "cases",
    metadata,
    _record(),
    Column("holder", String(64), nullable=False),
    Column("held_until", UtcTime, nullable=True),
    Column("done_at", UtcTime, nullable=True),
    Column("done_by", String(64), nullable=False),
    Column("assigned", String(64), nullable=False, server_default=""),
    Column("assigned_by", String(64), nullable=False, server_default=""),
    Column("stage", String(20), nullable=False, server_default="first"),
    Column("second_by", String(64), nullable=False, server_default=""),
)

queue = Table(
    "queue",
    metadata,
    _record(),
    Column("since", UtcTime, nullable=False),
    Column("names", Text, nullable=False),
    Column("kinds", Text, nullable=False),
    # Names and kinds in lower case: SQLite and PostgreSQL disagree about the case of letters with accents.
    Column("words", Text, nullable=False),
    Column("facts", Integer, nullable=False),
    Column("waiting", Boolean, nullable=False),
    Index(None, "waiting", "since"),
)

reasons = Table(
    "queue_reasons",
    metadata,
    Column("record", String(64), ForeignKey("queue.record", ondelete="CASCADE"), primary_key=True),
    Column("reason", String(20), primary_key=True),
    Column("place", Integer, nullable=False),
    Column("told", Text, nullable=False),
    Index(None, "reason"),
)

organisations = Table(
    "organisations",
    metadata,
    _id(),
    Column("name", String(200), nullable=False),
    Column("code", String(20), nullable=False, unique=True),
    Column("created_at", UtcTime, nullable=False),
    Column("takes_all", Boolean, nullable=False, server_default=false()),
    Column("closed", Boolean, nullable=False, server_default=false()),
    Column("second_reading", Boolean, nullable=False, server_default=false()),
    Column("threshold", Integer, nullable=True),
)

memberships = Table(
    "memberships",
    metadata,
    Column("organisation", String(64), ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True),
    Column("account", String(64), ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("since", UtcTime, nullable=False),
)

placements = Table(
    "placements",
    metadata,
    _record(),
    _of("organisation", "organisations"),
    Column("at", UtcTime, nullable=False),
    Column("who", String(100), nullable=False),
)

second_readings = Table(
    "second_readings",
    metadata,
    _id(),
    _of("record", "records"),
    Column("fact", String(80), nullable=False),
    Column("review", String(20), nullable=False),
    Column("values", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("who", String(64), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("first", String(64), nullable=False, server_default=""),
    Column("first_review", String(20), nullable=False, server_default=""),
    Column("first_values", Text, nullable=False, server_default=""),
    Column("agreed", Boolean, nullable=True),
    Column("settled_by", String(64), nullable=False, server_default=""),
    Column("settled_at", UtcTime, nullable=True),
    UniqueConstraint("record", "fact"),
)
