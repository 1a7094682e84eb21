"""What differs between a book and a copy of it, for somebody who is about to put the copy back."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from coterie.core.store.contacts.values import CONTACT_COLUMNS

NAMED: Final = 5
"""So many contacts of each kind are named."""
_BOOKKEEPING: Final = {"id", "version", "updated_at", "sort_key", "family_key"}
_COMPARED: Final = ", ".join(column for column in CONTACT_COLUMNS if column not in _BOOKKEEPING)
_PARTS: Final = (
    f"SELECT id, {_COMPARED} FROM {{book}}.contact",
    "SELECT contact_id, position, address, label, is_primary FROM {book}.email",
    "SELECT contact_id, position, number, label FROM {book}.phone",
    "SELECT m.contact_id, g.name FROM {book}.membership m JOIN {book}.contact_group g ON g.id = m.group_id",
)
"""What is compared of a contact, each with its id first. Groups go by their names."""
_SAME: Final = "other.id = own.id AND other.created_at = own.created_at AND other.state < 2"
"""Ids are never used twice in a book, but a book that was put back gives them again: the time of creation decides."""


@dataclass(frozen=True, slots=True)
class Some:
    """So many contacts, and the names of the first of them."""

    count: int = 0
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs: contacts that only the book has, that only the copy has, and that both have differently.

    Contacts in the Bin count too.
    """

    only_here: Some
    only_there: Some
    changed: Some

    def __bool__(self) -> bool:
        return bool(self.only_here.count or self.only_there.count or self.changed.count)


def compare(book: sqlite3.Connection, copy: Path) -> Difference:
    """What differs between the book that a connection reads (in no transaction) and the copy at `copy`.

    The copy has the present schema. Raises sqlite3.Error if one of them cannot be read.
    """
    book.execute("ATTACH DATABASE ? AS copy", (f"{copy.absolute().as_uri()}?mode=ro",))
    try:
        book.execute("CREATE TEMP TABLE differing (id INTEGER PRIMARY KEY)")
        for part in _PARTS:
            here, there = part.format(book="main"), part.format(book="copy")
            for own, other in ((here, there), (there, here)):
                differing = f"SELECT contact_id FROM ({_numbered(own)} EXCEPT {other})"
                book.execute(f"INSERT OR IGNORE INTO differing {differing}")
        return Difference(_only(book, "main", "copy"), _only(book, "copy", "main"), _changed(book))
    finally:
        book.execute("DROP TABLE IF EXISTS temp.differing")
        book.execute("DETACH DATABASE copy")


def _numbered(part: str) -> str:
    return part.replace("SELECT id,", "SELECT id AS contact_id,", 1)


def _only(connection: sqlite3.Connection, own: str, other: str) -> Some:
    missing = f"NOT EXISTS (SELECT 1 FROM {other}.contact other WHERE {_SAME})"
    return _some(connection, f"FROM {own}.contact own WHERE own.state < 2 AND {missing}")


def _changed(connection: sqlite3.Connection) -> Some:
    both = f"EXISTS (SELECT 1 FROM copy.contact other WHERE {_SAME})"
    return _some(connection, f"FROM main.contact own JOIN differing d ON d.id = own.id WHERE own.state < 2 AND {both}")


def _some(connection: sqlite3.Connection, which: str) -> Some:
    count = int(connection.execute(f"SELECT COUNT(*) {which}").fetchone()[0])
    names = connection.execute(f"SELECT own.name {which} ORDER BY own.sort_key, own.id LIMIT {NAMED}").fetchall()
    return Some(count, tuple(name for (name,) in names))
