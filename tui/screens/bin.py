"""The Bin: what was deleted, for how long it stays, and the ways back and out."""

from __future__ import annotations

from core.checks import Checks
from core.listing import Listing, View
from tui import plans
from tui.commands import Place, bindings_in
from tui.plans import number_of
from tui.screens import empty
from tui.screens.contacts_screen import ContactsScreen


class Bin(ContactsScreen):
    """Deleted contacts with the days that are left and what deleted them."""

    BINDINGS = bindings_in(Place.BIN)
    view = View.BIN
    place = Place.BIN
    title_words = "Bin"

    def empty_lines(self) -> empty.Lines:
        """What the Bin is for."""
        return empty.empty_bin(self.state.options.bin_days)

    async def action_restore(self) -> None:
        """Bring back what is checked, or the contact under the cursor."""
        await self._restore(self.selected, self.selected_name)

    async def action_restore_all(self) -> None:
        """Bring everything back."""
        await self._restore(await self.book.ids(Listing(View.BIN)))

    async def _restore(self, selection: Checks, name: str = "") -> None:
        if not selection:
            self.say("The Bin is empty.")
        elif await self.carry_out(plans.restore(selection, name)):
            self.checks -= selection

    async def action_delete_forever(self) -> None:
        """Ask, then delete for ever what is checked, or the contact under the cursor."""
        selection, name = self.selected, self.selected_name
        await self._forget(selection, f"Delete {plans.words_for(selection, name)} for ever?", name)

    async def action_empty_bin(self) -> None:
        """Ask, then delete everything in the Bin for ever."""
        selection = await self.book.ids(Listing(View.BIN))
        if selection:
            await self._forget(selection, f"Empty the Bin? {number_of(len(selection))} would be deleted for ever.")
        else:
            self.say("The Bin is empty.")

    async def _forget(self, selection: Checks, question: str, name: str = "") -> None:
        from tui.dialogs.confirm import Confirm

        text = "This cannot be undone."
        if not await self.app.push_screen_wait(Confirm(question, text, yes="Delete for ever", danger=True)):
            return
        if await self.carry_out(plans.forget(selection, name)):
            self.checks -= selection
