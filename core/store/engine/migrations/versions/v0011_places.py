"""The book knows in which place of an account a contact is, and where the user wants it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SORTED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """What accounts said tells where their contacts are; the names of the places come with the next sync."""
    for table in ("remote", "departed"):
        op.add_column(table, _text("place"))
    op.add_column("remote", _flag("copied"))
    op.add_column("departed", _flag("moved"))
    op.create_table(
        "place",
        _id("account_id"),
        sa.Column("id", SORTED, nullable=False),
        sa.Column("position", NUMBER, server_default=sa.text("0"), nullable=False),
        _text("name"),
        _flag("writable"),
        sa.PrimaryKeyConstraint("account_id", "id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "wanted_place",
        _id("contact_id"),
        _id("account_id"),
        sa.Column("place", SORTED, nullable=False),
        _flag("there"),
        sa.PrimaryKeyConstraint("contact_id", "account_id", "place"),
        sqlite_with_rowid=False,
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    book = "rtrim(remote_id, replace(remote_id, '/', ''))" if is_sqlite else "regexp_replace(remote_id, '[^/]*$', '')"
    folder = (
        "CASE WHEN json_valid(raw) THEN json_extract(raw, '$.parentFolderId') END"
        if is_sqlite
        else """substring(raw from '"parentFolderId":"([^"\\\\]*)"')"""
    )
    for table in ("remote", "departed"):
        for provider, place in (("carddav", book), ("microsoft", folder)):
            op.execute(
                sa.text(
                    f"UPDATE {table} SET place = COALESCE({place.replace(':', chr(92) + ':')}, '')"
                    f" WHERE account_id IN (SELECT id FROM account WHERE provider = '{provider}')"
                )
            )


def _id(name: str) -> sa.Column[object]:
    return sa.Column(name, NUMBER, autoincrement=False, nullable=False)


def _text(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False)


def _flag(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.SmallInteger(), server_default=sa.text("0"), nullable=False)
