"""Tick: a check box, `[x] Favorite`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from coterie.core.text import printable


class Tick(Widget, can_focus=True):
    """On or off; space and a click turn it over. Its state is a letter, not a color."""

    DEFAULT_CSS = """
    Tick {
        width: auto;
        max-width: 100%;
        height: auto;
        &:focus { background: $primary; color: $button-color-foreground; }
        &:disabled { color: $text-disabled; }
    }
    """
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "turn", "on or off", tooltip="Check or uncheck it.")]

    value: reactive[bool] = reactive(False, layout=False)

    @dataclass
    class Changed(Message):
        """The user turned it over."""

        tick: Tick
        value: bool

        @property
        def control(self) -> Tick:
            """The sender, for `@on` selectors."""
            return self.tick

    def __init__(
        self,
        label: str,
        value: bool = False,
        *,
        id: str | None = None,  # noqa: A002 - Textual's word
    ) -> None:
        super().__init__(id=id)
        self._label = printable(label)
        self._at_first = value
        self.set_reactive(Tick.value, value)

    @property
    def typed(self) -> bool | None:
        """What was chosen, for `tui.widgets.modal.Keeps`."""
        return self.value if self.value != self._at_first else None

    async def put_back(self, typed: bool) -> None:
        """Put back what was chosen before."""
        self.value = typed

    def render(self) -> Content:
        """`[x] label`, as plain text."""
        return Content(f"[{'x' if self.value else ' '}] {self._label}")

    def action_turn(self) -> None:
        """Turn it over and say so."""
        self.value = not self.value
        self.post_message(self.Changed(self, self.value))

    def on_click(self, event: Click) -> None:
        """A click turns it over."""
        event.stop()
        self.action_turn()
