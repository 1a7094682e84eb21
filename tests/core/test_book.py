"""The promises of a Book on both databases, and what only SQLite has to keep."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from coterie.core.book import Book
from coterie.core.errors import BookTooNew, CannotOpen
from coterie.core.listing import Listing
from coterie.core.settings import Settings
from tests.conftest import OnPostgresql
from tests.core.book_contract import ADA, BookContract, make


class TestSqliteBook(BookContract):
    """In an SQLite file."""


class TestPostgresqlBook(OnPostgresql, BookContract):
    """The same in a PostgreSQL database."""


async def test_a_book_is_there_again_after_closing(settings: Settings) -> None:
    async with await Book.open(settings) as book:
        [ada] = await make(book, ADA)
    async with await Book.open(settings) as book:
        assert (await book.contact(ada)).notes == ADA.notes
        await book.history.undo()
        assert await book.lists.count(Listing()) == 0


async def test_the_book_is_private(settings: Settings) -> None:
    async with await Book.open(settings) as book:
        await make(book, ADA)
        path = settings.sqlite_path
        assert path is not None
        assert {stat.S_IMODE(one.stat().st_mode) for one in path.parent.glob("contacts.db*")} == {0o600}
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


async def test_a_newer_book_is_refused_and_left_alone(settings: Settings) -> None:
    async with await Book.open(settings) as book:
        await make(book, ADA)
    path = settings.sqlite_path
    assert path is not None
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(BookTooNew, match="newer"):
        await Book.open(settings)


@pytest.mark.parametrize("content", [b"name,email\n" * 500, b"SQLite format 3\x00" + b"\xff" * 4000])
async def test_another_file_is_refused_and_left_alone(settings: Settings, content: bytes) -> None:
    path = settings.sqlite_path
    assert path is not None
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    with pytest.raises(CannotOpen, match="cannot be read as a book"):
        await Book.open(settings)
    assert path.read_bytes() == content


async def test_another_programs_database_is_refused(settings: Settings) -> None:
    path = settings.sqlite_path
    assert path is not None
    path.parent.mkdir(parents=True)
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE places (url TEXT)")
    with pytest.raises(CannotOpen, match="another program"):
        await Book.open(settings)


async def test_a_killed_program_leaves_the_book_whole(settings: Settings, tmp_path: Path) -> None:
    async with await Book.open(settings) as book:
        await make(book, ADA)
    script = """
import asyncio, os, sys
from pathlib import Path
from coterie.core.book import Book
from coterie.core.changes import Create
from coterie.core.model import Contact
from tests.conftest import settings_in

async def main() -> None:
    book = await Book.open(settings_in(Path(sys.argv[1])))
    async with book.unit("import", "Import") as unit:
        for number in range(20):
            await unit.apply([Create(Contact(name=f"N{number}-{n}")) for n in range(500)])
        os.kill(os.getpid(), 9)
asyncio.run(main())
"""
    ended = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", script, str(tmp_path)], check=False, cwd=Path.cwd()
    )
    assert ended.returncode == -9
    async with await Book.open(settings) as book:
        assert await book.lists.count(Listing()) == 1
        assert await book.lists.count(Listing(query="N1-1")) == 0
        path = settings.sqlite_path
        assert path is not None
        with sqlite3.connect(path) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
