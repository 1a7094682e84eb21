"""What only a book on PostgreSQL has to look after."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from coterie.core.book import Book
from coterie.core.changes import Create, Plan
from coterie.core.errors import BookBusy, CannotOpen, CoterieError
from coterie.core.listing import Listing, View
from coterie.core.model import Contact
from coterie.core.settings.values import without_password
from coterie.core.store.engine import postgresql
from coterie.core.transfer import importing
from tests.conftest import settings_in

MANY = 3000
CLEAN = "SELECT gin_clean_pending_list('search_trigrams')"  # how many pages were still to be sorted in


def table() -> bytes:
    return b"Name,E-mail\n" + b"".join(b"Person %d,p%d@example.org\n" % (n, n) for n in range(MANY))


async def test_an_import_leaves_the_index_in_order(tmp_path: Path, postgresql_url: str) -> None:
    settings = settings_in(tmp_path, database_url=postgresql_url)
    async with await Book.open(settings) as book:
        await importing.run(book, await importing.stage(table()))
        assert await book.lists.count(Listing(query="p2999@example")) == 1
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
        assert await book.lists.count(Listing(query="p2999@example")) == 1
    assert await owner.fetchval("SELECT count(*) FROM contact") == MANY
    await owner.close()


# What the server refuses --------------------------------------------------------------------------------------------


@pytest.fixture
async def book(tmp_path: Path, postgresql_url: str) -> AsyncIterator[Book]:
    async with await Book.open(settings_in(tmp_path, database_url=postgresql_url)) as opened:
        yield opened


@pytest.mark.parametrize(
    ("state", "kind", "words"),
    [
        ("28P01", CannotOpen, "does not take the password"),
        ("28000", CannotOpen, "lets nobody in by that name"),
        ("3D000", CannotOpen, "There is no such database"),
        ("42501", CannotOpen, "does not allow that: said by the server"),
        ("25006", CannotOpen, "it is read-only now"),
        ("53300", BookBusy, "has too many connections"),
        ("53100", CannotOpen, "disk of the database"),
        ("53200", BookBusy, "short of resources"),
        ("55P03", BookBusy, "Another program is writing"),
        ("57014", BookBusy, "took longer than it allows"),
        ("57P01", CannotOpen, "does not answer"),
        ("57P03", CannotOpen, "does not answer"),
        ("57P05", BookBusy, "idle for too long"),
        ("25P03", BookBusy, "idle for too long"),
        ("40P01", BookBusy, "came between"),
        ("08006", CannotOpen, "does not answer"),
        ("58030", CannotOpen, "has trouble"),
        ("XX001", CannotOpen, "has trouble"),
    ],
)
async def test_what_the_server_reports_is_a_plain_sentence(
    book: Book, state: str, kind: type[CoterieError], words: str
) -> None:
    report = f"DO $$ BEGIN RAISE EXCEPTION 'said by the server' USING ERRCODE = '{state}'; END $$"
    for access in (book._database.reading, book._database.writing):
        with pytest.raises(kind, match=words) as raised:
            async with access() as connection:
                await connection.run(report)
        assert raised.value.hint
        assert "asyncpg" not in str(raised.value)
    assert await book.lists.count(Listing()) == 0  # the next one works


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ("NOLOGIN", "lets nobody in by that name"),
        ("LOGIN CONNECTION LIMIT 0", "has too many connections"),
        ("LOGIN", "does not allow that: permission denied"),
    ],
)
@pytest.mark.usefixtures("book")
async def test_a_role_that_may_not_is_told_so(tmp_path: Path, postgresql_url: str, role: str, words: str) -> None:
    owner = await asyncpg.connect(postgresql_url)
    await owner.execute(f"DROP ROLE IF EXISTS stranger; CREATE ROLE stranger {role}")
    url = postgresql_url.replace("postgresql://postgres:", "postgresql://stranger:", 1)
    with pytest.raises(CoterieError, match=words):
        await Book.open(settings_in(tmp_path, database_url=url))
    await owner.close()


async def test_a_server_without_the_database_or_the_role(tmp_path: Path, postgresql_url: str) -> None:
    with pytest.raises(CannotOpen, match="There is no such database"):
        await Book.open(settings_in(tmp_path, database_url=postgresql_url.replace("?", "none?", 1)))
    url = postgresql_url.replace("postgresql://postgres:", "postgresql://nobody:", 1)
    with pytest.raises(CannotOpen, match="lets nobody in by that name"):
        await Book.open(settings_in(tmp_path, database_url=url))


async def test_a_read_only_role_reads_and_is_told_that_it_cannot_write(
    book: Book, tmp_path: Path, postgresql_url: str
) -> None:
    url = postgresql_url + "&options=-c%20default_transaction_read_only%3Don"
    async with await Book.open(settings_in(tmp_path, database_url=url)) as reader:
        assert await reader.lists.count(Listing(View.BIN)) == 0
        with pytest.raises(CannotOpen, match="read-only now"):
            await reader.apply(Plan("add", "Add", [Create(Contact(name="Ada"))]))
    assert await book.lists.count(Listing()) == 0


async def test_a_connection_that_is_lost_is_made_again(book: Book, postgresql_url: str) -> None:
    other = await asyncpg.connect(postgresql_url)
    lose = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE pid <> pg_backend_pid() AND datname = current_database()"
    )

    async def read() -> None:
        async with book._database.reading() as connection:
            await other.execute(lose)
            await connection.rows("SELECT 1")

    with pytest.raises(CannotOpen, match="does not answer"):
        await read()
    await book.apply(Plan("add", "Add", [Create(Contact(name="Ada"))]))
    assert await book.lists.count(Listing()) == 1
    await other.close()


# Who we are, and how we come there ------------------------------------------------------------------------------------


async def test_the_actor_is_the_role_whatever_the_login_name_says(
    book: Book, tmp_path: Path, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "somebody")
    async with await Book.open(settings_in(tmp_path, database_url=postgresql_url)) as other:
        assert (book.actor, other.actor) == ("postgres", "postgres")
        await other.apply(Plan("add", "Add", [Create(Contact(name="Ada"))]))
    assert [one.actor for one in await book.history.latest()] == ["postgres"]


@pytest.mark.parametrize(
    "query",
    [
        "sslmode=disable", "sslmode=prefer&connect_timeout=5", "application_name=mine",
        "keepalives=1&keepalives_idle=30",
        "channel_binding=prefer&gssencmode=disable", "target_session_attrs=any", "options=-c%20statement_timeout%3D5s",
        "fallback_application_name=x&sslcompression=0", "passfile=/nonexistent",
    ],
)  # fmt: skip
async def test_the_parameters_of_libpq_work(tmp_path: Path, postgresql_url: str, query: str) -> None:
    async with await Book.open(settings_in(tmp_path, database_url=f"{postgresql_url}&{query}")) as book:
        assert await book.lists.count(Listing()) == 0


async def test_ssl_that_the_server_lacks_is_said(tmp_path: Path, postgresql_url: str) -> None:
    """Over TCP, which is where it is asked for: the server of the tests listens on a socket alone."""
    url = "postgresql://ada@127.0.0.1:9/book?sslmode=require&connect_timeout=2"
    with pytest.raises(CannotOpen, match="does not answer"):
        await Book.open(settings_in(tmp_path, database_url=url))


@pytest.mark.parametrize(
    "query", ["channel_binding=require", "gssencmode=require", "colour=red", "connect_timeout=soon"]
)
async def test_a_parameter_that_cannot_be_followed_is_refused(tmp_path: Path, postgresql_url: str, query: str) -> None:
    with pytest.raises(CannotOpen, match=query.partition("=")[0]):
        await Book.open(settings_in(tmp_path, database_url=f"{postgresql_url}&{query}"))


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://[::1", "postgresql://ada:secret@h:secret/db", "postgresql://ada:secret@127.0.0.1:99999999/db",
        "postgresql://ada@127.0.0.1:9/db?port=secret", "postgresql://ada@127.0.0.1:9/db?sslmode=secret",
        "postgresql://ada@127.0.0.1:9/db?target_session_attrs=secret", "postgresql://ada:%00secret@127.0.0.1:9/db",
        "postgresql://ada@127.0.0.1:9/db?ssl_min_protocol_version=secret", "postgresql://ada@a\u2100b/db",
    ],
)  # fmt: skip
async def test_an_address_that_has_no_meaning_is_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(CannotOpen) as raised:
        await Book.open(settings_in(tmp_path, database_url=address))
    assert "secret" not in str(raised.value).replace(without_password(address), "")


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://ada:secret@h/db", "postgresql://ada:…@h/db"),
        ("postgresql://h/db?user=ada&password=secret", "postgresql://h/db?user=ada&password=…"),
        ("postgresql://h/db?password=secret@x&sslpassword=secret", "postgresql://h/db?password=…&sslpassword=…"),
        ("postgresql://h/db?pass%77ord=secret", "postgresql://h/db?pass%77ord=…"),
        ("postgresql://a:secret@h/db?password=secret&sslmode=require", "postgresql://a:…@h/db?password=…&sslmode=require"),
        ("postgresql://ada@h/db?sslmode=require", "postgresql://ada@h/db?sslmode=require"),
        ("postgresql://h/db", "postgresql://h/db"),
        ("postgresql://h/passwords", "postgresql://h/passwords"),
    ],
)  # fmt: skip
async def test_passwords_are_not_shown(tmp_path: Path, address: str, shown: str) -> None:
    assert without_password(address) == shown
    settings = settings_in(
        tmp_path, database_url=address.replace("@h/", "@127.0.0.1:9/").replace("//h/", "//127.0.0.1:9/")
    )
    assert "secret" not in settings.shown_database
    with pytest.raises(CannotOpen) as raised:
        await Book.open(settings)
    assert "secret" not in str(raised.value)


async def test_a_book_takes_two_connections_however_much_is_asked(book: Book, postgresql_url: str) -> None:
    ids = (await book.apply(Plan("add", "Add", [Create(Contact(name=f"N{n}")) for n in range(20)]))).created_ids
    await asyncio.gather(
        *(book.contact(one) for one in ids),
        *(book.lists.rows(Listing(query=f"n{n}"), 0, 5) for n in range(10)),
        *(book.lists.count(Listing(query=f"name:n{n}")) for n in range(10)),
        *(book.apply(Plan("add", "Add", [Create(Contact(name=f"M{n}"))])) for n in range(5)),
        book.groups.all(),
        book.lists.counts(),
    )
    other = await asyncpg.connect(postgresql_url)
    taken = await other.fetchval("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'coterie'"
                                 " AND datname = current_database()")  # fmt: skip
    assert taken == postgresql.CONNECTIONS == 2
    await other.close()
