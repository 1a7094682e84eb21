"""Numbers that only grow: fresh ids, and the book's revision."""

from __future__ import annotations

from coterie.core.store.engine.database import Connection, single


async def allocate(connection: Connection, counter: str, count: int = 1) -> int:
    """The first of `count` fresh numbers of a counter."""
    rows = await connection.rows(
        f"UPDATE counter SET value = value + {int(count)} WHERE name = :name RETURNING value - {int(count)}",
        {"name": counter},
    )
    return int(single(rows))


async def revision(connection: Connection) -> int:
    """The book's revision: it grows by one with each operation, so that other programs notice."""
    return int(single(await connection.rows("SELECT value FROM counter WHERE name = 'revision'"), 0))


async def operations(connection: Connection) -> int:
    """A number that grows with each change, undo and redo, but not with bookkeeping about accounts."""
    return int(single(await connection.rows("SELECT value FROM counter WHERE name = 'operation'"), 0))
