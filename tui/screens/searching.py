"""SearchCounts: what the saved searches of the sidebar find, counted once the screen rests."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from coterie.tui.screens.list_screen import ListScreen

CALM: Final = 0.6
"""Seconds after a change or a search until saved searches are counted and matches marked: rows come first."""
_GROUP: Final = "saved searches"


class SearchCounts:
    """Counts what saved searches find, one after the other, as long as the sidebar is seen.

    Args:
        screen: in whose sidebar they are.
    """

    def __init__(self, screen: ListScreen) -> None:
        self._screen = screen
        self._is_counting = False

    def begin(self) -> None:
        """Count those that were not counted since the book changed, in a while."""
        self._screen.begin(self._count, _GROUP)

    def stop(self) -> None:
        """Count nothing until it is asked for anew."""
        self._screen.workers.cancel_group(self._screen, _GROUP)

    def give_way(self) -> None:
        """Let what the user waits for have the database first."""
        if self._is_counting:
            self.begin()  # what is under way ends, and comes later

    async def _count(self) -> None:
        await asyncio.sleep(CALM)
        screen, counts = self._screen, self._screen.state.found
        while screen.is_current and screen.sidebar.display:
            search = counts.next(screen.book, screen.figures.searches)
            if search is None:
                return
            self._is_counting = True
            try:
                await counts.count(screen.book, search)
            finally:
                self._is_counting = False
            screen.refresh_bars()
