"""Confirm: yes or no, said in the words of what would happen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from coterie.core.text import printable_lines
from coterie.tui.dialogs.dialog import Dialog, DialogButton


class Confirm(Dialog[bool]):
    """A question. True if the user confirms, None if they don't.

    `y` and `n` answer it, but not if it came up while a text was being typed: there they are the rest of the text.

    Args:
        title: the question, in one line.
        text: what would happen, and whether it can be undone.
        yes: what the main button does: “Delete forever”.
        no: what the other one does.
        danger: whether it cannot be undone; the main button then has the color of warnings, and the other the focus.
    """

    AUTO_FOCUS = ""
    is_question = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "yes", show=False),
        Binding("n", "no", show=False),
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
        self._over_text = False

    def compose_body(self) -> Iterable[Widget]:
        """The text."""
        text = Static(printable_lines(self._text), markup=False)
        text.display = bool(self._text)
        yield text

    def compose_buttons(self) -> Iterable[Widget]:
        """What would be done, and the way out."""
        beneath = self.app.screen_stack[-2]
        self._over_text = isinstance(beneath.focused, Input | TextArea)
        key = "" if self._over_text else "y"
        yield DialogButton(
            self.confirm_label, "confirm", key=key, main=not self._danger, danger=self._danger, id="confirm"
        )
        yield DialogButton(self.cancel_label, "cancel", key="esc", id="cancel")

    def on_mount(self) -> None:
        """Enter does what is written on the main button, as in every dialog, unless that is dangerous."""
        self.query_one("#cancel" if self._danger else "#confirm").focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Letters answer only if none is being typed."""
        return not self._over_text if action in {"yes", "no"} else super().check_action(action, parameters)

    def action_yes(self) -> None:
        """Yes, by its letter."""
        self.query_one("#confirm", DialogButton).action_press()

    def action_no(self) -> None:
        """No, by its letter."""
        self.action_cancel()

    def action_confirm(self) -> None:
        """Yes."""
        self.answer(True)
