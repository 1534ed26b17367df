"""Runs migrations on the connection that app.adapters.database hands over."""

from alembic import context

from app.adapters.database_review_tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
