"""Saving what can be read of a damaged book into a new one.

Rows are read one after the other; what lies on a damaged page is passed over. Whoever lost its contact gets one again:
named as the history, the search text or its address says, and in a group of its own, so that it can be looked at.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from coterie.core.errors import CannotOpen
from coterie.core.files import private_file
from coterie.core.store.engine.looking import look
from coterie.core.store.engine.migrations import migrate_sqlite
from coterie.core.store.repair import derived
from coterie.core.store.repair.checkup import Part, expected, orphaned
from coterie.core.text import group_key

RECOVERED: Final = "Recovered"
"""The group of contacts that were made anew of what was left of them."""
_GIVEN: Final = ("alembic_version", "search", "search_index")
"""What the new book has already, or gets in the end."""
_FARTHEST: Final = 2**62
_NAMES: Final = (
    "SELECT contact_id, number FROM phone ORDER BY position DESC",
    "SELECT contact_id, address FROM email ORDER BY position DESC",
    "SELECT contact_id, name FROM old_search WHERE name <> ''",
    "SELECT contact_id, new FROM journal_value WHERE field = 'name' ORDER BY operation_id",
)
"""Where the name of a lost contact may still stand, the best last."""
_LOST: Final = "SELECT DISTINCT contact_id FROM {table} WHERE contact_id NOT IN (SELECT id FROM contact)"


@dataclass(slots=True)
class Salvaged:
    """What was saved.

    Attributes:
        contacts: how many the new book has, also in the Bin.
        recovered: how many of them were made anew of what was left of them.
        groups: how many groups were made anew, named by their number if the history does not name them.
        unreadable: the tables of which some rows could not be read.
        dropped: rows of bookkeeping that belonged to nothing, by table.
    """

    contacts: int = 0
    recovered: int = 0
    groups: int = 0
    unreadable: list[str] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)


def salvage(book: Path, new: Path) -> Salvaged:
    """Make a book at `new` of what can be read of the one at `book`. Raises CannotOpen if that is nothing."""
    try:
        with closing(look(book, isolation_level=None)) as source:
            return _saved(source, book, new)
    except (sqlite3.DatabaseError, OSError) as error:
        raise CannotOpen(
            f"Nothing can be saved of {book}: {error}.", "`coterie restore-backup` lists the copies of it."
        ) from error


def _saved(source: sqlite3.Connection, book: Path, new: Path) -> Salvaged:
    there = {name for (name,) in source.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    tables = {name: part for name, part in expected().items() if part.kind == "table" and name not in _GIVEN}
    if not there & {"contact", "email", "phone"}:
        raise CannotOpen(
            f"Nothing can be saved of {book}: it has no table of contacts.",
            "`coterie restore-backup` lists the copies of it.",
        )
    migrate_sqlite(private_file(new))
    result = Salvaged()
    with closing(sqlite3.connect(new, isolation_level=None)) as target:
        target.execute("BEGIN IMMEDIATE")
        target.execute("CREATE TEMP TABLE old_search AS SELECT * FROM search WHERE 0")
        copied = {name: part for name, part in tables.items() if name in there}
        if "search" in there:
            copied["old_search"] = Part("table", "", expected()["search"].columns)
        result.unreadable += [name for name in tables if name not in there]
        for name, part in copied.items():
            if not _copy(source, target, name, part.columns):
                result.unreadable.append(name.removeprefix("old_"))
        _find_homes(target, result)
        derived.rebuild_in(target, {name: part.sql for name, part in expected().items()})
        result.contacts = target.execute("SELECT COUNT(*) FROM contact").fetchone()[0]
        target.execute("COMMIT")
        target.execute("PRAGMA journal_mode = DELETE")
    return result


def _copy(source: sqlite3.Connection, target: sqlite3.Connection, table: str, wanted: tuple[str, ...]) -> bool:
    """Copy the rows of a table that can be read. Returns whether that is all of them."""
    name = table.removeprefix("old_")
    here = [row[1] for row in source.execute(f"PRAGMA table_info({name})")]
    columns = [column for column in wanted if column in here]
    marks = ", ".join("?" * len(columns))
    insert = f"INSERT OR REPLACE INTO {table} ({', '.join(columns)}) VALUES ({marks})"
    failed: list[bool] = []
    for row in _rows(source, name, columns, failed):
        try:
            target.execute(insert, row)
        except sqlite3.IntegrityError:  # a value that a damaged page made up
            failed.append(True)
    return not failed


def _rows(source: sqlite3.Connection, table: str, columns: list[str], failed: list[bool]) -> Iterator[tuple[Any, ...]]:
    """The rows of a table by the first of its columns, a number; `failed` grows if some cannot be read."""
    key, after, leap = columns[0], -_FARTHEST, 1
    select = f"SELECT {', '.join(columns)} FROM {table} NOT INDEXED"
    if key == "name":  # few, and without a number
        yield from _until_failure(source, select, (), failed)
        return
    while after < _FARTHEST:
        before = len(failed)
        for row in _until_failure(source, f"{select} WHERE {key} > ? ORDER BY {key}", (after,), failed):
            if isinstance(row[0], int):
                if row[0] > after:
                    after, leap = row[0], 1
                yield row
        if len(failed) == before:
            return
        after, leap = max(after, 0) + leap, leap * 2  # what is damaged is left behind with ever larger steps


def _until_failure(
    source: sqlite3.Connection, sql: str, params: tuple[Any, ...], failed: list[bool]
) -> Iterator[tuple[Any, ...]]:
    try:
        yield from source.execute(sql, params)
    except sqlite3.DatabaseError:
        failed.append(True)


def _find_homes(target: sqlite3.Connection, result: Salvaged) -> None:
    """Let every row belong to something again.

    Bookkeeping about what is lost is dropped: nothing can be done with it.
    """
    from coterie.core.store.schema import belongings  # brings SQLAlchemy along

    lost = {
        contact_id
        for table in ("email", "phone", "membership")
        for (contact_id,) in target.execute(_LOST.format(table=table))
    }
    names: dict[int, str] = {}
    for sql in _NAMES:
        names.update({contact_id: name for contact_id, name in target.execute(sql) if contact_id in lost and name})
    target.executemany("INSERT INTO contact (id, name) VALUES (?, ?)", names.items())
    for table in ("email", "phone", "membership"):  # of a contact of which nothing tells who it was
        removed = target.execute(f"DELETE FROM {table} WHERE {orphaned('contact_id', 'contact')}").rowcount
        result.dropped[table] += removed
    result.recovered = len(names)
    for table, column in (("email", "address"), ("phone", "number")):
        if table in result.unreadable:
            _values_of_texts(target, table, column)
    _name_groups(target, result)
    if names:
        _group_recovered(target, names)
    for table, column, owner, _ in belongings():
        if (table, column) != ("remote", "contact_id"):
            result.dropped[table] += target.execute(f"DELETE FROM {table} WHERE {orphaned(column, owner)}").rowcount
    target.execute(f"UPDATE remote SET contact_id = NULL WHERE {orphaned('contact_id', 'contact')}")
    result.dropped = +result.dropped


def _values_of_texts(target: sqlite3.Connection, table: str, column: str) -> None:
    """Addresses or numbers of contacts that have none left, as the search text holds them: in small letters, digits."""
    left = f"contact_id IN (SELECT id FROM contact) AND contact_id NOT IN (SELECT contact_id FROM {table})"
    for contact_id, text in target.execute(f"SELECT contact_id, {table} FROM old_search WHERE {left}").fetchall():
        target.executemany(
            f"INSERT INTO {table} (contact_id, position, {column}) VALUES (?, ?, ?)",
            [(contact_id, position, value) for position, value in enumerate(filter(None, text.split("\n")))],
        )


def _name_groups(target: sqlite3.Connection, result: Salvaged) -> None:
    names = dict(target.execute("SELECT group_id, new FROM journal_group WHERE new <> '' ORDER BY operation_id"))
    missing = target.execute(f"SELECT DISTINCT group_id FROM membership WHERE {orphaned('group_id', 'contact_group')}")
    for (group_id,) in missing.fetchall():
        _add_group(target, group_id, names.get(group_id, f"{RECOVERED} group {group_id}"))
        result.groups += 1


def _add_group(target: sqlite3.Connection, group_id: int, name: str) -> None:
    taken = {key for (key,) in target.execute("SELECT name_key FROM contact_group")}
    free = name
    while group_key(free) in taken:
        free += "'"
    target.execute("INSERT INTO contact_group (id, name, name_key) VALUES (?, ?, ?)", (group_id, free, group_key(free)))


def _group_recovered(target: sqlite3.Connection, names: Mapping[int, str]) -> None:
    group_id = target.execute("SELECT COALESCE(MAX(id), 0) + 1 FROM contact_group").fetchone()[0]
    _add_group(target, group_id, RECOVERED)
    target.executemany("INSERT OR IGNORE INTO membership (contact_id, group_id) VALUES (?, ?)",
                       [(contact_id, group_id) for contact_id in names])  # fmt: skip
