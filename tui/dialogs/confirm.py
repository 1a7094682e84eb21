"""Confirm: yes or no, said in the words of what would happen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Static

from core.text import printable_lines
from tui.dialogs.dialog import Dialog, DialogButton


class Confirm(Dialog[bool]):
    """A question. True where the user confirms, None where they don't.

    Args:
        title: the question, in one line.
        text: what would happen, and whether it can be undone.
        yes: what the main button does: “Delete for ever”.
        no: what the other one does.
        danger: whether it cannot be undone; the main button then has the colour of warnings.
    """

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "confirm", "Yes", show=False),
        Binding("n", "cancel", "No", show=False),
    ]

    def __init__(
        self, title: str, text: str = "", yes: str = "OK", no: str = "Cancel", *, danger: bool = False
    ) -> None:
        super().__init__()
        self.heading = title
        self.confirm_label = yes
        self.cancel_label = no
        self._text = text
        self._danger = danger

    def compose_body(self) -> Iterable[Widget]:
        """The text."""
        text = Static(printable_lines(self._text), markup=False)
        text.display = bool(self._text)
        yield text

    def compose_buttons(self) -> Iterable[Widget]:
        """What would be done, and the way out."""
        yield DialogButton(self.confirm_label, "confirm", main=not self._danger, danger=self._danger, id="confirm")
        yield DialogButton(self.cancel_label, "cancel", key="esc", id="cancel")

    def on_mount(self) -> None:
        """Enter does what is written on the main button, as in every dialog."""
        self.query_one("#confirm").focus()

    def action_confirm(self) -> None:
        """Yes."""
        self.answer(True)
