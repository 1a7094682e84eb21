"""What the keys do that carry contacts out of the book or into it: copying, writing to, import, export, duplicates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.listing import View
from core.text import fold
from tui.plans import number_of
from tui.screens.changing import ChangingCommands
from tui.screens.writing import WritingCommands

if TYPE_CHECKING:
    from tui.dialogs.export_contacts import Exportable


class ExchangingCommands(ChangingCommands, WritingCommands):
    """Copying addresses, writing to people, importing, exporting, finding duplicates."""

    async def action_copy(self) -> None:
        """Copy the addresses of the selection."""
        await self.copy_addresses(self.selected)

    async def action_write_to(self) -> None:
        """Show the addresses of the selection ready for To or Bcc."""
        await self.write_to(self.selected, self.selected_words)

    async def exportables(self) -> list[Exportable]:
        """What is checked, then this list, then the contact under the cursor, then everything."""
        from tui.dialogs.export_contacts import Exportable

        choices = []
        if checks := self.checks:
            choices.append(Exportable(f"{number_of(len(checks))} that {_are(len(checks))} checked", checks))
        listing, total = self.listing, self.table.total
        word = fold(self.heading).replace(" ", "-") or "contacts"
        if listing.query:
            choices.append(Exportable("what the search finds", listing, total, "found"))
        elif listing.view is not View.ALL:
            choices.append(Exportable(f"this list ({self.heading})", listing, total, word))
        choices += await super().exportables()
        if not checks and self.row:
            choices.append(Exportable(f"only {self.row.name}", self.selected, 1, fold(self.row.name).replace(" ", "-")))
        return choices


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
