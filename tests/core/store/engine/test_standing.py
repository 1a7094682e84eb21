"""A book whose file is deleted, replaced or overwritten while it is open: no edit goes into nothing."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from coterie.core import book as book_module
from coterie.core.backups import Backups
from coterie.core.book import Book
from coterie.core.errors import BookGone
from coterie.core.listing import Listing
from coterie.core.settings import Settings
from tests.core.book_contract import ADA, make


def deleted(path: Path, _: Path) -> None:
    path.unlink()


def all_deleted(path: Path, _: Path) -> None:
    for one in path.parent.glob("contacts.db*"):
        if one.is_file():
            one.unlink()


def folder_moved(path: Path, _: Path) -> None:
    path.parent.rename(path.parent.with_name("elsewhere"))


def replaced(path: Path, copy: Path) -> None:
    copy.rename(path)


def overwritten(path: Path, copy: Path) -> None:
    shutil.copyfile(copy, path)


def overwritten_by_a_file_that_was_copied_raw(path: Path, copy: Path) -> None:
    shutil.copyfile(copy.with_name("raw.db"), path)


def emptied(path: Path, _: Path) -> None:
    path.write_bytes(b"")


def log_deleted(path: Path, _: Path) -> None:
    path.with_name("contacts.db-wal").unlink()


@pytest.mark.parametrize(
    ("meanwhile", "what"),
    [
        (deleted, "was deleted"),
        (all_deleted, "was deleted"),
        (folder_moved, "was deleted"),
        (replaced, "was replaced"),
        (overwritten, "was overwritten"),
        (overwritten_by_a_file_that_was_copied_raw, "was overwritten"),
        (emptied, "was overwritten"),
        (log_deleted, "lost the file with its latest changes"),
    ],
)
async def test_no_change_goes_into_nothing(
    settings: Settings, tmp_path: Path, meanwhile: Callable[[Path, Path], None], what: str
) -> None:
    path = settings.sqlite_path
    assert path is not None
    async with await Book.open(settings) as book:
        await make(book, ADA)
    shutil.copyfile(path, tmp_path / "raw.db")
    await Backups(path).make(tmp_path / "copy.db")
    async with await Book.open(settings) as book:
        await make(book, ADA)
        with closing(sqlite3.connect(path)) as other:
            other.execute("PRAGMA wal_checkpoint")  # so that the file itself is newer than the copies
        await make(book, ADA)
        meanwhile(path, tmp_path / "copy.db")
        with pytest.raises(BookGone, match=what):
            await make(book, ADA)
    if "deleted" in what:
        assert not path.exists(), "nothing new is made"


@pytest.mark.parametrize("meanwhile", [replaced, overwritten, overwritten_by_a_file_that_was_copied_raw])
async def test_what_was_put_in_its_place_stays_what_it_is(
    settings: Settings, tmp_path: Path, meanwhile: Callable[[Path, Path], None]
) -> None:
    path = settings.sqlite_path
    assert path is not None
    async with await Book.open(settings) as book:
        await make(book, ADA)
    shutil.copyfile(path, tmp_path / "raw.db")
    await Backups(path).make(tmp_path / "copy.db")
    book = await Book.open(settings)
    await make(book, ADA)
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA wal_checkpoint")
    await make(book, ADA)
    meanwhile(path, tmp_path / "copy.db")
    with pytest.raises(BookGone):
        await make(book, ADA)
    assert in_another_program(tmp_path, "Bob") == "Ada King, Bob"
    await book.close()
    assert in_another_program(tmp_path, "Cy") == "Ada King, Bob, Cy"
    check = "import sqlite3, sys; print(*sqlite3.connect(sys.argv[1]).execute('PRAGMA integrity_check').fetchone())"
    assert output_of(check, path) == "ok"


ADDS = """
import asyncio, sys
from pathlib import Path
from coterie.core.book import Book
from coterie.core.listing import Listing
from coterie.core.model import Contact
from tests.conftest import settings_in
from tests.core.book_contract import make
async def main():
    async with await Book.open(settings_in(Path(sys.argv[1]))) as book:
        await make(book, Contact(name=sys.argv[2]))
        print(", ".join([row.name for row in await book.lists.rows(Listing(), 0, 9)]))
asyncio.run(main())
"""


def in_another_program(folder: Path, name: str) -> str:
    """Add a contact to the book below `folder`; the names in it then."""
    return output_of(ADDS, folder, name)


def output_of(code: str, *arguments: object) -> str:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


async def test_what_is_only_read_first_makes_no_new_file(settings: Settings) -> None:
    path = settings.sqlite_path
    assert path is not None
    async with await Book.open(settings) as book:
        path.unlink()
        with pytest.raises(BookGone):
            await book.lists.counts()  # over a connection that is opened now
        assert not path.exists()


async def test_the_screen_is_told_and_told_again_when_the_book_is_back(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(book_module, "WATCH_SECONDS", 0.01)
    path = settings.sqlite_path
    assert path is not None
    async with await Book.open(settings) as book:
        await make(book, ADA)
        told = asyncio.Event()
        stop = book.subscribe(told.set)
        assert book.trouble is None
        path.rename(tmp_path / "away.db")
        await asyncio.wait_for(told.wait(), 30)
        assert isinstance(book.trouble, BookGone)
        assert [row.name for row in await book.lists.rows(Listing(), 0, 9)] == ["Ada King"], "it can still be looked at"
        told.clear()
        (tmp_path / "away.db").rename(path)
        await asyncio.wait_for(told.wait(), 30)
        assert book.trouble is None
        stop()
        await make(book, ADA)


async def test_changes_of_others_and_large_ones_are_no_trouble(settings: Settings) -> None:
    other = await Book.open(settings)
    async with await Book.open(settings) as book:
        for _ in range(20):
            await make(book, ADA)
            await make(other, ADA)
            path = settings.sqlite_path
            assert path is not None
            with closing(sqlite3.connect(path)) as third:
                third.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        await other.close()
        await make(book, ADA)
        assert await book.lists.count(Listing()) == 41
