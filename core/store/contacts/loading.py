"""The fast path of imports: texts are indexed in large portions, while the next rows are read, and in an empty book the
other indexes are made after the rows.

Trigrams a row at a time take longer than everything else of an import together, and an index that grows by rows in no
order is written to the disk again and again.
"""

from __future__ import annotations

import asyncio
from typing import Final

from coterie.core.store.contacts import index
from coterie.core.store.engine.database import Connection

MANY: Final = 1000
"""From how many new contacts at once on indexes are set aside."""
_PORTION: Final = 5000
_TABLES: Final = ("contact", "email", "phone", "membership")
_MERGES: Final = 4  # the default of FTS5's automerge


class Loading:
    """What the new contacts of one operation still lack.

    Until `finish` is called, searches do not find them; whoever changes or searches contacts calls it first. `end`
    comes before the transaction's.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._first = self._end = 0  # the ids whose texts are not in the search index yet
        self._set_aside: list[str] = []
        self._empty: bool | None = None
        self._merges_later = False
        self._learning: asyncio.Task[None] | None = None

    async def into_empty(self) -> bool:
        """Whether the book held no contact at all when this was first asked."""
        if self._empty is None:
            self._empty = not await self._connection.rows("SELECT 1 FROM contact LIMIT 1")
        return self._empty

    async def prepare(self, count: int) -> None:
        """Get ready for `count` new contacts."""
        indexes = self._connection.dialect.indexes_of(_TABLES)
        if indexes and count >= MANY and not self._end and await self.into_empty():
            for name, sql in await self._connection.rows(indexes):
                await self._connection.run(f"DROP INDEX {name}")
                self._set_aside.append(sql)
            await index.set_merging(self._connection, 0)
            self._merges_later = True

    async def index_beside(self, ids: range) -> None:
        """Let the search index learn the contacts of these ids, which are stored, beside whatever comes next.

        That takes the connection's thread and no Python, so that the next contacts are read and made meanwhile. What is
        asked of the connection until it is done waits its turn.
        """
        if self._first == self._end:
            self._first = ids.start
        self._end = ids.stop
        if self._end - self._first >= _PORTION:
            await self._learn()

    async def _learn(self) -> None:
        await self._learnt()
        learning = index.learn(self._connection, self._first, self._end - 1)
        self._learning = asyncio.get_running_loop().create_task(learning)
        self._learning.add_done_callback(_seen)
        self._first = self._end

    async def _learnt(self) -> None:
        if self._learning is not None:
            learning, self._learning = self._learning, None
            await learning

    async def finish(self) -> None:
        """Make up for what searches and changes of contacts need."""
        if self._first < self._end:
            await self._learn()
        await self._learnt()
        if self._set_aside:
            for sql in self._set_aside:
                await self._connection.run(sql)
            self._set_aside.clear()

    async def end(self) -> None:
        """Make up for everything that was put off: no more contacts come."""
        await self.finish()
        if self._merges_later:
            self._merges_later = False
            await index.set_merging(self._connection, _MERGES)


def _seen(learning: asyncio.Task[None]) -> None:
    """Look at how it ended, so that asyncio does not warn: if something else fails first, nobody waits for it."""
    if not learning.cancelled():
        learning.exception()
