"""Faceting: the facets of a list are counted for what is shown, once its rows are there."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from coterie.core.errors import CoterieError
from coterie.core.listing import Listing
from coterie.core.store.lists.facets import SOURCE
from coterie.tui.widgets.facets import FacetPanel

if TYPE_CHECKING:
    from coterie.core.store.lists.facets import Facets
    from coterie.tui.screens.contacts import ContactList

_CALM: Final = 0.2
"""Seconds after the list has changed until its facets are counted: rows come first."""
_GROUP: Final = "facets"


class Faceting:
    """The facets between the search line and a list.

    Args:
        screen: the list.

    Attributes:
        panel: what shows them.
    """

    def __init__(self, screen: ContactList) -> None:
        self._screen = screen
        self.panel = FacetPanel(screen.state.glyphs)
        self._counted_for: Listing | None = None
        self._is_counting = False

    @property
    def has_focus(self) -> bool:
        """Whether the facets have the focus."""
        return self._screen.focused is self.panel

    def toggle(self) -> None:
        """Show the facets, go to them, or close them."""
        if self.has_focus:
            self.close()
            return
        self.panel.display = True
        self._screen.set_focus(self.panel)
        self._begin()

    def close(self) -> None:
        """Close the facets."""
        self.panel.display = False
        self._screen.to_list()

    def move_column(self, by: int) -> None:
        """Move the cursor to another column."""
        self.panel.move_column(by)
        self._screen.refresh_footer()

    def list_changed(self) -> None:
        """Count them anew, if they are shown."""
        if self.panel.display:
            self._begin()

    def stop(self) -> None:
        """Count nothing until the list has changed."""
        self._screen.workers.cancel_group(self._screen, _GROUP)

    def give_way(self) -> None:
        """Let what the user waits for have the database first."""
        if self._is_counting:
            self._begin()

    def _begin(self) -> None:
        self._screen.begin(self._count, _GROUP)

    async def _count(self) -> None:
        screen = self._screen
        await asyncio.sleep(_CALM if self._counted_for else 0)
        listing = self._counted_for = screen.listing
        self._is_counting = True
        try:
            with suppress(CoterieError):
                facets = await self._told(await screen.book.lists.facets(listing))
                if listing == screen.listing:
                    self.panel.tell(facets)
                    screen.refresh_footer()
        finally:
            self._is_counting = False

    async def _told(self, facets: Facets) -> Facets:
        """The same with accounts called as people call them."""
        if facets[SOURCE]:
            await self._screen.state.learn_accounts(self._screen.book)
        called = self._screen.state.called
        return {**facets, SOURCE: [replace(facet, label=called(facet.label)) for facet in facets[SOURCE]]}
