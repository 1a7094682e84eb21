"""The queries of lists: which contacts a view shows, and the reading of their ids."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from contextlib import contextmanager

from coterie.core.listing import Counts, Listing, View
from coterie.core.store.engine.database import Connection, Params, single
from coterie.core.store.lists import orders
from coterie.core.store.lists.search import query_error


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


async def ids_of(connection: Connection, sql: str, params: Params) -> array[int]:
    """The column `id` of the query of a listing, in its order. Raises as `searching`."""
    with searching():
        return await connection.ids(sql, params)


@contextmanager
def searching() -> Iterator[None]:
    """Raises InvalidQuery if the regular expression of a listing cannot be followed."""
    try:
        yield
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
            f"{connection.dialect.favorites} WHERE state = 0 AND favorite = 1",
            "contact WHERE state = 1",
            "contact_group",
        )
    ]
    return Counts(live, favorites, groups, binned)
