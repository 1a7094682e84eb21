"""The rows of a list that are near what is seen: a few blocks of it, fetched as the cursor comes near.

Whatever the size of the list, no more than `MOST_BLOCKS` blocks are held and one fetch is under way; what is wanted
when that one ends is what is fetched next, so that a key held down never queues up fetches.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from coterie.core.listing import Row

Fetch = Callable[[int, int], Awaitable[list[Row]]]
"""Called with (start, count): the rows of the list from that position on, fewer at its end."""

BLOCK: Final = 20
"""Rows in a block. What is seen is fetched first, and in a book of a million each row takes its time."""

AHEAD: Final = 200
"""So many rows beyond what is seen are fetched; again when half of them are left, early enough for a key held down."""

MOST_BLOCKS: Final = 80
"""How many blocks are held; the ones that were looked at longest ago go first."""


class RowWindows:
    """The loaded rows of one list in one order. A change of the list or of its order makes another one.

    Attributes:
        end: how long the list is, if a fetch has reached its end; else None.
        fetching: whether a fetch is under way, or `fill` is about to be called.
    """

    def __init__(self, fetch: Fetch) -> None:
        self.end: int | None = None
        self._fetch = fetch
        self._blocks: dict[int, list[Row]] = {}
        self._wanted: list[range] = []  # runs of blocks
        self.fetching = False

    def row(self, position: int) -> Row | None:
        """The row at `position`; None if it is not loaded, or beyond the end."""
        block = self._blocks.get(position // BLOCK)
        place = position % BLOCK
        return block[place] if block is not None and 0 <= place < len(block) else None

    @property
    def least_length(self) -> int:
        """How long the list is at least."""
        return max((number * BLOCK + len(rows) for number, rows in self._blocks.items() if rows), default=0)

    def want(self, start: int, count: int, forward: bool = True) -> bool:
        """Say what is seen now, and where one is heading.

        Returns whether `fill` has to be called; not if everything is here or on its way.
        """
        end = start + count
        seen = _blocks(start, end)
        ahead, near = (
            (_blocks(end, end + AHEAD), _blocks(end, end + AHEAD // 2))
            if forward
            else (_blocks(start - AHEAD, start), _blocks(start - AHEAD // 2, start))
        )
        for number in (*ahead, *seen):  # the most important one is the freshest
            if number in self._blocks:
                self._blocks[number] = self._blocks.pop(number)
        runs = (self._missing(seen), self._missing(ahead) if self._missing(near) else range(0))
        self._wanted = [run for run in runs if run]
        if self.fetching or not self._wanted:
            return False
        self.fetching = True
        return True

    async def reach(self, start: int, count: int) -> None:
        """Fetch what is missing of these rows, and return when they are here. Raises what the fetch raises."""
        if missing := self._missing(_blocks(start, start + count)):
            await self.load(missing.start, len(missing))

    def _missing(self, blocks: range) -> range:
        """From the first to the last of these that are not here."""
        missing = [number for number in blocks if number not in self._blocks and not self._beyond(number)]
        return range(missing[0], missing[-1] + 1) if missing else range(0)

    async def fill(self, arrived: Callable[[], None]) -> None:
        """Fetch until all that is wanted is here, calling `arrived` after each fetch. Raises what the fetch raises."""
        try:
            while self._wanted:
                run = self._wanted.pop(0)
                await self.load(run.start, len(run))
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
        while len(self._blocks) > MOST_BLOCKS:
            del self._blocks[next(iter(self._blocks))]

    def _beyond(self, number: int) -> bool:
        return self.end is not None and number * BLOCK >= self.end


def _blocks(start: int, end: int) -> range:
    """The numbers of the blocks in which the positions from `start` up to `end` are."""
    return range(max(0, start) // BLOCK, max(0, end - 1) // BLOCK + 1) if end > 0 else range(0)
