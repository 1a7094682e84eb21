"""Back from the Bin and out of it forever: the same for the Bin's list and for the details of a contact in it."""

from __future__ import annotations

from coterie.tui import plans
from coterie.tui.screens.base import CommandScreen
from coterie.tui.target import Target


class BinVerbs(CommandScreen):
    """Restoring, and deleting forever."""

    async def restore(self, target: Target) -> bool:
        """Bring the target back; whether that was done."""
        return await self.carry_out(plans.restore(target.selection, target.name)) is not None

    async def delete_for_ever(self, target: Target, question: str, text: str = "") -> bool:
        """Ask, and delete the target forever; whether that was done."""
        from coterie.tui.dialogs.confirm import Confirm

        text = f"{text} This cannot be undone.".strip()
        if not await self.app.push_screen_wait(Confirm(question, text, yes="Delete forever", danger=True)):
            return False
        return await self.carry_out(plans.forget(target.selection, target.name)) is not None
