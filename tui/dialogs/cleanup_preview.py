"""CleanupPreview: what a kind of clean-up proposes, line by line; what is dismissed is not proposed again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Final

from textual import on, work
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Static

from coterie.core.book import Book
from coterie.core.bulk import Kind as Lines
from coterie.core.bulk import Survey
from coterie.core.cleanup import Kind, Leads
from coterie.core.errors import CoterieError
from coterie.core.fields.differences import Difference
from coterie.tui.dialogs.bulk_preview import BulkPreview
from coterie.tui.dialogs.dialog import DIALOG_CSS
from coterie.tui.files import Files
from coterie.tui.widgets.changes_list import ChangesList
from coterie.tui.widgets.dialog_keys import Key
from coterie.tui.widgets.preview import Preview

_YES: Final = {Leads.CHECK: "Check them in the list"}

_ORDER: Final = {"press": 0, "never": 1}
"""The keys that stand first in the bottom line."""


class CleanupPreview(BulkPreview):
    """Shows the proposals of a kind; answers the survey if they are to be carried out.

    Args:
        book: keeps what is dismissed.
        kind: what is proposed.
        survey: the proposals, looked at.
        files: where the lines can be saved.
    """

    CSS_PATH = [DIALOG_CSS, "bulk_preview.tcss", "cleanup.tcss"]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "never", "dismiss", tooltip="Never propose this for this contact again, or do after all."),
    ]

    def __init__(self, book: Book, kind: Kind, survey: Survey, files: Files) -> None:
        super().__init__(kind.title, survey, files, yes=_YES.get(kind.leads, "Apply"))
        self._book = book
        self._kind = kind
        self._dismissed: set[int] = set()

    def compose_body(self) -> Iterable[Widget]:
        """What is proposed, and the preview."""
        yield Static(self._kind.about, classes="note gap", markup=False)
        yield from super().compose_body()

    def on_mount(self) -> None:
        """If nothing changes, show what is pointed out."""
        survey = self.preview.survey
        if survey is not None and not survey.changed and survey.refused:
            self.set_class(self._kind.leads is Leads.CHECK, "-remarks")
            self.preview.changes.styles.height = min(survey.refused, self.most_lines)
            self.call_after_refresh(self.preview.action_turn)

    def keys_here(self) -> list[Key]:
        """Those that do something: what is refused is shown only if there is some."""
        survey = self.preview.survey
        idle = {"turn"} if survey is None or not survey.refused or not survey.changed else set()
        keys = [key for key in super().keys_here() if key.action not in idle]
        return sorted(keys, key=lambda key: _ORDER.get(key.action, len(_ORDER)))

    def action_never(self) -> None:
        """Dismiss what the cursor is on, or take it in again."""
        line = self.preview.changes.line
        if line is not None:
            self._dismiss(line)

    @work(group="merge", exit_on_error=False)
    async def _dismiss(self, line: Difference) -> None:
        out = line.contact_id not in self._dismissed
        try:
            if out:
                await self._book.cleanup.dismiss(self._kind, [line.contact_id])
            else:
                await self._book.cleanup.restore(self._kind, [line.contact_id])
        except CoterieError as problem:
            self.say(problem)
            return
        self._dismissed ^= {line.contact_id}
        changes = self.preview.changes
        if self.preview.survey is not None and changes.kind is Lines.CHANGES:
            self.preview.survey.leave_out([line.contact_id], out=out)
        words = "is not proposed again; n undoes it" if out else "is proposed again"
        changes.action_move(1)
        changes.post_message(ChangesList.LeftOut(changes))
        self.say(f"{line.contact} {words}.", error=False)

    @on(Preview.Grew)
    def _taken_in_again(self) -> None:
        survey = self.preview.survey
        if survey is None or self.preview.changes.kind is not Lines.CHANGES:
            return
        again = {contact_id for contact_id in self._dismissed if contact_id not in survey.left_out}
        if again:
            self._dismissed -= again
            self._restore(again)

    @work(group="merge", exit_on_error=False)
    async def _restore(self, contact_ids: set[int]) -> None:
        try:
            await self._book.cleanup.restore(self._kind, contact_ids)
        except CoterieError as problem:
            self.say(problem)

    def action_confirm(self) -> None:
        """Yes, if there is something to do."""
        if self._kind.leads is Leads.CHECK:
            self.answer(self.preview.survey)
        else:
            super().action_confirm()
