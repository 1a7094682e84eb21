"""The line that fills as soon as something is checked: how many, and what can be done with them."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from tui.widgets.command_bar import CommandBar, Entry, in_order


class SelectionBar(CommandBar):
    """“3 checked (1 hidden by this search)” and the bulk actions."""

    DEFAULT_CSS = """
    SelectionBar { height: 1; padding: 0 1; }
    """

    def tell(self, checked: int, hidden: int, entries: Sequence[Entry]) -> None:
        """Show how many are checked, how many of them this list hides, and the commands for them."""
        self.set_class(checked > 0, "-checked")
        if not checked:
            self.show(Content(), ())
            return
        parts: list[tuple[str, str] | str] = [(f"{checked:,} checked", "bold")]
        if hidden:
            parts.append((f" ({hidden:,} hidden here)", "$text-muted"))
        self.show(Content.assemble(*parts), in_order(entries))
