"""Editing in place: a field exactly over the cell."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.widgets import Input, Static

from coterie.core.errors import CoterieError
from coterie.core.text import printable
from coterie.tui.widgets.modal import KeyLine, Modal


class _Cell(Input):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,ctrl+s", "submit", "save", tooltip="Save the value."),
    ]


class CellEditor(Modal[str]):
    """A field over one cell of the table. Enter answers the text, esc None; what is wrong with it stands below.

    Args:
        region: where the cell is on the screen.
        value: the text at first.
        check: raises a CoterieError where the text will not do.
        problem: why it could not be saved before.
    """

    CSS_PATH = "cell_editor.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "cancel", tooltip="Leave the value as it is.")]
    heading = "Change a value"
    WIDEST_MESSAGE = 60

    def __init__(self, region: Region, value: str, check: Callable[[str], object], problem: str = "") -> None:
        super().__init__()
        self._region = region
        self._value = value
        self._check = check
        self._problem = problem

    def compose(self) -> ComposeResult:
        """The field and the message."""
        field = _Cell(self._value, compact=True, select_on_focus=True, id="cell")
        field.cursor_blink = False
        yield field
        yield Static(id="message", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Put the field over the cell, a little wider where it is narrow, and the message below it or above."""
        width, height = self.app.size
        wide = min(max(self._region.width + 1, 24), width)
        x = max(0, min(self._region.x - 1, width - wide))
        field, message = self.query_one(Input), self.query_one("#message", Static)
        field.styles.width = wide
        field.styles.offset = (x, self._region.y)
        below = self._region.y + 1 < height
        message.styles.offset = (max(0, min(x, width - self.WIDEST_MESSAGE)), self._region.y + (1 if below else -1))
        self._show(self._problem)
        field.focus()  # the value is selected: typing replaces it, an arrow key keeps it

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        if event.value != self._value:  # the value at first is told too
            self._show("")

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        try:
            self._check(event.value)
        except CoterieError as problem:
            self._show(str(problem))
            return
        self.answer(event.value)

    def _show(self, problem: str) -> None:
        message = self.query_one("#message", Static)
        message.update(printable(problem))
        message.display = bool(problem)

    def action_cancel(self) -> None:
        """Leave the cell as it is."""
        self.answer(None)
