"""What stands where a list would be when it is empty: what to press, in a few lines."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static


class EmptyPage(Static):
    """A short text in the middle of the list's place; hidden while the list shows something."""

    DEFAULT_CSS = """
    EmptyPage { width: 1fr; height: 1fr; padding: 1 2; content-align: center middle; display: none; overflow-y: auto; }
    EmptyPage.-shown { display: block; }
    """

    def tell(self, lines: Sequence[tuple[str, str] | str]) -> None:
        """Show lines: a heading or a sentence, or (key, what it does)."""
        width = max((len(key) for line in lines if isinstance(line, tuple) for key in line[:1]), default=0)
        parts: list[Content] = []
        for place, line in enumerate(lines):
            if isinstance(line, tuple):
                key, words = line
                parts.append(Content.assemble((key.rjust(width), "bold $primary"), "  ", words))
            else:
                parts.append(Content.styled(line, "bold") if place == 0 else Content(line))
        self.update(Content("\n").join(parts))
