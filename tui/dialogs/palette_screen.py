"""The command palette, with its own keys in the bottom line."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.command import CommandList, CommandPalette

from coterie.tui.widgets.command_bar import Entry
from coterie.tui.widgets.modal import KeyLine

_KEYS = (("enter", "enter", "run"), ("down", "↓ ↑", "move"), ("escape", "esc", "close"))


class PaletteScreen(CommandPalette):
    """Textual's palette. It lists what the screen beneath can do."""

    def compose(self) -> ComposeResult:
        """The palette and the bottom line."""
        yield from super().compose()
        line = KeyLine()
        line.tell([Entry(name, shown, label, "") for name, shown, label in _KEYS])
        yield line

    def _action_command_list(self, action: str) -> None:
        """Move in the list, where a terminal of a few lines shows any of it."""
        if self.query_one(CommandList).scrollable_content_region:
            super()._action_command_list(action)

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Close, once: a second click, or one after enter, would close the screen beneath."""
        return super().dismiss(result) if self.is_active else AwaitComplete.nothing()  # type: ignore[no-untyped-call]
