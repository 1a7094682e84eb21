"""What the keys do that carry contacts out of the book or into it: copying, writing to, import, export, duplicates."""

from __future__ import annotations

from tui.screens.changing import ChangingCommands
from tui.screens.writing import WritingCommands


class ExchangingCommands(ChangingCommands, WritingCommands):
    """Copying addresses, writing to people, importing, exporting, finding duplicates."""

    async def action_copy(self) -> None:
        """Copy the addresses of the selection."""
        await self.copy_addresses(self.selected)

    async def action_write_to(self) -> None:
        """Show the addresses of the selection ready for To or Bcc."""
        await self.write_to(self.selected, self.selected_words)
