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
    """Until now such contacts were in no list, and were deleted forever once they could not be redone any more."""
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
    op.drop_index("contact_void", table_name="contact")
