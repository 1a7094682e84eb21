"""What the store asks of a database: connections that read, and one that writes."""

from __future__ import annotations

from array import array
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, TypeVar

from coterie.core.clock import Clock
from coterie.core.errors import CoterieError
from coterie.core.store.engine.dialect import Dialect
from coterie.core.store.engine.hold import Hold

T = TypeVar("T")
Params = Mapping[str, Any]


class Connection(Protocol):
    """One connection within one transaction. SQL is text with `:name` parameters, the same for both databases.

    Attributes:
        dialect: what the database calls differently.
        clock: tells the time, in the user's zone: ages and days in searches count from it, and stored times are given
            in its zone.
    """

    dialect: Dialect
    clock: Clock

    async def rows(self, sql: str, params: Params = ...) -> list[tuple[Any, ...]]:
        """All rows of a query."""

    async def gather(self, queries: Sequence[str], make: Callable[..., T], params: Params = ...) -> T:
        """What `make` makes of all rows of each of these queries; it must not wait, and may run in another thread.

        `params` are those of every query.
        """

    async def stream(self, sql: str, params: Params, make: Callable[[Iterator[tuple[Any, ...]]], T]) -> T:
        """What `make` makes of the rows of a query, one by one as they come; it may run in another thread."""

    async def ids(self, sql: str, params: Params) -> array[int]:
        """The column `id` of a query, in its order; of a million there is never more than their numbers in memory."""

    async def run(self, sql: str, params: Params = ...) -> int:
        """Run a statement. Returns how many rows it changed."""

    async def run_many(self, sql: str, params: Sequence[Params]) -> None:
        """Run a statement once for each set of parameters."""

    async def insert(self, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert many rows the fastest way that the database has (PostgreSQL: COPY)."""

    async def choose(self, ids: Iterable[int]) -> None:
        """Fill the temporary table `chosen(id)` with these ids, in place of what it held."""

    async def choose_from(self, sql: str, params: Params) -> int:
        """Fill `chosen` with the ids that a query selects. Returns how many there are."""


class Database(Protocol):
    """An open database.

    Attributes:
        dialect: what the database calls differently.
        actor: who makes the changes, as the journal calls them.
    """

    dialect: Dialect
    actor: str

    @property
    def read_only(self) -> CoterieError | None:
        """Why the book can only be read; None if it can be changed."""

    async def check(self) -> None:
        """Raise BookGone if the book is no longer what was opened."""

    def reading(self, *, long: bool = False) -> AbstractAsyncContextManager[Connection]:
        """A connection for queries. `long` ones have a connection of their own, so that no list waits for them.

        Cancelling a long query stops it in the database too.
        """

    def writing(self) -> AbstractAsyncContextManager[Connection]:
        """The connection for one transaction: committed at the end, rolled back on any error or cancellation.

        Writers wait for each other, in this program and in others. Raises BookBusy after some seconds.
        """

    async def hold(self, name: str) -> Hold | None:
        """Hold something for this program alone; None if another part or program does. Raises CannotOpen."""

    async def close(self) -> None:
        """Let go of every connection."""


Keep = Callable[[Callable[[Connection], Awaitable[None]]], Awaitable[None]]
"""Writes bookkeeping that is no change of the user's: it has no journal entry and no undo."""


def single(rows: list[tuple[Any, ...]], default: Any = None) -> Any:
    """The only value of a query that yields one."""
    return rows[0][0] if rows else default


def listed(ids: Iterable[int]) -> str:
    """Ids as the inside of an SQL `IN (…)`. Only integers get through, so nothing of a stranger's can."""
    return ",".join(str(int(id_)) for id_ in ids) or "NULL"
