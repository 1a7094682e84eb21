"""The schema that migrations make, and what happens to an older book."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import sqlite3
import stat
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from coterie.core.book import Book
from coterie.core.errors import CannotOpen
from coterie.core.listing import Listing
from coterie.core.settings import Settings
from coterie.core.store import schema
from coterie.core.store.contacts.values import HAS_UID
from coterie.core.store.engine import migrations, opening
from coterie.core.store.engine.sqlite_dialect import SQLITE
from tests.conftest import Clock, settings_in
from tests.core.book_contract import ADA, make

NOBODY = 9_999_999
"""No process has this number: Linux gives none above 4,194,304."""


def differences(connection: Connection) -> list[Any]:
    """What alembic would change to make the database what SQLModel declares, but for the indexes of expressions."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return [
        one
        for one in compare_metadata(context, schema.METADATA)
        if not any(word in str(one) for word in ("search_index", "search_trigrams", "'text'", "contact_uid"))
    ]


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index contact_uid")
async def test_the_migrations_make_what_is_declared_on_sqlite(settings: Settings) -> None:
    async with await Book.open(settings):
        pass
    with create_engine(settings.database_url).connect() as connection:
        assert differences(connection) == []
        uid = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'contact_uid'").scalar_one()
    assert SQLITE.uid in uid
    assert HAS_UID in uid


async def test_the_migrations_make_what_is_declared_on_postgresql(tmp_path: Path, postgresql_empty_url: str) -> None:
    settings = settings_in(tmp_path, database_url=postgresql_empty_url)
    async with await Book.open(settings):
        pass
    engine = create_async_engine(postgresql_empty_url.replace("postgresql://", "postgresql+asyncpg://"))
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


async def test_several_programs_may_make_the_same_book(settings: Settings) -> None:
    books = await asyncio.gather(*(Book.open(settings) for _ in range(4)))
    for book in books:
        assert await book.lists.count(Listing()) == 0
        await book.close()


def older_book(path: Path) -> None:
    """A book as the revision before HEAD left it, as far as opening it can tell."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")


async def test_a_copy_is_kept_before_a_migration(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    async with await Book.open(settings) as book:
        await make(book, ADA)
    path = settings.sqlite_path
    assert path is not None
    older_book(path)

    def migrate(book: Path, revision: str = "head") -> None:
        with sqlite3.connect(book) as connection:
            connection.execute("UPDATE alembic_version SET version_num = ?", (migrations.HEAD,))
            connection.execute("UPDATE contact SET name = 'migrated'")

    monkeypatch.setattr(opening, "migrate_sqlite", migrate)
    async with await Book.open(settings) as book:
        assert [row.name for row in await book.lists.rows(Listing(), 0, 9)] == ["migrated"]
    [copy] = path.parent.glob("contacts.db.schema-0000.*")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with sqlite3.connect(copy) as connection:
        assert connection.execute("SELECT name FROM contact").fetchall() == [("Ada King",)]


async def test_migrations_that_fail_again_and_again_leave_the_first_and_the_last_copy(
    settings: Settings, clock: Clock
) -> None:
    async with await Book.open(settings) as book:
        await make(book, ADA)
    path = settings.sqlite_path
    assert path is not None
    older_book(path)
    days = []
    for _ in range(4):
        clock.pass_days(1)
        days.append(f"{clock.now:%Y%m%d}")
        with pytest.raises(CannotOpen, match="There is a copy from before:"):
            await Book.open(settings, now=clock)
    copies = sorted(path.parent.glob("contacts.db.schema-*"))
    assert [copy.name.rpartition(".")[2][:8] for copy in copies] == [days[0], days[-1]]


async def test_a_migration_that_fails_names_the_copy(settings: Settings) -> None:
    async with await Book.open(settings) as book:
        await make(book, ADA)
    path = settings.sqlite_path
    assert path is not None
    older_book(path)
    before = path.read_bytes()
    with pytest.raises(CannotOpen, match="There is a copy from before:"):  # alembic knows no revision 0000
        await Book.open(settings)
    assert path.read_bytes() == before


async def test_a_copy_before_a_migration_is_whole_or_not_there(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with await Book.open(settings) as book:
        await make(book, ADA)
    path = settings.sqlite_path
    assert path is not None
    older_book(path)

    def refuse(_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refuse)
        with pytest.raises(CannotOpen, match=r"the copy before that failed\. .*no space left on device"):
            await Book.open(settings)
    assert [entry for entry in path.parent.iterdir() if "schema" in entry.name] == []


async def test_what_a_killed_program_left_of_such_a_copy_goes(settings: Settings) -> None:
    async with await Book.open(settings) as book:
        await make(book, ADA)
    path = settings.sqlite_path
    assert path is not None
    older_book(path)
    for ending in ("", "-journal"):
        (path.parent / f".{path.name}.schema-0000.20261128T101112Z.{NOBODY}.new{ending}").touch()
    with pytest.raises(CannotOpen):
        await Book.open(settings)
    assert not [entry for entry in path.parent.iterdir() if ".new" in entry.name]
