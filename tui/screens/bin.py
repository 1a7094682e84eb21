"""The Bin: what was deleted, for how long it stays, and the ways back and out."""

from __future__ import annotations

from coterie.core.listing import Listing, View
from coterie.core.text import number_of
from coterie.tui.commands import Place, bindings_in
from coterie.tui.screens import empty
from coterie.tui.screens.bin_verbs import BinVerbs
from coterie.tui.screens.contacts_screen import ContactsScreen
from coterie.tui.target import Target


class Bin(ContactsScreen, BinVerbs):
    """Deleted contacts with the days that are left and what deleted them."""

    BINDINGS = bindings_in(Place.BIN, Place.SIDEBAR)
    view = View.BIN
    place = Place.BIN
    title_words = "Bin"

    def empty_lines(self) -> empty.Lines:
        """What the Bin is for."""
        return empty.empty_bin(self.book.bin.days)

    async def action_restore(self) -> None:
        """Bring back what is checked, or the contact under the cursor."""
        target = await self.target("restore")
        if target and await self.restore(target):
            self.checks -= target.selection

    async def action_restore_all(self) -> None:
        """Bring back all that somebody has deleted; if a search hides some of it, ask how much is meant.

        What an undo has moved to the Bin stays there: it was meant to go.
        """
        from coterie.tui.dialogs.not_shown import NotShown

        undone = await self.book.bin.undone()
        everything = await self.book.lists.ids(Listing(View.BIN)) - undone
        shown = await self.book.lists.ids(self.listing) - undone
        if not everything:
            self.say(f"All of these are here because they were undone. {self.key('restore')} restores what is checked.")
            return
        target: Target | None = Target(everything, hidden=len(everything - shown))
        if target and target.hidden:
            question = NotShown("Restore", target, Target(shown), thing="deleted contact")
            target = await self.app.push_screen_wait(question)
        if target and await self.restore(target):
            self.checks -= target.selection

    async def action_delete_forever(self) -> None:
        """Ask, then delete forever what is checked, or the contact under the cursor."""
        target = await self.target("delete_forever")
        if target and await self.delete_for_ever(target, f"Delete {target.words} forever?"):
            self.checks -= target.selection

    async def action_empty_bin(self) -> None:
        """Ask, then delete everything in the Bin forever."""
        everything = await self.book.lists.ids(Listing(View.BIN))
        hidden = len(everything - await self.book.lists.ids(self.listing))
        question = f"Empty the Bin? {number_of(len(everything))} would be deleted forever."
        not_shown = f"{hidden:,} of them {'is' if hidden == 1 else 'are'} not shown here." if hidden else ""
        if await self.delete_for_ever(Target(everything), question, not_shown):
            self.checks -= everything
