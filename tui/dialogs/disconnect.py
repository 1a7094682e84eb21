"""DisconnectDialog: what becomes of an account's contacts when it goes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from coterie.tui.dialogs.dialog import Dialog, DialogButton
from coterie.tui.plans import number_of
from coterie.tui.widgets.dialog_list import DialogList

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
        self._fates = [f"Keep the {number_of(contacts)} here, as local ones"]
        if alone:
            self._fates.append(f"Move the {number_of(alone)} that came only from this account to the Bin")

    def compose_body(self) -> Iterable[Widget]:
        """What goes in any case, then the choice."""
        yield Static(
            "Its tokens and its state are removed here. Nothing is changed in the account itself.",
            classes="note gap",
            markup=False,
        )
        yield DialogList(
            *(self._line(place, 0) for place in range(len(self._fates))), id="fates", markup=False, compact=True
        )

    def compose_buttons(self) -> Iterable[Widget]:
        """What it takes away cannot be brought back, so it has to be pressed itself."""
        yield DialogButton(self.confirm_label, "confirm", danger=True, id="confirm")
        yield DialogButton(self.cancel_label, "cancel", key="esc", id="cancel")

    def _line(self, place: int, marked: int) -> Option:
        return Option(Content(f"({'x' if place == marked else ' '}) {self._fates[place]}"))

    @on(OptionList.OptionHighlighted)
    def _marked(self, event: OptionList.OptionHighlighted) -> None:
        for place in range(len(self._fates)):
            event.option_list.replace_option_prompt_at_index(place, self._line(place, event.option_index).prompt)
        removes = event.option_index == 1
        self.query_one("#confirm", DialogButton).relabel("Disconnect and remove" if removes else self.confirm_label)

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()

    def action_confirm(self) -> None:
        """Answer with what is marked."""
        at = self.query_one("#fates", OptionList).highlighted
        self.answer("remove" if at == 1 else "keep")
