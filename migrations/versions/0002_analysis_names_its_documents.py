"""An analysis names its documents and language beside its JSON, so that its state is known without parsing it.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("analyses") as table:
        table.add_column(sa.Column("documents", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("language", sa.String(8), nullable=False, server_default="en"))
        table.add_column(sa.Column("one_person", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table("analyses") as table:
        table.drop_column("one_person")
        table.drop_column("language")
        table.drop_column("documents")
