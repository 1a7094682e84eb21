"""Reading birthdays: only of contacts that have one, and names only of those that are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC
from typing import Final

from coterie.core.calendar.birthdays import Birthday, day_of, in_order, within
from coterie.core.clock import from_ms
from coterie.core.names import NameOrder
from coterie.core.store.contacts import lookup
from coterie.core.store.engine.database import Connection, Params

_BATCH: Final = 1000


async def birthdays(
    connection: Connection, ids: tuple[str, Params], days: int | None, order: NameOrder
) -> tuple[list[Birthday], int]:
    """The birthdays within so many days from today on, the next first, or, without `days`, all of them.

    Args:
        connection: to read with.
        ids: the query for the ids of the contacts, with its parameters.
        days: from today on.
        order: what contacts are called.

    Returns them, and how many of the contacts have a text in the field that is no day of a year.
    """
    select, params = ids
    rows = await connection.rows(
        f"SELECT id, birthday, created_at, updated_at FROM contact WHERE birthday <> '' AND id IN ({select})", params
    )
    born = [_birthday(*row) for row in rows]
    readable = [birthday for birthday in born if birthday is not None]
    unreadable = len(born) - len(readable)
    today = connection.clock().date()
    named = await _named(connection, readable if days is None else within(readable, today, days), order)
    return in_order(named, today), unreadable


def _birthday(contact_id: int, text: str, created_at: int, updated_at: int) -> Birthday | None:
    day = day_of(text)
    created, updated = from_ms(created_at, UTC), from_ms(updated_at, UTC)
    return Birthday(contact_id, *day, created, updated) if day and created and updated else None


async def _named(connection: Connection, unnamed: Sequence[Birthday], order: NameOrder) -> list[Birthday]:
    names: dict[int, str] = {}
    for start in range(0, len(unnamed), _BATCH):
        ids = [birthday.contact_id for birthday in unnamed[start : start + _BATCH]]
        names |= {row.id: row.name for row in await lookup.rows(connection, ids, (), 0, order)}
    return [replace(birthday, name=names.get(birthday.contact_id, "")) for birthday in unnamed]
