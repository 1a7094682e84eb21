"""The search text of every field, and the order of family names."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from coterie.core.text import fold

SORTED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
EMPTY = sa.text("''")
LIVE = sa.text("state = 0")
BEFORE = ("name", "email", "company", "title", "phone", "notes")
ADDED = ("department", "birthday", "address", "city", "country", "url", "custom")
IN_ADDRESS = ("po_box", "extended", "street", "postal_code", "region")
NAMES = ("id", "name", "prefix", "given_name", "additional_names", "family_name", "suffix", "company", "sort_key")
BATCH = 5000

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, fill them for the contacts that are there, and index them."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for name in ADDED:
        op.add_column("search", sa.Column(name, sa.Text(), server_default=EMPTY, nullable=False))
    op.add_column("contact", sa.Column("family_key", SORTED, server_default=EMPTY, nullable=False))
    if is_sqlite:
        op.execute("DROP TABLE search_index")
    else:
        op.execute("ALTER TABLE search DROP COLUMN text")  # and the index of trigrams with it
    _fill_search()
    _fill_family_keys()
    op.create_index(
        "contact_family", "contact", ["family_key", "id"], unique=False, sqlite_where=LIVE, postgresql_where=LIVE
    )
    searched = (*BEFORE, *ADDED)
    if is_sqlite:
        op.execute(
            f"CREATE VIRTUAL TABLE search_index USING fts5({', '.join(searched)}, content='search', "
            "content_rowid='contact_id', tokenize='trigram')"
        )
        op.execute("INSERT INTO search_index (search_index) VALUES ('rebuild')")
    else:
        joined = " || chr(10) || ".join(searched)
        op.execute(f"ALTER TABLE search ADD COLUMN text text GENERATED ALWAYS AS ({joined}) STORED")
        op.execute("CREATE INDEX search_trigrams ON search USING gin (text gin_trgm_ops)")


def _fill_search() -> None:
    assignments = ", ".join(f"{name} = :{name}" for name in ADDED)
    update = sa.text(f"UPDATE search SET {assignments} WHERE contact_id = :contact_id")
    columns = ("id", "department", "birthday", "addresses", "urls", "custom")
    for rows in _batches(columns, " OR ".join(f"{name} <> ''" for name in columns[1:])):
        op.get_bind().execute(update, [_texts(*row) for row in rows])


def _texts(
    contact_id: int, department: str, birthday: str, addresses: str, urls: str, custom: str
) -> dict[str, int | str]:
    """The new columns of a row of `search`."""
    postal: list[dict[str, str]] = json.loads(addresses or "[]")
    return {
        "contact_id": contact_id,
        "department": _lines([department]),
        "birthday": _lines([birthday]),
        "address": _lines(address.get(part, "") for address in postal for part in IN_ADDRESS),
        "city": _lines(address.get("city", "") for address in postal),
        "country": _lines(address.get("country", "") for address in postal),
        "url": _lines(url for url, _ in json.loads(urls or "[]")),
        "custom": _lines(f"{heading}: {text}" for heading, text in json.loads(custom or "{}").items()),
    }


def _lines(texts: Iterable[str]) -> str:
    lines = [folded for text in texts if (folded := fold(text))]
    return "\n".join(("", *lines, "")) if lines else ""


def _fill_family_keys() -> None:
    op.execute("UPDATE contact SET family_key = sort_key")
    update = sa.text("UPDATE contact SET family_key = :key WHERE id = :id")
    for rows in _batches(NAMES, "family_name <> ''"):
        op.get_bind().execute(update, [{"id": row[0], "key": _family_key(*row[1:])} for row in rows])


def _family_key(
    name: str, prefix: str, given: str, additional: str, family: str, suffix: str, company: str, sort_key: str
) -> str:
    if name == company:
        return sort_key
    first = " ".join(filter(None, (given, additional))) or prefix
    return fold(", ".join(filter(None, (family, first, suffix))))


def _batches(columns: Iterable[str], condition: str) -> Iterator[list[Any]]:
    """These columns of the contacts that meet a condition of SQL, some at a time."""
    select = sa.text(
        f"SELECT {', '.join(columns)} FROM contact WHERE id > :last AND ({condition}) ORDER BY id LIMIT {BATCH}"
    )
    last = -1
    while rows := op.get_bind().execute(select, {"last": last}).fetchall():
        yield list(rows)
        last = rows[-1][0]
