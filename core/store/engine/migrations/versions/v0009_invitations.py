"""The book keeps who was invited to what, and how they answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SORTED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Nobody was invited yet."""
    op.create_table(
        "invitation",
        _id("id"),
        sa.Column("uid", SORTED, server_default=sa.text("''"), nullable=False),
        *(_text(name) for name in ("title", "starts", "event", "actor")),
        *(_number(name) for name in ("sequence", "sent_at")),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("invitation_uid", "invitation", ["uid"], unique=True)
    op.create_table(
        "invitee",
        _id("invitation_id"),
        _id("contact_id"),
        _text("address"),
        _text("answer"),
        _number("answered_at"),
        sa.PrimaryKeyConstraint("invitation_id", "contact_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("invitee_contact", "invitee", ["contact_id"])
    op.execute("INSERT INTO counter (name, value) VALUES ('invitation', 1)")


def _id(name: str) -> sa.Column[object]:
    return sa.Column(name, NUMBER, autoincrement=False, nullable=False)


def _text(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False)


def _number(name: str) -> sa.Column[object]:
    return sa.Column(name, NUMBER, server_default=sa.text("0"), nullable=False)
