"""What a book in an SQLite file holds only to be fast: it is made anew from the contacts if it is lost or stale.

The search text and its index, the columns by which contacts are ordered and found, the other indexes, and the counters
from which ids come.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from coterie.core.store.contacts import lookup
from coterie.core.store.contacts.values import SEARCH_COLUMNS, order_keys, search_row
from coterie.core.store.engine.looking import connect
from coterie.core.text import email_key, number_of, phone_key

BUSY_SECONDS = 10.0
"""For which another program that writes is waited for."""
_AT_ONCE: Final = 2000
"""Contacts that are read at a time."""
_SEARCH_TABLES: Final = ("search", "search_index")
_COLUMNS: Final = ("contact_id", *SEARCH_COLUMNS)
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
    from coterie.core.store.schema import counters  # brings SQLAlchemy along

    for table in counters():
        if _next_id(connection, table) <= _last_id(connection, table):
            yield f"The counter of {table} would give ids a second time"
    wrong = _compare(connection, searchable=searchable)
    if wrong.orders:
        yield f"{number_of(len(wrong.orders))} out of place in the order of names"
    for table, column, key in _KEYS:
        if keys := sum(1 for _ in _wrong_keys(connection, table, column, key)):
            yield f"{keys:,} rows of {table} would not be found by their {column}"
    if searchable:
        if texts := len(wrong.texts) + len(wrong.ghosts):
            yield f"The search text of {number_of(texts)} is stale"
        if trouble := _index_trouble(connection):
            yield f"The search index is damaged or stale ({trouble})"


def _next_id(connection: sqlite3.Connection, counter: str) -> int:
    row = connection.execute("SELECT value FROM counter WHERE name = ?", (counter,)).fetchone()
    return int(row[0]) if row else 0


def _last_id(connection: sqlite3.Connection, table: str) -> int:
    return int(connection.execute(f"SELECT COALESCE(MAX(id), 0) FROM {table}").fetchone()[0])


def _wrong_keys(
    connection: sqlite3.Connection, table: str, column: str, key: Callable[[str], str]
) -> Iterator[tuple[str, int, int]]:
    for contact_id, position, value, norm in connection.execute(
        f"SELECT contact_id, position, {column}, norm FROM {table}"
    ):
        if key(value) != norm:
            yield key(value), contact_id, position


@dataclass(slots=True)
class _Wrong:
    """What does not fit the contacts.

    Attributes:
        orders: the columns by which lists are ordered, with the contact's id, as they should be.
        texts: the rows of `search`, as they should be.
        ghosts: the ids of texts without a contact.
    """

    orders: list[dict[str, object]] = field(default_factory=list)
    texts: list[tuple[Any, ...]] = field(default_factory=list)
    ghosts: list[tuple[int]] = field(default_factory=list)


def _compare(connection: sqlite3.Connection, *, searchable: bool = True) -> _Wrong:
    """What does not fit, by one look at each contact."""
    wrong = _Wrong()
    for first in range(0, _last_id(connection, "contact") + 1, _AT_ONCE):
        between = f"BETWEEN {first} AND {first + _AT_ONCE - 1}"
        orders = _by_id(connection, f"SELECT id, sort_key, family_key FROM contact WHERE id {between}")
        texts = (
            _by_id(connection, f"SELECT {', '.join(_COLUMNS)} FROM search WHERE contact_id {between}")
            if searchable
            else {}
        )
        for contact in lookup.between(lambda sql: connection.execute(sql).fetchall(), first, first + _AT_ONCE - 1):
            contact_id, keys = contact.id or 0, order_keys(contact)
            if orders[contact_id] != tuple(keys.values()):
                wrong.orders.append({"id": contact_id, **keys})
            if searchable and texts.get(contact_id) != (row := search_row(contact_id, contact))[1:]:
                wrong.texts.append(row)
    if searchable:
        ghosts = "SELECT contact_id FROM search WHERE contact_id NOT IN (SELECT id FROM contact)"
        wrong.ghosts = connection.execute(ghosts).fetchall()
    return wrong


def _index_trouble(connection: sqlite3.Connection) -> str:
    """What FTS5 says of its index and the texts behind it (https://www.sqlite.org/fts5.html, section 6.4)."""
    try:
        connection.execute("INSERT INTO search_index (search_index, rank) VALUES ('integrity-check', 1)")
    except sqlite3.DatabaseError as error:
        if not any(sign in str(error) for sign in ("readonly", "locked", "full")):  # then it cannot be asked
            return str(error)
    return ""


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
    from coterie.core.store.schema import counters

    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    if "search" not in there:
        connection.execute(definitions["search"])
    for table in counters():
        value = max(_next_id(connection, table), _last_id(connection, table) + 1)
        connection.execute("INSERT OR REPLACE INTO counter (name, value) VALUES (?, ?)", (table, value))
    connection.execute("INSERT OR IGNORE INTO counter (name, value) VALUES ('revision', 1)")
    wrong = _compare(connection)
    connection.executemany(
        "UPDATE contact SET sort_key = :sort_key, family_key = :family_key WHERE id = :id", wrong.orders
    )
    for table, column, key in _KEYS:
        keys = list(_wrong_keys(connection, table, column, key))
        connection.executemany(f"UPDATE {table} SET norm = ? WHERE contact_id = ? AND position = ?", keys)
    for name, sql in definitions.items():
        if name not in there and name not in _SEARCH_TABLES:
            connection.execute(sql)
    marks = ", ".join("?" * len(_COLUMNS))
    connection.executemany("DELETE FROM search WHERE contact_id = ?", wrong.ghosts)
    connection.executemany(f"INSERT OR REPLACE INTO search ({', '.join(_COLUMNS)}) VALUES ({marks})", wrong.texts)
    connection.execute("DROP TABLE IF EXISTS search_index")
    connection.execute(definitions["search_index"])
    connection.execute("INSERT INTO search_index (search_index) VALUES ('rebuild')")
