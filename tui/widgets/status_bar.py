"""The line above the footer: what happened last, and where in the list the cursor is."""

from __future__ import annotations

from textual.content import Content
from textual.geometry import Region

from coterie.core.text import printable
from coterie.tui.widgets.bar import Bar


class StatusBar(Bar):
    """The last outcome on the left, cut if room is short; the position and the sort order on the right."""

    def __init__(self) -> None:
        super().__init__()
        self._said = Content()
        self._place = Content()
        self._working = ""

    def say(self, sentence: str, key: str = "", does: str = "") -> None:
        """Show what happened, with the key that undoes it, and the word for that, if there is one."""
        said = Content(printable(sentence))
        if key:
            said = Content.assemble(said, "  ", (key, "bold $primary"), f" {does}")
        if not said.is_same(self._said):
            self._said = said
            self.refresh()

    def working(self, words: str) -> None:
        """Show beside what happened that something is going on; an empty text takes it away."""
        if words != self._working:
            self._working = words
            self.refresh()

    def place(self, position: int, total: int | None, order: str) -> None:
        """Show that the cursor is on row `position` (from 0) of `total`, and the sort order."""
        counted = "…" if total is None else f"{total:,}"
        where = f"{position + 1:,} of {counted}" if total != 0 else ""
        place = Content.assemble(where, (f"  {order}" if where and order else order, "$text-muted"))
        if place.is_same(self._place):
            return
        wider = max(place.cell_length, self._place.cell_length)
        self._place = place
        room = self.content_size.width
        if room:
            self.refresh(Region(self.gutter.left + max(room - wider, 0), 0, wider, 1))

    def render(self) -> Content:
        """Both parts, fitted to the present width."""
        room = self.content_size.width
        place = self._place
        if self._working:
            place = Content.assemble((printable(self._working), "$text-primary"), "   " if len(place) else "", place)
        place = place.truncate(room)
        said = self._said.truncate(max(room - place.cell_length - 2, 0), ellipsis=True)
        return Content.assemble(said, " " * (room - said.cell_length - place.cell_length), place)
