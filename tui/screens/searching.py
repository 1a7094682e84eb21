"""Searching: what is typed is searched for once the letters rest; later, what saved searches find is counted."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Final

from coterie.core.errors import CoterieError
from coterie.tui import notices
from coterie.tui.drafts import Held

if TYPE_CHECKING:
    from coterie.tui.screens.list_screen import ListScreen

DEBOUNCE: Final = 0.01
"""Seconds to wait for the next letter before a search starts: for letters that come in one packet."""
CALM: Final = 0.6
"""Seconds after a change or a search until saved searches are counted and matches marked: rows come first."""
_GROUP: Final = "saved searches"


class Typing:
    """Searches for what is typed into the search line of a list.

    Args:
        screen: the list.
    """

    def __init__(self, screen: ListScreen) -> None:
        self._screen = screen
        self._settled = asyncio.Event()
        self._settled.set()

    @property
    def has_settled(self) -> bool:
        """Whether the list shows what was typed."""
        return self._settled.is_set()

    async def settle(self) -> None:
        """Return when the list shows what was typed."""
        await self._settled.wait()

    def search(self, query: str) -> None:
        """Search for `query`, if no other letter comes."""
        self._settled.clear()
        self._screen.search_counts.stop()
        self._screen.begin(partial(self._search, query), "search")

    async def _search(self, query: str) -> None:
        screen = self._screen
        await asyncio.sleep(DEBOUNCE if query else 0)
        screen.search_bar.problem("")
        try:
            if query != screen.query_text:
                await screen.search(query)
        except CoterieError as error:
            notices.show(screen.app, error)
        self._settled.set()
        screen.search_counts.begin()

    def end(self) -> bool:
        """Clear the search and leave its field; whether there was one."""
        screen, bar = self._screen, self._screen.search_bar
        was_editing = bar.editing
        if was_editing:
            screen.to_list()
        if bar.text or screen.query_text:
            bar.text = ""
            return True
        return was_editing

    def held(self) -> Held | None:
        """The search, for `tui.keeping`; None if nothing is searched for."""
        screen, text = self._screen, self._screen.search_bar.text
        if not text.strip():
            return None
        place = screen.sidebar_place
        words = f"searching {screen.heading} for “{text}”"
        return Held("search", words, {"view": place if isinstance(place, str) else "", "heading": screen.heading,
                                      "text": text})  # fmt: skip


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
        screen, counts = self._screen, self._screen.state.search_counts
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
