"""CalledRows: the rows of lists, in which accounts are called as people call them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from coterie.core.listing import Listing, Row

if TYPE_CHECKING:
    from coterie.tui.widgets.listing_canvas import Rows

_SOURCES = "sources"


class CalledRows:
    """Rows of contacts for people.

    Args:
        lists: where they come from.
        called: makes of a text one in which accounts are called as people call them.
        learn: awaited before, if a row names an account: learns what they are called now; None if that is known.
    """

    def __init__(
        self, lists: Rows, called: Callable[[str], str], learn: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        self._lists = lists
        self._called = called
        self._learn = learn

    async def rows(self, listing: Listing, start: int, count: int, columns: Sequence[str] = ()) -> list[Row]:
        """`count` rows from position `start` on, with the texts of `columns`."""
        rows = await self._lists.rows(listing, start, count, columns)
        if self._learn is not None and any(row.deleted_by or row.values.get(_SOURCES) for row in rows):
            await self._learn()
        return [self._told(row) for row in rows]

    def _told(self, row: Row) -> Row:
        if row.deleted_by:
            row = replace(row, deleted_by=self._called(row.deleted_by))
        if row.values.get(_SOURCES):
            row = replace(row, values=row.values | {_SOURCES: self._called(row.values[_SOURCES])})
        return row

    async def count(self, listing: Listing) -> int:
        """How many contacts a listing shows."""
        return await self._lists.count(listing)

    async def position(self, listing: Listing, contact_id: int) -> int | None:
        """Where a contact stands in a listing; None if it does not show it."""
        return await self._lists.position(listing, contact_id)
