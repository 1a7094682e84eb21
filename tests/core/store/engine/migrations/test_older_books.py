"""Books of the first schema: what their contacts hold is found by searches once they are opened, or nothing changes."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from coterie.core.book import Book
from coterie.core.fields.values import with_value
from coterie.core.listing import Listing, View
from coterie.core.model import Address, Contact, Url
from coterie.core.settings import Settings
from coterie.core.store.contacts.values import SEARCH_COLUMNS, family_key, search_row
from coterie.core.store.engine.migrations import HEAD, migrate, migrate_sqlite
from tests.conftest import settings_in
from tests.core.store.engine.migrations.old_rows import FIRST_COLUMNS, old_row

FIRST = "0001"
TEXTS = ("contact_id", "name", "email", "company", "title", "phone", "notes")
PEOPLE = (
    Contact(
        name="Ann Ash", given_name="Ann", family_name="Ash", department="Research", birthday="1980-02-03",
        addresses=(Address(street="1 Way", city="Málaga", postal_code="69117", country="DE"),),
        urls=(Url("https://blog.example.net"),), custom={"Phonetic family name": "Tanaka"},
    ),
    Contact(name="Bob Birch", notes="plain"),
    Contact(name="Dr. Cyd Éclair", given_name="Cyd", family_name="Éclair"),
    Contact(company="Acme", name="Acme", given_name="Ac", family_name="Me"),
)  # fmt: skip
BINNED = Contact(name="Zed", department="Archive")
UNDONE = Contact(name="Yan")


def _rows() -> Iterator[tuple[str, tuple[str, ...], list[dict[str, object]]]]:
    everybody = [*PEOPLE, BINNED, UNDONE]
    stored = [old_row(one, place, FIRST_COLUMNS) for place, one in enumerate(everybody, 1)]
    stored[-2] |= {"state": 1, "deleted_at": 4 * 10**12, "deleted_by": "you"}
    stored[-1] |= {"state": 2}
    yield "contact", FIRST_COLUMNS, stored
    texts = [dict(zip(TEXTS, search_row(place, one), strict=False)) for place, one in enumerate(everybody, 1)]
    yield "search", TEXTS, texts
    undone: dict[str, object] = {"id": 1, "at": 4 * 10**12, "undone_at": 4 * 10**12}
    yield "operation", tuple(undone), [undone]
    member: dict[str, object] = {"contact_id": len(everybody), "group_id": 9}
    yield "membership", tuple(member), [member]
    group = {"operation_id": 1, "group_id": 9, "old": "", "new": "Choir"}
    yield "journal_group", tuple(group), [group]


def _insert(table: str, columns: tuple[str, ...]) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(f':{name}' for name in columns)})"


def first_schema(path: Path) -> None:
    """An SQLite book as the first version made it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    migrate_sqlite(path, FIRST)
    with closing(sqlite3.connect(path)) as connection:
        for table, columns, rows in _rows():
            connection.executemany(_insert(table, columns), rows)
        connection.execute(
            "INSERT INTO search_index (rowid, name, email, company, title, phone, notes) SELECT * FROM search"
        )
        connection.execute("UPDATE counter SET value = 100 WHERE name = 'contact'")
        connection.commit()


async def first_schema_on_postgresql(url: str) -> None:
    engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://"))
    async with engine.connect() as connection:
        await connection.run_sync(migrate, FIRST)
        await connection.commit()
        for table, columns, rows in _rows():
            await connection.execute(text(_insert(table, columns)), rows)
        await connection.commit()
    await engine.dispose()


async def found(book: Book, query: str) -> list[str]:
    return [row.name for row in await book.lists.rows(Listing(query=query), 0, 9)]


class OlderBook:
    """Subclasses give a fixture `older`: the settings of a book of the first schema."""

    async def test_finds_every_field_of_an_older_book(self, older: Settings) -> None:
        notices: list[str] = []
        async with await Book.open(older, notice=notices.append) as book:
            assert notices == ["Updating the book for this version of Coterie (6 contacts). This happens once."]
            for query in (
                "malaga",
                "69117",
                "research",
                "tanaka",
                "blog.example",
                "1980-02",
                "city:=Málaga",
                "country:de",
            ):
                assert await found(book, query) == ["Ann Ash"], query
            assert await found(book, "plain") == ["Bob Birch"]
            assert [row.name for row in await book.lists.rows(Listing(View.BIN, query="archive"), 0, 9)] == ["Zed"]
            assert await book.lists.count(Listing()) == len(PEOPLE)
        async with await Book.open(older, notice=notices.append):
            assert len(notices) == 1

    async def test_what_an_undo_had_taken_away_lies_in_the_bin(self, older: Settings) -> None:
        async with await Book.open(older) as book:
            [yan] = await book.lists.rows(Listing(View.BIN, query="yan"), 0, 9)
            assert (yan.name, yan.deleted_by) == ("Yan", "undo")
            async with book._database.reading() as connection:
                assert await connection.rows("SELECT * FROM membership") == []
                journalled = await connection.rows("SELECT * FROM journal_membership")
            assert journalled == [(1, 9, yan.id, 0, 1)]  # its group is gone as well, until both are redone

    async def test_an_older_book_is_stored_as_if_it_were_new(self, older: Settings) -> None:
        """Whatever is searched or ordered later finds the same texts as behind a contact that is created now."""
        async with await Book.open(older) as book, book._database.reading() as connection:
            texts = await connection.rows(f"SELECT contact_id, {', '.join(SEARCH_COLUMNS)} FROM search ORDER BY 1")
            keys = await connection.rows("SELECT family_key FROM contact ORDER BY id")
        people = [with_value(one, "id", place) for place, one in enumerate([*PEOPLE, BINNED, UNDONE], 1)]
        assert texts == [search_row(one.id or 0, one) for one in people]
        assert [row[0] for row in keys] == [family_key(one) for one in people]


class TestOlderSqliteBook(OlderBook):
    @pytest.fixture
    def older(self, settings: Settings) -> Settings:
        assert settings.sqlite_path
        first_schema(settings.sqlite_path)
        return settings


class TestOlderPostgresqlBook(OlderBook):
    @pytest.fixture
    async def older(self, tmp_path: Path, postgresql_empty_url: str) -> Settings:
        await first_schema_on_postgresql(postgresql_empty_url)
        return settings_in(tmp_path, database_url=postgresql_empty_url)


_KILLED = """
import sys
from pathlib import Path
import coterie.core.text
from coterie.core.store.engine import migrations

def stuck(text):
    print("half way", flush=True)
    sys.stdin.read()

coterie.core.text.fold = stuck
migrations.migrate_sqlite(Path(sys.argv[1]))
"""


def test_a_kill_within_the_migration_leaves_the_book_as_it_was(settings: Settings) -> None:
    path = settings.sqlite_path
    assert path
    first_schema(path)
    with subprocess.Popen([sys.executable, "-c", _KILLED, path], stdin=-1, stdout=-1, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "half way\n"
        process.kill()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(FIRST,)]
        found = connection.execute("SELECT rowid FROM search_index WHERE search_index MATCH 'birch'").fetchall()
        assert found == [(2,)]
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    migrate_sqlite(path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]
        found = connection.execute("SELECT rowid FROM search_index WHERE search_index MATCH 'tanaka'").fetchall()
        assert found == [(1,)]
        connection.execute("INSERT INTO search_index (search_index, rank) VALUES ('integrity-check', 1)")
