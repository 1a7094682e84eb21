"""Numbers that only grow: fresh ids, and the book's revision."""

from __future__ import annotations

from core.store.database import Connection, single


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


async def take_turn(connection: Connection, name: str, now: int, until: int, held: int) -> bool:
    """Reserve something for one program until a moment (in ms); False where another program has it.

    Args:
        held: the moment until which the caller has it already, to prolong that; 0 for none. Giving it back is
            reserving it until 0. A moment much later than `until` comes from a clock that was wrong, and binds nobody.
    """
    await connection.run("INSERT INTO counter (name, value) VALUES (:name, 0) ON CONFLICT DO NOTHING", {"name": name})
    taken = await connection.run(
        "UPDATE counter SET value = :until WHERE name = :name AND (value = :held OR value <= :now OR value > :absurd)",
        {"name": name, "now": now, "until": until, "held": held, "absurd": now + 10 * abs(until - now)},
    )
    return taken > 0
