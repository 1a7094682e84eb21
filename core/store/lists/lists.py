"""Lists at any size: the ids of a listing in order, once computed, make every window of it a look into an array.

Measured at 1,000,000 contacts: OFFSET into the middle of the list 31 ms, a slice of the array 0.5 ms; the array itself
takes 0.3 s and 4 MB. So the first rows come straight from the index and the array is made right behind them.
"""

from __future__ import annotations

import asyncio
from array import array
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import compress, count, groupby, repeat, takewhile
from operator import itemgetter
from threading import Event
from typing import TYPE_CHECKING, Any, Final, TypeVar

from coterie.core.checks import Checks
from coterie.core.listing import Counts, Listing, Row, Sort, View
from coterie.core.names import NameOrder
from coterie.core.query import parse, wants_bin
from coterie.core.store.contacts import lookup
from coterie.core.store.contacts.values import is_undone
from coterie.core.store.engine.database import Connection, Database, listed, single
from coterie.core.store.lists import heads, orders
from coterie.core.store.lists.letter_pairs import LetterPairs
from coterie.core.store.lists.search import condition, query_error
from coterie.core.store.lists.searches import tree_of

if TYPE_CHECKING:
    from coterie.core.query.completing import Begun

T = TypeVar("T")
KEPT_LISTS: Final = 4
FIRST_ROWS: Final = 2000
"""How far into a list its rows are read from the index while the array is not there."""
_PIECE: Final = 1 << 15

_DIGITS: Final = bytes.maketrans(b"01", b"\0\1")
_FEW_CHECKS: Final = 500
"""So many are looked up in the database; for more the whole list is made a set."""

_FEW_FOUND: Final = 200
"""So many are put in order by SQL, in 5 ms; for more it is faster to go through the list."""

_STARRED: Final = "c.favorite = 1"
"""The condition of `is:favorite`."""


@dataclass(slots=True)
class _Ids:
    """The ids of a list, in order, and (once asked for) as a set."""

    ids: array[int]
    checks: Checks | None = None

    def in_order(self, found: array[int], stopped: Callable[[], bool] = lambda: False) -> array[int]:
        """Those of `found` that the list shows, in its order, once each; only some of them once `stopped` is true."""
        ordered = array("i")
        if len(found) <= _PIECE:
            few = set(found)
            for piece in _pieces(self.ids):
                ordered.extend([one for one in piece if one in few])
            return ordered
        end = 1 + max(max(piece) for piece in _pieces(found))
        wanted = bytearray(end)
        for piece in _pieces(found):
            deque(map(wanted.__setitem__, piece, repeat(1)), maxlen=0)
        for piece in takewhile(lambda _: not stopped(), _pieces(self.ids)):
            ordered.extend([one for one in piece if one < end and wanted[one]])
        return ordered

    def among(self, wanted: bytes) -> array[int]:
        """Those that the list shows whose byte in `wanted` is 1, in its order."""
        ordered, end = array("i"), len(wanted)
        for piece in _pieces(self.ids):
            known = piece if max(piece) < end else array("i", [one for one in piece if one < end])
            ordered.extend(array("i", compress(known, map(wanted.__getitem__, known))))
        return ordered

    def positions(self) -> array[int]:
        """The position of each id; -1 for what the list does not show."""
        positions = array("i", [-1]) * (1 + max((max(piece) for piece in _pieces(self.ids)), default=0))
        for number, piece in enumerate(_pieces(self.ids)):
            deque(map(positions.__setitem__, piece, count(number * _PIECE)), maxlen=0)
        return positions


def _place(listing: Listing, *, in_bin: bool) -> str:
    """The part of WHERE that the view makes. Literals, not parameters: partial indexes need them."""
    if listing.view is View.BIN or in_bin:
        return "c.state = 1"
    if listing.view is View.FAVORITES:
        return "c.state = 0 AND c.favorite = 1"
    if listing.view is View.GROUP:
        members = f"SELECT m.contact_id FROM membership m WHERE m.group_id = {int(listing.group_id or 0)}"
        return f"c.state = 0 AND c.id IN ({members})"
    return "c.state = 0"


def _table(dialect: str, *, favorites: bool) -> str:
    """The table to read. Without statistics SQLite would look for the few favorites in the index of all contacts."""
    return "contact c INDEXED BY contact_favorite" if favorites and dialect == "sqlite" else "contact c"


def _depends(listing: Listing) -> frozenset[str]:
    """The attributes whose change may move, add or remove rows of a listing; `*` stands for every one."""
    if listing.query:
        return frozenset({"*"})
    fields = frozenset({"state"})
    if listing.view is View.FAVORITES:
        fields |= {"favorite"}
    if listing.view is View.GROUP:
        fields |= {"groups"}
    return fields | orders.depends(listing.sort)


class Lists:
    """The lists of one open book. All of them are forgotten where something else changed the book.

    Args:
        database: where the book is.
        names: how lists call contacts, and order them.
    """

    def __init__(self, database: Database, names: NameOrder = NameOrder.GIVEN) -> None:
        self._database = database
        self._names = names
        self._kept: OrderedDict[Listing, _Ids] = OrderedDict()
        self._pairs = LetterPairs()
        self._generation = 0  # what was read before a change and comes after it is not kept
        self._heads: tuple[Listing, int, list[heads.Head]] | None = None  # of a list, how many were read, and those

    def forget(self, touched: set[str] | None = None) -> None:
        """Forget the lists that a change of these attributes may alter; None: all of them."""
        self._generation += 1
        self._heads = None
        self._pairs.forget()
        for listing in list(self._kept):
            depends = _depends(listing)
            if touched is None or "*" in depends or not depends.isdisjoint(touched):
                del self._kept[listing]

    async def select(
        self, connection: Connection, listing: Listing, *, ordered: bool, finished: bool = False
    ) -> tuple[str, dict[str, Any]]:
        """The query for the ids of a listing. Raises InvalidQuery.

        `finished`: the search is no longer being typed, so nothing unfinished in it is overlooked.
        """
        searched = await condition(
            connection, listing.query, finished=finished, pairs=None if finished else self._pairs
        )
        where = _place(listing, in_bin=searched.wants_bin)
        if searched.sql:
            where += f" AND ({searched.sql})"
        join, order = orders.order_by(listing.sort, connection.dialect, self._names) if ordered else ("", "")
        ending = f" ORDER BY {order}" if order else ""
        favorites = (
            not searched.wants_bin
            and listing.view is not View.BIN
            and (searched.sql == _STARRED if searched.sql else listing.view is View.FAVORITES)
        )
        table = _table(connection.dialect, favorites=favorites)
        return f"SELECT c.id AS id FROM {table}{join} WHERE {where}{ending}", dict(searched.params)

    async def ids(self, listing: Listing) -> array[int]:
        """The ids of a listing, in order. Raises InvalidQuery."""
        return (await self._ids(listing)).ids

    async def _ids(self, listing: Listing) -> _Ids:
        if listing in self._kept:
            self._kept.move_to_end(listing)
            return self._kept[listing]
        if listing.query.strip():
            return await self._search(listing)
        if listing.sort.field != "name" and self._database.dialect == "sqlite":
            return await self._sort(listing)
        async with self._database.reading(long=True) as connection:
            if listing in self._kept:  # another task may have been faster
                return self._kept[listing]
            generation = self._generation
            return self._keep(listing, await self._read(connection, listing, ordered=True), generation)

    def _keep(self, listing: Listing, ids: array[int], generation: int) -> _Ids:
        made = _Ids(ids)
        if generation == self._generation:
            self._kept[listing] = made
            while len(self._kept) > KEPT_LISTS:
                self._kept.popitem(last=False)
        return made

    async def _search(self, listing: Listing) -> _Ids:
        """What a search finds, ordered by the list without it: sorting positions is faster than sorting in SQL."""
        generation = self._generation
        async with self._database.reading(long=True) as connection:
            tree = await tree_of(connection, listing.query)
            base = replace(listing, query="", view=View.BIN if wants_bin(tree) else listing.view)
            searched = await condition(connection, listing.query, pairs=self._pairs)
            if searched.ids and base in self._kept:  # which tells the state too
                found = await _ids_of(connection, f"SELECT contact_id AS id FROM ({searched.ids})", searched.params)
            else:
                found = await self._read(connection, listing, ordered=False)
            # `coterie query` needs no other list.
            if len(found) <= (_FEW_FOUND if base in self._kept else FIRST_ROWS):
                join, order = orders.order_by(listing.sort, connection.dialect, self._names)
                where = f"c.id IN ({listed(found)}) AND {_place(base, in_bin=False)}"
                sql = f"SELECT c.id FROM contact c{join} WHERE {where} ORDER BY {order}"
                return self._keep(listing, array("i", [row[0] for row in await connection.rows(sql)]), generation)
        ranked = await self._ids(base)
        stopped = Event()
        try:
            ordered = await asyncio.to_thread(ranked.in_order, found, stopped.is_set)
        finally:
            stopped.set()  # cancelled by the next letter: a thread that goes on would take the processor from it
        return self._keep(listing, ordered, generation)

    async def _sort(self, listing: Listing) -> _Ids:
        """A list in another order than that of names: SQL sorts the different values, positions the rest."""
        generation = self._generation
        base = await self._ids(replace(listing, sort=Sort()))
        async with self._database.reading(long=True) as connection:
            if listing in self._kept:
                return self._kept[listing]
            sql = orders.in_order(listing)
            return self._keep(listing, await connection.stream(sql, {}, partial(_by_value, base=base)), generation)

    async def _read(self, connection: Connection, listing: Listing, *, ordered: bool) -> array[int]:
        return await _ids_of(connection, *await self.select(connection, listing, ordered=ordered))

    async def checks(self, listing: Listing) -> Checks:
        """The ids of a listing as a set."""
        kept = await self._ids(listing)
        if kept.checks is None:
            kept.checks = await asyncio.to_thread(Checks.of, kept.ids)
        return kept.checks

    async def hidden(self, checks: Checks, listing: Listing) -> int:
        """How many of `checks` the listing does not show."""
        kept = self._kept.get(listing)
        if len(checks) > _FEW_CHECKS or (kept is not None and kept.checks is not None):
            return len(checks - await self.checks(listing))
        async with self._database.reading() as connection:
            sql, params = await self.select(connection, listing, ordered=False)
            shown = f"SELECT COUNT(*) FROM ({sql} AND c.id IN ({listed(checks)})) AS shown"
            return len(checks) - int(single(await _searching(connection, shown, params, list)))

    async def matching(self, query: str) -> int:
        """How many contacts a finished search finds, counted by the database alone. Raises InvalidQuery."""
        async with self._database.reading(long=True) as connection:
            sql, params = await self.select(connection, Listing(query=query), ordered=False, finished=True)
            return int(single(await _searching(connection, f"SELECT COUNT(*) FROM ({sql}) AS found", params, list)))

    async def completions(self, begun: Begun) -> list[str]:
        """What the end of a search could become, best first; see `core.store.lists.completing`."""
        from coterie.core.store.lists.completing import completions  # the first screen does not wait for it

        async with self._database.reading(long=True) as connection:  # the next letter stops it
            return await completions(connection, begun, self._pairs)

    async def values(self, field: str, typed: str) -> list[str]:
        """What a value of a field could become; see `core.store.lists.completing`."""
        from coterie.core.store.lists.completing import values

        async with self._database.reading(long=True) as connection:
            return await values(connection, field, typed, self._pairs)

    async def by_name(self, checks: Checks) -> Sequence[int]:
        """These ids in the order of the names: live contacts, then those in the Bin."""
        ordered, size = array("i"), len(checks)
        wanted = await asyncio.to_thread(_flags, checks)
        for view in (View.ALL, View.BIN):
            if len(ordered) < size:
                base = await self._ids(Listing(view))
                ordered += await asyncio.to_thread(base.among, wanted)
        return ordered

    async def window(self, listing: Listing, start: int, count: int) -> Sequence[int]:
        """The ids from position `start` on. Raises InvalidQuery."""
        start = max(0, start)
        if listing not in self._kept and start + count <= FIRST_ROWS and listing.sort.field == "name":
            first = await self._among_first(listing, start + count)
            if first is not None:
                return first[start : start + count]
            if not listing.query.strip() or replace(listing, query="") not in self._kept:
                async with self._database.reading() as connection:
                    sql, params = await self.select(connection, listing, ordered=True)
                    rows = await _searching(connection, f"{sql} LIMIT {int(count)} OFFSET {int(start)}", params, list)
                    return [row[0] for row in rows]
        return (await self.ids(listing))[start : start + count]

    async def _among_first(self, listing: Listing, count: int) -> list[int] | None:
        """The first `count` ids that a search of words finds, where all of them are near the start of the list."""
        base = replace(listing, query="")
        if not listing.query.strip() or base not in self._kept:
            return None
        tree = parse(listing.query)
        if not heads.is_simple(tree):
            return None
        ids = self._kept[base].ids
        for size in (heads.FEW, heads.FIRST):
            read, known = self._heads[1:] if self._heads and self._heads[0] == base else (0, [])
            if read < min(size, len(ids)):
                generation = self._generation
                async with self._database.reading() as connection:
                    known = [*known, *await heads.load(connection, ids[read:size])]
                if generation == self._generation:
                    self._heads = base, size, known
            found = heads.matches(tree, known)
            if len(found) >= count:
                return found[:count]
        return None

    async def rows(self, listing: Listing, start: int, count: int, columns: Sequence[str], bin_days: int) -> list[Row]:
        """The rows from position `start` on. Raises InvalidQuery."""
        ids = await self.window(listing, start, count)
        async with self._database.reading() as connection:
            return await lookup.rows(connection, ids, columns, bin_days, self._names)


async def _ids_of(connection: Connection, sql: str, params: Mapping[str, Any]) -> array[int]:
    """The column `id` of a query, in its order. Of a million there is never more than their numbers in memory."""
    if connection.dialect == "sqlite":
        return await _searching(connection, sql, params, _numbers)
    joined = f"SELECT string_agg(CAST(id AS TEXT), ',') FROM ({sql}) AS listed"
    return await asyncio.to_thread(_parse, single(await _searching(connection, joined, params, list)) or "")


def _numbers(rows: Iterator[tuple[Any, ...]]) -> array[int]:
    return array("i", map(itemgetter(0), rows))


async def _searching(
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
            f"{_table(connection.dialect, favorites=True)} WHERE state = 0 AND favorite = 1",
            "contact WHERE state = 1",
            "contact_group",
        )
    ]
    return Counts(live, favorites, groups, binned)


def _by_value(rows: Iterator[tuple[Any, ...]], base: _Ids) -> array[int]:
    """The ids of rows (id, value): those of equal values in the order of `base`, at the end those that have none."""
    ids, places = array("i"), base.positions()
    end = len(places)
    for _, group in groupby(rows, itemgetter(1)):
        equal = [one for one, _ in group if one < end and places[one] >= 0]
        if len(equal) > _PIECE:
            ids += base.in_order(array("i", equal))
        else:
            equal.sort(key=places.__getitem__)
            ids.extend(equal)
    if len(ids) < len(base.ids):
        left = bytearray(b"\1") * end
        for piece in _pieces(ids):
            deque(map(left.__setitem__, piece, repeat(0)), maxlen=0)
        for piece in _pieces(base.ids):
            ids.extend([one for one in piece if left[one]])
    return ids


async def undone(connection: Connection) -> Checks:
    """Those in the Bin whose creation was undone."""
    return Checks.of([one for (one,) in await connection.rows(f"SELECT id FROM contact WHERE {is_undone()}")])


def _flags(checks: Checks) -> bytes:
    """One byte for each id from 0 on: 1 for what is checked."""
    return f"{checks.bits:b}".encode().translate(_DIGITS)[::-1]


def _pieces(ids: array[int]) -> Iterator[array[int]]:
    """`ids` in pieces: while C goes through a million at once, no other thread runs, and the screen stands still."""
    return (ids[start : start + _PIECE] for start in range(0, len(ids), _PIECE))


def _parse(text: str) -> array[int]:
    """The numbers of a comma-separated text, piece by piece: a million strings at once would cost 60 MB."""
    ids: array[int] = array("i")
    start = 0
    while start < len(text):
        end = text.find(",", start + _PIECE)
        end = len(text) if end < 0 else end
        ids.extend(map(int, text[start:end].split(",")))
        start = end + 1
    return ids
