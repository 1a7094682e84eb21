"""The command palette, with its own keys in the bottom line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.command import CommandList, CommandPalette
from textual.widgets import Input

from coterie.tui.dialogs.placement import LOW, SNUG
from coterie.tui.terminal.textual_private import name_those_beneath
from coterie.tui.widgets.command_bar import Entry
from coterie.tui.widgets.dialog_list import PagedList
from coterie.tui.widgets.modal import KeyLine

_KEYS = (("enter", "enter", "run"), ("down", "↓ ↑", "move"), ("escape", "esc", "close"))

if TYPE_CHECKING:
    from rich.console import RenderableType


class _Commands(CommandList, PagedList):
    """Textual's list of commands, which becomes shorter while one types."""


class PaletteScreen(CommandPalette):
    """Textual's palette. It lists what the screen beneath can do."""

    HORIZONTAL_BREAKPOINTS = [(0, "-snug"), (SNUG, "-broad")]  # noqa: RUF012 - Textual's way
    VERTICAL_BREAKPOINTS = [(0, "-low"), (LOW, "-high")]  # noqa: RUF012

    def render(self) -> RenderableType:
        """What is behind its widgets: the screen beneath."""
        name_those_beneath(self)
        return super().render()

    def compose(self) -> ComposeResult:
        """The palette and the bottom line."""
        for widget in super().compose():
            if isinstance(widget, Input):
                widget.cursor_blink = False
            yield _Commands() if isinstance(widget, CommandList) else widget
        line = KeyLine()
        line.tell([Entry(name, shown, label, "") for name, shown, label in _KEYS])
        yield line

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Close, once: a second click, or one after enter, would close the screen beneath."""
        return super().dismiss(result) if self.is_active else AwaitComplete.nothing()  # type: ignore[no-untyped-call]
