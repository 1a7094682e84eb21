"""What alembic runs: each revision in a transaction of its own, on the connection that `migrate` was given.

What `core.store.schema` declares is none of its business: a test compares the tables that the revisions make with that.
"""

from __future__ import annotations

from alembic import context

context.configure(
    connection=context.config.attributes["connection"], transactional_ddl=True, transaction_per_migration=True
)
with context.begin_transaction():
    context.run_migrations()
