"""A Book in memory for the tests of the table: rows are made up as they are asked for, so a million costs nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from coterie.core.listing import Listing, Row

Maker = Callable[[int], Row]


def person(number: int) -> Row:
    return Row(
        number + 1, f"Person {number:07}", number % 10 == 0, {"emails": f"p{number}@example.org", "company": "ACME"}
    )


class FakeBook:
    """What the table asks of a Book: `size` rows made by `make`; `hold` keeps answers back until `release` is set."""

    def __init__(self, size: int, make: Maker = person) -> None:
        self.size = size
        self.make = make
        self.fetches: list[tuple[int, int]] = []
        self.under_way = 0
        self.most_under_way = 0
        self.release = asyncio.Event()
        self.release.set()

    async def rows(self, listing: Listing, start: int, count: int, columns: Sequence[str] = ()) -> list[Row]:
        self.fetches.append((start, count))
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        size = 3 if listing.query else self.size
        try:
            await self.release.wait()
        finally:
            self.under_way -= 1
        return [self.make(number) for number in range(start, min(start + count, size))]

    async def count(self, listing: Listing) -> int:
        await self.release.wait()
        return 3 if listing.query else self.size

    async def position(self, listing: Listing, contact_id: int) -> int | None:
        return next((number for number in range(min(self.size, 10_000)) if self.make(number).id == contact_id), None)
