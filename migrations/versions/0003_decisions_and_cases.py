"""Navigators' decisions, and who works on which case.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("record", sa.String(length=64), nullable=False),
        sa.Column("fact", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("review", sa.String(length=20), nullable=False),
        sa.Column("machine", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("pipeline_version", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["record"], ["records.id"], name=op.f("fk_decisions_record"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("record", "fact", "number", name=op.f("uq_decisions_record_fact_number")),
    )
    op.create_index(op.f("ix_decisions_record"), "decisions", ["record"])
    op.create_table(
        "cases",
        sa.Column("record", sa.String(length=64), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["record"], ["records.id"], name=op.f("fk_cases_record"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("record", name=op.f("pk_cases")),
    )


def downgrade() -> None:
    op.drop_table("cases")
    op.drop_index(op.f("ix_decisions_record"), table_name="decisions")
    op.drop_table("decisions")
