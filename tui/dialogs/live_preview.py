"""LivePreview: a dialog that shows what its steps would do to many contacts while the user is still typing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Final

from coterie.core.bulk import BulkAction, Survey
from coterie.core.bulk.survey import Load
from coterie.core.model import Contact
from coterie.tui.dialogs.previewing import PreviewDialog
from coterie.tui.files import Files
from coterie.tui.widgets.modal import Answer

if TYPE_CHECKING:
    from coterie.core.book import Book
    from coterie.core.checks import Checks

PATIENCE: Final = 0.12
"""Seconds without a key before what is typed is tried."""
_NEAR: Final = 8
"""How many batches of contacts stay in memory, so that the first lines are there at once."""


class LivePreview(PreviewDialog[Answer]):
    """Makes surveys of steps as they are typed.

    Args:
        files: where the lines can be saved.
        book: where the contacts are.
        selection: the contacts.
    """

    def __init__(self, files: Files, book: Book, selection: Checks) -> None:
        super().__init__(files)
        self._book = book
        self._selection = selection
        self._ids: Sequence[int] | None = None
        self._load = near(book.load)

    def on_mount(self) -> None:
        """Begin with a button that has its final width."""
        self.fix_button(len(self._selection))

    async def survey(self, steps: Sequence[BulkAction]) -> Survey:
        """What the steps would do; none of the contacts is looked at yet."""
        from coterie.core.bulk.plan import prepared

        ready = await prepared(steps, self._selection, self._book.contacts)
        if self._ids is None:
            self._ids = await self._book.ordered(self._selection)
        return Survey(ready, self._ids, self._load, self._book.called)

    async def meant(self, steps: Sequence[BulkAction]) -> Survey | None:
        """The survey that the user agrees to, also if the preview is still behind; None if it would change nothing."""
        survey = self.preview.survey
        if survey is None or tuple(survey.steps) != tuple(steps):
            survey = await self.survey(steps)
        if survey.is_done and not survey.applied:
            self.say("Nothing would change.", error=False)
            return None
        return survey


def near(load: Load) -> Callable[[Sequence[int]], Awaitable[list[Contact]]]:
    """`load` that keeps the first contacts that it was asked for."""
    kept: dict[tuple[int, ...], list[Contact]] = {}

    async def loaded(ids: Sequence[int]) -> list[Contact]:
        key = tuple(ids)
        if key in kept:
            return kept[key]
        contacts = await load(ids)
        if len(kept) < _NEAR:
            kept[key] = contacts
        return contacts

    return loaded
