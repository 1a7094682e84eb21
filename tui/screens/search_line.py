"""SearchLine: what the search line of a list of contacts offers, remembers and marks."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Final

from coterie.core.errors import CoterieError, InvalidQuery
from coterie.core.listing import Listing, View
from coterie.core.query import narrowed, quote
from coterie.tui.screens.searching import CALM
from coterie.tui.widgets import matches

if TYPE_CHECKING:
    from coterie.tui.screens.contacts import ContactList

_BEFORE: Final = "searches"
"""What the searches of before are remembered under."""
_MOST: Final = 50
"""How many of them are."""


class SearchLine:
    """The language of searches, in the words of the book.

    Args:
        screen: the list that is searched.
    """

    def __init__(self, screen: ContactList) -> None:
        self._screen = screen
        self._elsewhere: dict[str, int] = {}

    async def completions(self, text: str) -> Sequence[str]:
        """What a search could become."""
        try:
            return await self._screen.book.lists.completions(text)
        except CoterieError:  # the list itself says what is wrong with the book
            return ()

    def before(self) -> Sequence[str]:
        """The searches that ended with enter, the latest first."""
        kept = self._screen.state.memory.recall(_BEFORE)
        return [text for text in kept if isinstance(text, str)] if isinstance(kept, list) else []

    def submitted(self) -> None:
        """Keep the search for the next time; say what of it is not finished, and so finds nothing."""
        if query := self._screen.search_bar.text.strip():
            self._screen.begin(partial(self._keep, query), "submitted")

    async def _keep(self, query: str) -> None:
        try:
            await self._screen.book.searches.check(query)
        except InvalidQuery as problem:
            self.show_problem(problem)
        else:
            self.mark()
            before = [text for text in self.before() if text != query]
            self._screen.state.memory.remember(_BEFORE, [query, *before][:_MOST])

    @property
    def to_save(self) -> str:
        """What is searched for here, as it finds the same in All contacts."""
        screen = self._screen
        match screen.view:
            case View.FAVORITES:
                terms = ["is:favorite"]
            case View.BIN:
                terms = ["in:bin"]
            case View.GROUP if screen.group:
                terms = [f"group:={quote(screen.group.name)}"]
            case _:
                terms = []
        return narrowed(screen.query_text, terms)

    def show_problem(self, problem: InvalidQuery) -> None:
        """Say beside the line what is wrong with the search."""
        self._screen.search_bar.problem(problem.title, problem.span)
        self._screen.say(problem.hint)

    def mark(self) -> None:
        """Mark in the rows what the search found, once the typing rests: no letter costs more bytes for it."""
        self._screen.begin(self._mark, "marks")

    async def _mark(self) -> None:
        await asyncio.sleep(CALM if self._screen.search_bar.editing else 0)
        with suppress(InvalidQuery):
            self._screen.table.mark(matches.of(self._screen.query_text))

    # What All contacts has, if this list has none of it ----------------------------------------------------------

    @property
    def elsewhere(self) -> int:
        """How many contacts of all the search finds; 0 until they are counted."""
        return self._elsewhere.get(self._screen.query_text, 0)

    def look_elsewhere(self) -> None:
        """Count what the search finds in All contacts."""
        self._screen.begin(self._look_elsewhere, "elsewhere")

    async def _look_elsewhere(self) -> None:
        query = self._screen.query_text
        with suppress(CoterieError):
            self._elsewhere = {query: await self._screen.book.lists.count(Listing(query=query))}
            self._screen.refresh_bars()
