"""The top line: which view this is, how many contacts it shows, and the buttons for a new contact and more actions."""

from __future__ import annotations

from textual.content import Content

from coterie.core.text import printable
from coterie.tui.widgets.command_bar import CommandBar, Entry


class TitleBar(CommandBar):
    """Title and count on the left, two flat buttons on the right."""

    DEFAULT_CSS = "TitleBar { height: 1; padding: 0 1; }"

    def __init__(self) -> None:
        super().__init__(right=True, gap=3)

    def tell(self, title: str, count: str, entries: tuple[Entry, ...]) -> None:
        """Show the view's title, what is said of its size, and the buttons."""
        self.show(Content.assemble((printable(title), "bold"), "  ", (count, "$text-muted")), entries)
