"""Finding candidate pairs of duplicates in the database: of the whole book as a stream, or of a few contacts at once.

Equal e-mail addresses and numbers are grouped by the database; names are compared by `by_name`. Every query
is a short one, so that lists come in between and stopping takes effect at once. Contacts that change meanwhile are
seen as they are when they are looked at.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from functools import partial
from itertools import combinations
from typing import Any, Final, TypeVar

from coterie.core.certain import are_certain, certain_groups
from coterie.core.changes import Progress
from coterie.core.clock import to_ms
from coterie.core.duplicates import (
    MAX_SHARING,
    STRONG,
    Crowded,
    Key,
    Pair,
    Reason,
    compare,
    ids_of,
    pack,
    shared,
)
from coterie.core.model import Contact
from coterie.core.store.contacts import apart, lookup
from coterie.core.store.contacts.apart import Apart
from coterie.core.store.duplicates.around import around
from coterie.core.store.duplicates.by_name import MOST, Ids, Names
from coterie.core.store.duplicates.kept import KeptPairs, changed_since, mark
from coterie.core.store.duplicates.keys import DIGITS, IS_NUMBER, key_rows, number
from coterie.core.store.duplicates.keys import keys as make_keys
from coterie.core.store.engine.database import Connection, Database, Keep, single

T = TypeVar("T")
_BATCH: Final = 1000
_FIRST_BATCH: Final = 20
_ROWS: Final = 10_000
_BY_NAME: Final = frozenset({Reason.NAME, Reason.SIMILAR})
# How much of all work is done after a step, and how much of the work with names is reading them.
_AFTER_EMAILS, _AFTER_PHONES, _READING = 0.1, 0.3, 0.7


def _ids(text: str) -> set[int]:
    return set(map(int, text.split("\n")))


class Duplicates:
    """The pairs of live contacts of a book that may be one. `core.duplicates.pack` puts pairs in order.

    Args:
        database: where the book is.
        keep: writes what is no change of the user's contacts, see `Book`.
    """

    def __init__(self, database: Database, keep: Keep) -> None:
        self._database = database
        self._keep = keep
        self._kept: KeptPairs | None = None

    async def find(
        self, progress: Progress | None = None, *, everything: bool = False
    ) -> AsyncGenerator[list[Pair], None]:
        """All pairs, each once, some at a time as they are found: shared addresses first, then numbers, then names.

        Memory grows with the contacts, not with the pairs. What it found is kept, as a number for each pair: when
        little has changed since, the next search looks at no more than that; whether something is shared by very many
        is then not asked again for others. `progress` is told contacts. Raises what `progress` raises.
        """
        async with self._database.reading(long=True) as connection:
            kept = KeptPairs(await mark(connection))
            changed = await changed_since(connection, self._kept.since) if self._kept else None
            different = set() if everything else await apart.apart(connection)
        search = self._search(progress) if changed is None else self._search_again(changed)
        async with aclosing(search):
            async for pairs in search:
                kept.add(pairs)
                if asked := [pair for pair in pairs if (pair.a, pair.b) not in different]:
                    yield asked
        self._kept = kept

    async def _search(self, progress: Progress | None) -> AsyncGenerator[list[Pair], None]:
        thread = ThreadPoolExecutor(1, thread_name_prefix="duplicates")
        search = _Search(self._database, thread, progress)
        try:
            await search.start()
            for finding in (search.by_email, search.by_phone, search.by_name):
                async for pairs in finding():
                    yield pairs
        finally:
            thread.shutdown(wait=False, cancel_futures=True)

    async def _search_again(self, changed: set[int]) -> AsyncGenerator[list[Pair], None]:
        """What the last search found, but for the pairs of contacts that have changed: they are looked for anew."""
        assert self._kept is not None
        for pairs in self._kept.without(changed):
            yield pairs
            await asyncio.sleep(0)  # a screen stays alive
        yield await around(self._database, changed)

    async def around(self, contact_ids: Collection[int]) -> list[Pair]:
        """The pairs that these contacts make with anybody, in order: after an edit, only what it touches."""
        async with self._database.reading() as connection:
            different = await apart.apart(connection)
        return [pair for pair in await around(self._database, contact_ids) if (pair.a, pair.b) not in different]

    async def certain(self, progress: Progress | None = None) -> list[tuple[Contact, ...]]:
        """The contacts that are certain to be one, two or more each, the surest first; see `core.certain`."""
        numbers: list[int] = []
        async with aclosing(self.find(progress)) as search:
            async for pairs in search:
                numbers += [pack(pair) for pair in pairs if not STRONG.isdisjoint(pair.reasons)]
        numbers.sort()
        certain: list[tuple[Contact, Contact]] = []
        for start in range(0, len(numbers), _BATCH):
            ids = list(map(ids_of, numbers[start : start + _BATCH]))
            async with self._database.reading(long=True) as connection:
                loaded = await lookup.load(connection, list({contact_id for pair in ids for contact_id in pair}))
            people = {contact.id: contact for contact in loaded}
            both = ((people[first], people[second]) for first, second in ids if first in people and second in people)
            certain += [pair for pair in both if are_certain(*pair)]
        async with self._database.reading() as connection:
            return certain_groups(certain, await apart.apart(connection))

    # Not the same ----------------------------------------------------------------------------------------------

    async def keep_apart(self, contact_ids: Collection[int]) -> None:
        """Remember that no two of these contacts are the same; they are in no search from now on."""

        async def work(connection: Connection) -> None:
            now = to_ms(connection.clock())
            await apart.keep(connection, apart.all_pairs(contact_ids), self._database.actor, now)

        await self._keep(work)

    async def rejoin(self, contact_ids: Collection[int]) -> None:
        """Forget again, of every two of these contacts, that they are not the same."""
        await self._keep(lambda connection: apart.forget(connection, apart.all_pairs(contact_ids)))

    async def apart(self) -> list[Apart]:
        """Which live contacts are not the same, as somebody said; the latest first."""
        async with self._database.reading(long=True) as connection:
            return await apart.listed(connection)


class _Search:
    """One search of the whole book."""

    def __init__(self, database: Database, thread: ThreadPoolExecutor, progress: Progress | None) -> None:
        self._database = database
        self._thread = thread
        self._progress = progress
        self._contacts = 0
        self._crowded = Crowded()

    async def start(self) -> None:
        """Learn what very many share."""
        async with self._database.reading(long=True) as connection:
            self._contacts = single(await connection.rows("SELECT COUNT(*) FROM contact WHERE state = 0"))
        self._tell(0)
        emails = await self._very_many("email", "norm", "norm <> ''")
        numbers = await self._very_many("phone", number(self._database.dialect), IS_NUMBER)
        self._crowded = Crowded(emails, numbers)

    async def _very_many(self, table: str, key: str, where: str) -> frozenset[str]:
        """The keys that more live contacts share than could be one person."""
        often = f"SELECT {key} FROM {table} WHERE {where} GROUP BY {key} HAVING COUNT(*) > {MAX_SHARING}"
        async with self._database.reading(long=True) as connection:
            if not await connection.rows(f"{often} LIMIT 1"):
                return frozenset()
            # CROSS JOIN keeps SQLite from looking for the numbers of each contact, in place of the other way round.
            rows = await connection.rows(
                f"SELECT {key} FROM {table} CROSS JOIN contact c WHERE {key} IN ({often}) AND c.id = contact_id"
                f" AND c.state = 0 GROUP BY {key} HAVING COUNT(DISTINCT contact_id) > {MAX_SHARING}"
            )
        return frozenset(row[0] for row in rows)

    def _tell(self, part: float) -> None:
        if self._progress is not None:
            self._progress(int(self._contacts * part), self._contacts)

    async def by_email(self) -> AsyncIterator[list[Pair]]:
        """Pairs that share an address."""
        after, count = "", _FIRST_BATCH
        sql = (
            f"SELECT norm, {self._database.dialect.joined('contact_id')} FROM email WHERE norm > :after"
            " GROUP BY norm HAVING MIN(contact_id) < MAX(contact_id) ORDER BY norm LIMIT :count"
        )
        while True:
            async with self._database.reading(long=True) as connection:
                rows = await connection.rows(sql, {"after": after, "count": count})
            yield await self._sharing(rows, Reason.EMAIL)
            if len(rows) < count:
                self._tell(_AFTER_EMAILS)
                return
            after, count = rows[-1][0], _BATCH

    async def by_phone(self) -> AsyncIterator[list[Pair]]:
        """Pairs that share a number and no address. The numbers that end with one digit after those of another."""
        dialect = self._database.dialect
        key = number(dialect)
        sql = (
            f"SELECT {key}, {dialect.joined('contact_id')} FROM phone"
            f" WHERE {IS_NUMBER} AND {dialect.last(DIGITS, 1)} = :digit"
            f" GROUP BY {key} HAVING MIN(contact_id) < MAX(contact_id)"
        )
        count = _FIRST_BATCH
        for digit in range(10):
            async with self._database.reading(long=True) as connection:
                rows = await connection.rows(sql, {"digit": str(digit)})
            while rows:
                yield await self._sharing(rows[:count], Reason.PHONE)
                rows, count = rows[count:], _BATCH
            self._tell(_AFTER_EMAILS + (_AFTER_PHONES - _AFTER_EMAILS) * (digit + 1) / 10)

    async def _sharing(self, rows: Sequence[tuple[Any, ...]], reason: Reason) -> list[Pair]:
        """The pairs of contacts that share a key, if they have no surer reason. Rows are (key, ids of contacts)."""
        crowded = self._crowded.emails if reason is Reason.EMAIL else self._crowded.phones
        groups = [(key, _ids(holders)) for key, holders in rows if key not in crowded]
        keys = await self._load({contact_id for _, holders in groups for contact_id in holders})

        def judged() -> Iterator[Pair]:
            for key, holders in groups:
                sharing = [keys[contact_id] for contact_id in holders & keys.keys()]
                for first, second in combinations(sharing, 2):
                    pair = compare(first, second, self._crowded)
                    # Who shares several comes with the first of them.
                    if pair and pair.reasons[0] is reason and key == min(self._shared(first, second, reason)):
                        yield pair

        return await self._aside(lambda: list(judged()))

    async def _aside(self, work: Callable[[], T]) -> T:
        """Do what Python has to do, away from the screen's thread and always in the same: each has its own memory."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def _load(self, ids: Collection[int]) -> dict[int, Key]:
        async with self._database.reading(long=True) as connection:
            rows = await key_rows(connection, ids)
        return await self._aside(lambda: make_keys(*rows))

    def _shared(self, first: Key, second: Key, reason: Reason) -> list[str]:
        if reason is Reason.EMAIL:
            return shared(first.emails, second.emails, self._crowded.emails)
        return shared(first.phones, second.phones, self._crowded.phones)

    async def by_name(self) -> AsyncIterator[list[Pair]]:
        """Pairs that share a name or have a similar one, and neither address nor number."""
        parts = self._contacts // MOST + 1
        seen: set[int] = set()
        for part in range(parts):
            names = Names(self._contacts, part, parts)
            async for done in self._read(names):
                self._tell(_within(part, parts, done * _READING))
            for bucket in range(names.buckets):
                pairs = await self._named(await self._aside(partial(names.candidates, bucket)))
                new = [pair for pair in pairs if pack(pair) not in seen]  # who shares several signs meets again
                seen.update(map(pack, new))
                yield new
                self._tell(_within(part, parts, _READING + (1 - _READING) * (bucket + 1) / names.buckets))

    async def _read(self, names: Names) -> AsyncIterator[float]:
        """Read all names; yields how much of it is done, from 0 to 1."""
        dialect = self._database.dialect
        sql = (
            "SELECT c.id, c.name, c.nickname, s.company,"
            f" (SELECT {dialect.joined('e.norm')} FROM email e WHERE e.contact_id = c.id),"
            f" EXISTS (SELECT 1 FROM phone p WHERE p.contact_id = c.id AND {IS_NUMBER})"
            " FROM contact c JOIN search s ON s.contact_id = c.id"
            f" WHERE c.id > :after AND c.state = 0 ORDER BY c.id LIMIT {_ROWS}"
        )
        after, done = 0, 0
        while True:
            async with self._database.reading(long=True) as connection:
                rows = await connection.rows(sql, {"after": after})
            await self._aside(partial(names.add, rows))
            done += len(rows)
            yield min(1, done / max(1, self._contacts))
            if len(rows) < _ROWS:
                return
            after = rows[-1][0]

    async def _named(self, candidates: Collection[Ids]) -> list[Pair]:
        """The pairs among the candidates that have no surer reason than a name."""
        ordered = sorted(candidates)
        pairs: list[Pair] = []
        for start in range(0, len(ordered), _BATCH):
            batch = ordered[start : start + _BATCH]
            keys = await self._load({contact_id for ids in batch for contact_id in ids})
            judged = [
                compare(keys[first], keys[second], self._crowded)
                for first, second in batch
                if first in keys and second in keys
            ]
            pairs += [pair for pair in judged if pair and pair.reasons[0] in _BY_NAME]
        return pairs


def _within(part: int, parts: int, share: float) -> float:
    """How much of all work is done when a share of one part of the work with names is done."""
    return _AFTER_PHONES + (1 - _AFTER_PHONES) * (part + share) / parts
