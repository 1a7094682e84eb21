"""The inspector beside a list: it follows the cursor once the keys rest."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable
from contextlib import suppress
from typing import Final

from textual import events, work
from textual.widget import Widget

from coterie.core.errors import CoterieError
from coterie.tui.commands import Command, Place
from coterie.tui.memory import INSPECTOR
from coterie.tui.screens.exchanging import ExchangingCommands
from coterie.tui.screens.measures import WIDE, inspector_width
from coterie.tui.screens.moving import Movable
from coterie.tui.screens.on_a_value import ValueCommands
from coterie.tui.screens.searching import CALM
from coterie.tui.widgets.inspector import Inspector
from coterie.tui.widgets.search_bar import SearchBar

REST: Final = 0.15
"""Seconds without a key until the inspector shows the contact under the cursor: while a key is held it waits."""
STEP: Final = 4
"""Columns by which the inspector becomes wider or narrower."""


class InspectingCommands(ExchangingCommands, ValueCommands):
    """What is known of the contact under the cursor, on the right of the list."""

    _resting: asyncio.TimerHandle | None = None
    _inspected: tuple[int | None, int] = (None, -1)

    def compose_beside(self) -> Iterable[Widget]:
        """The inspector."""
        yield Inspector(self.state.glyphs, beside=True)

    @property
    def inspector(self) -> Inspector:
        """The inspector."""
        return self.query_one(Inspector)

    # The focus -------------------------------------------------------------------------------------------------

    @property
    def in_inspector(self) -> bool:
        """Whether the inspector has the focus."""
        return isinstance(self.focused, Inspector)

    @property
    def where(self) -> Place:
        """The inspector while it has the focus."""
        return Place.INSPECTOR if self.in_inspector else super().where

    @property
    def mover(self) -> Movable:
        """The inspector while it has the focus."""
        return self.inspector if self.in_inspector else super().mover

    def not_here(self, command: Command) -> str:
        """The command is for the list while the inspector has the focus."""
        if not self.in_inspector:
            return super().not_here(command)
        return f"“{command.label}” acts on the list; {self.key('back')} leads back there."

    def action_sidebar(self) -> None:
        """From the list to the inspector, to the sidebar, and back to the list."""
        self._to_part(1)

    def action_part_before(self) -> None:
        """The same, the other way round."""
        self._to_part(-1)

    def _to_part(self, by: int) -> None:
        """Give another part of the screen the focus; from the search field, the sidebar."""
        shows_somebody = self.inspector.display and self.inspector.contact is not None
        wanted = ((self.body, True), (self.inspector, shows_somebody), (self.sidebar, self.sidebar.display))
        parts = [part for part, is_seen in wanted if is_seen]
        at = parts.index(self.focused) + by if self.focused in parts else -1
        self.set_focus(parts[at % len(parts)])

    def action_back(self) -> Awaitable[object] | None:
        """Out of the inspector, else as from any list."""
        if not self.in_inspector:
            return super().action_back()
        self.to_list()
        return None

    # The room --------------------------------------------------------------------------------------------------

    def on_resize(self, event: events.Resize) -> None:
        """Give the inspector its room; none on a narrow terminal."""
        self._make_room(event.size.width)

    def _make_room(self, columns: int) -> None:
        width = inspector_width(columns, self.state.memory.recall(INSPECTOR))
        inspector = self.inspector
        if inspector.has_focus and not width:
            self.to_list()
        inspector.display = width > 0
        inspector.styles.width = width
        self.row_shown()

    def row_shown(self) -> None:
        """Wait until no other row is shown for a while; then look at it."""
        if self._resting is not None:
            self._resting.cancel()
            self._resting = None
        if self._wanted != self._inspected and self.inspector.display:
            rest = CALM if self.query_one(SearchBar).editing else REST
            self._resting = asyncio.get_running_loop().call_later(rest, self._rested)

    def _rested(self) -> None:
        if self.is_active:
            self._inspect()

    @property
    def _wanted(self) -> tuple[int | None, int]:
        """The contact under the cursor, and the state of the book."""
        return self.row.id if self.row else None, self.book.revision

    @work(group="inspector", exclusive=True, exit_on_error=False)
    async def _inspect(self) -> None:
        """Show the contact under the cursor, then what else the book knows of it."""
        from coterie.tui.about import about

        wanted = contact_id, _ = self._wanted
        inspector = self.inspector
        inspector.chosen = self.table.chosen
        with suppress(CoterieError):  # gone meanwhile: the list will say so
            contact = None if contact_id is None else await self.book.contact(contact_id)
            inspector.show(contact, (), self.book.bin.days_left(contact) if contact else None)
            self._inspected = wanted
            if contact is not None:
                inspector.add(await about(self.book, contact))

    # Commands --------------------------------------------------------------------------------------------------

    def action_inspector(self) -> None:
        """Show or hide the inspector, here and the next time."""
        if self.app.size.width < WIDE:
            self.say(f"The inspector needs {WIDE} columns; {self.key('open')} shows the contact.")
        else:
            self._keep(hidden=self.inspector.display)

    def action_inspector_wider(self) -> None:
        """Give the inspector more of the room."""
        self._widen(STEP)

    def action_inspector_narrower(self) -> None:
        """Give the list more of the room."""
        self._widen(-STEP)

    def _widen(self, by: int) -> None:
        if self.inspector.display:
            self._keep(width=self.inspector.outer_size.width + by)
        else:
            self.action_inspector()

    def _keep(self, **wanted: int) -> None:
        before = self.state.memory.recall(INSPECTOR)
        self.state.memory.remember(INSPECTOR, (before if isinstance(before, dict) else {}) | wanted)
        self._make_room(self.app.size.width)
