"""SQLite, driven from a thread for each connection by the standard library.

A query through SQLAlchemy's async engine takes many times as long as through sqlite3 (docs/architecture.md), and its
import alone takes longer than the first screen may. Writers begin with BEGIN IMMEDIATE: a deferred transaction that
first reads and then writes fails at once when another program writes, whatever the time-out.
"""

from __future__ import annotations

import asyncio
import ctypes
import sqlite3
import time
from array import array
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing, suppress
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeVar

from coterie.core.actor import current_actor
from coterie.core.clock import Clock
from coterie.core.errors import BookBusy, CannotOpen, CoterieError, ReadOnly
from coterie.core.files import note_closed, note_open
from coterie.core.store.engine.database import Params
from coterie.core.store.engine.disk import is_about_disk, is_busy, refused, why_not_written
from coterie.core.store.engine.hold import FileHold
from coterie.core.store.engine.looking import connect, look
from coterie.core.store.engine.sqlite_dialect import FUNCTIONS, SQLITE
from coterie.core.store.engine.standing import BookFiles

T = TypeVar("T")
BUSY_SECONDS = 10.0
_PARAMETERS = 4_000
"""So many values a statement (SQLite takes 32,766 at most): more are no faster, and the statement is kept in memory."""
_BETWEEN_TRIES = 0.01  # seconds between two tries to connect
_STEPS_BETWEEN_LOOKS = 200_000
"""How many steps of its machine SQLite takes between two looks whether a writer shall stop: about 10 ms."""

MANY_CHANGES = 50_000
"""After so many changed rows the write-ahead log is copied into the book beside what follows: it can take seconds."""
_NUMBERS = 2**31
_PAGES_IN_LOG = 1000  # SQLite's default: with so many, a commit copies them


def _begin(sqlite: sqlite3.Connection) -> int:
    """Begin a transaction. Returns how many rows the connection has changed so far."""
    sqlite.execute("BEGIN IMMEDIATE")
    return sqlite.total_changes


def _commit(sqlite: sqlite3.Connection, changes: int) -> bool:
    """Commit. Returns whether the log is long and has not been copied. `changes` is what `_begin` returned."""
    if sqlite.total_changes > changes:
        _count_in_header(sqlite)
    if sqlite.total_changes - changes <= MANY_CHANGES:
        sqlite.execute("COMMIT")
        return False
    sqlite.execute("PRAGMA wal_autocheckpoint = 0")
    try:
        sqlite.execute("COMMIT")
    finally:
        sqlite.execute(f"PRAGMA wal_autocheckpoint = {_PAGES_IN_LOG}")
    return True


def _count_in_header(sqlite: sqlite3.Connection) -> None:
    """Write the first page, in which SQLite then counts the change: an older file in its place shows (`standing`)."""
    ((number,),) = sqlite.execute("PRAGMA user_version").fetchall()
    sqlite.execute(f"PRAGMA user_version = {(number + 1) % _NUMBERS}")


def _leave_open(sqlite: sqlite3.Connection) -> None:
    """Let the connection live as long as the program.

    The last one that is closed copies the log into the book and removes the log by its name: by now, they may be those
    of another book.
    """
    if sqlite.in_transaction:
        sqlite.execute("ROLLBACK")
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(sqlite))


def _roll_back(sqlite: sqlite3.Connection) -> None:
    if sqlite.in_transaction:  # a full disk has already rolled it back
        sqlite.execute("ROLLBACK")


class SqliteConnection:
    """One sqlite3 connection and the thread that it lives in.

    Args:
        path: the file.
        clock: tells the time, in the user's zone.
        files: what has to be the same for every connection.
        writes: whether it is for transactions. FTS5 keeps a blob open within one, and while anything is open, SQLite
            applies `interrupt` to whatever comes next, the ROLLBACK too; so a writer is stopped by a flag of ours.
        looks: its disk takes no changes: nothing is written, not even beside it.
    """

    dialect = SQLITE

    def __init__(
        self, path: Path, clock: Clock, files: BookFiles, *, writes: bool = False, looks: bool = False
    ) -> None:
        self.clock = clock
        self._files = files
        self._looks = looks
        self._writes = writes
        self._stopping = False
        self._undone_by: sqlite3.Error | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sqlite")
        self._path = path
        self._sqlite: sqlite3.Connection | None = None
        self.lock = asyncio.Lock()

    def _open(self) -> sqlite3.Connection:
        if self._sqlite is None:
            connection = self._connected()
            # FULL costs little, and survives a power cut.
            connection.execute("PRAGMA synchronous = FULL")
            # Kilobytes. Who reads has the system's cache besides; bulk changes come back to the same pages.
            connection.execute(f"PRAGMA cache_size = {-16_000 if self._writes else -2_000}")
            connection.execute("CREATE TEMP TABLE chosen (id INTEGER PRIMARY KEY)")
            for name, (arguments, function) in FUNCTIONS.items():
                connection.create_function(name, arguments, function, deterministic=True)
            if self._writes:
                connection.execute(
                    "PRAGMA secure_delete = ON"
                )  # what is deleted is overwritten; many builds do so anyway
                connection.set_progress_handler(lambda: self._stopping, _STEPS_BETWEEN_LOOKS)
            self._sqlite = connection
        return self._sqlite

    def _connected(self) -> sqlite3.Connection:
        """A connection. While another program makes the log, or takes it away, SQLite refuses without waiting."""
        end = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                return self._connect()
            except sqlite3.OperationalError as error:
                if not is_busy(error) or time.monotonic() > end:
                    raise
                time.sleep(_BETWEEN_TRIES)

    def _connect(self) -> sqlite3.Connection:
        if not self._path.exists():
            self._files.check()
        connection = (look if self._looks else connect)(
            self._path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        try:
            if not self._looks:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()  # now the log is there
            self._files.check()
        except BaseException:
            connection.close()
            raise
        return connection

    async def call(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` in the connection's thread. Cancelling interrupts the statement that runs."""
        return await self._call(lambda: self._within(work))

    async def control(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work`, which begins or ends a transaction, in the connection's thread."""
        self._undone_by = None
        return await self._call(lambda: work(self._open()))

    def _within(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work`, for a writer only within its transaction.

        If a disk is full, a file fails or a statement is stopped, SQLite rolls back all of it by itself
        (sqlite.org/lang_transaction.html, 2.3). Whatever came after that would be stored at once, and by itself.
        """
        sqlite = self._open()
        if self._writes and not sqlite.in_transaction:
            raise self._undone_by or sqlite3.OperationalError("the transaction is over")
        try:
            return work(sqlite)
        except sqlite3.Error as error:
            if self._writes and not sqlite.in_transaction:
                self._undone_by = type(error)(*error.args)
            raise

    async def _call(self, work: Callable[[], T]) -> T:
        future = asyncio.get_running_loop().run_in_executor(self._thread, work)
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            self.interrupt()
            while not future.done():
                with suppress(asyncio.CancelledError):  # of who insists; it is stopping
                    await asyncio.wait([future])
            self._stopping = False
            if not future.cancelled():
                future.exception()  # the interruption: seen, and of no further interest
            raise
        except sqlite3.OperationalError as error:
            if is_busy(error):
                raise BookBusy(
                    f"Another program is writing to {self._path.name}.", "Wait until it is done, then try again."
                ) from error
            if is_about_disk(str(error)):
                raise refused(self._path, str(error)) from error
            if str(error).startswith("no such"):
                raise CannotOpen(f"{self._path} is damaged: {error}.", "`coterie doctor` mends it.") from error
            raise
        except sqlite3.DatabaseError as error:
            if "malformed" in str(error) or "not a database" in str(error):
                raise CannotOpen(
                    f"{self._path} is damaged: {error}.",
                    "`coterie restore-backup` lists the copies of it; `coterie doctor` says what is wrong.",
                ) from error
            raise

    def interrupt(self) -> None:
        """Stop the statement that runs, if one does."""
        if self._writes:
            self._stopping = True
        elif self._sqlite is not None:
            self._sqlite.interrupt()

    async def rows(self, sql: str, params: Params | Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        return await self.call(lambda sqlite: sqlite.execute(sql, params).fetchall())

    async def gather(self, queries: Sequence[str], make: Callable[..., T], params: Params | Sequence[Any] = ()) -> T:
        """What `make` makes of all rows of each of these queries, in the connection's thread."""
        return await self.call(lambda sqlite: make(*[sqlite.execute(sql, params).fetchall() for sql in queries]))

    async def stream(self, sql: str, params: Params, make: Callable[[Iterator[tuple[Any, ...]]], T]) -> T:
        """What `make` makes of the rows of a query, one by one as they come, in the connection's thread."""

        def work(sqlite: sqlite3.Connection) -> T:
            with closing(sqlite.execute(sql, params)) as rows:
                return make(rows)

        return await self.call(work)

    async def ids(self, sql: str, params: Params) -> array[int]:
        """The column `id` of a query, in its order."""
        return await self.stream(sql, params, lambda rows: array("i", map(itemgetter(0), rows)))

    async def run(self, sql: str, params: Params | Sequence[Any] = ()) -> int:
        """Run a statement. Returns how many rows it changed."""
        return await self.call(lambda sqlite: sqlite.execute(sql, params).rowcount)

    async def run_many(self, sql: str, params: Sequence[Params]) -> None:
        """Run a statement once for each set of parameters."""
        await self.call(lambda sqlite: sqlite.executemany(sql, params))

    async def insert(self, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert many rows: some hundreds with one statement take a fifth less time than one by one."""
        marks = f"({', '.join('?' * len(columns))})"
        head = f"INSERT INTO {table} ({', '.join(columns)}) VALUES "
        at_once = _PARAMETERS // len(columns)
        whole = len(rows) - len(rows) % at_once

        def work(sqlite: sqlite3.Connection) -> None:
            if whole:
                together = head + ", ".join([marks] * at_once)
                for start in range(0, whole, at_once):
                    sqlite.execute(together, list(chain.from_iterable(rows[start : start + at_once])))
            sqlite.executemany(head + marks, rows[whole:])

        await self.call(work)

    async def choose(self, ids: Iterable[int]) -> None:
        """Fill `chosen` with these ids: one JSON parameter is the fastest way in."""
        text = f"[{','.join(map(str, ids))}]"
        await self.run("DELETE FROM chosen")
        await self.run("INSERT OR IGNORE INTO chosen SELECT value FROM json_each(:ids)", {"ids": text})

    async def choose_from(self, sql: str, params: Params) -> int:
        """Fill `chosen` with the ids that a query selects."""
        await self.run("DELETE FROM chosen")
        return await self.run(f"INSERT OR IGNORE INTO chosen {sql}", params)

    async def close(self) -> None:
        """Close the connection and end its thread."""
        self.interrupt()
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown(wait=False)

    def _close(self) -> None:
        if self._sqlite is None:
            return
        if self._files.are_gone:
            _leave_open(self._sqlite)
        else:
            self._sqlite.close()
        self._sqlite = None


class SqliteDatabase:
    """One book in one file: connections for lists, for long queries, for writing, and one that copies the log."""

    dialect = SQLITE

    def __init__(self, path: Path, clock: Clock, read_only: ReadOnly | None = None) -> None:
        self.path = path
        self.read_only = read_only
        looks = read_only is not None
        self._files = BookFiles(path)
        self._short = SqliteConnection(path, clock, self._files, looks=looks)
        self._long = SqliteConnection(path, clock, self._files, looks=looks)
        self._writer = SqliteConnection(path, clock, self._files, writes=True, looks=looks)
        self._copier = SqliteConnection(path, clock, self._files, looks=looks)
        self._copying: asyncio.Task[None] | None = None
        self.actor = current_actor()
        note_open(path)

    @asynccontextmanager
    async def reading(self, *, long: bool = False) -> AsyncIterator[SqliteConnection]:
        """A connection for queries, each of which sees the latest committed state."""
        connection = self._long if long else self._short
        async with connection.lock:
            yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[SqliteConnection]:
        """The connection of one transaction."""
        if self.read_only is not None:
            raise self._refused()
        connection = self._writer
        async with connection.lock:
            if self._copying is not None:  # else the log would grow and grow, and slow down every look into the book
                await asyncio.wait([self._copying])
            try:
                changes = await connection.control(self._begin)  # cancelled, it may have begun all the same
                yield connection
                is_logged = await asyncio.shield(connection.call(lambda sqlite: _commit(sqlite, changes)))
            except BaseException:
                await asyncio.shield(connection.control(_roll_back))
                raise
            if is_logged:
                self._copying = asyncio.create_task(self._copy_log())

    async def check(self) -> None:
        """Raise BookGone if the file is no longer the one that was opened."""
        async with self.reading() as connection:  # one call at a time: who stops one would stop another's
            await connection.call(self._check)

    def _begin(self, sqlite: sqlite3.Connection) -> int:
        self._files.check()
        return _begin(sqlite)

    def _check(self, _: sqlite3.Connection) -> None:
        self._files.check()

    def _refused(self) -> ReadOnly:
        """Why nothing can be changed, as things are now."""
        if why_not_written(self.path)[0]:
            return refused(self.path, "")
        return ReadOnly(
            f"Nothing was saved in {self.path}: it was opened for reading only.", "Start Coterie again to change it."
        )

    async def _copy_log(self) -> None:
        """Copy the write-ahead log into the book, while others go on reading."""
        with suppress(CoterieError, sqlite3.Error):  # then the next commit does it, and says what is wrong
            await self._copier.run("PRAGMA wal_checkpoint(PASSIVE)")

    async def hold(self, name: str) -> FileHold | None:
        """Lock a file beside the book."""
        return FileHold.take(self.path.with_name(f"{self.path.name}-{name}"))

    async def close(self) -> None:
        """Close every connection; the last one copies the rest of the log into the book."""
        if self._copying is not None:
            self._copying.cancel()
            await asyncio.wait([self._copying])
        for connection in (self._copier, self._long, self._short, self._writer):
            await connection.close()
        self._files.close()
        note_closed(self.path)
