"""Unfinished: what was typed when the line dropped, to go on with it or to forget it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from coterie.core.text import printable
from coterie.tui.dialogs.dialog import Dialog, DialogButton
from coterie.tui.widgets.dialog_list import DialogList


@dataclass(frozen=True, slots=True)
class Choice:
    """What is to become of the draft at `place`: it goes on, or it is forgotten."""

    place: int
    forget: bool = False


class Unfinished(Dialog[Choice]):
    """Answers what is to become of which draft; None for later.

    Args:
        drafts: when the line dropped (“at 14:02”), and what the user was doing (“adding a contact”).
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "forget", show=False, tooltip="Forget what the cursor is on.")
    ]
    gives_way = "#drafts"
    heading = "Not finished"
    confirm_label = "Go on"
    cancel_label = "Later"

    def __init__(self, drafts: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._drafts = [(when, printable(what)) for when, what in drafts]

    def compose_body(self) -> Iterable[Widget]:
        """A sentence, or a list, the newest first."""
        when, what = self._drafts[0]
        if len(self._drafts) == 1:
            yield Static(f"You were {what} when the line dropped {when}.", markup=False)
        else:
            yield Static("When the line dropped, you were", classes="note")
            lines = [Option(Content(f"{what}, {when}")) for when, what in self._drafts]
            yield DialogList(*lines, id="drafts", markup=False, compact=True)

    def compose_buttons(self) -> Iterable[Widget]:
        """Both ways, and none."""
        yield DialogButton(self.confirm_label, "confirm", main=True, id="confirm")
        yield DialogButton("Forget it", "forget", key="f", id="forget")
        yield DialogButton(self.cancel_label, "cancel", key="esc", id="cancel")

    def on_mount(self) -> None:
        """The first one is marked."""
        for drafts in self.query(OptionList):
            drafts.highlighted = 0

    @property
    def _place(self) -> int:
        return next((drafts.highlighted or 0 for drafts in self.query(OptionList)), 0)

    @on(OptionList.OptionSelected)
    def _on_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_confirm()

    def action_confirm(self) -> None:
        """Go on with it."""
        self.answer(Choice(self._place))

    def action_forget(self) -> None:
        """Forget it."""
        self.answer(Choice(self._place, forget=True))
