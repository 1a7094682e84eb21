"""Editing in place: a field exactly over the cell."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.geometry import Region
from textual.widgets import Input, Static

from coterie.core.errors import CoterieError
from coterie.core.text import printable
from coterie.tui import notices
from coterie.tui.widgets.completing_input import CompletingInput, Completions, input_of, line_input
from coterie.tui.widgets.dialog_keys import Key
from coterie.tui.widgets.modal import Keeps, KeyLine, Modal

Save = Callable[[str], Awaitable[None]]


class CellEditor(Modal[int]):
    """A field over one cell of the table, until its text is saved.

    Answers how many cells further the user goes on: 0 after enter, 1 or -1 after tab or shift+tab; None after esc.

    Args:
        region: where the cell is on the screen.
        value: the text at first.
        check: raises a CoterieError if the text will not do.
        save: saves the text; what it raises stands below the field, and the text stays.
        completions: what the text could become.
    """

    CSS_PATH = "cell_editor.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,ctrl+s", "save(0)", "save", tooltip="Save the value."),
        Binding("tab", "save(1)", "next cell", tooltip="Save the value and go on to the next cell, or the next row."),
        Binding("shift+tab", "save(-1)", "back", tooltip="Save the value and go back to the cell before."),
        Binding("escape", "cancel", "cancel", tooltip="Leave the value as it is."),
    ]
    heading = "Change a value"
    WIDEST_MESSAGE = 60

    def __init__(
        self,
        region: Region,
        value: str,
        check: Callable[[str], object],
        save: Save | None = None,
        completions: Completions | None = None,
    ) -> None:
        super().__init__()
        self._region = region
        self._value = value
        self._check = check
        self._save = save
        self._is_saving = False
        self._line = line_input(value, completions=completions)
        self._cell = input_of(self._line)
        self._cell.id = "cell"
        self._cell.select_on_focus = True

    @property
    def fields(self) -> Mapping[str, Keeps]:
        """The one field, by its name."""
        return {"value": self._line}

    def keys_here(self) -> list[Key]:
        """Enter saves, too, unless it chooses from a list: Textual's own key of a field is in no bottom line."""
        keys = super().keys_here()
        if not any(key.name == "enter" for key in keys):
            keys = [replace(key, name="enter", shown="enter") if key.action == "save(0)" else key for key in keys]
        return keys

    def details_of(self, typed: Mapping[str, Any]) -> str:
        """The text itself."""
        return f"“{typed['value']}”"

    def compose(self) -> ComposeResult:
        """The field and the message."""
        yield Vertical(self._line, id="place")
        yield Static(id="message", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Put the field over the cell, a little wider if it is narrow, and the message below it or above."""
        width, height = self.app.size
        wide = min(max(self._region.width + 1, 24), width)
        x = max(0, min(self._region.x - 1, width - wide))
        place, message = self.query_one("#place"), self.query_one("#message", Static)
        place.styles.width = wide
        place.styles.offset = (x, self._region.y)
        below = self._region.y + 1 < height
        message.styles.offset = (max(0, min(x, width - self.WIDEST_MESSAGE)), self._region.y + (1 if below else -1))
        self._show("")
        self._cell.focus()  # the value is selected: typing replaces it, an arrow key keeps it

    @on(Input.Changed)
    @on(CompletingInput.Changed)
    def _changed(self) -> None:
        if self._cell.value != self._value:  # the value at first is told too
            self._show("")

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_save(0)

    def action_save(self, by: int) -> None:
        """Save the text, if it will do, and go on by so many cells."""
        if isinstance(self._line, CompletingInput):
            self._line.close_list()  # what is wrong is shown in its place
        try:
            self._check(self._cell.value)
        except CoterieError as problem:
            self._show(str(problem))
            return
        if not self._is_saving:
            self._finish(self._cell.value, by)

    @work(group="finish")
    async def _finish(self, value: str, by: int) -> None:
        self._is_saving = True
        try:
            if self._save is not None:
                await self._save(value)
            self.answer(by)
        except Exception as error:  # noqa: BLE001 - whatever it is, what was typed stays
            notice = notices.notice_of(error)
            self._show(f"{notice.title} {notice.hint}".strip())
        finally:
            self._is_saving = False

    def _show(self, problem: str) -> None:
        message = self.query_one("#message", Static)
        message.update(printable(problem))
        message.display = bool(problem)

    def action_cancel(self) -> None:
        """Leave the cell as it is."""
        if not self._is_saving:
            self.answer(None)
