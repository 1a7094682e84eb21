"""DisconnectDialog: what becomes of an account's contacts when it goes."""

from __future__ import annotations

from collections.abc import Iterable

from textual.widget import Widget

from coterie.tui.dialogs.dialog import DialogButton
from coterie.tui.dialogs.fate import FateDialog


class DisconnectDialog(FateDialog):
    """Answers what to do with the contacts.

    Args:
        name: the account.
        contacts: how many contacts it gave.
        alone: how many of them nobody else gave.
    """

    confirm_label = "Disconnect"
    remove_label = "Disconnect and remove"
    alone_words = "that came only from this account"
    note = "Its sign-in is removed here. Nothing changes in the account itself."

    def __init__(self, name: str, contacts: int, alone: int) -> None:
        super().__init__(contacts, alone)
        self.heading = f"Disconnect {name}"

    def compose_buttons(self) -> Iterable[Widget]:
        """What it takes away cannot be brought back, so it has to be pressed itself."""
        yield DialogButton(self.confirm_label, "confirm", danger=True, id="confirm")
        yield DialogButton(self.cancel_label, "cancel", key="esc", id="cancel")
