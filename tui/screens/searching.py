"""Saved searches on the screen: shown in the sidebar with live counts, opened, saved, renamed, ordered, deleted."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Sequence
from functools import partial
from typing import Final

from textual import events, on, work

from coterie.core.errors import InvalidValue
from coterie.core.model import SavedSearch
from coterie.core.places import KnownPlace
from coterie.core.query.saved import written
from coterie.core.text import group_key
from coterie.tui import plans
from coterie.tui.screens.group_verbs import GroupVerbs
from coterie.tui.widgets.modal import Origin
from coterie.tui.widgets.sidebar import Sidebar

COUNTING: Final = "saved searches"
"""The group of the worker that counts."""
CALM: Final = 0.6
"""Seconds after a change or a search until saved searches are counted and matches marked: rows come first."""


class SearchVerbs(GroupVerbs):
    """What can be done with saved searches.

    Attributes:
        searches: all of them, in their order.
        places: those of the accounts.
        query_text: what is searched for here.
    """

    searches: Sequence[SavedSearch] = ()
    places: Sequence[KnownPlace] = ()
    query_text = ""
    _is_counting = False

    @property
    @abstractmethod
    def sidebar(self) -> Sidebar:
        """The sidebar."""

    @abstractmethod
    def refresh_bars(self) -> None:
        """Show title, sidebar and footer as they are now."""

    @abstractmethod
    def to_list(self) -> None:
        """Give the list the focus, at once: the next key acts there."""

    @property
    def query_to_save(self) -> str:
        """What is searched for here, as it finds the same in All contacts."""
        return ""

    # Counting --------------------------------------------------------------------------------------------------

    @work(group=COUNTING, exclusive=True, exit_on_error=False)
    async def count_searches(self) -> None:
        """Count what saved searches find, one after the other, as long as the sidebar is seen."""
        await asyncio.sleep(CALM)
        while self.is_current and self.sidebar.display:
            search = self.state.found.next(self.book, self.searches)
            if search is None:
                return
            self._is_counting = True
            try:
                await self.state.found.count(self.book, search)
            finally:
                self._is_counting = False
            self.refresh_bars()

    def stop_counting(self) -> None:
        """Count nothing until it is asked for anew."""
        self.workers.cancel_group(self, COUNTING)

    def count_later(self) -> None:
        """Let what the user waits for have the database first."""
        if self._is_counting:
            self.count_searches()  # the one that is under way gives way to it

    @on(events.ScreenSuspend)
    def _not_seen(self) -> None:
        self.stop_counting()

    @on(events.ScreenResume)
    def _seen(self) -> None:
        self.count_searches()

    # The one under the sidebar's cursor ------------------------------------------------------------------------

    async def action_rename_search(self) -> None:
        """Ask for another name."""
        if search := self.sidebar.search:
            await self.rename_search(search)

    async def rename_search(self, search: SavedSearch) -> None:
        """Ask for another name of a saved search."""
        from coterie.tui.dialogs.prompt import Prompt

        check = partial(_free, await self.book.searches.all(), but=search)
        prompt = Prompt(f"Rename the search {search.name}", "New name", search.name, yes="Rename", check=check)
        prompt.origin = Origin("search_name", f"renaming the search {search.name}", {"id": search.id})
        await self.carry_out_from(
            prompt, lambda name: plans.rename_search(search, name) if name != search.name else None
        )

    async def action_delete_search(self) -> None:
        """Delete it; that can be undone."""
        if search := self.sidebar.search:
            await self.carry_out(plans.delete_search(search))

    async def action_search_down(self) -> None:
        """One place down."""
        await self._move_search(1)

    async def action_search_up(self) -> None:
        """One place up."""
        await self._move_search(-1)

    async def _move_search(self, by: int) -> None:
        if search := self.sidebar.search:
            await self.carry_out(plans.move_search(search, by))

    # Saving ----------------------------------------------------------------------------------------------------

    async def action_save_search(self) -> None:
        """Ask for a name and keep what is searched for."""
        query = self.query_to_save
        if not self.query_text:
            self.say("Nothing is searched for.")
            return
        await self.book.searches.check(query)
        await self.save_search(query)

    async def save_search(self, query: str) -> None:
        """Ask for a name and keep a search."""
        from coterie.tui.dialogs.prompt import Prompt

        searches = await self.book.searches.all()
        known = [one.name for one in searches]
        prompt = Prompt("Save the search", f"A name for {query}", completions=known, yes="Save search")
        prompt.origin = Origin("search_new", f"saving the search {query}", {"query": query})
        if await self.carry_out_from(prompt, lambda name: plans.save_search(searches, name, query)):
            self.to_list()


def _free(searches: Sequence[SavedSearch], name: str, but: SavedSearch) -> None:
    """Raises InvalidValue where another search than `but` has this name."""
    for one in searches:
        if one.id != but.id and group_key(one.name) == group_key(name):
            title = f"There is already a saved search {written(one.name)}."
            raise InvalidValue("search", title, "Choose another name.")
