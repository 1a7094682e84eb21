"""Lists at any size: the ids of a listing in order, once computed, make every window of it a look into an array.

An OFFSET into the middle of a long list makes the database count up to there, and a slice of the array costs the same
everywhere. To make the array takes a moment, so the first rows come straight from the index, and it follows them.
"""

from __future__ import annotations

import asyncio
from array import array
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from threading import Event
from typing import TYPE_CHECKING, Any, Final

from coterie.core.changes import Selection
from coterie.core.checks import Checks
from coterie.core.listing import Counts, Listing, Row, Sort, View
from coterie.core.names import NameOrder
from coterie.core.query import parse, wants_bin
from coterie.core.store.contacts import lookup
from coterie.core.store.engine.database import Connection, Database, listed, single
from coterie.core.store.lists import heads, orders, queries
from coterie.core.store.lists.ids import OrderedIds, by_value, flags
from coterie.core.store.lists.letter_pairs import LetterPairs
from coterie.core.store.lists.search import condition
from coterie.core.store.lists.searches import tree_of

if TYPE_CHECKING:
    from coterie.core.calendar.birthdays import Birthday
    from coterie.core.store.lists.facets import Facets

KEPT_LISTS: Final = 4
FIRST_ROWS: Final = 2000
"""How far into a list its rows are read from the index while the array is not there."""
_FEW_CHECKS: Final = 500
"""So many are looked up in the database; for more the whole list is made a set."""

_FEW_FOUND: Final = 200
"""So many are put in order by SQL; for more it is faster to go through the list."""

_STARRED: Final = "c.favorite = 1"
"""The condition of `is:favorite`."""


class Lists:
    """The lists of one open book: `Book.lists`. All of them are forgotten if something else changed the book.

    Args:
        database: where the book is.
        names: how lists call contacts, and order them.
        bin_days: tells how many days the Bin keeps a contact.
    """

    def __init__(self, database: Database, names: NameOrder, bin_days: Callable[[], int]) -> None:
        self._database = database
        self._names = names
        self._bin_days = bin_days
        self._kept: OrderedDict[Listing, OrderedIds] = OrderedDict()
        self._pairs = LetterPairs()
        self._generation = 0  # what was read before a change and comes after it is not kept
        self._heads: tuple[Listing, int, list[heads.Head]] | None = None  # of a list, how many were read, and those

    async def rows(self, listing: Listing, start: int, count: int, columns: Sequence[str] = ()) -> list[Row]:
        """`count` rows of `listing` from position `start` on, with the texts of `columns` (field keys).

        Cheap at any position of a book of any size. Raises InvalidQuery.
        """
        ids = await self._window(listing, start, count)
        async with self._database.reading() as connection:
            return await lookup.rows(connection, ids, columns, self._bin_days(), self._names)

    async def count(self, listing: Listing) -> int:
        """How many contacts `listing` shows. Raises InvalidQuery."""
        return len((await self._ids(listing)).ids)

    async def counts(self) -> Counts:
        """How many contacts each view holds."""
        async with self._database.reading(long=True) as connection:
            return await queries.counts(connection)

    async def ids(self, listing: Listing) -> Checks:
        """All of `listing`, as checks. Raises InvalidQuery."""
        kept = await self._ids(listing)
        if kept.checks is None:
            kept.checks = await asyncio.to_thread(Checks.of, kept.ids)
        return kept.checks

    async def ordered(self, selection: Selection) -> Sequence[int]:
        """The ids of what is selected, in the listing's order (Checks: by name). Raises InvalidQuery."""
        return await self._by_name(selection) if isinstance(selection, Checks) else (await self._ids(selection)).ids

    async def position(self, listing: Listing, contact_id: int) -> int | None:
        """Where `contact_id` stands in `listing`; None if it does not show it."""
        try:
            return (await self._ids(listing)).ids.index(contact_id)
        except ValueError:
            return None

    async def hidden(self, checks: Checks, listing: Listing) -> int:
        """How many of `checks` the listing does not show."""
        kept = self._kept.get(listing)
        if len(checks) > _FEW_CHECKS or (kept is not None and kept.checks is not None):
            return len(checks - await self.ids(listing))
        async with self._database.reading() as connection:
            sql, params = await self.select(connection, listing, ordered=False)
            with queries.searching():
                shown = f"SELECT COUNT(*) FROM ({sql} AND c.id IN ({listed(checks)})) AS shown"
                return len(checks) - int(single(await connection.rows(shown, params)))

    async def matching(self, query: str) -> int:
        """How many contacts a finished search finds, counted by the database alone. Raises InvalidQuery."""
        async with self._database.reading(long=True) as connection:
            sql, params = await self.select(connection, Listing(query=query), ordered=False, finished=True)
            with queries.searching():
                return int(single(await connection.rows(f"SELECT COUNT(*) FROM ({sql}) AS matching", params)))

    async def facets(self, listing: Listing) -> Facets:
        """The commonest companies, domains, groups and accounts in `listing`. Raises InvalidQuery."""
        from coterie.core.store.lists.facets import facets  # the first screen does not wait for it

        async with self._database.reading(long=True) as connection:
            return await facets(connection, *await self.select(connection, listing, ordered=False))

    async def birthdays(self, listing: Listing, days: int | None = None) -> tuple[list[Birthday], int]:
        """The birthdays in `listing` within so many days from today on (without `days`: all), the next first.

        With them comes how many of its contacts have a text in that field that is no day. Raises InvalidQuery.
        """
        from coterie.core.store.contacts.birthdays import birthdays

        async with self._database.reading(long=True) as connection:
            ids = await self.select(connection, listing, ordered=False, finished=True)
            return await birthdays(connection, ids, days, self._names)

    async def completions(self, text: str) -> list[str]:
        """What a search whose end is being typed could become, best first, each as a whole search."""
        from coterie.core.query.completing import begun
        from coterie.core.store.lists.completing import completions

        if (end := begun(text)) is None:
            return []
        async with self._database.reading(long=True) as connection:  # the next letter stops it
            return await completions(connection, end, self._pairs)

    async def values(self, field: str, typed: str) -> list[str]:
        """What a value that is being typed could become: those of other contacts, the commonest first.

        Args:
            field: one of `core.fields.OFFERED`.
            typed: what there is of it.
        """
        from coterie.core.store.lists.completing import values

        if not typed.strip():
            return []
        async with self._database.reading(long=True) as connection:
            return await values(connection, field, typed, self._pairs)

    async def select(
        self, connection: Connection, listing: Listing, *, ordered: bool, finished: bool = False
    ) -> tuple[str, dict[str, Any]]:
        """The query for the ids of a listing. Raises InvalidQuery.

        `finished`: the search is no longer being typed, so nothing unfinished in it is overlooked.
        """
        searched = await condition(
            connection, listing.query, finished=finished, pairs=None if finished else self._pairs
        )
        where = queries.place(listing, in_bin=searched.wants_bin)
        if searched.sql:
            where += f" AND ({searched.sql})"
        join, order = orders.order_by(listing.sort, connection.dialect, self._names) if ordered else ("", "")
        ending = f" ORDER BY {order}" if order else ""
        favorites = (
            not searched.wants_bin
            and listing.view is not View.BIN
            and (searched.sql == _STARRED if searched.sql else listing.view is View.FAVORITES)
        )
        table = connection.dialect.favorites if favorites else "contact c"
        return f"SELECT c.id AS id FROM {table}{join} WHERE {where}{ending}", dict(searched.params)

    def forget(self, touched: set[str] | None = None) -> None:
        """Forget the lists that a change of these attributes may alter; None: all of them."""
        self._generation += 1
        self._heads = None
        self._pairs.forget()
        for listing in list(self._kept):
            depends = queries.depends(listing)
            if touched is None or "*" in depends or not depends.isdisjoint(touched):
                del self._kept[listing]

    async def _window(self, listing: Listing, start: int, count: int) -> Sequence[int]:
        """The ids from position `start` on. Raises InvalidQuery."""
        start = max(0, start)
        if listing not in self._kept and start + count <= FIRST_ROWS and listing.sort.field == "name":
            ids = await self._among_first(listing, start + count)
            if ids is not None:
                return ids[start : start + count]
            if not listing.query.strip() or replace(listing, query="") not in self._kept:
                async with self._database.reading() as connection:
                    sql, params = await self.select(connection, listing, ordered=True)
                    with queries.searching():
                        rows = await connection.rows(f"{sql} LIMIT {int(count)} OFFSET {int(start)}", params)
                        return [row[0] for row in rows]
        return (await self._ids(listing)).ids[start : start + count]

    async def _among_first(self, listing: Listing, count: int) -> list[int] | None:
        """The first `count` ids that a search of words finds, if all of them are near the start of the list."""
        base = replace(listing, query="")
        if not listing.query.strip() or base not in self._kept:
            return None
        tree = parse(listing.query)
        if not heads.is_simple(tree):
            return None
        ids = self._kept[base].ids
        for size in (heads.FEW, heads.FIRST):
            read, loaded = self._heads[1:] if self._heads and self._heads[0] == base else (0, [])
            if read < min(size, len(ids)):
                generation = self._generation
                async with self._database.reading() as connection:
                    loaded = [*loaded, *await heads.load(connection, ids[read:size])]
                if generation == self._generation:
                    self._heads = base, size, loaded
            matching = heads.matches(tree, loaded)
            if len(matching) >= count:
                return matching[:count]
        return None

    async def _ids(self, listing: Listing) -> OrderedIds:
        if listing in self._kept:
            self._kept.move_to_end(listing)
            return self._kept[listing]
        if listing.query.strip():
            return await self._search(listing)
        if listing.sort.field != "name" and self._database.dialect.sorts_values_alone:
            return await self._sort(listing)
        async with self._database.reading(long=True) as connection:
            if listing in self._kept:  # another task may have been faster
                return self._kept[listing]
            generation = self._generation
            return self._keep(listing, await self._read(connection, listing, ordered=True), generation)

    async def _read(self, connection: Connection, listing: Listing, *, ordered: bool) -> array[int]:
        return await queries.ids_of(connection, *await self.select(connection, listing, ordered=ordered))

    async def _search(self, listing: Listing) -> OrderedIds:
        """What a search finds, ordered by the list without it: sorting positions is faster than sorting in SQL."""
        generation = self._generation
        async with self._database.reading(long=True) as connection:
            tree = await tree_of(connection, listing.query)
            base = replace(listing, query="", view=View.BIN if wants_bin(tree) else listing.view)
            searched = await condition(connection, listing.query, pairs=self._pairs)
            if searched.ids and base in self._kept:  # which tells the state too
                ids = await queries.ids_of(
                    connection, f"SELECT contact_id AS id FROM ({searched.ids})", searched.params
                )
            else:
                ids = await self._read(connection, listing, ordered=False)
            # `coterie query` needs no other list.
            if len(ids) <= (_FEW_FOUND if base in self._kept else FIRST_ROWS):
                join, order = orders.order_by(listing.sort, connection.dialect, self._names)
                where = f"c.id IN ({listed(ids)}) AND {queries.place(base, in_bin=False)}"
                sql = f"SELECT c.id FROM contact c{join} WHERE {where} ORDER BY {order}"
                return self._keep(listing, array("i", [row[0] for row in await connection.rows(sql)]), generation)
        ranked = await self._ids(base)
        stopped = Event()
        try:
            ordered = await asyncio.to_thread(ranked.in_order, ids, stopped.is_set)
        finally:
            stopped.set()  # cancelled by the next letter: a thread that goes on would take the processor from it
        return self._keep(listing, ordered, generation)

    async def _sort(self, listing: Listing) -> OrderedIds:
        """A list in another order than that of names: SQL sorts the different values, positions the rest."""
        generation = self._generation
        base = await self._ids(replace(listing, sort=Sort()))
        async with self._database.reading(long=True) as connection:
            if listing in self._kept:
                return self._kept[listing]
            sql = orders.in_order(listing)
            return self._keep(listing, await connection.stream(sql, {}, partial(by_value, base=base)), generation)

    def _keep(self, listing: Listing, ids: array[int], generation: int) -> OrderedIds:
        ordered = OrderedIds(ids)
        if generation == self._generation:
            self._kept[listing] = ordered
            while len(self._kept) > KEPT_LISTS:
                self._kept.popitem(last=False)
        return ordered

    async def _by_name(self, checks: Checks) -> Sequence[int]:
        """These ids in the order of the names: live contacts, then those in the Bin."""
        ordered, size = array("i"), len(checks)
        wanted = await asyncio.to_thread(flags, checks)
        for view in (View.ALL, View.BIN):
            if len(ordered) < size:
                base = await self._ids(Listing(view))
                ordered += await asyncio.to_thread(base.among, wanted)
        return ordered
