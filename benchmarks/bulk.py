"""Bulk changes of a whole book against the bare SQL of the same change, with its journal and search index."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchmarks.books import Books
from benchmarks.figures import Figure
from core.book import Book
from core.change import AddToGroup, Assign, Change, Delete, Plan
from core.listing import Listing
from core.settings import Settings

_EVERYBODY: Final = Listing()
_COLUMNS: Final = "name, email, company, title, phone, notes"
CHANGES: Final[dict[str, Change]] = {
    "star": Assign(_EVERYBODY, "favorite", True),
    "add to a group": AddToGroup(_EVERYBODY, "Everybody"),
    "set the company": Assign(_EVERYBODY, "company", "One & Only Ltd"),
    "delete": Delete(_EVERYBODY),
}
BARE: Final = {
    "star": [
        "INSERT INTO journal_value SELECT 99, 'favorite', id, '0', '1' FROM contact WHERE state = 0 AND favorite = 0",
        "UPDATE contact SET favorite = 1, updated_at = 1, version = version + 1 WHERE state = 0 AND favorite = 0",
    ],
    "add to a group": [
        "INSERT INTO contact_group VALUES (9999, 'Everybody', 'everybody')",
        "INSERT INTO journal_membership SELECT 98, 9999, id, 0, 1 FROM contact WHERE state = 0",
        "INSERT INTO membership SELECT id, 9999 FROM contact WHERE state = 0",
    ],
    "set the company": [
        "INSERT INTO journal_value SELECT 97, 'company', id, company, 'One' FROM contact WHERE state = 0",
        "UPDATE contact SET company = 'One & Only Ltd', updated_at = 1, version = version + 1 WHERE state = 0",
        (f"INSERT INTO search_index (search_index, rowid, {_COLUMNS})"
        f" SELECT 'delete', contact_id, {_COLUMNS} FROM search"),
        "UPDATE search SET company = 'one & only ltd'",
        f"INSERT INTO search_index (rowid, {_COLUMNS}) SELECT contact_id, {_COLUMNS} FROM search",
    ],
    "delete": [
        "INSERT INTO journal_value SELECT 96, 'state', id, '0', '1:1:you' FROM contact WHERE state = 0",
        "UPDATE contact SET state = 1, deleted_at = 1, deleted_by = 'you', version = version + 1 WHERE state = 0",
    ],
}  # fmt: skip


def measure(books: Books, size: int) -> Iterator[Figure]:
    """The figures of bulk changes, and of the undo of each against the change's own floor."""
    book = books.of(size)
    bare = _bare(books.copy(book, "bare.db"))
    for name, (done, undone) in asyncio.run(_ours(books.copy(book, "bulk.db"))).items():
        yield Figure(f"Bulk {size:,}: {name}", done, bare[name], "s", "bare SQL, with journal and index", target=1.5)
        yield Figure(f"Bulk {size:,}: undo of {name}", undone, bare[name], "s", "bare SQL of the change", target=1.5)


def _bare(path: Path) -> dict[str, float]:
    """The seconds of each change by hand."""
    taken = {}
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA synchronous = FULL")
    database.execute("PRAGMA cache_size = -16000")
    for name, statements in BARE.items():
        start = time.perf_counter()
        database.execute("BEGIN IMMEDIATE")
        for sql in statements:
            database.execute(sql)
        database.execute("COMMIT")
        taken[name] = time.perf_counter() - start
    database.close()
    return taken


async def _ours(path: Path) -> dict[str, tuple[float, float]]:
    taken = {}
    settings = Settings.load({"database_url": f"sqlite:///{path}"}, environment={})
    async with await Book.open(settings) as book:
        for name, change in CHANGES.items():
            start = time.perf_counter()
            await book.apply(Plan("edit", name, [change]))
            done = time.perf_counter()
            await book.undo()
            taken[name] = done - start, time.perf_counter() - done
    return taken
