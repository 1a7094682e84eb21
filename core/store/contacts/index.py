"""Keeping the search text in step with the contacts.

SQLite's trigram index reads its content from `search` and must be told the exact old text before it changes; PostgreSQL
looks after its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from coterie.core.store.contacts.values import SEARCH_COLUMNS
from coterie.core.store.engine.database import Connection, Params, listed

_ASSIGNMENTS = ", ".join(f"{column} = :{column}" for column in SEARCH_COLUMNS)
_SQUEEZED = 100_000
_SEARCH_ROW = ("contact_id", *SEARCH_COLUMNS)


async def _run(connection: Connection, statement: str, params: Params | None = None) -> None:
    if statement:
        await connection.run(statement, params or {})


async def _forget(connection: Connection, where: str) -> None:
    await _run(connection, connection.dialect.forgetting(SEARCH_COLUMNS, where))


async def _learn(connection: Connection, where: str) -> None:
    await _run(connection, connection.dialect.learning(SEARCH_COLUMNS, where))


async def add(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """Store the texts of new contacts: rows of (contact_id, *SEARCH_COLUMNS). `learn` must follow."""
    await connection.insert("search", _SEARCH_ROW, rows)


async def learn(connection: Connection, first: int, last: int) -> None:
    """Index the stored texts of new contacts, of all ids from `first` to `last`."""
    await _learn(connection, f"contact_id BETWEEN {int(first)} AND {int(last)}")


async def set_merging(connection: Connection, segments: int) -> None:
    """How eagerly SQLite merges the segments of its index while it grows (FTS5's `automerge`; 0 is not at all)."""
    await _run(connection, connection.dialect.merging(segments))


async def squeeze(connection: Connection) -> None:
    """Leave nothing of what was removed: SQLite's index only marks it, and writes itself anew for this.

    That takes time in a large book: an index that ever had more contacts than `_SQUEEZED` stays as it is.
    """
    if statement := connection.dialect.squeezing():
        [(last,)] = await connection.rows("SELECT COALESCE(MAX(contact_id), 0) FROM search")
        if last <= _SQUEEZED:
            await _run(connection, statement)


async def update(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """Index contacts anew: rows of (contact_id, *SEARCH_COLUMNS)."""
    where = f"contact_id IN ({listed(row[0] for row in rows)})"
    await _forget(connection, where)
    await connection.run_many(
        f"UPDATE search SET {_ASSIGNMENTS} WHERE contact_id = :contact_id",
        [dict(zip(_SEARCH_ROW, row, strict=True)) for row in rows],
    )
    await _learn(connection, where)


async def assign(connection: Connection, texts: Mapping[str, str], where: str, params: Params | None = None) -> None:
    """Change columns of the search text of a whole set of contacts.

    Args:
        texts: the new text of each column, as SQL over `search`.
        where: which contacts, as SQL over `search`; `params` are the parameters of both.
    """
    given = params or {}
    await _run(connection, connection.dialect.relearning(texts, SEARCH_COLUMNS, where), given)
    assignments = ", ".join(f"{column} = {text}" for column, text in texts.items())
    await connection.run(f"UPDATE search SET {assignments} WHERE {where}", given)


async def remove(connection: Connection, where: str) -> None:
    """Take contacts out of the index. `where` is SQL over `search`."""
    await _forget(connection, where)
    await connection.run(f"DELETE FROM search WHERE {where}")
