"""PostgreSQL through SQLAlchemy's async engine and asyncpg: a book that a team shares.

Writers take one advisory lock, so that they come one after another as on SQLite; bulk inserts are COPY.
"""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, Final, TypeVar

import asyncpg
from sqlalchemy import NullPool, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from coterie.core.clock import Clock
from coterie.core.errors import BookBusy, CannotOpen, CoterieError
from coterie.core.settings.values import without_password
from coterie.core.store.engine.database import Params, single
from coterie.core.store.engine.migrations import HEAD, Notice, book_too_new, migrate, unheard, updating
from coterie.core.store.engine.postgresql_address import read_address, unreadable
from coterie.core.store.engine.postgresql_dialect import POSTGRESQL
from coterie.core.store.engine.postgresql_errors import explained, reason_of

T = TypeVar("T")
WRITER_LOCK = 0x636F7465  # "cote": the advisory lock that makes writers wait for each other
BUSY_SECONDS = 10
CONNECTIONS: Final = 2
"""So many a screen takes at most, besides one for each account that it is syncing."""
_PATIENCE: Final = 60
"""Seconds that a query waits for one of them."""
_DRIVER: Final = "postgresql+asyncpg://"
_MANY: Final = 1000
_PIECE: Final = 1 << 15
_UNSORTED: Final = "64MB"
"""So much text the trigram index takes up, while many contacts come, before it sorts it in (4 MB otherwise); see
https://www.postgresql.org/docs/current/gin.html#GIN-FAST-UPDATE"""


class PostgresConnection:
    """One connection within one transaction.

    Args:
        connection: SQLAlchemy's.
        clock: tells the time, in the user's zone.

    Attributes:
        has_unsorted: whether texts were left for `PostgresDatabase` to sort into the index.
    """

    dialect = POSTGRESQL

    def __init__(self, connection: AsyncConnection, clock: Clock) -> None:
        self._connection = connection
        self.clock = clock
        self.has_unsorted = False

    async def rows(self, sql: str, params: Params | None = None) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        result = await self._connection.execute(text(sql), dict(params or {}))
        return [tuple(row) for row in result]

    async def stream(self, sql: str, params: Params, make: Callable[[Iterator[tuple[Any, ...]]], T]) -> T:
        """What `make` makes of the rows of a query, in a thread."""
        rows = await self.rows(sql, params)
        return await asyncio.to_thread(make, iter(rows))

    async def gather(self, queries: Sequence[str], make: Callable[..., T], params: Params | None = None) -> T:
        """What `make` makes of all rows of each of these queries, in a thread."""
        rows = [await self.rows(sql, params) for sql in queries]
        return await asyncio.to_thread(make, *rows)

    async def ids(self, sql: str, params: Params) -> array[int]:
        """The column `id` of a query, in its order, as one text: a row for each takes four times as long."""
        joined = f"SELECT string_agg(CAST(id AS TEXT), ',') FROM ({sql}) AS listed"
        return await asyncio.to_thread(_numbers, single(await self.rows(joined, params)) or "")

    async def run(self, sql: str, params: Params | None = None) -> int:
        """Run a statement. Returns how many rows it changed."""
        result = await self._connection.execute(text(sql), dict(params or {}))
        return int(result.rowcount)

    async def run_many(self, sql: str, params: Sequence[Params]) -> None:
        """Run a statement once for each set of parameters."""
        if params:
            await self._connection.execute(text(sql), [dict(values) for values in params])

    async def insert(self, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert many rows by COPY."""
        if not rows:
            return
        raw = await self._connection.get_raw_connection()
        driver: Any = raw.driver_connection
        if len(rows) >= _MANY and not self.has_unsorted:
            await driver.execute(f"SET LOCAL gin_pending_list_limit = '{_UNSORTED}'")
            self.has_unsorted = True
        await driver.copy_records_to_table(table, records=rows, columns=list(columns))

    async def choose(self, ids: Iterable[int]) -> None:
        """Fill `chosen` with these ids."""
        await self._make_chosen()
        await self._connection.execute(
            text("INSERT INTO chosen SELECT unnest(CAST(:ids AS bigint[])) ON CONFLICT DO NOTHING"), {"ids": list(ids)}
        )

    async def choose_from(self, sql: str, params: Params) -> int:
        """Fill `chosen` with the ids that a query selects."""
        await self._make_chosen()
        return await self.run(f"INSERT INTO chosen {sql} ON CONFLICT DO NOTHING", params)

    async def _make_chosen(self) -> None:
        await self._connection.execute(text("CREATE TEMP TABLE IF NOT EXISTS chosen (id bigint PRIMARY KEY)"))
        await self._connection.execute(text("TRUNCATE chosen"))


def _numbers(text: str) -> array[int]:
    """The numbers of a comma-separated text, piece by piece: a million strings at once would take much memory."""
    ids: array[int] = array("i")
    start = 0
    while start < len(text):
        end = text.find(",", start + _PIECE)
        end = len(text) if end < 0 else end
        ids.extend(map(int, text[start:end].split(",")))
        start = end + 1
    return ids


class PostgresHold:
    """An advisory lock of a connection of its own: it ends with the program, or soon after its machine is gone."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def check(self) -> None:
        """Raises BookBusy if the connection, and the lock with it, was lost."""
        try:
            await self._connection.execute(text("SELECT 1"))
        except (OSError, DBAPIError) as error:
            raise BookBusy("The connection to the database was lost.", "Try again in a minute.") from error

    async def end(self) -> None:
        """Close the connection for good: back in the pool it would keep the lock."""
        await self._connection.invalidate()
        await self._connection.close()


class PostgresDatabase:
    """A book on a PostgreSQL server.

    Args:
        url: the address of the database, `postgresql://…`, with libpq's parameters.
        clock: tells the time, in the user's zone.

    Attributes:
        where: the address, fit for showing.
        actor: who makes the changes: the role that the database knows us by.

    Raises CannotOpen for an address that cannot be followed.
    """

    dialect = POSTGRESQL
    read_only: CoterieError | None = None  # the server says so when something is written

    def __init__(self, url: str, clock: Clock) -> None:
        self._clock = clock
        address = read_address(url)

        async def connect() -> asyncpg.Connection:
            try:
                return await asyncpg.connect(address.dsn, timeout=address.timeout)
            except (ValueError, TypeError, KeyError, ArithmeticError) as error:  # its message may quote a password
                raise unreadable(url) from error

        # What is held is held by connections of its own: it would keep those that everything else shares.
        self._engine: AsyncEngine = create_async_engine(
            _DRIVER, async_creator=connect, pool_pre_ping=True, pool_size=CONNECTIONS, max_overflow=0,
            pool_timeout=_PATIENCE,
        )  # fmt: skip
        self._holds: AsyncEngine = create_async_engine(_DRIVER, async_creator=connect, poolclass=NullPool)
        self.where = without_password(url)
        self.actor = ""
        self._lock = asyncio.Lock()
        self._sorting: asyncio.Task[None] | None = None

    async def check(self) -> None:
        """The server looks after its files."""

    @asynccontextmanager
    async def _connect(self) -> AsyncIterator[AsyncConnection]:
        with explained(self.where):
            async with self._engine.connect() as connection:
                yield connection

    @asynccontextmanager
    async def reading(self, *, long: bool = False) -> AsyncIterator[PostgresConnection]:
        """A connection for queries."""
        async with self._connect() as connection:
            yield PostgresConnection(connection, self._clock)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[PostgresConnection]:
        """The connection of one transaction."""
        async with self._lock, self._connect() as connection:
            transaction = await connection.begin()
            try:
                await self._take_writer_lock(connection)
                writer = PostgresConnection(connection, self._clock)
                yield writer
            except BaseException:
                await asyncio.shield(transaction.rollback())
                raise
            else:
                await asyncio.shield(transaction.commit())
                if writer.has_unsorted:
                    await self._sorted_in()
                    self._sorting = asyncio.create_task(self._sort_in())

    async def _sort_in(self) -> None:
        # Only the owner of the index may, and the server may be gone; autovacuum does it before long.
        with suppress(SQLAlchemyError, OSError):
            async with self._engine.begin() as connection:
                await connection.execute(text("SELECT gin_clean_pending_list('search_trigrams')"))

    async def _sorted_in(self) -> None:
        sorting, self._sorting = self._sorting, None
        if sorting is not None:
            await sorting

    async def _take_writer_lock(self, connection: AsyncConnection) -> None:
        await connection.execute(text(f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'"))
        await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": WRITER_LOCK})

    async def hold(self, name: str) -> PostgresHold | None:
        """Take an advisory lock."""
        with explained(self.where):
            return await self._hold(name)

    async def _hold(self, name: str) -> PostgresHold | None:
        connection = await self._holds.connect()
        try:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            for setting in ("idle = 20", "interval = 10", "count = 3"):  # a machine that is gone holds nothing
                await connection.execute(text(f"SET tcp_keepalives_{setting}"))
            taken = await connection.scalar(text("SELECT pg_try_advisory_lock(hashtext(:name), :lock)"),
                                            {"name": name, "lock": WRITER_LOCK})  # fmt: skip
        except BaseException:
            await asyncio.shield(PostgresHold(connection).end())
            raise
        if taken:
            return PostgresHold(connection)
        await PostgresHold(connection).end()
        return None

    async def migrate(self) -> None:
        """Run the migrations that the database lacks, one program at a time. Raises CannotOpen."""
        try:
            async with self._engine.connect() as connection:
                await connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": WRITER_LOCK})
                await connection.commit()
                try:
                    await connection.run_sync(migrate)
                    await connection.commit()
                finally:
                    await connection.rollback()
                    await connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": WRITER_LOCK})
                    await connection.commit()
        except DBAPIError as error:
            raise CannotOpen(
                f"The database {self.where} could not be brought up to date: {reason_of(error)}.",
                "Its owner must be allowed to create tables and the extension pg_trgm.",
            ) from error

    async def close(self) -> None:
        """Close every connection, once the index is in order."""
        try:
            await self._sorted_in()
        finally:
            await self._engine.dispose()
            await self._holds.dispose()


async def open_postgresql(url: str, clock: Clock, notice: Notice = unheard) -> PostgresDatabase:
    """The database at `url` (`postgresql://…`) with the present schema; `clock` tells the time.

    `notice` is told what takes a while. Raises CannotOpen and BookTooNew.
    """
    database = PostgresDatabase(url, clock)
    try:
        async with database.reading() as connection:
            [(database.actor, exists)] = await connection.rows(
                "SELECT session_user, to_regclass('alembic_version') IS NOT NULL"
            )
            rows = await connection.rows("SELECT version_num FROM alembic_version") if exists else []
            revision = str(rows[0][0]) if rows else ""
            count = await connection.rows("SELECT COUNT(*) FROM contact") if "" < revision < HEAD else []
        if revision > HEAD:
            raise book_too_new(database.where, revision)
        if count:
            notice(updating(count[0][0]))
        if revision != HEAD:
            await database.migrate()
    except BaseException:
        await database.close()
        raise
    return database
