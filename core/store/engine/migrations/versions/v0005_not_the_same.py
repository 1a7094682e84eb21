"""The book remembers which contacts are not the same, and what the clean-up desk has found and was told to leave."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SORTED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """All of it is empty at first: the first look of the clean-up desk goes through the whole book."""
    _table("apart", [_id("a"), _id("b"), _id("through"), *_said()])
    op.create_index("apart_other", "apart", ["b"])
    _table("cleanup_finding", [_key("kind"), _id("contact_id")])
    _table("cleanup_dismissed", [_key("kind"), _id("contact_id"), _key("proposal"), *_said()])
    _table("cleanup_look", [_id("id"), *(_text(name) for name in ("rules", "seen", "usual"))], rowid=True)


def _table(name: str, columns: list[sa.Column[object]], *, rowid: bool = False) -> None:
    keys = [column.name for column in columns if not column.nullable and column.server_default is None]
    op.create_table(name, *columns, sa.PrimaryKeyConstraint(*keys), sqlite_with_rowid=rowid)


def _id(name: str) -> sa.Column[object]:
    return sa.Column(name, NUMBER, autoincrement=False, nullable=False)


def _key(name: str) -> sa.Column[object]:
    return sa.Column(name, SORTED, nullable=False)


def _text(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False)


def _said() -> list[sa.Column[object]]:
    """Who said so, and when."""
    return [_text("actor"), sa.Column("at", NUMBER, server_default=sa.text("0"), nullable=False)]
