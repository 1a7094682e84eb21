"""The line above the footer: what happened last, and where in the list the cursor is."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget

from core.text import printable


class _Line(Widget):
    """A text of one line in a fixed place: changing it repaints these cells and lays nothing out."""

    DEFAULT_CSS = "_Line { height: 1; }"

    def __init__(self, *, right: bool = False, id: str | None = None) -> None:  # noqa: A002 - Textual's word
        super().__init__(id=id)
        self._right = right
        self._content = Content()

    def show(self, content: Content) -> None:
        """Show `content`, cut to the width."""
        if not content.is_same(self._content):
            self._content = content
            self.refresh()

    def render(self) -> Content:
        """The text, cut to the present width and put to its edge."""
        room = self.content_size.width
        content = self._content.truncate(room, ellipsis=True)
        return content.pad_left(max(room - content.cell_length, 0)) if self._right else content


class StatusBar(Horizontal):
    """The last outcome on the left, the position and the sort order on the right."""

    DEFAULT_CSS = """
    StatusBar { height: 1; padding: 0 1; }
    StatusBar #said { width: 1fr; }
    StatusBar #place { width: 34; }
    """

    def compose(self) -> ComposeResult:
        """The two texts."""
        yield _Line(id="said")
        yield _Line(right=True, id="place")

    def say(self, sentence: str, undo_key: str = "") -> None:
        """Show what happened, with the key that takes it back where there is one."""
        parts: list[tuple[str, str] | str] = [printable(sentence)]
        if undo_key:
            parts = [printable(sentence), "  ", (undo_key, "bold $primary"), " undo"]
        self.query_one("#said", _Line).show(Content.assemble(*parts))

    def place(self, position: int, total: int | None, order: str) -> None:
        """Show that the cursor is on row `position` (from 0) of `total`, and the sort order."""
        counted = "…" if total is None else f"{total:,}"
        where = f"{position + 1:,} of {counted}" if total != 0 else ""
        parts: list[tuple[str, str] | str] = [where]
        if order:
            parts.append((f"  {order}" if where else order, "$text-muted"))
        self.query_one("#place", _Line).show(Content.assemble(*parts))
