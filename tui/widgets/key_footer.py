"""The bottom line: the most useful keys of this place."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from coterie.tui.widgets.command_bar import CommandBar, Entry, in_order


class KeyFooter(CommandBar):
    """Keys with what they do; each can be clicked."""

    DEFAULT_CSS = "KeyFooter { height: 1; padding: 0 1; dock: bottom; }"

    def tell(self, entries: Sequence[Entry]) -> None:
        """Show these keys, those of the lowest rank first and longest."""
        self.show(Content(), in_order(entries))
