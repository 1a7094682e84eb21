"""Choice: one of a few words on one line, `< merge >`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from coterie.core.text import printable


class Choice(Widget, can_focus=True):
    """One of `options`, each a (value, label). Left, right, space and clicks change it.

    Raises ValueError if `options` is empty or `value` is none of them.
    """

    DEFAULT_CSS = """
    Choice {
        width: auto;
        height: 1;
        &:focus { background: $primary; color: $button-color-foreground; }
        &:disabled { color: $text-disabled; }
    }
    """
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,space", "change(1)", "change", key_display="← →", tooltip="Change this choice."),
        Binding("left", "change(-1)", show=False),
    ]

    index: reactive[int] = reactive(0, layout=True)

    @dataclass
    class Changed(Message):
        """The user chose another value."""

        choice: Choice
        value: str

        @property
        def control(self) -> Choice:
            """The sender, for `@on` selectors."""
            return self.choice

    def __init__(
        self,
        options: Sequence[tuple[str, str]],
        value: str | None = None,
        *,
        id: str | None = None,  # noqa: A002 - Textual's word
    ) -> None:
        super().__init__(id=id)
        if not options:
            raise ValueError("a choice needs options")
        self._values = [key for key, _ in options]
        self._labels = [printable(label) for _, label in options]
        self.set_reactive(Choice.index, self._values.index(value) if value is not None else 0)
        self._at_first = self.value

    @property
    def value(self) -> str:
        """What is chosen."""
        return self._values[self.index]

    @property
    def typed(self) -> str | None:
        """What was chosen, for `tui.widgets.modal.Keeps`."""
        return self.value if self.value != self._at_first else None

    async def put_back(self, typed: str) -> None:
        """Put back what was chosen before, if it can still be chosen."""
        if typed in self._values:
            self.choose(typed)

    def render(self) -> Content:
        """The chosen label between its arrows."""
        return Content(f"< {self._labels[self.index]} >")

    def choose(self, value: str) -> None:
        """Show `value` as chosen. Raises ValueError if there is no such option."""
        self.index = self._values.index(value)

    def offer(self, options: Sequence[tuple[str, str]], value: str) -> None:
        """Take other options, with `value` chosen. Raises ValueError if it is none of them."""
        self._values = [key for key, _ in options]
        self._labels = [printable(label) for _, label in options]
        self.index = self._values.index(value)
        self.refresh(layout=True)

    def action_change(self, by: int) -> None:
        """Go `by` options on, round and round."""
        self.index = (self.index + by) % len(self._values)
        self.post_message(self.Changed(self, self.value))

    def on_click(self, event: Click) -> None:
        """The left arrow goes back, everything else goes on."""
        event.stop()
        self.action_change(-1 if event.x < min(2, cell_len(self._labels[self.index])) else 1)
