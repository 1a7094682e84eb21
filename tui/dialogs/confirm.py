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

    Enter does what is written on the button that has the focus: the main one, but Cancel where there is danger. Neither
    enter nor ctrl+s, which one presses without looking, does what cannot be undone.

    Args:
        title: the question, in one line.
        text: what would happen, and whether it can be undone.
        yes: what the main button does: “Delete for ever”.
        no: what the other one does.
        danger: whether it cannot be undone; the main button is red then.
    """

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "agree", "Yes", show=False),
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
        yield DialogButton(self.confirm_label, "agree", main=not self._danger, danger=self._danger, id="confirm")
        yield DialogButton(self.cancel_label, "cancel", key="esc", id="cancel")

    def on_mount(self) -> None:
        """Give the focus to the button that harms nobody."""
        self.query_one("#cancel" if self._danger else "#confirm").focus()

    def action_agree(self) -> None:
        """Yes."""
        self.answer(True)

    def action_confirm(self) -> None:
        """Yes, by a key that means yes in any dialog."""
        if self._danger:
            self.say(f"Press y, or choose “{self.confirm_label}”.", error=False)
        else:
            self.answer(True)
