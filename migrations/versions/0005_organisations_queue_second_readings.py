"""Organisations see only the records that were given to them; the queue, assignments and second readings as tables.

What stood before stays usable: one organisation, "This site", takes every record and every navigator and lead there is.

Revision ID: 0005
Revises: 0004
"""

import secrets
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def upgrade() -> None:
    with op.batch_alter_table("decisions") as table:
        table.add_column(sa.Column("confidence", sa.Float(), nullable=True))
        table.add_column(sa.Column("place", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("cases") as table:
        table.add_column(sa.Column("assigned", sa.String(64), nullable=False, server_default=""))
        table.add_column(sa.Column("assigned_by", sa.String(64), nullable=False, server_default=""))
        table.add_column(sa.Column("stage", sa.String(20), nullable=False, server_default="first"))
        table.add_column(sa.Column("second_by", sa.String(64), nullable=False, server_default=""))
    _organisations()
    _queue()
    _second_readings()
    _this_site()


def _organisations() -> None:
    op.create_table(
        "organisations",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("takes_all", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("closed", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("second_reading", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("threshold", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_organisations"),
        sa.UniqueConstraint("code", name="uq_organisations_code"),
    )
    op.create_table(
        "memberships",
        sa.Column("organisation", sa.String(64), nullable=False),
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisations.id"], name="fk_memberships_organisation", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_memberships_account", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organisation", "account", name="pk_memberships"),
    )
    op.create_index("ix_memberships_account", "memberships", ["account"])
    op.create_table(
        "placements",
        sa.Column("record", sa.String(64), nullable=False),
        sa.Column("organisation", sa.String(64), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("who", sa.String(100), nullable=False),
        sa.ForeignKeyConstraint(["record"], ["records.id"], name="fk_placements_record", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisations.id"], name="fk_placements_organisation", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("record", name="pk_placements"),
    )
    op.create_index("ix_placements_organisation", "placements", ["organisation"])


def _queue() -> None:
    op.create_table(
        "queue",
        sa.Column("record", sa.String(64), nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("kinds", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("facts", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["record"], ["records.id"], name="fk_queue_record", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("record", name="pk_queue"),
    )
    op.create_index("ix_queue_waiting_since", "queue", ["waiting", "since"])
    op.create_table(
        "queue_reasons",
        sa.Column("record", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["record"], ["queue.record"], name="fk_queue_reasons_record", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("record", "reason", name="pk_queue_reasons"),
    )
    op.create_index("ix_queue_reasons_reason", "queue_reasons", ["reason"])


def _second_readings() -> None:
    op.create_table(
        "second_readings",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("record", sa.String(64), nullable=False),
        sa.Column("fact", sa.String(80), nullable=False),
        sa.Column("review", sa.String(20), nullable=False),
        sa.Column("values", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("first", sa.String(64), nullable=False, server_default=""),
        sa.Column("first_review", sa.String(20), nullable=False, server_default=""),
        sa.Column("first_values", sa.Text(), nullable=False, server_default=""),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("settled_by", sa.String(64), nullable=False, server_default=""),
        sa.Column("settled_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["record"], ["records.id"], name="fk_second_readings_record", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_second_readings"),
        sa.UniqueConstraint("record", "fact", name="uq_second_readings_record_fact"),
    )
    op.create_index("ix_second_readings_record", "second_readings", ["record"])


def _this_site() -> None:
    code = "".join(secrets.choice(LETTERS) for _ in range(8))
    moment = datetime.now(UTC)
    organisations = sa.table(
        "organisations", sa.column("id"), sa.column("name"), sa.column("code"),
        sa.column("created_at", TIME), sa.column("takes_all", sa.Boolean()),
    )  # fmt: skip
    row = {"id": "this-site", "name": "This site", "code": code, "created_at": moment, "takes_all": True}
    op.bulk_insert(organisations, [row])
    connection = op.get_bind()
    told = {"moment": moment}
    time = sa.bindparam("moment", type_=TIME)
    connection.execute(
        sa.text(
            "INSERT INTO memberships (organisation, account, since)"
            " SELECT 'this-site', id, :moment FROM accounts WHERE role IN ('navigator', 'lead')"
        ).bindparams(time),
        told,
    )
    connection.execute(
        sa.text(
            "INSERT INTO placements (record, organisation, at, who)"
            " SELECT id, 'this-site', :moment, 'system' FROM records"
        ).bindparams(time),
        told,
    )


def downgrade() -> None:
    for name in ("second_readings", "queue_reasons", "queue", "placements", "memberships", "organisations"):
        op.drop_table(name)
    with op.batch_alter_table("cases") as table:
        for column in ("second_by", "stage", "assigned_by", "assigned"):
            table.drop_column(column)
    with op.batch_alter_table("decisions") as table:
        table.drop_column("place")
        table.drop_column("confidence")
