"""What alembic runs: each revision in a transaction of its own, on the connection that `migrate` was given."""

from __future__ import annotations

from alembic import context
from sqlmodel import SQLModel

from coterie.core.store import tables  # noqa: F401 - fills SQLModel.metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    transactional_ddl=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
