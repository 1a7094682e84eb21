"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SORTED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
EMPTY = sa.text("('')")
LIVE, BIN, VOID = (sa.text(f"state = {state}") for state in range(3))
FAVORITE = sa.text("state = 0 AND favorite = 1")
SEARCHED = ("name", "email", "company", "title", "phone", "notes")

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table, and the trigram index of the database at hand."""
    op.create_table(
        "account",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("provider", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("address", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("settings", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("cursor", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("message", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("last_sync", BIG, nullable=True),
        sa.Column("next_sync", BIG, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("account_name", "account", ["provider", "address"], unique=True)
    op.create_table(
        "conflict",
        sa.Column("account_id", BIG, autoincrement=False, nullable=False),
        sa.Column("remote_id", SORTED, nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("contact_id", BIG, server_default=sa.text("0"), nullable=False),
        sa.Column("ours", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("theirs", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("value", sa.Text(), server_default=EMPTY, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "remote_id", "field", "key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "contact",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("state", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("favorite", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sort_key", SORTED, server_default=EMPTY, nullable=False),
        sa.Column("name", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("prefix", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("given_name", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("additional_names", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("family_name", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("suffix", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("nickname", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("company", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("department", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("job_title", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("notes", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("birthday", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("addresses", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("urls", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("custom", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("created_at", BIG, server_default=sa.text("0"), nullable=False),
        sa.Column("updated_at", BIG, server_default=sa.text("0"), nullable=False),
        sa.Column("deleted_at", BIG, nullable=True),
        sa.Column("deleted_by", sa.Text(), nullable=True),
        sa.Column("version", BIG, server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "contact_bin", "contact", ["deleted_at", "id"], unique=False, sqlite_where=BIN, postgresql_where=BIN
    )
    op.create_index(
        "contact_favorite",
        "contact",
        ["sort_key", "id"],
        unique=False,
        sqlite_where=FAVORITE,
        postgresql_where=FAVORITE,
    )
    op.create_index(
        "contact_live", "contact", ["sort_key", "id"], unique=False, sqlite_where=LIVE, postgresql_where=LIVE
    )
    op.create_index("contact_void", "contact", ["id"], unique=False, sqlite_where=VOID, postgresql_where=VOID)
    op.create_table(
        "contact_group",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("name_key", SORTED, server_default=EMPTY, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("contact_group_name_key", "contact_group", ["name_key"], unique=True)
    op.create_table(
        "counter",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", BIG, server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "email",
        sa.Column("contact_id", BIG, autoincrement=False, nullable=False),
        sa.Column("position", BIG, autoincrement=False, nullable=False),
        sa.Column("address", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("label", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("is_primary", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("norm", SORTED, server_default=EMPTY, nullable=False),
        sa.PrimaryKeyConstraint("contact_id", "position"),
        sqlite_with_rowid=False,
    )
    op.create_index("email_norm", "email", ["norm"], unique=False)
    op.create_table(
        "journal_group",
        sa.Column("operation_id", BIG, autoincrement=False, nullable=False),
        sa.Column("group_id", BIG, autoincrement=False, nullable=False),
        sa.Column("old", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("new", sa.Text(), server_default=EMPTY, nullable=False),
        sa.PrimaryKeyConstraint("operation_id", "group_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "journal_membership",
        sa.Column("operation_id", BIG, autoincrement=False, nullable=False),
        sa.Column("group_id", BIG, autoincrement=False, nullable=False),
        sa.Column("contact_id", BIG, autoincrement=False, nullable=False),
        sa.Column("old", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("new", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("operation_id", "group_id", "contact_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "journal_value",
        sa.Column("operation_id", BIG, autoincrement=False, nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("contact_id", BIG, autoincrement=False, nullable=False),
        sa.Column("old", sa.Text(), nullable=True),
        sa.Column("new", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("operation_id", "field", "contact_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "membership",
        sa.Column("contact_id", BIG, autoincrement=False, nullable=False),
        sa.Column("group_id", BIG, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("contact_id", "group_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("membership_group", "membership", ["group_id", "contact_id"], unique=False)
    op.create_table(
        "operation",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("at", BIG, server_default=sa.text("0"), nullable=False),
        sa.Column("actor", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("kind", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("summary", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("contacts", BIG, server_default=sa.text("0"), nullable=False),
        sa.Column("undoable", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("undone_at", BIG, nullable=True),
        sa.Column("dropped", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("operation_actor", "operation", ["actor", "id"], unique=False)
    op.create_table(
        "phone",
        sa.Column("contact_id", BIG, autoincrement=False, nullable=False),
        sa.Column("position", BIG, autoincrement=False, nullable=False),
        sa.Column("number", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("label", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("norm", SORTED, server_default=EMPTY, nullable=False),
        sa.PrimaryKeyConstraint("contact_id", "position"),
        sqlite_with_rowid=False,
    )
    op.create_index("phone_norm", "phone", ["norm"], unique=False)
    op.create_table(
        "quarantine",
        sa.Column("account_id", BIG, autoincrement=False, nullable=False),
        sa.Column("remote_id", SORTED, nullable=False),
        sa.Column("reason", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("raw", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("seen_at", BIG, server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "remote_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "remote",
        sa.Column("account_id", BIG, autoincrement=False, nullable=False),
        sa.Column("remote_id", SORTED, nullable=False),
        sa.Column("contact_id", BIG, nullable=True),
        sa.Column("created_here", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("etag", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("base", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("raw", sa.Text(), server_default=EMPTY, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "remote_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("remote_contact", "remote", ["contact_id"], unique=False)
    op.create_table(
        "search",
        sa.Column("contact_id", BIG, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("email", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("company", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("title", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("phone", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("notes", sa.Text(), server_default=EMPTY, nullable=False),
        sa.PrimaryKeyConstraint("contact_id"),
    )
    op.execute(
        "INSERT INTO counter (name, value) VALUES ('contact', 1), ('contact_group', 1), ('account', 1), "
        "('operation', 1), ('revision', 1)"
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE VIRTUAL TABLE search_index USING fts5({', '.join(SEARCHED)}, content='search', "
            "content_rowid='contact_id', tokenize='trigram')"
        )
    else:
        joined = " || chr(10) || ".join(SEARCHED)
        op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        op.execute(f"ALTER TABLE search ADD COLUMN text text GENERATED ALWAYS AS ({joined}) STORED")
        op.execute("CREATE INDEX search_trigrams ON search USING gin (text gin_trgm_ops)")
