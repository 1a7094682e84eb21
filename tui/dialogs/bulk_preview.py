"""BulkPreview: what a bulk change would do, to be agreed to."""

from __future__ import annotations

from collections.abc import Iterable

from textual.widget import Widget

from coterie.core.bulk import Survey
from coterie.tui.dialogs.dialog import DIALOG_CSS
from coterie.tui.dialogs.previewing import PreviewDialog
from coterie.tui.files import Files


class BulkPreview(PreviewDialog[Survey]):
    """Shows a survey; answers it if it is to be carried out, with what is left out in it.

    Args:
        title: what is done: “Edit 3 contacts”.
        survey: what would be done.
        files: where the lines can be saved.
        yes: what the main button does.
    """

    CSS_PATH = [DIALOG_CSS, "bulk_preview.tcss"]  # noqa: RUF012
    AUTO_FOCUS = "#rows"

    def __init__(self, title: str, survey: Survey, files: Files, *, yes: str = "Apply") -> None:
        super().__init__(files, survey, yes=yes)
        self.heading = title

    def compose_body(self) -> Iterable[Widget]:
        """The preview, as high as it needs to be."""
        survey = self.preview.survey
        assert survey is not None
        lines = survey.count() if survey.is_done else survey.total
        self.preview.changes.styles.height = max(1, min(lines, self.most_lines))
        yield self.preview

    def on_mount(self) -> None:
        """Begin with a button that has its final width."""
        assert self.preview.survey is not None
        self.fix_button(self.preview.survey.total)
        self._label_button()

    def action_confirm(self) -> None:
        """Yes, if there is something to do."""
        survey = self.preview.survey
        self.answer(survey if survey is not None and (survey.applied or not survey.is_done) else None)
