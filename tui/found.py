"""How many contacts the saved searches find: counted once after each change of the book, whichever screen shows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from coterie.core.book import Book
from coterie.core.errors import InvalidQuery
from coterie.core.model import SavedSearch


class SavedSearchCounts:
    """The counts, by the text of the search; those of before the last change until they are counted anew.

    Attributes:
        counts: how many contacts each search finds; None if it cannot be read.
    """

    def __init__(self) -> None:
        self.counts: dict[str, int | None] = {}
        self._as_of: tuple[int, date] | None = None
        self._counted: set[str] = set()

    def next(self, book: Book, searches: Sequence[SavedSearch]) -> SavedSearch | None:
        """The first of these that was not counted since the book changed, or since the day began."""
        as_of = book.revision, book.now().date()
        if as_of != self._as_of:
            self._as_of, self._counted = as_of, set()
        return next((search for search in searches if search.query not in self._counted), None)

    async def count(self, book: Book, search: SavedSearch) -> None:
        """Count what a search finds."""
        as_of = self._as_of
        try:
            count: int | None = await book.lists.matching(search.query)
        except InvalidQuery:
            count = None
        self.counts[search.query] = count
        if as_of == self._as_of:
            self._counted.add(search.query)
