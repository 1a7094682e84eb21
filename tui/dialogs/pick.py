"""Pick: one of a list, found by typing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from coterie.core.text import fold, printable
from coterie.tui.dialogs.dialog import DIALOG_CSS, Dialog
from coterie.tui.widgets.completing_input import LineInput
from coterie.tui.widgets.dialog_list import PagedList

_MOST = 300


class PickFilter(LineInput):
    """Up and down move in the list beneath."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "screen.move(1)", "move", key_display="↓ ↑", tooltip="Move in the list."),
        Binding("up", "screen.move(-1)", show=False),
        Binding("pagedown", "screen.move(8)", show=False),
        Binding("pageup", "screen.move(-8)", show=False),
    ]


class Pick(Dialog[str]):
    """Answers the value that was chosen.

    Args:
        title: what is chosen.
        options: each a (value, label).
        value: the one that is marked at first.
        yes: what the main button does.
    """

    CSS_PATH = [DIALOG_CSS, "pick.tcss"]  # noqa: RUF012
    gives_way = "#choices"
    AUTO_FOCUS = "#filter"

    def __init__(self, title: str, options: Sequence[tuple[str, str]], value: str = "", *, yes: str = "Choose") -> None:
        super().__init__()
        self.heading = title
        self.confirm_label = yes
        self._options = [(key, printable(label), fold(label)) for key, label in options]
        self._value = value
        self._shown: list[str] = []

    def compose_body(self) -> Iterable[Widget]:
        """The field and the list."""
        with Vertical(id="picker"):
            yield PickFilter(placeholder="Type to search", id="filter")
            choices = PagedList(id="choices", markup=False, compact=True)
            choices.can_focus = False
            yield choices

    def on_mount(self) -> None:
        """List everything."""
        self._list("")

    @on(Input.Changed)
    def _on_typed(self, event: Input.Changed) -> None:
        self.say("")
        self._list(event.value)

    def _list(self, typed: str) -> None:
        wanted = fold(typed)
        matching = [(key, label) for key, label, folded in self._options if wanted in folded][:_MOST]
        matching.sort(key=lambda pair: bool(wanted) and not fold(pair[1]).startswith(wanted))
        self._shown = [key for key, _ in matching]
        choices = self.query_one("#choices", OptionList)
        choices.clear_options()
        choices.add_options(Option(Content(label)) for _, label in matching)
        start = self._shown.index(self._value) if not wanted and self._value in self._shown else 0
        choices.highlighted = start if matching else None

    def action_move(self, by: int) -> None:
        """Go up or down in the list."""
        choices = self.query_one("#choices", OptionList)
        if self._shown:
            choices.highlighted = max(0, min(len(self._shown) - 1, (choices.highlighted or 0) + by))

    @on(OptionList.OptionSelected)
    def _on_clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_confirm()

    @property
    def marked(self) -> str | None:
        """The value that is marked; None if nothing fits what was typed."""
        at = self.query_one("#choices", OptionList).highlighted
        return None if at is None else self._shown[at]

    def action_confirm(self) -> None:
        """Answer with the marked one."""
        if (value := self.marked) is None:
            self.say("There is nothing with that name.")
        else:
            self.answer(value)
