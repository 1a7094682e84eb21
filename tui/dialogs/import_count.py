"""ImportCount: what an import would do, counted while the user goes on."""

from __future__ import annotations

import asyncio

from coterie.core.book import Book
from coterie.core.errors import Cancelled
from coterie.core.transfer.importing import ImportReport, Progress, StagedImport


class ImportCount:
    """Counts again at each change of the options; a count that is still going on ends.

    Args:
        book: where the contacts would go.
        progress: called with how far the count is.

    Attributes:
        report: the last count; None until it is complete.
        lock: held while the file is read against the book, which is done once at a time.
    """

    def __init__(self, book: Book, progress: Progress) -> None:
        self.report: ImportReport | None = None
        self.lock = asyncio.Lock()
        self._book = book
        self._progress = progress
        self._turn = 0

    def stop(self) -> None:
        """End the count that is going on, at its next word of progress."""
        self._turn += 1

    def begin(self) -> int:
        """Forget the last count and end one that is going on; returns the number of the next, for `count`."""
        self.stop()
        self.report = None
        return self._turn

    async def count(self, turn: int, staged: StagedImport) -> ImportReport | None:
        """What importing `staged` would do; None if the count was stopped. Raises what reading the file raises."""

        def progress(done: int, total: int | None) -> None:
            if turn != self._turn:
                raise Cancelled("The options changed.")
            self._progress(done, total)

        async with self.lock:
            if turn != self._turn:
                return None
            try:
                report = await staged.count(self._book, progress)
            except Exception:
                if turn != self._turn:
                    return None
                raise
        if turn == self._turn:
            self.report = report
        return self.report
