"""The command palette, with its own keys in the bottom line."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.command import CommandPalette

from tui.widgets.command_bar import Entry
from tui.widgets.modal import KeyLine

_KEYS = (("enter", "enter", "run"), ("down", "↓ ↑", "move"), ("escape", "esc", "close"))


class PaletteScreen(CommandPalette):
    """Textual's palette. It lists what the screen beneath can do."""

    def compose(self) -> ComposeResult:
        """The palette and the bottom line."""
        yield from super().compose()
        line = KeyLine()
        line.tell([Entry(name, shown, label, "") for name, shown, label in _KEYS])
        yield line
