"""The lines of the contact table: values in, strips out. Few styles and few segments keep them short on the wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.content import Content
from textual.strip import Strip

from coterie.core.listing import Sort
from coterie.tui.glyphs import Glyphs
from coterie.tui.widgets.cells import fit
from coterie.tui.widgets.columns import GAP, Column
from coterie.tui.widgets.row_texts import Line, Part, prefix_width, texts


class Styles(NamedTuple):
    """How a table draws: its headings, its scroll bar, and the parts of a row, by what the row is."""

    base: Style
    header: Style
    scrollbar: Style
    plain: Mapping[Part, Style]
    cursor: Mapping[Part, Style]
    checked: Mapping[Part, Style]

    def of(self, line: Line) -> Mapping[Part, Style]:
        """The parts of this line."""
        return self.cursor if line.cursor else self.checked if line.checked or line.ranged else self.plain


class RowPainter:
    """Draws the lines of a table `width` cells wide with these columns, and with the colors chosen for groups."""

    def __init__(
        self, glyphs: Glyphs, styles: Styles, columns: Sequence[Column], width: int, chosen: Mapping[str, str]
    ) -> None:
        self._glyphs = glyphs
        self._styles = styles
        self._columns = columns
        self._width = width
        self._chosen = chosen

    def header(self, sort: Sort, left: bool = False, right: bool = False) -> Strip:
        """The line of headings, with a sign at the one that the list is ordered by.

        Args:
            left, right: whether there are more columns there: signs say so.
        """
        glyphs = self._glyphs
        text = " " * prefix_width(glyphs)
        for column in self._columns:
            label = column.label
            if column.key == sort.field:
                sign = glyphs.descending if sort.descending else glyphs.ascending
                # The sign stays readable if the label has to be cut.
                label = fit(label, min(len(label), column.width - 2), glyphs.ellipsis) + f" {sign}"
            gap = glyphs.left.rjust(GAP) if left and column is self._columns[0] else " " * GAP
            text += fit(label, column.width, glyphs.ellipsis) + gap
        text = _cut(text, self._width - 1) + (glyphs.right if right else " ")
        return Strip([Segment(text, self._styles.header)], self._width)

    def row(self, line: Line) -> Strip:
        """One line of the list."""
        parts = self._styles.of(line)
        pieces = [(text, parts[part]) for text, part in texts(line, self._columns, self._glyphs, self._chosen)]
        return self._strip(pieces, parts["name"], line.thumb)

    def _strip(self, pieces: list[tuple[str, Style]], base: Style, thumb: bool | None) -> Strip:
        room = self._width if thumb is None else self._width - 1
        segments: list[Segment] = []
        text, last, used = "", base, 0
        for piece, style in pieces:
            cells = cell_len(piece)
            if style is not last and text:
                segments.append(Segment(text, last))
                text = ""
            text += piece if used + cells <= room else _cut(piece, room - used)
            last, used = style, min(room, used + cells)
        if used < room:
            if last is not base:
                segments.append(Segment(text, last))
                text, last = "", base
            text += " " * (room - used)
        segments.append(Segment(text, last))
        if thumb is not None:
            segments.append(Segment(self._glyphs.thumb if thumb else self._glyphs.track, self._styles.scrollbar))
        return Strip(segments, self._width)

    def blank(self) -> Strip:
        """A line without a row."""
        return Strip.blank(self._width, self._styles.base)

    def message(self, message: Content, height: int) -> list[Strip]:
        """`message` in the middle of `height` lines."""
        lines = message.split("\n", allow_blank=True)[:height]
        above = max(0, (height - len(lines)) // 3)
        strips = [self.blank() for _ in range(height)]
        for place, line in enumerate(lines, above):
            strips[place] = self._centred(line)
        return strips

    def _centred(self, line: Content) -> Strip:
        base = self._styles.base
        shown = line.truncate(self._width, ellipsis=True)
        segments = [Segment(text, base + style if style else base) for text, style, _ in shown.render_segments()]
        left = (self._width - shown.cell_length) // 2
        right = self._width - left - shown.cell_length
        return Strip([Segment(" " * left, base), *segments, Segment(" " * right, base)], self._width)


def _cut(text: str, width: int) -> str:
    return fit(text, max(0, width), "")
