"""Everything that is selected, read once from end to end: an export.

In the order of the names, each row of a million lies somewhere else in the file: reading takes four times as long as in
the order of the ids, in which the rows lie side by side. So contacts come in that order, each with its place.
"""

from __future__ import annotations

import json
from array import array
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from itertools import islice

from coterie.core.model import Contact
from coterie.core.store.contacts import lookup
from coterie.core.store.engine.database import Database, Params, listed
from coterie.core.transfer.shape import Shape, places_of

_MANY = 2000
_THIN = 4
"""Contacts are read as a range of ids if at least one of so many is meant."""


class Selected:
    """What is selected, for `core.transfer.export.write`.

    Args:
        database: where it is.
        ids: the ids in the order in which they are wanted.
    """

    def __init__(self, database: Database, ids: Sequence[int]) -> None:
        self._database = database
        self._count = len(ids)
        self._places = array("i", [-1]) * (max(ids, default=-1) + 1)
        for place, contact_id in enumerate(ids):
            self._places[contact_id] = place

    def __len__(self) -> int:
        return self._count

    def _conditions(self, count: int = lookup.BATCH) -> Iterator[tuple[str, Params]]:
        """Conditions of SQL about an id that find all that is meant, some at a time; ranges find others beside it.

        Each comes with its parameters: the database then knows the statements already.
        """
        ids = (contact_id for contact_id, place in enumerate(self._places) if place >= 0)
        while batch := list(islice(ids, count)):
            if batch[-1] - batch[0] < _THIN * len(batch):
                yield "BETWEEN :first AND :last", {"first": batch[0], "last": batch[-1]}
            else:
                yield f"IN ({listed(batch)})", {}

    async def shape(self, step: Callable[[], None] = lambda: None) -> Shape:
        """The most that any of them has, and the headings of all custom fields in the order of the first of each.

        `step` is called now and then; it may raise Cancelled.
        """
        emails = phones = addresses = urls = 0
        headings: dict[str, tuple[int, int]] = {}
        places_taken: Counter[str] = Counter()
        places = self._places
        for condition, params in self._conditions(_MANY):
            queries = (
                # Only who has more than the most so far comes back: hardly anybody.
                f"SELECT contact_id, position FROM email WHERE contact_id {condition} AND position >= {emails}",
                f"SELECT contact_id, position FROM phone WHERE contact_id {condition} AND position >= {phones}",
                f"SELECT id, addresses, urls, custom FROM contact WHERE id {condition}"  # noqa: ISC004
                " AND (addresses <> '' OR urls <> '' OR custom <> '')",
            )
            async with self._database.reading(long=True) as connection:
                more_emails, more_phones, rows = await connection.gather(queries, lambda *rows: rows, params)
            emails = max([emails, *(position + 1 for contact_id, position in more_emails if places[contact_id] >= 0)])
            phones = max([phones, *(position + 1 for contact_id, position in more_phones if places[contact_id] >= 0)])
            for contact_id, address, url, custom in rows:
                place = places[contact_id]
                if place >= 0:
                    addresses = max(addresses, len(json.loads(address)) if address else 0)
                    urls = max(urls, len(json.loads(url)) if url else 0)
                    fields: dict[str, str] = json.loads(custom) if custom else {}
                    places_taken |= places_of(fields)
                    for number, heading in enumerate(fields):
                        headings[heading] = min(headings.get(heading, (place, number)), (place, number))
            step()
        order = tuple(sorted(headings, key=headings.__getitem__))
        return Shape(emails, phones, addresses, urls, order, places_taken)

    async def texts(
        self, make: Callable[[Sequence[Contact]], list[str]]
    ) -> AsyncIterator[tuple[Sequence[int], Sequence[str]]]:
        """What `make` makes of the contacts, some at a time: the place of each, and its text.

        `make` runs in another thread. Contacts that are gone meanwhile are left out.
        """

        def placed(contacts: list[Contact]) -> tuple[Sequence[int], Sequence[str]]:
            places = [self._places[contact.id or 0] for contact in contacts]
            if min(places, default=0) < 0:
                contacts = [contact for contact, place in zip(contacts, places, strict=True) if place >= 0]
                places = [place for place in places if place >= 0]
            return places, make(contacts)

        for condition, params in self._conditions():
            async with self._database.reading(long=True) as connection:
                texts = await lookup.read(connection, condition, placed, params)
            yield texts
