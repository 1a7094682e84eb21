"""Inspecting: the inspector beside a list follows the cursor once the keys rest."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from coterie.core.errors import CoterieError
from coterie.tui.memory import INSPECTOR
from coterie.tui.screens.measures import WIDE, inspector_width
from coterie.tui.screens.searching import CALM
from coterie.tui.widgets.inspector import Inspector

if TYPE_CHECKING:
    from coterie.tui.screens.contacts import ContactList

REST: Final = 0.15
"""Seconds without a key until the inspector shows the contact under the cursor: while a key is held it waits."""


class Inspecting:
    """What is known of the contact under the cursor, on the right of a list.

    Args:
        screen: the list.

    Attributes:
        pane: the inspector.
    """

    def __init__(self, screen: ContactList) -> None:
        self._screen = screen
        self.pane = Inspector(screen.state.glyphs, screen.state.called, beside=True)
        self._resting: asyncio.TimerHandle | None = None
        self._shown: tuple[int | None, int] = (None, -1)

    @property
    def has_focus(self) -> bool:
        """Whether the inspector has the focus."""
        return self._screen.focused is self.pane

    @property
    def can_take_focus(self) -> bool:
        """Whether the focus can go there: also while the contact under the cursor is still on its way."""
        return self.pane.display and self._screen.row is not None

    @property
    def fetching(self) -> bool:
        """Whether the inspector has the focus and does not show the contact under the cursor yet: keys wait for it."""
        return self.has_focus and not self.is_up_to_date

    @property
    def is_up_to_date(self) -> bool:
        """Whether it shows the contact under the cursor as the book knows it now."""
        return self._wanted == self._shown

    # The room --------------------------------------------------------------------------------------------------

    def make_room(self, columns: int) -> None:
        """Give the inspector its room on a terminal of so many columns; none on a narrow one."""
        width = inspector_width(columns, self._screen.state.memory.recall(INSPECTOR))
        if self.pane.has_focus and not width:
            self._screen.to_list()
        self.pane.display = width > 0
        self.pane.styles.width = width
        self.follow()

    def toggle(self) -> None:
        """Show or hide the inspector, here and the next time."""
        screen = self._screen
        if screen.app.size.width < WIDE:
            screen.say(f"The inspector needs {WIDE} columns; {screen.key('open')} shows the contact.")
        else:
            self._keep(hidden=self.pane.display)

    def widen(self, by: int) -> None:
        """Give the inspector so many columns more; show it if it is hidden."""
        if self.pane.display:
            self._keep(width=self.pane.outer_size.width + by)
        else:
            self.toggle()

    def _keep(self, **wanted: int) -> None:
        memory = self._screen.state.memory
        before = memory.recall(INSPECTOR)
        memory.remember(INSPECTOR, (before if isinstance(before, dict) else {}) | wanted)
        self.make_room(self._screen.app.size.width)

    # What it shows ---------------------------------------------------------------------------------------------

    def follow(self) -> None:
        """Wait until no other row is shown for a while; then look at it."""
        if self._resting is not None:
            self._resting.cancel()
            self._resting = None
        if self._wanted != self._shown and self.pane.display:
            rest = 0 if self.has_focus else CALM if self._screen.search_bar.editing else REST
            self._resting = asyncio.get_running_loop().call_later(rest, self._rested)

    def _rested(self) -> None:
        if self._screen.is_active:
            self._screen.begin(self._inspect, "inspector")

    @property
    def _wanted(self) -> tuple[int | None, int]:
        """The contact under the cursor, and the state of the book."""
        row = self._screen.row
        return row.id if row else None, self._screen.book.revision

    async def _inspect(self) -> None:
        """Show the contact under the cursor, then what else the book knows of it."""
        from coterie.tui.about import about

        book = self._screen.book
        wanted = contact_id, _ = self._wanted
        self.pane.chosen = self._screen.table.chosen
        with suppress(CoterieError):  # gone meanwhile: the list will say so
            contact = None if contact_id is None else await book.contact(contact_id)
            if contact and (contact.sources or contact.deleted_by):
                await self._screen.state.learn_accounts(book)
            self.pane.show(contact, (), book.bin.days_left(contact) if contact else None)
            if contact is not None:
                self.pane.add(await about(book, contact))
        self._shown = wanted
