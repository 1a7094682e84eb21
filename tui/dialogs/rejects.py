"""RejectsView: what an import could not take - the row, the reason, the text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from coterie.core.text import printable, printable_lines
from coterie.core.transfer.reject import Reject
from coterie.tui.dialogs.dialog import DIALOG_CSS, Dialog, DialogButton
from coterie.tui.widgets.dialog_list import DialogList

_MOST = 1000
_TEXT = 600


class RejectsView(Dialog[None]):
    """Shows what was rejected; there is nothing to answer.

    Args:
        rejects: what was rejected.
        where: the file that holds all of them, in words; empty if there is none.
    """

    CSS_PATH = [DIALOG_CSS, "rejects.tcss"]  # noqa: RUF012
    gives_way = "#rejects"
    most_lines = 9
    AUTO_FOCUS = "#rejects"
    cancel_label = "Close"

    def __init__(self, rejects: Sequence[Reject], where: str = "") -> None:
        super().__init__()
        self.heading = f"{len(rejects):,} rejected"
        self._rejects = rejects[:_MOST]
        self._where = where
        self._more = len(rejects) - len(self._rejects)

    def compose_body(self) -> Iterable[Widget]:
        """The list, and the marked one in full."""
        with Vertical(id="rejects-page"):
            yield DialogList(id="rejects", markup=False, compact=True)
            yield Static(id="text", markup=False)
            if self._where:
                more = f"{self._more:,} more; all" if self._more else "All of them"
                yield Static(printable(f"{more} are in {self._where}."), classes="note", markup=False)

    def on_mount(self) -> None:
        """List them."""
        rejects = self.query_one("#rejects", OptionList)
        rejects.add_options(
            Option(Content.assemble((f"{reject.row:>6}  ", "dim"), printable(reject.reason)))
            for reject in self._rejects
        )
        rejects.highlighted = 0 if self._rejects else None

    def compose_buttons(self) -> Iterable[Widget]:
        """Nothing but the way out."""
        yield DialogButton(self.cancel_label, "cancel", key="esc", main=True, id="cancel")

    @on(OptionList.OptionHighlighted)
    def _on_marked(self, event: OptionList.OptionHighlighted) -> None:
        text = printable_lines(self._rejects[event.option_index].text)
        self.query_one("#text", Static).update(text if len(text) <= _TEXT else f"{text[:_TEXT]}…")

    @on(OptionList.OptionSelected)
    def _on_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()

    def action_confirm(self) -> None:
        """Close."""
        self.answer(None)
