"""Selection: what is checked in a list of contacts, and what a command acts on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coterie.core.checks import Checks
from coterie.core.listing import View
from coterie.tui.commands import COMMANDS, commands_in
from coterie.tui.target import Target
from coterie.tui.widgets.command_bar import Entry
from coterie.tui.widgets.selection_bar import SelectionBar

if TYPE_CHECKING:
    from coterie.tui.screens.contacts import ContactList


class Selection:
    """The checks among the contacts of one kind, and the bar that shows them.

    Args:
        screen: the list.
    """

    def __init__(self, screen: ContactList) -> None:
        self._screen = screen
        self._hidden = 0
        self._bar_entries: list[Entry] = []

    @property
    def checks(self) -> Checks:
        """What is checked among the contacts of this kind of list."""
        state = self._screen.state
        return state.bin_checks if self._screen.view is View.BIN else state.checks

    @checks.setter
    def checks(self, checks: Checks) -> None:
        screen = self._screen
        if screen.view is View.BIN:
            screen.state.bin_checks = checks
        else:
            screen.state.checks = checks
        if screen.table.checks != checks:
            screen.table.checks = checks
        self.show()

    def uncheck(self) -> bool:
        """Uncheck all; a range that is being marked ends first. Whether there was something to uncheck."""
        if self._screen.table.in_range:
            self._screen.table.cancel_range()
            return True
        if not self.checks:
            return False
        self.checks = Checks()
        return True

    # What commands act on --------------------------------------------------------------------------------------

    @property
    def _row(self) -> Target | None:
        row = self._screen.row
        return Target(Checks.of([row.id]), row.name) if row else None

    async def looked_at(self) -> Target:
        """What a command acts on that changes nothing: what is checked, shown here or not, else the row."""
        row, checks = self._row, self.checks
        if not checks:
            return row or Target(checks)
        hidden = await self._screen.book.lists.hidden(checks, self._screen.listing)
        return Target(checks, row.name if row and row.selection == checks else "", hidden)

    async def target(self, command_id: str) -> Target | None:
        """What a command changes: what is checked, else the row. What is not shown here is never changed unasked."""
        wanted = await self.looked_at()
        if not wanted.hidden:
            return wanted if wanted.selection else None
        from coterie.tui.dialogs.not_shown import NotShown

        shown = Target(wanted.selection & await self._screen.book.lists.ids(self._screen.listing))
        return await self._screen.ask(NotShown(COMMANDS[command_id].label, wanted, shown, self._row))

    # The selection bar -----------------------------------------------------------------------------------------

    def show(self) -> None:
        """Show what is checked, and how much of it this list does not show; until that is known, the last figure."""
        screen = self._screen
        whole = screen.listing.view in {View.ALL, View.BIN} and not screen.listing.query
        if whole or not self.checks:
            self._hidden = 0
        else:
            screen.begin(self._count_hidden, "hidden")
        self._show()
        screen.refresh_footer()

    async def _count_hidden(self) -> None:
        checks, listing = self.checks, self._screen.listing
        hidden = await self._screen.book.lists.hidden(checks, listing)
        if hidden != self._hidden and checks is self.checks and listing == self._screen.listing:
            self._hidden = hidden
            self._show()

    def _show(self) -> None:
        screen = self._screen
        if self.checks and not self._bar_entries:
            commands = [command for command in commands_in(screen.place) if command.bar]
            self._bar_entries = [screen.entry(command.id, command.bar) for command in commands]
            self._bar_entries.append(screen.entry("more", rank=0))  # what finds no room in the bar is there
        hidden = self._hidden if self.checks else 0
        screen.query_one(SelectionBar).tell(len(self.checks), hidden, self._bar_entries)
