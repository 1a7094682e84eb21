"""What an undo took away lies in the Bin, and the book says how long the Bin keeps what is in it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

DAYS = 30
NUMBERS = ("days", "seen_at", "seen_operation", "announced_at", "announced_before")

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Until now such contacts were in no list, and were deleted forever once they could not be redone any more.

    What they were members of, if the group was gone too, was kept for a redo; the journal keeps that now.
    """
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "bin",
        sa.Column("id", number, autoincrement=False, nullable=False),
        *(sa.Column(name, number, server_default=sa.text("0"), nullable=False) for name in NUMBERS),
        sa.PrimaryKeyConstraint("id"),
    )
    op.execute(f"INSERT INTO bin (id, days) VALUES (1, {DAYS})")
    op.execute(
        "UPDATE contact SET state = 1, deleted_by = 'undo',"
        " deleted_at = COALESCE((SELECT MAX(COALESCE(undone_at, at)) FROM operation), 0) WHERE state = 2"
    )
    lost = "FROM membership m JOIN journal_group g ON g.group_id = m.group_id AND g.old = ''"
    op.execute(
        "INSERT INTO journal_membership (operation_id, group_id, contact_id, old, new)"
        f" SELECT g.operation_id, m.group_id, m.contact_id, 0, 1 {lost}"
        " WHERE m.group_id NOT IN (SELECT id FROM contact_group) ON CONFLICT DO NOTHING"
    )
    op.execute("DELETE FROM membership WHERE group_id NOT IN (SELECT id FROM contact_group)")
    op.drop_index("contact_void", table_name="contact")
