"""UnreadableDialog and RefusedDialog: what could not be read of an account, or is refused there, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from coterie.core.model import Refusal
from coterie.core.text import number_of, printable
from coterie.tui.dialogs.dialog import DIALOG_CSS, Dialog, DialogButton
from coterie.tui.widgets.dialog_list import DialogList

_MOST = 1000


class ReasonsDialog(Dialog[None]):
    """Shows a list with a reason for each; there is nothing to answer.

    Args:
        heading: how many they are, and of what.
        note: what became of them, and what can be done.
        reasons: (what it is about, the reason) of each.
    """

    CSS_PATH = [DIALOG_CSS, "conflicts.tcss"]  # noqa: RUF012
    AUTO_FOCUS = "#conflicts"

    def __init__(self, heading: str, note: str, reasons: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.heading = heading
        self._note = note
        self._reasons = reasons[:_MOST]

    def compose_body(self) -> Iterable[Widget]:
        """The list, and the reason of the marked one."""
        with Vertical(id="conflicts-page"):
            yield Static(self._note, classes="note gap", markup=False)
            lines = (Option(Content(printable(self._line(what, reason)))) for what, reason in self._reasons)
            yield DialogList(*lines, id="conflicts", markup=False, compact=True)
            yield Static(id="values", markup=False)

    def compose_buttons(self) -> Iterable[Widget]:
        """Nothing but the way out."""
        yield DialogButton("Close", "cancel", key="esc", main=True, id="cancel")

    @on(OptionList.OptionHighlighted)
    def _marked(self, event: OptionList.OptionHighlighted) -> None:
        what, reason = self._reasons[event.option_index]
        self.query_one("#values", Static).update(f"{printable(reason)}\n{printable(what)}")

    def _line(self, what: str, reason: str) -> str:
        return f"{what}  {reason}"

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()

    def action_confirm(self) -> None:
        """Close."""
        self.answer(None)


class UnreadableDialog(ReasonsDialog):
    """What an account sent that could not be understood.

    Args:
        label: the account's address.
        records: (the id there, the reason) of each.
    """

    def __init__(self, label: str, records: Sequence[tuple[str, str]]) -> None:
        note = "They were left out; all others were synced. Correct them there; the next sync tries again."
        super().__init__(f"{len(records):,} from {label} could not be read", note, records)

    def _line(self, what: str, reason: str) -> str:
        return f"{reason}  {what}"


class RefusedDialog(ReasonsDialog):
    """What an account refuses to take.

    Args:
        label: the account's address.
        refusals: what is refused at present.
    """

    def __init__(self, label: str, refusals: Sequence[Refusal]) -> None:
        note = "They are as you left them here, but not there; all others were sent. The next sync tries again."
        reasons = [(f"{refusal.name} ({refusal.action})", refusal.reason) for refusal in refusals]
        super().__init__(f"{label} refuses {number_of(len(refusals), 'change')}", note, reasons)
