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
        from coterie.core.bulk.recipes import Recipes
        from coterie.tui.dialogs.transform import TransformDialog, Transforming

        target = await self.target("transform")
        if target is None:
            return
        folder = self.state.options.recipes_folder
        about = Transforming(
            self.book,
            target.selection,
            target.words,
            self.table.column,
            self._earlier,
            Recipes(folder) if folder else None,
            line,
        )
        answer = await self.app.push_screen_wait(TransformDialog(self.state.files, about))
        if answer is None:
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
