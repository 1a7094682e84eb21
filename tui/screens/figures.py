"""Figures: what the sidebar of a list says - how many there are of what, and when the accounts were synced."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from coterie.core.errors import CoterieError
from coterie.core.listing import Counts
from coterie.core.model import Group, SavedSearch
from coterie.core.places import KnownPlace
from coterie.tui.time_words import ago_shortly

if TYPE_CHECKING:
    from coterie.tui.screens.list_screen import ListScreen

MINUTE: Final = 60.0
"""Seconds after which the sidebar says anew how long ago the last sync was."""


class Figures:
    """What the book holds beside the list.

    Args:
        screen: in whose sidebar they are shown.

    Attributes:
        groups, searches, places: those of the book, in their order.
    """

    def __init__(self, screen: ListScreen) -> None:
        self._screen = screen
        self._counts: Counts | None = None
        self.groups: Sequence[Group] = ()
        self.searches: Sequence[SavedSearch] = ()
        self.places: Sequence[KnownPlace] = ()

    @property
    def counts(self) -> Counts:
        """How many contacts the views have; none while that is not known."""
        return self._counts or Counts()

    async def refresh(self) -> None:
        """Ask the book for them, and show them."""
        book = self._screen.book
        self._counts = await book.lists.counts()
        self.groups = await book.groups.all()
        self.searches = await book.searches.all()
        self.places = await book.accounts.places()
        self._screen.refresh_bars()
        await self._show_sync()

    def show(self) -> None:
        """Show them in the sidebar."""
        screen = self._screen
        search_counts = screen.state.search_counts.counts
        screen.sidebar.tell(self._counts, self.groups, screen.sidebar_place, self.searches, search_counts, self.places)

    def time_passes(self) -> None:
        """Say in the sidebar how long ago the accounts were synced last."""
        self._screen.begin(self._say_anew, "sync words")

    async def _say_anew(self) -> None:
        with suppress(CoterieError):
            await self._show_sync()

    async def _show_sync(self) -> None:
        book, state = self._screen.book, self._screen.state
        accounts = await book.accounts.all()
        state.learn_names(accounts)
        moments = [account.last_sync for account in accounts if account.last_sync]
        self._screen.sidebar.synced(ago_shortly(max(moments), book.now()) if moments else "")
