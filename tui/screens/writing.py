"""Copying addresses and writing to people: the same for contacts and for a whole group."""

from __future__ import annotations

from core.change import Selection
from tui.screens.base import CommandScreen


class WritingCommands(CommandScreen):
    """Addresses, ready for a mail program on the user's own machine."""

    async def copy_addresses(self, selection: Selection) -> None:
        """Put the preferred address of each selected contact onto the clipboard of the user's own machine."""
        from tui.recipients import Recipients

        recipients = await Recipients.of(self.book, selection)
        if recipients.people:
            self.app.copy_to_clipboard(recipients.addresses)
        self.say(recipients.copied)

    async def write_to(self, selection: Selection, whom: str) -> None:
        """Show the addresses of `selection` in the ways that mail programs take them."""
        from tui.recipients import Recipients
        from tui.screens.write_to import WriteTo

        recipients = await Recipients.of(self.book, selection)
        if not recipients.people:
            self.say(recipients.copied)
            return
        said = await self.app.push_screen_wait(WriteTo(whom, recipients, clipboard=self.state.options.clipboard))
        if said:
            self.say(said)
