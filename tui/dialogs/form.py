"""Form: a dialog into which much is typed; it is not thrown away by a slip of the finger."""

from __future__ import annotations

from abc import abstractmethod

from textual import work

from tui.dialogs.confirm import Confirm
from tui.dialogs.dialog import Dialog
from tui.widgets.modal import Answer


class Form(Dialog[Answer]):
    """A dialog that asks before it closes without what was `changed`."""

    @property
    @abstractmethod
    def changed(self) -> bool:
        """Whether closing would lose something."""

    def action_cancel(self) -> None:
        """Close; where something was typed, ask first."""
        if self.changed:
            self._ask_to_discard()
        else:
            self.answer(None)

    @work(group="finish", exclusive=True)
    async def _ask_to_discard(self) -> None:
        question = Confirm("Discard what you typed?", yes="Discard", no="Keep editing", danger=True)
        if await self.app.push_screen_wait(question):
            self.answer(None)
