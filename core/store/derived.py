"""What a book in an SQLite file holds only to be fast: it is made anew from the contacts if it is lost or stale.

The search text and its index, the columns by which contacts are ordered and found, the other indexes, and the counters
from which ids come.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from core.model import Contact
from core.store import contacts
from core.store.looking import connect
from core.store.values import SEARCH_COLUMNS, order_keys, search_row
from core.text import email_key, phone_key

BUSY_SECONDS = 10.0
"""For which another program that writes is waited for."""
_AT_ONCE: Final = 2000
"""Contacts that are read at a time."""
_SEARCH_TABLES: Final = ("search", "search_index")
_COLUMNS: Final = ("contact_id", *SEARCH_COLUMNS)
_COUNTED: Final = (("contact", "contact"), ("contact_group", "contact_group"), ("account", "account"),
                   ("operation", "operation"))  # fmt: skip
"""Counters, and the tables whose ids come from them."""
_KEYS: Final[tuple[tuple[str, str, Callable[[str], str]], ...]] = (
    ("email", "address", email_key), ("phone", "number", phone_key),
)  # fmt: skip


def is_derived(kind: str, name: str) -> bool:
    """Whether a table or an index holds nothing that is not also elsewhere."""
    return kind == "index" or name in _SEARCH_TABLES


def stale(connection: sqlite3.Connection, *, searchable: bool) -> Iterator[str]:
    """What no longer fits the contacts, as the beginning of sentences.

    `searchable`: the search text and its index are there.
    """
    for counter, table in _COUNTED:
        if _next_id(connection, counter) <= _last_id(connection, table):
            yield f"The counter of {table} would give ids a second time"
    if keys := sum(1 for _ in _wrong_orders(connection)):
        yield f"{keys:,} contacts are not in their place in the order of names"
    for table, column, key in _KEYS:
        if wrong := sum(1 for _ in _wrong_keys(connection, table, column, key)):
            yield f"{wrong:,} rows of {table} would not be found by their {column}"
    if searchable:
        if texts := sum(1 for _ in _wrong_texts(connection)):
            yield f"The search text of {texts:,} contacts is stale"
        if trouble := _index_trouble(connection):
            yield f"The search index is damaged or stale ({trouble})"


def _next_id(connection: sqlite3.Connection, counter: str) -> int:
    row = connection.execute("SELECT value FROM counter WHERE name = ?", (counter,)).fetchone()
    return int(row[0]) if row else 0


def _last_id(connection: sqlite3.Connection, table: str) -> int:
    return int(connection.execute(f"SELECT COALESCE(MAX(id), 0) FROM {table}").fetchone()[0])


def _wrong_orders(connection: sqlite3.Connection) -> Iterator[dict[str, object]]:
    """The columns of contacts by which lists are ordered, where they are wrong, as they should be."""
    for first, last in _ranges(connection):
        here = _by_id(connection, f"SELECT id, sort_key, family_key FROM contact WHERE id BETWEEN {first} AND {last}")
        for contact in _contacts(connection, first, last):
            keys = order_keys(contact)
            if here[contact.id or 0] != tuple(keys.values()):
                yield {"id": contact.id, **keys}


def _wrong_keys(
    connection: sqlite3.Connection, table: str, column: str, key: Callable[[str], str]
) -> Iterator[tuple[str, int, int]]:
    for contact_id, position, value, norm in connection.execute(
        f"SELECT contact_id, position, {column}, norm FROM {table}"
    ):
        if key(value) != norm:
            yield key(value), contact_id, position


def _wrong_texts(connection: sqlite3.Connection) -> Iterator[tuple[int, tuple[Any, ...] | None]]:
    """The ids whose search text is wrong, and their right row; None where there is no such contact."""
    for (one,) in connection.execute("SELECT contact_id FROM search WHERE contact_id NOT IN (SELECT id FROM contact)"):
        yield one, None
    for first, last in _ranges(connection):
        sql = f"SELECT {', '.join(_COLUMNS)} FROM search WHERE contact_id BETWEEN {first} AND {last}"
        here = {row[0]: row for row in connection.execute(sql)}
        for contact in _contacts(connection, first, last):
            row = search_row(contact.id or 0, contact)
            if here.get(row[0]) != row:
                yield row[0], row


def _index_trouble(connection: sqlite3.Connection) -> str:
    """What FTS5 says of its index and the texts behind it (https://www.sqlite.org/fts5.html, section 6.4)."""
    try:
        connection.execute("INSERT INTO search_index (search_index, rank) VALUES ('integrity-check', 1)")
    except sqlite3.DatabaseError as error:
        if not any(sign in str(error) for sign in ("readonly", "locked", "full")):  # then it cannot be asked
            return str(error)
    return ""


def _ranges(connection: sqlite3.Connection) -> Iterable[tuple[int, int]]:
    return ((first, first + _AT_ONCE - 1) for first in range(0, _last_id(connection, "contact") + 1, _AT_ONCE))


def _contacts(connection: sqlite3.Connection, first: int, last: int) -> list[Contact]:
    return contacts.between(lambda sql: connection.execute(sql).fetchall(), first, last)


def _by_id(connection: sqlite3.Connection, sql: str) -> dict[int, tuple[Any, ...]]:
    return {row[0]: row[1:] for row in connection.execute(sql)}


# Making it anew ------------------------------------------------------------------------------------------------------


def rebuild(path: Path, definitions: Mapping[str, str]) -> None:
    """Make anew what is derived, in one transaction. Raises sqlite3.Error, and then nothing has changed.

    Args:
        path: the book.
        definitions: the SQL of the tables and indexes that are derived, by name.
    """
    with closing(connect(path, timeout=BUSY_SECONDS, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        try:
            rebuild_in(connection, definitions)
            connection.execute("UPDATE counter SET value = value + 1 WHERE name = 'revision'")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def rebuild_in(connection: sqlite3.Connection, definitions: Mapping[str, str]) -> None:
    """The same within a transaction."""
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    if "search" not in there:
        connection.execute(definitions["search"])
    for counter, table in _COUNTED:
        value = max(_next_id(connection, counter), _last_id(connection, table) + 1)
        connection.execute("INSERT OR REPLACE INTO counter (name, value) VALUES (?, ?)", (counter, value))
    connection.execute("INSERT OR IGNORE INTO counter (name, value) VALUES ('revision', 1)")
    orders = list(_wrong_orders(connection))
    connection.executemany("UPDATE contact SET sort_key = :sort_key, family_key = :family_key WHERE id = :id", orders)
    for table, column, key in _KEYS:
        wrong = list(_wrong_keys(connection, table, column, key))
        connection.executemany(f"UPDATE {table} SET norm = ? WHERE contact_id = ? AND position = ?", wrong)
    for name, sql in definitions.items():
        if name not in there and name not in _SEARCH_TABLES:
            connection.execute(sql)
    _rebuild_search(connection, definitions["search_index"])


def _rebuild_search(connection: sqlite3.Connection, definition: str) -> None:
    wrong = list(_wrong_texts(connection))
    connection.executemany("DELETE FROM search WHERE contact_id = ?", [(one,) for one, _ in wrong])
    marks = ", ".join("?" * len(_COLUMNS))
    connection.executemany(
        f"INSERT INTO search ({', '.join(_COLUMNS)}) VALUES ({marks})", [row for _, row in wrong if row is not None]
    )
    connection.execute("DROP TABLE IF EXISTS search_index")
    connection.execute(definition)
    connection.execute("INSERT INTO search_index (search_index) VALUES ('rebuild')")
