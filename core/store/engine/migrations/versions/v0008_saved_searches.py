"""The book keeps searches by name, and the journal what became of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SORTED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """No search is saved at first."""
    op.create_table(
        "saved_search",
        _number("id"),
        _text("name"),
        _text("name_key", SORTED),
        _text("query"),
        _number("position", server_default=sa.text("0")),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("saved_search_name_key", "saved_search", ["name_key"], unique=True)
    op.create_table(
        "journal_search",
        _number("operation_id"),
        _number("search_id"),
        _text("old"),
        _text("new"),
        sa.PrimaryKeyConstraint("operation_id", "search_id"),
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO counter (name, value) VALUES ('saved_search', 1)")


def _number(name: str, **options: object) -> sa.Column[object]:
    return sa.Column(name, NUMBER, autoincrement=False, nullable=False, **options)  # type: ignore[arg-type]


def _text(name: str, kind: sa.types.TypeEngine[str] | None = None) -> sa.Column[object]:
    return sa.Column(name, kind or sa.Text(), server_default=sa.text("''"), nullable=False)
