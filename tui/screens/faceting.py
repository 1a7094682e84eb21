"""What the facets of a list do: they are counted for what is shown, narrow it, and check what they stand for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable
from contextlib import suppress
from dataclasses import replace
from typing import Final

from textual import on, work
from textual.widget import Widget

from coterie.core.book import Book
from coterie.core.errors import CoterieError
from coterie.core.listing import Listing
from coterie.core.model import Group
from coterie.core.store.lists.facets import narrowed_to
from coterie.core.text import number_of
from coterie.tui.commands import Command, Place, Situation
from coterie.tui.screens.contacts import ContactList
from coterie.tui.screens.moving import Movable
from coterie.tui.state import State
from coterie.tui.widgets.contact_table import ContactTable
from coterie.tui.widgets.facets import FacetPanel
from coterie.tui.widgets.search_bar import SearchBar

COUNTING: Final = "facets"
"""The group of the worker that counts."""
_CALM: Final = 0.2
"""Seconds after the list has changed until its facets are counted: rows come first."""


class FacetCommands(ContactList):
    """The facets, between the search line and the list."""

    def __init__(self, book: Book, state: State, group: Group | None = None) -> None:
        super().__init__(book, state, group)
        self.facets = FacetPanel(state.glyphs)
        self._counted_for: Listing | None = None
        self._is_counting_facets = False

    def compose_list(self) -> Iterable[Widget]:
        """The facets come first."""
        yield self.facets
        yield from super().compose_list()

    @property
    def in_facets(self) -> bool:
        """Whether the facets have the focus."""
        return self.focused is self.facets

    @property
    def where(self) -> Place:
        """The facets while they have the focus."""
        return Place.FACETS if self.in_facets else super().where

    @property
    def mover(self) -> Movable:
        """The facets while they have the focus."""
        return self.facets if self.in_facets else super().mover

    def situation(self) -> Situation:
        """In the facets, a row is a value."""
        now = super().situation()
        return replace(now, row=self.facets.facet is not None) if self.in_facets else now

    def not_here(self, command: Command) -> str:
        """What acts on contacts does nothing in the facets."""
        if not self.in_facets:
            return super().not_here(command)
        return f"“{command.label}” acts on the list; {self.key('facets')} closes the facets."

    def action_facets(self) -> None:
        """Show the facets, go to them, or close them."""
        if self.in_facets:
            self._close_facets()
            return
        self.facets.display = True
        self.set_focus(self.facets)
        self._count_facets()

    def _close_facets(self) -> None:
        self.facets.display = False
        self.to_list()

    def action_back(self) -> Awaitable[object] | None:
        """Close the facets first."""
        if self.in_facets:
            self._close_facets()
            return None
        return super().action_back()

    @on(ContactTable.Counted)
    def _list_changed(self) -> None:
        if self.facets.display:
            self._count_facets()

    @on(SearchBar.Changed)
    def _search_typed(self) -> None:
        """What is searched for comes first; its facets are counted once it is there."""
        self.workers.cancel_group(self, COUNTING)

    def count_later(self) -> None:
        """Let what the user waits for have the database first."""
        super().count_later()
        if self._is_counting_facets:
            self._count_facets()

    @work(group=COUNTING, exclusive=True, exit_on_error=False)
    async def _count_facets(self) -> None:
        await asyncio.sleep(_CALM if self._counted_for else 0)
        listing = self._counted_for = self.listing
        self._is_counting_facets = True
        try:
            with suppress(CoterieError):
                found = await self.book.lists.facets(listing)
                if listing == self.listing:
                    self.facets.tell(found)
                    self.refresh_footer()
        finally:
            self._is_counting_facets = False

    def action_column_left(self) -> None:
        """To the column on the left."""
        if self.in_facets:
            self.facets.move_column(-1)
            self.refresh_footer()
        else:
            super().action_column_left()

    def action_column_right(self) -> None:
        """To the column on the right."""
        if self.in_facets:
            self.facets.move_column(1)
            self.refresh_footer()
        else:
            super().action_column_right()

    @on(FacetPanel.Chosen)
    def _facet_chosen(self) -> None:
        self.action_command("narrow")

    async def action_narrow(self) -> None:
        """Show only who has this value."""
        if facet := self.facets.facet:
            await self.look_for(narrowed_to(self.query_text, facet.term))

    async def action_check_facet(self) -> None:
        """Check all who have this value, of those that are shown."""
        if facet := self.facets.facet:
            found = await self.book.lists.ids(self.listing.searching(narrowed_to(self.query_text, facet.term)))
            self.checks |= found
            self.say(f"Checked {number_of(len(found))}.")
