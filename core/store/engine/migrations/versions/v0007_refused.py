"""The book keeps what accounts refuse to take, until they take it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is known to be refused yet: the next sync tells."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.create_table(
        "refused",
        sa.Column("account_id", number, autoincrement=False, nullable=False),
        sa.Column("key", text, nullable=False),
        sa.Column("contact_id", number, nullable=True),
        *(sa.Column(name, sa.Text(), server_default="", nullable=False) for name in ("name", "action", "reason")),
        sa.Column("since", number, server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "key"),
        sqlite_with_rowid=False,
    )
    op.create_index("refused_contact", "refused", ["contact_id"])
