"""Contacts that are not the same, as somebody said: kept in the book, for all who use it, until it is forgotten."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final, NamedTuple

from coterie.core.store.engine.database import Connection

Ids = tuple[int, int]

COUNTS: Final = "NOT EXISTS (SELECT 1 FROM contact t WHERE t.id = x.through AND t.state = 0)"
"""SQL: whether a row of `apart x` counts, see `core.store.schema.ApartTable`."""


def are_apart(first: str, second: str) -> str:
    """SQL: whether the contacts that two expressions name are not the same."""
    either = f"(x.a = {first} AND x.b = {second}) OR (x.a = {second} AND x.b = {first})"
    return f"EXISTS (SELECT 1 FROM apart x WHERE ({either}) AND {COUNTS})"


class Apart(NamedTuple):
    """Two contacts (`a` < `b`) that are not the same, and who said so, at which time (milliseconds)."""

    a: int
    b: int
    actor: str
    at: int


async def apart(connection: Connection) -> set[Ids]:
    """All pairs that are not the same."""
    return {(a, b) for a, b in await connection.rows(f"SELECT a, b FROM apart x WHERE {COUNTS}")}


async def listed(connection: Connection) -> list[Apart]:
    """The pairs of live contacts that are not the same, the latest first."""
    rows = await connection.rows(
        "SELECT x.a, x.b, MAX(x.actor), MAX(x.at) FROM apart x"
        " JOIN contact a ON a.id = x.a JOIN contact b ON b.id = x.b"
        f" WHERE a.state = 0 AND b.state = 0 AND {COUNTS} GROUP BY x.a, x.b ORDER BY 4 DESC, 1, 2"
    )
    return [Apart(*row) for row in rows]


async def keep(connection: Connection, pairs: Iterable[Ids], actor: str, at: int) -> None:
    """Note that the two of each pair are not the same."""
    rows = [{"a": min(pair), "b": max(pair), "actor": actor, "at": at} for pair in pairs]
    await connection.run_many(
        "INSERT INTO apart (a, b, through, actor, at) VALUES (:a, :b, 0, :actor, :at) ON CONFLICT (a, b, through)"
        " DO UPDATE SET actor = excluded.actor, at = excluded.at",
        rows,
    )


async def forget(connection: Connection, pairs: Iterable[Ids]) -> None:
    """Note that the two of each pair may be the same after all."""
    rows = [{"a": min(pair), "b": max(pair)} for pair in pairs]
    await connection.run_many("DELETE FROM apart WHERE a = :a AND b = :b", rows)


async def inherit(connection: Connection, gone: int, kept: int) -> None:
    """Note of `kept` what was noted of `gone`, which is merged into it; that holds for as long as `gone` is gone."""
    for mine, other in (("a", "b"), ("b", "a")):
        pair = (f"CASE WHEN x.{other} {order} {int(kept)} THEN x.{other} ELSE {int(kept)} END" for order in "<>")
        await connection.run(
            f"INSERT INTO apart (a, b, through, actor, at) SELECT {', '.join(pair)}, {int(gone)}, x.actor, x.at"
            f" FROM apart x WHERE x.{mine} = {int(gone)} AND x.{other} <> {int(kept)} AND {COUNTS}"
            " ON CONFLICT (a, b, through) DO NOTHING"
        )


def all_pairs(ids: Collection[int]) -> list[Ids]:
    """Every two of these contacts."""
    ordered: Sequence[int] = sorted(set(ids))
    return [(first, second) for place, first in enumerate(ordered) for second in ordered[place + 1 :]]
