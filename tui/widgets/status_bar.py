"""The line above the footer: what happened last, and where in the list the cursor is."""

from __future__ import annotations

from typing import Final

from textual.content import Content
from textual.geometry import Region

from coterie.core.text import printable
from coterie.tui.widgets.bar import Bar

_GAP: Final = Content("  ")


class StatusBar(Bar):
    """The last outcome on the left, with the key that undoes it; the position and the sort order on the right.

    If room is short, the order gives way first, then the position, then the figures of what is going on: its sign
    stays, and what happened is cut.
    """

    def __init__(self) -> None:
        super().__init__()
        self._sentence = Content()
        self._way_back = Content()
        self._place = ("", "")
        self._working = ("", "")

    def say(self, sentence: str, key: str = "", does: str = "") -> None:
        """Show what happened, with the key that undoes it, and the word for that, if there is one."""
        said = Content(printable(sentence))
        way_back = Content.assemble("  ", (key, "bold $primary"), f" {does}") if key else Content()
        if not (said.is_same(self._sentence) and way_back.is_same(self._way_back)):
            self._sentence, self._way_back = said, way_back
            self.refresh()

    def working(self, sign: str = "", words: str = "") -> None:
        """Show beside what happened that something is going on, and how far it is; without a sign, nothing is."""
        if (sign, words) != self._working:
            self._working = (sign, words)
            self.refresh()

    def place(self, position: int, total: int | None, order: str) -> None:
        """Show that the cursor is on row `position` (from 0) of `total`, and the sort order."""
        counted = "…" if total is None else f"{total:,}"
        place = (f"{position + 1:,} of {counted}" if total != 0 else "", order)
        if place == self._place:
            return
        before = self._right
        self._place = place
        after = self._right
        room = self.content_size.width
        if room and not after.is_same(before):
            wider = max(after.cell_length, before.cell_length)
            self.refresh(Region(self.gutter.left + max(room - wider, 0), 0, wider, 1))

    @property
    def _right(self) -> Content:
        """What stands on the right: as much as the left leaves room for."""
        room = self.content_size.width
        taken = self._sentence.cell_length + self._way_back.cell_length
        where, order = Content(self._place[0]), Content.styled(self._place[1], "$text-muted")
        sign, words = self._working
        whole, brief, least = (
            Content.styled(printable(f"{sign} {text}".strip()), "$text-primary")
            for text in (words, words.partition(", ")[0], "")
        )
        for parts in ((whole, where, order), (whole, where), (whole,), (brief,)):
            right = _GAP.join(part for part in parts if part)
            if right.cell_length <= room - taken - bool(taken) * 2:
                return right
        return least

    def render(self) -> Content:
        """Both parts, fitted to the present width."""
        room, right = self.content_size.width, self._right
        left = self._sentence.truncate(
            max(room - self._way_back.cell_length - bool(right) * 2 - right.cell_length, 0), ellipsis=True
        )
        left = Content.assemble(left, self._way_back).truncate(room)
        return Content.assemble(left, " " * (room - left.cell_length - right.cell_length), right)
