"""What only a book on PostgreSQL has to look after."""

from __future__ import annotations

from pathlib import Path

import asyncpg

from core.book import Book
from core.listing import Listing
from core.transfer import importing
from tests.conftest import settings_in

MANY = 3000
CLEAN = "SELECT gin_clean_pending_list('search_trigrams')"  # how many pages were still to be sorted in


def table() -> bytes:
    return b"Name,E-mail\n" + b"".join(b"Person %d,p%d@example.org\n" % (n, n) for n in range(MANY))


async def test_an_import_leaves_the_index_in_order(tmp_path: Path, postgresql_url: str) -> None:
    settings = settings_in(tmp_path, database_url=postgresql_url)
    async with await Book.open(settings) as book:
        await importing.run(book, await importing.stage(table()))
        assert await book.count(Listing(query="p2999@example")) == 1
    connection = await asyncpg.connect(postgresql_url)
    assert await connection.fetchval(CLEAN) == 0
    await connection.close()


async def test_a_role_that_does_not_own_the_index_imports_all_the_same(tmp_path: Path, postgresql_url: str) -> None:
    async with await Book.open(settings_in(tmp_path, database_url=postgresql_url)):
        pass
    owner = await asyncpg.connect(postgresql_url)
    await owner.execute("DROP ROLE IF EXISTS colleague; CREATE ROLE colleague LOGIN PASSWORD 'colleague'")
    await owner.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO colleague")
    url = postgresql_url.replace("postgresql://postgres:", "postgresql://colleague:", 1)
    assert url != postgresql_url
    async with await Book.open(settings_in(tmp_path, database_url=url)) as book:
        await importing.run(book, await importing.stage(table()))
        assert await book.count(Listing(query="p2999@example")) == 1
    assert await owner.fetchval("SELECT count(*) FROM contact") == MANY
    await owner.close()
