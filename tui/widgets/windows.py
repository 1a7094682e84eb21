"""The rows of a list that are near what is seen: a few blocks of it, fetched as the cursor comes near.

Whatever the size of the list, no more than `MOST_BLOCKS` blocks are held and one fetch is under way; what is wanted
when that one ends is what is fetched next, so that a key held down never queues up fetches.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from core.listing import Row

Fetch = Callable[[int, int], Awaitable[list[Row]]]
"""Called with (start, count): the rows of the list from that position on, fewer at its end."""

BLOCK: Final = 200
"""Rows in a block. A screenful is 20 to 60."""

MOST_BLOCKS: Final = 8
"""How many blocks are held; the ones that were looked at longest ago go first."""


class RowWindows:
    """The loaded rows of one list in one order. A change of the list or of its order makes another one.

    Attributes:
        end: how long the list is, where a fetch has reached its end; else None.
        fetching: whether a fetch is under way.
    """

    def __init__(self, fetch: Fetch) -> None:
        self.end: int | None = None
        self._fetch = fetch
        self._blocks: dict[int, list[Row]] = {}
        self._wanted: list[int] = []
        self.fetching = False

    def row(self, position: int) -> Row | None:
        """The row at `position`; None where it is not loaded, or beyond the end."""
        block = self._blocks.get(position // BLOCK)
        place = position % BLOCK
        return block[place] if block is not None and 0 <= place < len(block) else None

    @property
    def known(self) -> int:
        """How long the list is at least."""
        return max((number * BLOCK + len(rows) for number, rows in self._blocks.items() if rows), default=0)

    def want(self, start: int, count: int, forward: bool = True) -> bool:
        """Say what is seen now, and where one is heading.

        Returns whether `fill` has to be called; it has not where everything is here or on its way.
        """
        first, last = max(0, start) // BLOCK, max(0, start + count - 1) // BLOCK
        seen = list(range(first, last + 1))
        # Half a block before the edge is early enough for a key held down.
        ahead = (start + count + BLOCK // 2) // BLOCK if forward else (start - BLOCK // 2) // BLOCK
        if ahead >= 0 and ahead not in seen:
            seen.append(ahead)
        for number in reversed(seen):  # the most important one is the freshest
            if number in self._blocks:
                self._blocks[number] = self._blocks.pop(number)
        self._wanted = [number for number in seen if number not in self._blocks and not self._beyond(number)]
        return bool(self._wanted) and not self.fetching

    async def fill(self, arrived: Callable[[], None]) -> None:
        """Fetch until all that is wanted is here, calling `arrived` after each fetch. Raises what the fetch raises."""
        if self.fetching:
            return
        self.fetching = True
        try:
            while self._wanted:
                first = self._wanted[0]
                count = 2 if first + 1 in self._wanted[1:2] else 1
                await self.load(first, count)
                arrived()
        finally:
            self.fetching = False

    async def load(self, number: int, count: int = 1) -> None:
        """Fetch `count` blocks from block `number` on. Raises what the fetch raises."""
        rows = await self._fetch(number * BLOCK, count * BLOCK)
        for place in range(count):
            self._blocks[number + place] = rows[place * BLOCK : (place + 1) * BLOCK]
        if rows and len(rows) < count * BLOCK:
            self.end = number * BLOCK + len(rows)
        elif not rows and number == 0:
            self.end = 0
        fetched = range(number, number + count)
        self._wanted = [wanted for wanted in self._wanted if wanted not in fetched and not self._beyond(wanted)]
        while len(self._blocks) > MOST_BLOCKS:
            del self._blocks[next(iter(self._blocks))]

    def _beyond(self, number: int) -> bool:
        return self.end is not None and number * BLOCK >= self.end
