"""Groups have a color and a note, and know the last change that was about them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """No group has a color or a note of its own yet; the journal tells what was changed last."""
    for name in ("color", "note"):
        op.add_column("contact_group", sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column("contact_group", sa.Column("last_operation", NUMBER, server_default=sa.text("0"), nullable=False))
    op.create_table(
        "journal_group_value",
        sa.Column("operation_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("group_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False) for name in ("old", "new")),
        sa.PrimaryKeyConstraint("operation_id", "group_id", "field"),
        sqlite_with_rowid=False,
    )
    changed = " UNION ALL ".join(
        f"SELECT group_id, MAX(operation_id) AS latest FROM {table} GROUP BY group_id"
        for table in ("journal_membership", "journal_group")
    )
    op.execute(
        "UPDATE contact_group SET last_operation = COALESCE("
        f"(SELECT MAX(latest) FROM ({changed}) AS changed WHERE changed.group_id = contact_group.id), 0)"
    )
