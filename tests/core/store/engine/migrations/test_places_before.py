"""Books of before places: what is kept of each contact tells in which place it is."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from coterie.core.store.engine.migrations import migrate, migrate_sqlite

BEFORE = "0010"
ROWS = (
    (1, "/ada/team/x%20y.vcf", "BEGIN:VCARD", "/ada/team/"),
    (2, "AAkA=", '{"id":"AAkA=","parentFolderId":"AQMk:/="}', "AQMk:/="),
    (2, "gone", "", ""),
    (3, "people/c1", '{"parentFolderId":"x"}', ""),
)
ACCOUNT = "INSERT INTO account (id, provider, address, settings, state) VALUES ({}, '{}', 'a', '', '')"
ACCOUNTS = [ACCOUNT.format(id_, name) for id_, name in enumerate(("carddav", "microsoft", "google"), 1)]
INSERT = "INSERT INTO remote (account_id, remote_id, contact_id, etag, base, raw) VALUES (:a, :r, NULL, '', '', :raw)"
SELECT = "SELECT account_id, remote_id, raw, place FROM remote ORDER BY account_id, remote_id"


def test_places_are_found_in_sqlite(tmp_path: Path) -> None:
    path = tmp_path / "book.db"
    migrate_sqlite(path, BEFORE)
    with closing(sqlite3.connect(path)) as connection:
        for statement in ACCOUNTS:
            connection.execute(statement)
        connection.executemany(INSERT, [{"a": a, "r": r, "raw": raw} for a, r, raw, _ in ROWS])
        connection.commit()
    migrate_sqlite(path)
    with closing(sqlite3.connect(path)) as connection:
        assert tuple(connection.execute(SELECT)) == ROWS


async def test_places_are_found_in_postgresql(postgresql_empty_url: str) -> None:
    def fill(connection: Connection) -> None:
        migrate(connection, BEFORE)
        for statement in ACCOUNTS:
            connection.execute(text(statement))
        connection.execute(text(INSERT), [{"a": a, "r": r, "raw": raw} for a, r, raw, _ in ROWS])
        migrate(connection)

    engine = create_async_engine(postgresql_empty_url.replace("postgresql://", "postgresql+asyncpg://"))
    async with engine.begin() as connection:
        await connection.run_sync(fill)
        assert tuple(map(tuple, await connection.execute(text(SELECT)))) == ROWS
    await engine.dispose()
