"""UnreadableDialog: what an account sent that could not be understood, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from coterie.core.text import printable
from coterie.tui.dialogs.dialog import DIALOG_CSS, Dialog, DialogButton
from coterie.tui.widgets.dialog_list import DialogList

_MOST = 1000


class UnreadableDialog(Dialog[None]):
    """Shows them; there is nothing to answer.

    Args:
        label: the account's address.
        found: (the id there, the reason) of each.
    """

    CSS_PATH = [DIALOG_CSS, "conflicts.tcss"]  # noqa: RUF012
    AUTO_FOCUS = "#conflicts"

    def __init__(self, label: str, found: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.heading = f"{len(found):,} from {label} could not be read"
        self._found = found[:_MOST]

    def compose_body(self) -> Iterable[Widget]:
        """The list, and the reason of the marked one."""
        with Vertical(id="conflicts-page"):
            yield Static(
                "They were left out; all others were synced. Correct them there; the next sync tries again.",
                classes="note gap",
                markup=False,
            )
            lines = (Option(Content(printable(f"{reason}  {remote_id}"))) for remote_id, reason in self._found)
            yield DialogList(*lines, id="conflicts", markup=False, compact=True)
            yield Static(id="values", markup=False)

    def compose_buttons(self) -> Iterable[Widget]:
        """Nothing but the way out."""
        yield DialogButton("Close", "cancel", key="esc", main=True, id="cancel")

    @on(OptionList.OptionHighlighted)
    def _marked(self, event: OptionList.OptionHighlighted) -> None:
        remote_id, reason = self._found[event.option_index]
        self.query_one("#values", Static).update(f"{printable(reason)}\n{printable(remote_id)}")

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()

    def action_confirm(self) -> None:
        """Close."""
        self.answer(None)
