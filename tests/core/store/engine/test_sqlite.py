"""What only a book in an SQLite file has to look after."""

from __future__ import annotations

import asyncio
import gc
import shutil
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from coterie.core.book import Book
from coterie.core.changes import Assign, Plan
from coterie.core.clock import computers_clock
from coterie.core.listing import Listing
from coterie.core.settings import Settings
from coterie.core.store.engine import sqlite
from coterie.core.store.engine.looking import connect
from coterie.core.transfer import importing

EVERYBODY = 300


@pytest.fixture(autouse=True)
def few_changes_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "MANY_CHANGES", 100)


def starred(book: Path, copy: Path) -> int:
    """How many contacts are favorites in the file alone, without its log."""
    shutil.copy(book, copy)
    with sqlite3.connect(copy) as connection:
        found = connection.execute("SELECT COUNT(*) FROM contact WHERE favorite = 1").fetchone()[0]
    return int(found)


async def change_everybody(book: Book) -> None:
    table = "Name,E-mail\n" + "".join(f"Person {one},p{one}@example.org\n" for one in range(EVERYBODY))
    await importing.run(book, await importing.stage(table.encode()))
    await book.apply(Plan("edit", "Star everybody", [Assign(Listing(), "favorite", True)]))


async def test_a_large_change_comes_from_the_log_into_the_book_beside_what_follows(
    settings: Settings, tmp_path: Path
) -> None:
    path = Path(settings.database_url.removeprefix("sqlite:///"))
    async with await Book.open(settings) as book:
        await change_everybody(book)
        for _ in range(200):
            if starred(path, tmp_path / "copy.db") == EVERYBODY:
                break
            await asyncio.sleep(0.02)
        else:
            raise AssertionError("the change stays in the log")
        await book.history.undo()
        assert await book.lists.count(Listing(query="is:favorite")) == 0


async def test_closing_meanwhile_loses_nothing(settings: Settings, tmp_path: Path) -> None:
    path = Path(settings.database_url.removeprefix("sqlite:///"))
    async with await Book.open(settings) as book:
        await change_everybody(book)
    assert not path.with_name(f"{path.name}-wal").exists()
    assert starred(path, tmp_path / "copy.db") == EVERYBODY


async def test_a_book_is_waited_for_while_another_program_makes_its_log(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = [3]

    def locked(*arguments: Any, **options: Any) -> sqlite3.Connection:
        left[0] -= 1
        if left[0] >= 0:
            raise sqlite3.OperationalError("database is locked")  # at once: SQLite's time limit is for other locks
        return connect(*arguments, **options)

    monkeypatch.setattr(sqlite, "connect", locked)
    async with await Book.open(settings) as book:
        assert await book.lists.count(Listing()) == 0
    assert left[0] < 0


async def test_nothing_is_stored_after_the_database_has_undone_a_transaction_by_itself(tmp_path: Path) -> None:
    path = tmp_path / "book.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE one (id INTEGER PRIMARY KEY)")
    database = sqlite.SqliteDatabase(path, computers_clock)

    async def change() -> None:
        async with database.writing() as connection:
            await connection.run("INSERT INTO one VALUES (1)")
            with suppress(sqlite3.IntegrityError):  # as a full disk does it
                await connection.run("INSERT OR ROLLBACK INTO one VALUES (1)")
            await connection.run("INSERT INTO one VALUES (2)")

    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        await change()
    async with database.writing() as writing:
        await writing.run("INSERT INTO one VALUES (3)")
    async with database.reading() as reading:
        assert await reading.rows("SELECT id FROM one") == [(3,)]
    await database.close()


async def test_who_stops_a_query_twice_waits_for_its_end_all_the_same(settings: Settings) -> None:
    loop, begun, problems = asyncio.get_running_loop(), asyncio.Event(), list[Any]()
    loop.set_exception_handler(lambda _, context: problems.append(context))

    def begin() -> int:
        loop.call_soon_threadsafe(begun.set)
        return 1

    async def endless() -> None:
        async with database.reading() as connection:
            await connection.call(lambda one: one.create_function("begun", 0, begin))
            await connection.rows(
                "WITH RECURSIVE n(i) AS (SELECT begun() UNION SELECT i + 1 FROM n) SELECT max(i) FROM n"
            )

    async with await Book.open(settings):
        path = Path(settings.database_url.removeprefix("sqlite:///"))
    database = sqlite.SqliteDatabase(path, computers_clock)
    task = asyncio.create_task(endless())
    await begun.wait()
    for _ in range(2):
        task.cancel()
        await asyncio.sleep(0)
    with pytest.raises(asyncio.CancelledError):
        await task
    async with database.reading() as connection:
        assert await connection.rows("SELECT 1") == [(1,)]
    await database.close()
    gc.collect()
    assert problems == []
