"""Copying addresses and writing to people: the same for contacts and for a whole group."""

from __future__ import annotations

from coterie.core.changes import Selection
from coterie.core.checks import Checks
from coterie.core.listing import Listing, View
from coterie.core.model import Group
from coterie.core.text import number_of
from coterie.tui.screens.posting import PostingCommands
from coterie.tui.screens.whole_book import BookCommands


class WritingCommands(PostingCommands):
    """Addresses, ready for a mail program on the user's own machine."""

    async def copy_addresses(self, selection: Selection, hidden: int = 0) -> None:
        """Put the preferred address of each selected contact onto the clipboard of the user's own machine.

        `hidden` is how many of the contacts the list does not show: that is said.
        """
        from coterie.tui.recipients import Recipients

        recipients = await Recipients.of(self.book, selection)
        if recipients.people:
            self.app.copy_to_clipboard(recipients.addresses)
        not_shown = f" {number_of(hidden)} of these {'is' if hidden == 1 else 'are'} not shown here." if hidden else ""
        self.say(recipients.copied + not_shown)

    async def copy_members(self, group: Group) -> None:
        """The same for all members of a group."""
        await self.copy_addresses(Listing(View.GROUP, group.id))

    async def write_to_members(self, group: Group) -> None:
        """Show the addresses of all members of a group."""
        await self.write_to(Listing(View.GROUP, group.id), group.name)

    async def write_to(self, selection: Selection, whom: str) -> None:
        """Show the addresses of `selection` in the ways that mail programs take them."""
        from coterie.tui.recipients import Recipients
        from coterie.tui.screens.write_to import Then, WriteTo

        recipients = await Recipients.of(self.book, selection)
        if not recipients.people:
            self.say(recipients.copied)
            return
        said = await self.app.push_screen_wait(
            WriteTo(
                whom,
                recipients,
                clipboard=self.state.options.clipboard,
                writes=self.state.posting is not None,
                lists=isinstance(self, BookCommands),
            )
        )
        if said is Then.WRITE:
            await self.write_mail(selection, whom)
        elif said is Then.INVITE:
            await self.invite(selection, whom)
        elif said is Then.LIST:
            await self._list_without(selection)
        elif said:
            self.say(said)

    async def _list_without(self, selection: Selection) -> None:
        """Check those who have no address, and show them."""
        assert isinstance(self, BookCommands)
        without = [one.id or 0 async for one in self.book.contacts(selection) if not one.email.strip()]
        self.state.checks = Checks.of(without)
        await self.show_found("missing:email")
        self.say(f"Checked {number_of(len(without))} without an address.")
