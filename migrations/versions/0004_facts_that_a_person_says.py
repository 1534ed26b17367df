"""Facts that a person says without a document, and which of them an analysis was made of.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "said_facts",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("record", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("reading", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["record"], ["records.id"], name=op.f("fk_said_facts_record"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_said_facts")),
    )
    op.create_index(op.f("ix_said_facts_record"), "said_facts", ["record"])
    with op.batch_alter_table("analyses") as table:
        table.add_column(sa.Column("said", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("analyses") as table:
        table.drop_column("said")
    op.drop_index(op.f("ix_said_facts_record"), table_name="said_facts")
    op.drop_table("said_facts")
