"""Questions of navigators to the person, and pages that a navigator turned.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("documents") as table:
        table.add_column(sa.Column("turns", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "questions",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("record", sa.String(64), nullable=False),
        sa.Column("fact", sa.String(80), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["record"], ["records.id"], name="fk_questions_record", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_questions"),
    )
    op.create_index("ix_questions_record", "questions", ["record"])


def downgrade() -> None:
    op.drop_table("questions")
    with op.batch_alter_table("documents") as table:
        table.drop_column("turns")
