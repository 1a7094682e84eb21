"""PreviewDialog: a dialog that shows what it would do before it does it."""

from __future__ import annotations

from typing import ClassVar, Final

from textual import on, work
from textual.content import Content

from coterie.core.bulk import Survey
from coterie.core.bulk.saving import write_lines
from coterie.core.changes import Progress
from coterie.core.errors import CoterieError
from coterie.tui.dialogs.confirm import Confirm
from coterie.tui.dialogs.dialog import Dialog, DialogButton
from coterie.tui.dialogs.prompt import Prompt
from coterie.tui.files import Files
from coterie.tui.widgets.modal import Answer
from coterie.tui.widgets.preview import Preview

_PROPOSED: Final = "~/changes.csv"


class PreviewDialog(Dialog[Answer]):
    """Composes `self.preview` somewhere, and answers what comes of it.

    Args:
        files: where the lines can be saved.
        survey: what is shown at first.
        yes: what the main button does; it is followed by how many contacts change.
    """

    gives_way = "#rows"
    most_lines: ClassVar[int] = 24

    def __init__(self, files: Files, survey: Survey | None = None, *, yes: str = "Apply") -> None:
        super().__init__()
        self._files = files
        self._yes = yes
        self.preview = Preview(survey, id="preview")
        self.confirm_label = yes

    def fix_button(self, total: int) -> None:
        """Make the main button as wide as its longest words, so that nothing moves while it counts."""
        if self.main is not None:
            self._relabel(f"{self._yes} to {total:,}+")
            self.main.styles.width = Content(str(self.main.label)).cell_length + self.main.styles.line_pad * 2
            self._relabel(self._yes)

    def _fit(self) -> None:
        """The lines give way to what stands beside the preview, too."""
        super()._fit()
        if not self.is_open:
            return
        body = self.query_one("#dialog-body")
        others = [child for child in body.children if child is not self.preview and child.display]
        taken = sum(child.outer_size.height + child.styles.margin.height for child in others)
        rows = self.preview.changes.styles
        if rows.max_height is not None:
            rows.max_height = max(2, int(rows.max_height.value) - taken - self.preview.styles.margin.height)

    @on(Preview.Grew)
    def _label_button(self) -> None:
        survey = self.preview.survey
        if survey is not None and self.is_open and self.main is not None:
            more = "" if survey.is_done else "+"
            words = f"{self._yes} to {survey.applied:,}{more}" if survey.applied or more else self._yes
            self._relabel(words)
            self.call_after_refresh(self._fit)

    def _relabel(self, words: str) -> None:
        main: DialogButton | None = self.main
        if main is not None and main.words != words:
            main.relabel(words)

    @on(Preview.ExportWanted)
    def _export_wanted(self, event: Preview.ExportWanted) -> None:
        self._save(event.survey)

    @work(group="save", exclusive=True, exit_on_error=False)
    async def _save(self, survey: Survey) -> None:
        title = "Save these changes as CSV"
        text = await self.app.push_screen_wait(Prompt(title, "Path", _PROPOSED, yes="Save", check=self._files.path))
        if not text:
            return
        path = self._files.path(text)
        if path.exists():
            question = Confirm(f"{self._files.shown(path)} is there already.", "It is replaced.", yes="Replace it")
            if not await self.app.push_screen_wait(question):
                return
        from coterie.tui.screens.progress import with_progress

        async def write(progress: Progress) -> int:
            return await write_lines(survey, file, progress)

        try:
            with self._files.writing(path) as file:
                lines = await with_progress(self.app, title, write)
        except CoterieError as problem:
            self.say(problem)
        else:
            self.say(f"Saved {lines:,} lines in {self._files.shown(path)}.", error=False)
