"""What the keys do that carry contacts out of the book or into it: copying, writing to, import, export, duplicates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from coterie.core.checks import Checks
from coterie.core.listing import View
from coterie.core.text import fold, number_of
from coterie.tui.screens.changing import ChangingCommands
from coterie.tui.screens.writing import WritingCommands
from coterie.tui.target import Target

if TYPE_CHECKING:
    from coterie.tui.dialogs.export_contacts import Exportable


_MERGED: Final = 2
"""So many contacts must be checked for merging them."""


class ExchangingCommands(ChangingCommands, WritingCommands):
    """Copying addresses, writing to people, importing, exporting, finding duplicates."""

    async def action_copy(self) -> None:
        """Copy the addresses of what is checked, or of the group under the sidebar's cursor."""
        if group := self.group_under_cursor:
            await self.copy_members(group)
        else:
            target = await self.looked_at()
            await self.copy_addresses(target.selection, target.hidden)

    async def action_write_to(self) -> None:
        """Show the addresses of the same ready for To or Bcc."""
        if group := self.group_under_cursor:
            await self.write_to_members(group)
        else:
            target = await self.looked_at()
            await self.write_to(target.selection, target.words)

    async def action_duplicates(self) -> None:
        """Merge what is checked, where that are two or more; else look for duplicates."""
        if self.in_sidebar or len(self.checks) < _MERGED:
            await super().action_duplicates()
        elif target := await self.target("duplicates"):
            await self._merge_checked(target)

    async def _merge_checked(self, target: Target) -> None:
        from coterie.tui.dialogs.merge_checked import MergeChecked

        contacts = [contact async for contact in self.book.contacts(target.selection)]
        if len(contacts) < _MERGED:
            self.say("Check two or more contacts to merge them.")
            return
        plan = await self.app.push_screen_wait(MergeChecked(contacts, self.book.called))
        if plan and await self.carry_out(plan):
            self.checks -= target.selection

    async def exportables(self) -> list[Exportable]:
        """What is checked, then this list, then the contact under the cursor, then everything."""
        from coterie.tui.dialogs.export_contacts import Exportable

        if self.group_under_cursor:
            return await super().exportables()
        choices = []
        if checks := self.checks:
            hidden = await self.book.lists.hidden(checks, self.listing)
            not_shown = f" ({hidden:,} not shown here)" if hidden else ""
            choices.append(Exportable(f"{number_of(len(checks))} that {_are(len(checks))} checked{not_shown}", checks))
        listing, total = self.listing, self.table.total
        word = fold(self.heading).replace(" ", "-") or "contacts"
        if listing.query:
            choices.append(Exportable("what the search finds", listing, total, "found"))
        elif listing.view is not View.ALL:
            choices.append(Exportable(f"this list ({self.heading})", listing, total, word))
        choices += await super().exportables()
        if not checks and (row := self.row):
            only = Checks.of([row.id])
            choices.append(Exportable(f"only {row.name}", only, 1, fold(row.name).replace(" ", "-")))
        return choices


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
