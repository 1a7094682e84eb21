"""The queries of lists: which contacts a view shows, and the reading of their ids."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Callable, Iterator, Mapping
from operator import itemgetter
from typing import Any, TypeVar

from coterie.core.listing import Counts, Listing, View
from coterie.core.store.engine.database import Connection, single
from coterie.core.store.lists import orders
from coterie.core.store.lists.ids import parsed
from coterie.core.store.lists.search import query_error

T = TypeVar("T")


def place(listing: Listing, *, in_bin: bool) -> str:
    """The part of WHERE that the view makes. Literals, not parameters: partial indexes need them."""
    if listing.view is View.BIN or in_bin:
        return "c.state = 1"
    if listing.view is View.FAVORITES:
        return "c.state = 0 AND c.favorite = 1"
    if listing.view is View.GROUP:
        members = f"SELECT m.contact_id FROM membership m WHERE m.group_id = {int(listing.group_id or 0)}"
        return f"c.state = 0 AND c.id IN ({members})"
    return "c.state = 0"


def table(dialect: str, *, favorites: bool) -> str:
    """The table to read. Without statistics SQLite would look for the few favorites in the index of all contacts."""
    return "contact c INDEXED BY contact_favorite" if favorites and dialect == "sqlite" else "contact c"


def depends(listing: Listing) -> frozenset[str]:
    """The attributes whose change may move, add or remove rows of a listing; `*` stands for every one."""
    if listing.query:
        return frozenset({"*"})
    fields = frozenset({"state"})
    if listing.view is View.FAVORITES:
        fields |= {"favorite"}
    if listing.view is View.GROUP:
        fields |= {"groups"}
    return fields | orders.depends(listing.sort)


async def ids_of(connection: Connection, sql: str, params: Mapping[str, Any]) -> array[int]:
    """The column `id` of a query, in its order. Of a million there is never more than their numbers in memory."""
    if connection.dialect == "sqlite":
        return await searching(connection, sql, params, _numbers)
    joined = f"SELECT string_agg(CAST(id AS TEXT), ',') FROM ({sql}) AS listed"
    return await asyncio.to_thread(parsed, single(await searching(connection, joined, params, list)) or "")


def _numbers(rows: Iterator[tuple[Any, ...]]) -> array[int]:
    return array("i", map(itemgetter(0), rows))


async def searching(
    connection: Connection, sql: str, params: Mapping[str, Any], make: Callable[[Iterator[tuple[Any, ...]]], T]
) -> T:
    """Run the query of a listing. Raises InvalidQuery where its regular expression cannot be followed."""
    try:
        return await connection.stream(sql, params, make)
    except Exception as error:
        if (refused := query_error(error)) is not None:
            raise refused from error
        raise


async def counts(connection: Connection) -> Counts:
    """How many contacts each view holds."""
    live, favorites, binned, groups = [
        single(await connection.rows(f"SELECT COUNT(*) FROM {what}"))
        for what in (
            "contact WHERE state = 0",
            f"{table(connection.dialect, favorites=True)} WHERE state = 0 AND favorite = 1",
            "contact WHERE state = 1",
            "contact_group",
        )
    ]
    return Counts(live, favorites, groups, binned)
