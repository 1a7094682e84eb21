"""One program at a time: two that sync an account at once would create the same contacts there twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from core.book import Book
from core.errors import BookBusy, CannotOpen
from core.model import Account

TURN_SECONDS: Final = 60.0
"""How long others wait at most for a program that was killed."""


class Turn:
    """The time in which this program alone syncs an account."""

    def __init__(self, book: Book, account: Account) -> None:
        self._book = book
        self._account = account
        self._held = 0
        self._lock = asyncio.Lock()

    async def take(self) -> None:
        """Begin or prolong it. Raises BookBusy where another program has the account."""
        async with self._lock:
            self._held = await self._book.take_turn(self._account, TURN_SECONDS, self._held)

    async def keep(self) -> None:
        """Prolong it again and again."""
        while True:
            await asyncio.sleep(TURN_SECONDS / 3)
            # A long transaction, ours or another's, is in the way: whoever wants the turn waits for it, too.
            with suppress(BookBusy, CannotOpen):
                await self.take()

    async def end(self) -> None:
        """Let others go on."""
        with suppress(BookBusy, CannotOpen):  # then it ends by itself
            await self._book.end_turn(self._account, self._held)


@asynccontextmanager
async def turn(book: Book, account: Account) -> AsyncIterator[Turn]:
    """Sync an account alone. Raises BookBusy where another program syncs it."""
    mine = Turn(book, account)
    await mine.take()
    keeping = asyncio.create_task(mine.keep())
    try:
        yield mine
    finally:
        keeping.cancel()
        await asyncio.wait([keeping])
        await asyncio.shield(mine.end())
