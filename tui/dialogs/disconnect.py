"""DisconnectDialog: what becomes of an account's contacts when it goes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from textual import on
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from core.text import printable
from tui.dialogs.dialog import Dialog
from tui.plans import number_of

Fate = Literal["keep", "remove"]


class DisconnectDialog(Dialog[Fate]):
    """Answers what to do with the contacts.

    Args:
        name: the account.
        contacts: how many contacts it gave.
        alone: how many of them nobody else gave.
    """

    AUTO_FOCUS = "#fates"
    confirm_label = "Disconnect"

    def __init__(self, name: str, contacts: int, alone: int) -> None:
        super().__init__()
        self.heading = f"Disconnect {name}"
        self._contacts = contacts
        self._alone = alone

    def compose_body(self) -> Iterable[Widget]:
        """What goes in any case, then the choice."""
        yield Static(
            "Its tokens and all that Coterie remembers of it are removed. At the account itself nothing changes.",
            classes="note gap",
            markup=False,
        )
        options = [Option(printable(f"Keep the {number_of(self._contacts)} here, as local ones"), id="keep")]
        if self._alone:
            words = f"Move the {number_of(self._alone)} that only this account gave to the Bin"
            options.append(Option(printable(words), id="remove"))
        yield OptionList(*options, id="fates", markup=False, compact=True)

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_confirm()

    def action_confirm(self) -> None:
        """Answer with what is marked."""
        at = self.query_one("#fates", OptionList).highlighted
        self.answer("remove" if at == 1 else "keep")
