"""The book as it was at a moment of the past: its contacts of now, changed back by what the journal says.

What is read and made grows with what has changed since then; only the ids of the other contacts are gone through. A
contact that was deleted forever since has left the journal, and is not there then either.
"""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Final

from coterie.core.clock import to_ms
from coterie.core.errors import NotFound
from coterie.core.fields import FIELDS
from coterie.core.fields.codec import decode
from coterie.core.listing import Listing, Row
from coterie.core.model import Contact, Operation
from coterie.core.names import NameOrder, called
from coterie.core.store.contacts import lookup
from coterie.core.store.contacts.editing import apply_values
from coterie.core.store.contacts.values import order_keys
from coterie.core.store.engine.database import Connection, Database, listed
from coterie.core.store.journal.past_search import heads_of, search
from coterie.core.store.lists.heads import Head
from coterie.core.store.lists.lists import Lists
from coterie.core.store.lists.orders import NAME_KEYS
from coterie.core.text import group_key

_ATTRIBUTES: Final = (*(attribute.name for attribute in fields(Contact)), "state")
_BATCH: Final = 1000
_LIVE: Final = "0"


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment between two changes.

    Attributes:
        at: in milliseconds since the epoch: what was undone since then was still done.
        first: the first operation after it; None: the first that is not before `at`.
    """

    at: int
    first: int | None = None

    @classmethod
    def before(cls, operation: Operation) -> Moment:
        """The moment before an operation."""
        return cls(to_ms(operation.at), operation.id)

    @classmethod
    def of(cls, when: datetime) -> Moment:
        """A moment by the clock."""
        return cls(to_ms(when))


@dataclass(slots=True)
class _Since:
    """What the journal says of the time since: what values were before it, the oldest last."""

    values: dict[int, dict[str, str]] = field(default_factory=dict)
    members: dict[int, dict[int, bool]] = field(default_factory=dict)
    groups: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PastListing(Listing):
    """A list of a book as it was: its view and order do not count, and its search can only be words.

    Attributes:
        changed_only: whether only those are listed that differ from now.
    """

    changed_only: bool = False


class PastBook:
    """A book as it was, for lists: it answers as `Book.lists` does, and can be asked about one contact.

    Attributes:
        changed: the contacts of then that differ from now, by their ids.
        added: how many there are now that were not there then.
        renamed: what groups of now were called then, if that differs.
    """

    def __init__(
        self, database: Database, names: NameOrder, ids: array[int], then: Mapping[int, Contact], *, added: int
    ) -> None:
        self._database = database
        self._names = names
        self._ids = ids
        self._changed_ids = array("i", [contact_id for contact_id in ids if contact_id in then])
        self.changed = then
        self.added = added
        self.renamed: Mapping[str, str] = {}
        self._heads: list[Head] | None = None
        self._search: tuple[Listing, array[int]] | None = None

    async def _listed(self, listing: Listing) -> array[int]:
        changed_only = isinstance(listing, PastListing) and listing.changed_only
        ids = self._changed_ids if changed_only else self._ids
        if not listing.query.strip():
            return ids
        if self._search is None or self._search[0] != listing:
            self._search = listing, await self._searched(listing.query, ids)
        return self._search[1]

    async def _searched(self, query: str, ids: array[int]) -> array[int]:
        if self._heads is None:
            self._heads = await asyncio.to_thread(heads_of, self.changed.values())
        async with self._database.reading(long=True) as connection:
            now, then = await search(connection, query, self._heads, self.renamed)

        def in_order() -> array[int]:
            matches = (set(now) - self.changed.keys()) | set(then)
            return array("i", [contact_id for contact_id in ids if contact_id in matches])

        return await asyncio.to_thread(in_order)

    async def count(self, listing: Listing) -> int:
        """How many contacts there were. Raises InvalidQuery if more than words is searched for."""
        return len(await self._listed(listing))

    async def position(self, listing: Listing, contact_id: int) -> int | None:
        """Where a contact stood among them. Raises InvalidQuery."""
        ids = await self._listed(listing)
        return ids.index(contact_id) if contact_id in ids else None

    async def rows(self, listing: Listing, start: int, count: int, columns: Sequence[str] = ()) -> list[Row]:
        """`count` rows from position `start` on. Raises InvalidQuery."""
        ids = (await self._listed(listing))[max(0, start) : max(0, start) + count]
        async with self._database.reading() as connection:
            same = [contact_id for contact_id in ids if contact_id not in self.changed]
            unchanged = await lookup.rows(connection, same, columns, 0, self._names)
        rows = {row.id: self._renamed(row) if self.renamed else row for row in unchanged}
        return [self.row(self.changed[contact_id], columns) if contact_id in self.changed else rows[contact_id]
                for contact_id in ids if contact_id in self.changed or contact_id in rows]  # fmt: skip

    def _renamed(self, row: Row) -> Row:
        groups = self._groups(row.groups)
        return replace(row, groups=groups, values=row.values | {"groups": ", ".join(groups)})

    def row(self, contact: Contact, columns: Sequence[str]) -> Row:
        """The row of a contact of then."""
        values = {key: FIELDS[key].read(contact) for key in columns}
        values["emails"] = contact.emails[0].address if contact.emails else ""
        values["groups"] = ", ".join(contact.groups)
        more = max(0, len(contact.emails) - 1)
        name = called(contact, self._names)
        return Row(contact.id or 0, name, contact.favorite, values, more_emails=more, groups=contact.groups)

    async def contact(self, contact_id: int) -> tuple[Contact, Contact | None]:
        """A contact of then, and as it is now, also in the Bin; None if it is there no more. Raises NotFound."""
        async with self._database.reading() as connection:
            present = await lookup.load(connection, [contact_id])
        now = present[0] if present else None
        then = self.changed.get(contact_id) or (now and self._same(now))
        if then is None:
            raise NotFound("This contact was deleted forever.")
        return then, now

    async def contacts(self, listing: Listing) -> AsyncIterator[Contact]:
        """The contacts of a list, whole, in its order. Raises InvalidQuery."""
        listed_ids = await self._listed(listing)
        for start in range(0, len(listed_ids), _BATCH):
            ids = listed_ids[start : start + _BATCH]
            async with self._database.reading() as connection:
                same = await lookup.load(
                    connection, [contact_id for contact_id in ids if contact_id not in self.changed]
                )
            batch = {contact.id: self._same(contact) for contact in same}
            for contact_id in ids:
                if contact := self.changed.get(contact_id) or batch.get(contact_id):
                    yield contact

    def _same(self, now: Contact) -> Contact:
        """A contact that has not changed since: only its groups may have had other names."""
        return replace(now, groups=self._groups(now.groups)) if self.renamed else now

    def _groups(self, names: Sequence[str]) -> tuple[str, ...]:
        return tuple(sorted((self.renamed.get(name, name) for name in names), key=group_key))


async def past_book(database: Database, lists: Lists, names: NameOrder, moment: Moment) -> PastBook:
    """The book as it was at a moment."""
    present = await lists.ordered(Listing())
    async with database.reading(long=True) as connection:
        since = await _since(connection, moment)
        touched = since.values.keys() | since.members.keys()
        then = await _contacts(connection, since, touched)
        kept = await asyncio.to_thread(
            lambda: array("i", [contact_id for contact_id in present if contact_id not in touched])
        )
        ids = await _in_order(connection, kept, then.values(), NAME_KEYS[names].removeprefix("c."))
        groups = dict(await connection.rows("SELECT id, name FROM contact_group"))
    added = await asyncio.to_thread(
        lambda: sum(contact_id in touched and contact_id not in then for contact_id in present)
    )
    book = await asyncio.to_thread(PastBook, database, names, ids, then, added=added)
    book.renamed = {name: was for id_, name in groups.items() if (was := since.groups.get(id_, name)) and was != name}
    return book


async def _since(connection: Connection, moment: Moment) -> _Since:
    first = moment.first
    if first is None:
        rows = await connection.rows("SELECT COALESCE(MIN(id), 0) FROM operation WHERE at >= :at", {"at": moment.at})
        latest = await connection.rows("SELECT COALESCE(MAX(id), 0) + 1 FROM operation")
        first = rows[0][0] or latest[0][0]
    steps = await connection.rows(
        "SELECT id, COALESCE(undone_at, at), undone_at IS NOT NULL FROM operation"
        f" WHERE (id >= {int(first)} AND undone_at IS NULL) OR (id < {int(first)} AND undone_at >= :at)"
        " ORDER BY 2 DESC, 1 DESC",
        {"at": moment.at},
    )
    since = _Since()
    for operation_id, _, is_undone in steps:
        await _step(connection, since, operation_id, "new" if is_undone else "old")
    return since


async def _step(connection: Connection, since: _Since, operation_id: int, column: str) -> None:
    """Go back over one operation, or over its undoing."""
    names = ", ".join(f"'{name}'" for name in _ATTRIBUTES)
    of_this = f"WHERE operation_id = {int(operation_id)}"

    def note(rows: Iterable[tuple[int, str, str | None]]) -> None:
        for contact_id, name, text in rows:
            since.values.setdefault(contact_id, {})[name] = text or ""

    await connection.stream(
        f"SELECT contact_id, field, {column} FROM journal_value {of_this} AND field IN ({names})", {}, note
    )
    for contact_id, group_id, is_member in await connection.rows(
        f"SELECT contact_id, group_id, {column} FROM journal_membership {of_this}"
    ):
        since.members.setdefault(contact_id, {})[group_id] = bool(is_member)
    since.groups.update(dict(await connection.rows(f"SELECT group_id, {column} FROM journal_group {of_this}")))


async def _contacts(connection: Connection, since: _Since, touched: Iterable[int]) -> dict[int, Contact]:
    """The contacts that were changed since and were live then, as they were."""
    groups = dict(await connection.rows("SELECT id, name FROM contact_group"))
    ids = {group_key(name): id_ for id_, name in groups.items()}
    names = {**groups, **since.groups}
    wanted = sorted(
        contact_id for contact_id in touched if since.values.get(contact_id, {}).get("state", _LIVE) == _LIVE
    )

    def as_they_were(contacts: Iterable[Contact]) -> dict[int, Contact]:
        return {now.id or 0: then for now in contacts if (then := _as_it_was(now, since, ids, names))}

    contacts: dict[int, Contact] = {}
    for start in range(0, len(wanted), _BATCH):
        batch = await lookup.load(connection, wanted[start : start + _BATCH])
        contacts.update(await asyncio.to_thread(as_they_were, batch))
    return contacts


def _as_it_was(now: Contact, since: _Since, ids: Mapping[str, int], names: Mapping[int, str]) -> Contact | None:
    """A contact as it was; None if it was not live. `ids` are those of groups now, `names` those of then."""
    values = dict(since.values.get(now.id or 0, {}))
    if values.pop("state", _LIVE if now.deleted_at is None else "") != _LIVE:
        return None
    members = {ids[group_key(name)]: True for name in now.groups} | since.members.get(now.id or 0, {})
    joined = [names[id_] for id_, is_member in members.items() if is_member and names.get(id_)]
    then: dict[str, object] = {name: decode(name, text) for name, text in values.items()}
    groups = tuple(sorted(joined, key=group_key))
    return apply_values(now, {**then, "groups": groups, "deleted_at": None, "deleted_by": None})


async def _in_order(connection: Connection, kept: array[int], then: Iterable[Contact], column: str) -> array[int]:
    """`kept`, which is in the order of names, with the contacts of then in their places."""
    keys = await asyncio.to_thread(lambda: sorted((order_keys(contact)[column], contact.id or 0) for contact in then))
    places = await _places(connection, kept, keys, column)
    ids, last = array("i"), 0
    for place, (_, contact_id) in zip(places, keys, strict=True):
        ids.extend(kept[last:place])
        ids.append(contact_id)
        last = place
    ids.extend(kept[last:])
    return ids


async def _places(connection: Connection, kept: array[int], keys: Sequence[tuple[str, int]], column: str) -> list[int]:
    """Where each of `keys` belongs in `kept`: all are looked for together, half of the rest at a time."""
    low, high = [0] * len(keys), [len(kept)] * len(keys)
    key_of: dict[int, str] = {}
    while open_ones := [number for number in range(len(keys)) if low[number] < high[number]]:
        middles = {number: (low[number] + high[number]) // 2 for number in open_ones}
        asked = sorted({kept[place] for place in middles.values()} - key_of.keys())
        for start in range(0, len(asked), _BATCH):
            ids = listed(asked[start : start + _BATCH])
            key_of.update(dict(await connection.rows(f"SELECT id, {column} FROM contact WHERE id IN ({ids})")))
        for number, place in middles.items():
            if (key_of.get(kept[place], ""), kept[place]) < keys[number]:
                low[number] = place + 1
            else:
                high[number] = place
    return low
