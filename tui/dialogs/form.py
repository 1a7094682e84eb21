"""Form: a dialog that stays open until its answer is saved, and asks before it closes without much that was typed."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Awaitable, Callable

from textual import work

from coterie.core.errors import CoterieError
from coterie.tui import notices
from coterie.tui.dialogs.confirm import Confirm
from coterie.tui.dialogs.dialog import Dialog
from coterie.tui.widgets.modal import Answer

Save = Callable[[Answer], Awaitable[bool]]
"""Saves what a form answers; whether it is done, so that the form can close. What it raises is said in the form."""


class Form(Dialog[Answer]):
    """A dialog that stays open, with what was typed, until its answer is saved.

    Attributes:
        save: saves the answer; None if that is left to whoever opened the dialog.
    """

    save: Save[Answer] | None = None
    _saving = False

    def action_confirm(self) -> None:
        """Check what was typed, and finish; not a second time while it is being saved."""
        if not self._saving:
            self.check()

    @abstractmethod
    def check(self) -> None:
        """Call `finish` if all is right, else show what is wrong."""

    @work(group="finish", exclusive=True)
    async def finish(self, answer: Answer) -> None:
        """Ask what is doubtful, save the answer, and close."""
        try:
            if await self.is_meant(answer) and await self._saved(answer):
                self.answer(answer)
        except Exception as error:  # noqa: BLE001 - whatever it is, what was typed stays
            notice = notices.notice_of(error)
            self.say(CoterieError(notice.title, notice.hint))

    async def is_meant(self, answer: Answer) -> bool:
        """Whether the user stands by the answer; subclasses ask about what is doubtful."""
        return True

    async def _saved(self, answer: Answer) -> bool:
        if self.save is None:
            return True
        self._saving = True
        try:
            return await self.save(answer)
        finally:
            self._saving = False

    @property
    def changed(self) -> bool:
        """Whether closing would lose something that is worth a question."""
        return False

    def action_cancel(self) -> None:
        """Close; if something was typed, ask first. While the answer is being saved, wait for what comes of it."""
        if self._saving:
            return
        if self.changed:
            self._ask_to_discard()
        else:
            self.answer(None)

    @work(group="finish", exclusive=True)
    async def _ask_to_discard(self) -> None:
        question = Confirm("Discard what you typed?", yes="Discard", no="Keep editing", danger=True)
        if await self.app.push_screen_wait(question):
            self.answer(None)
