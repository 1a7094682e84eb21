"""Transforming what is checked: one line, a preview, one undo."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Final

from coterie.core.bulk import again
from coterie.core.errors import Cancelled
from coterie.tui.palette import BookCommands, VerbCommands
from coterie.tui.screens.contacts import ContactList
from coterie.tui.screens.grouping import GroupingCommands
from coterie.tui.screens.progress import with_progress
from coterie.tui.target import Target
from coterie.tui.widgets.modal import Origin

_REMEMBERED: Final = "transforms"
_MOST: Final = 50
"""How many transforms are remembered."""


class TransformCommands(ContactList, GroupingCommands):
    """The language of `core.transform` on the screen."""

    COMMANDS = {BookCommands, VerbCommands}  # noqa: RUF012 - Textual's way

    def action_transform(self) -> Awaitable[None]:
        """Ask for a transform of what is checked, else of the row under the cursor, and carry it out."""
        return self._transform("")

    def transform_with(self, line: str) -> None:
        """The same, with a line to begin with."""
        self.later(self._transform(line), "transform")

    async def _transform(self, line: str) -> None:
        if target := await self.target("transform"):
            await self.transform(target, self.table.column, line)

    async def transform(self, target: Target, column: str, line: str = "") -> None:
        """Ask for a transform of the target and carry it out; a line that is given up is offered again by ↑.

        Args:
            column: the field that a bare verb means.
            line: what stands in the field at first.
        """
        from coterie.core.bulk.recipes import Recipes
        from coterie.tui.dialogs.transform import TransformDialog, Transforming

        folder = self.state.options.recipes_folder
        about = Transforming(
            self.book,
            target.selection,
            target.words,
            column,
            self._earlier,
            Recipes(folder) if folder else None,
            line,
        )
        dialog = TransformDialog(self.state.files, about)
        content = {"checks": f"{target.selection.bits:x}", "column": column}
        dialog.origin = Origin("transform", f"transforming {target.words}", content)
        answer = await self.app.push_screen_wait(dialog)
        if answer is None:
            if dialog.line and dialog.line != line:
                self._remember(dialog.line)
                self.say("What you typed is kept: ↑ in the transform line brings it back.")
            return
        try:
            await with_progress(self.app, "Looking at the contacts", answer.survey.finish)
        except Cancelled as stopped:
            self.say(str(stopped))
            return
        if await self.carry_out(answer.survey.plan()):
            self.state.last_steps = again(answer.survey.steps)
            self._remember(answer.line)

    @property
    def _earlier(self) -> list[str]:
        kept = self.state.memory.recall(_REMEMBERED)
        return [line for line in kept if isinstance(line, str)] if isinstance(kept, list) else []

    def _remember(self, line: str) -> None:
        lines = [line, *(one for one in self._earlier if one != line)]
        self.state.memory.remember(_REMEMBERED, lines[:_MOST])
