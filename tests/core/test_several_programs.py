"""Several programs on one book in an SQLite file: none takes the locks of another, and each sees what others change."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from coterie.core.book import Book
from coterie.core.changes import Assign, Plan
from coterie.core.checks import Checks
from coterie.core.errors import BookBusy, CannotOpen, UnreadableFile
from coterie.core.files import open_to_read, private_file, replacing
from coterie.core.listing import Listing, View
from coterie.core.settings import Settings
from coterie.core.transfer import importing
from coterie.tui.files import Files
from tests.conftest import settings_in
from tests.core.book_contract import ADA, BOB, do, make, names

_VISITOR = """
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as book:
    print(book.execute("SELECT COUNT(*) FROM contact").fetchone()[0])
book.close()
"""


def path_of(settings: Settings) -> Path:
    assert settings.sqlite_path is not None
    return settings.sqlite_path


async def visit(path: Path) -> int:
    """How many contacts another program finds, which opens the book and closes it again."""
    command = [sys.executable, "-c", _VISITOR, str(path)]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, check=True)
    return int(done.stdout)


async def is_whole(book: Book, path: Path) -> None:
    """The log outlives another program that ends, and what is written after that is there for everybody."""
    log = path.with_name(f"{path.name}-wal").stat().st_ino
    before = await visit(path)
    assert path.with_name(f"{path.name}-wal").stat().st_ino == log, "another program deleted the log"
    await make(book, BOB)
    assert await visit(path) == before + 1
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def test_a_second_book_in_one_program_takes_no_locks_away(book: Book, settings: Settings) -> None:
    await make(book, ADA)
    async with await Book.open(settings) as second:
        await make(second, ADA)
    await is_whole(book, path_of(settings))


@pytest.mark.parametrize("ending", ["", "-wal", "-shm"])
async def test_the_open_book_is_no_file_to_import(book: Book, settings: Settings, tmp_path: Path, ending: str) -> None:
    await make(book, ADA)
    path = path_of(settings)
    own = path.with_name(path.name + ending)
    linked, hard = tmp_path / "link.csv", tmp_path / "hard.csv"
    linked.symlink_to(own)
    hard.hardlink_to(own)
    for name in (own, linked, hard):
        with pytest.raises(UnreadableFile, match="belongs to the book itself"):
            await importing.stage(name)
        with pytest.raises(UnreadableFile, match="belongs to the book itself"):
            open_to_read(name)
        with pytest.raises(UnreadableFile, match="belongs to the book itself"), Files().writing(name):
            raise AssertionError("the book would be replaced")
    hard.unlink()
    await is_whole(book, path)


async def test_a_closed_book_is_a_file_like_others(settings: Settings) -> None:
    path = path_of(settings)
    async with await Book.open(settings):
        pass
    with open_to_read(path) as file:
        assert file.read(15) == b"SQLite format 3"
    with replacing(path) as new:
        new.write(b"x")
    assert path.read_bytes() == b"x"


def test_what_exists_is_made_private_without_being_opened(tmp_path: Path) -> None:
    """A lock of this program on it stays: another program does not get it."""
    import fcntl

    path = tmp_path / "book.db"
    path.touch(mode=0o644)
    with path.open("r+b") as file:
        fcntl.lockf(file, fcntl.LOCK_EX)
        private_file(path)
        code = "import fcntl, sys; fcntl.lockf(open(sys.argv[1], 'r+b'), fcntl.LOCK_EX | fcntl.LOCK_NB)"
        taken = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, check=False)
        assert b"BlockingIOError" in taken.stderr
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_a_device_or_a_pipe_is_no_book_and_stays_as_it_is(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe, 0o644)
    for path in (Path("/dev/null"), pipe):
        before = path.stat().st_mode
        with pytest.raises(CannotOpen, match="is not a file"):
            await Book.open(settings_in(tmp_path, database_url=str(path)))
        assert path.stat().st_mode == before


async def test_what_another_program_changed_just_before_our_own_change_is_shown(book: Book, settings: Settings) -> None:
    ada, bob = await make(book, ADA, BOB)
    stop = book.subscribe(lambda: None)
    favorites = Listing(View.FAVORITES)
    assert await book.lists.count(favorites) == 1
    async with await Book.open(settings) as other:
        await do(other, Assign(Checks.of([bob]), "favorite", True))
    await book.apply(Plan("edit", "Edit", [Assign(Checks.of([ada]), "company", "Acme")]))
    assert await book.lists.count(favorites) == 2
    assert await names(book, favorites) == ["Ada King", "Bob Łuczak"]
    async with await Book.open(settings) as other:
        await do(other, Assign(Checks.of([bob]), "favorite", False))
    await book.accounts.add("memory", "ada")
    assert await book.lists.count(favorites) == 1
    stop()


_HOLDER = """
import sqlite3, sys
book = sqlite3.connect(sys.argv[1])
book.execute("SELECT COUNT(*) FROM contact").fetchone()
print("open", flush=True)
sys.stdin.read()
"""


async def test_a_book_is_open_under_one_name_only(settings: Settings, tmp_path: Path) -> None:
    """Two names (hard links) have two logs: what is changed under one would destroy what is changed under the other."""
    second = settings_in(tmp_path / "second", database_url=f"sqlite:///{tmp_path / 'second.db'}")
    async with await Book.open(settings) as book:
        await make(book, ADA)
    path_of(second).hardlink_to(path_of(settings))
    async with await Book.open(settings) as book:
        with pytest.raises(UnreadableFile, match="belongs to the book itself"):
            await Book.open(second)
        await make(book, BOB)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _HOLDER, str(path_of(settings)), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    await process.stdout.readline()
    with pytest.raises(BookBusy, match="open under another name"):
        await Book.open(second)
    async with await Book.open(settings) as book:
        assert await names(book) == [ADA.name, BOB.name]
    process.stdin.close()
    await process.wait()
    async with await Book.open(second) as book:
        assert await names(book) == [ADA.name, BOB.name]
