"""What the check keys do."""

from __future__ import annotations

from textual import on

from coterie.core.checks import Checks
from coterie.core.text import number_of
from coterie.tui.screens.faceting import FacetCommands
from coterie.tui.widgets.contact_table import ContactTable


class CheckingCommands(FacetCommands):
    """Checks: one, a range, all that match, none, inverted. They survive searches and changes of view."""

    @on(ContactTable.ChecksChanged)
    def _checks_changed(self, event: ContactTable.ChecksChanged) -> None:
        if event.checks is not self.checks:
            self.checks = event.checks

    def action_check(self) -> None:
        """Check or uncheck, and move down."""
        self.table.toggle()
        self.checks = self.table.checks
        self.show_place()

    async def action_check_range(self) -> None:
        """Start a range, or check all of it."""
        if self.table.in_range:
            await self.table.end_range()
        else:
            self.table.start_range()
            self.show_place()

    async def action_check_all(self) -> None:
        """Check all that match, however many they are."""
        found = await self.book.lists.ids(self.listing)
        self.checks |= found
        self.say(f"Checked {number_of(len(found))}.")

    def action_uncheck_all(self) -> None:
        """Uncheck everything, in every view."""
        self.checks = Checks()

    async def action_invert_checks(self) -> None:
        """Turn over all checks of this list; those that it does not show stay as they are."""
        self.checks ^= await self.book.lists.ids(self.listing)
