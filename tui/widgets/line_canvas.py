"""A widget that draws the lines of a table, and redraws only what looks different (Textual's Line API)."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, ClassVar

from rich.style import Style
from textual import events
from textual.content import Content
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from coterie.core.listing import Row, Sort
from coterie.tui.colors import COLORS, Tint, checked_tint, cursor_tint, shade
from coterie.tui.glyphs import Glyphs
from coterie.tui.widgets.columns import GAP, Column, Heading, hidden, lay_out
from coterie.tui.widgets.row_painter import RowPainter, Styles
from coterie.tui.widgets.row_texts import Line, Part, prefix_width
from coterie.tui.widgets.viewport import Viewport

WHEEL_LINES = 3
"""How far one notch of the mouse wheel scrolls."""


class LineCanvas(Widget):
    """Shows headings and, below, one `Line` on each line of the screen. It takes no border and no padding.

    Attributes:
        KEYS_ARE_COMMANDS: it does nothing with keys itself, nor does what it stands in; see `tui.app`.
        PREFIX: what the names of its component classes begin with.
        PARTS: what has a component class of its own in a row.
        glyphs: the signs to draw with.
        columns: those that fit, with their places.
        more_columns: whether there are others on the left, on the right.
        view: where the cursor is, and what is seen.
    """

    ALLOW_SELECT = False
    KEYS_ARE_COMMANDS = True
    PREFIX: ClassVar[str] = "contact-table"
    PARTS: ClassVar[Sequence[Part]] = ("name", "rest", "cursor", "cell", "checked", "star", "match")

    def __init__(self, glyphs: Glyphs, **options: Any) -> None:
        super().__init__(**options)
        self.glyphs = glyphs
        self.columns: list[Column] = []
        self.more_columns = (False, False)
        self._chosen: Mapping[str, str] = {}
        self._empty = Content()
        self._shows_empty = False
        self._sort = Sort()
        self._lines: list[Line] = []
        self._strips: dict[Hashable, tuple[Row | None, Strip]] = {}
        self._painter: RowPainter | None = None
        self.view = Viewport()
        self._drags = False

    @property
    def empty(self) -> Content:
        """What to say if there is nothing to show; several lines are centred one by one."""
        return self._empty

    @empty.setter
    def empty(self, text: Content | str) -> None:
        self._empty = Content(text) if isinstance(text, str) else text
        self.refresh()

    @property
    def chosen(self) -> Mapping[str, str]:
        """The colors that were chosen for groups, by their names."""
        return self._chosen

    @chosen.setter
    def chosen(self, colors: Mapping[str, str]) -> None:
        if colors != self._chosen:
            self._chosen = colors
            self._forget_strips()
            self.refresh()

    def place_columns(self, headings: Sequence[Heading], sort: Sort, current: str = "") -> None:
        """Lay out the columns of these headings in the present width, `current` in any case; draw everything again."""
        self.columns = self.laid_out(headings, current)
        self.more_columns = hidden(headings, self.columns)
        self._sort = sort
        self._forget_strips()
        self._lines = []
        self.refresh()

    def laid_out(self, headings: Sequence[Heading], current: str) -> list[Column]:
        """These columns in the present width; the last one is the scroll bar's."""
        x = prefix_width(self.glyphs)
        return lay_out(headings, x, max(1, self.size.width - x - 1), current)

    def draw(self, lines: list[Line], empty: bool) -> None:
        """Show `lines`, or the text `empty`. Lines that are equal to what is there are left alone."""
        before, self._lines = self._lines, lines
        was_empty, self._shows_empty = self._shows_empty, empty
        if len(before) != len(lines) or was_empty != empty:
            self.refresh()
        elif changed := [y for y, line in enumerate(lines) if line != before[y]]:
            self.refresh(*_runs(changed, self.size.width))

    def column_at(self, x: int) -> str | None:
        """The key of the column that covers the cell `x`."""
        return next((column.key for column in self.columns if column.x <= x < column.x + column.width + GAP), None)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of `crop`, which is a region of this widget."""
        if self._painter is None:
            self._painter = RowPainter(self.glyphs, self._styles(), self.columns, self.size.width, self._chosen)
        painter, lines = self._painter, self._lines
        message = painter.message(self._empty, len(lines)) if self._shows_empty else []
        strips = []
        for y in crop.line_range:
            if y == 0:
                strips.append(painter.header(self._sort, *self.more_columns))
            elif y <= len(message):
                strips.append(message[y - 1])
            elif y <= len(lines):
                strips.append(self._strip(lines[y - 1], painter))
            else:
                strips.append(painter.blank())
        background = self.background_colors[1]
        for line_filter in self.get_line_filters():
            strips = [strip.apply_filter(line_filter, background) for strip in strips]
        if crop.column_span != (0, self.size.width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return strips

    def _strip(self, line: Line, painter: RowPainter) -> Strip:
        """The strip of `line`, kept from last time if it can be: a scrolled line is not composed again."""
        key = (line.row.id if line.row else None, *line[1:])
        row, strip = self._strips.get(key, (None, None))
        if strip is None or row != line.row:
            if len(self._strips) > 4 * len(self._lines):
                self._strips.clear()
            strip = painter.row(line)
            self._strips[key] = (line.row, strip)
        return strip

    def _styles(self) -> Styles:
        def find(part: str) -> Style:
            return self.get_component_rich_style(f"{self.PREFIX}--{part}")

        theme, base = self.app.current_theme, self.rich_style
        parts = {part: find(part) for part in self.PARTS}
        parts |= {f"group-{color}": base + Style(color=shade(theme, color).rich_color) for color in COLORS}
        checked = cursor = parts
        if not self.app.no_color:
            checked = _tinted(parts, checked_tint(theme))
            cursor = _tinted(parts, cursor_tint(theme)) if self.has_focus else parts
        return Styles(base, find("header"), find("scrollbar"), parts, cursor, checked)

    def _forget_strips(self) -> None:
        self._painter = None
        self._strips.clear()

    def notify_style_update(self) -> None:
        """Take over new styles (a theme, the focus)."""
        super().notify_style_update()
        self._forget_strips()

    # The scroll bar and the wheel ------------------------------------------------------------------------------

    @property
    def has_scroll_bar(self) -> bool:
        """Whether there is a scroll bar, in the last column."""
        return bool(self._lines) and self._lines[0].thumb is not None

    def view_moved(self) -> None:
        """The mouse has moved `view`: what is seen has to follow."""
        raise NotImplementedError

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll; the cursor stays within what is seen."""
        event.stop()
        self._scroll(WHEEL_LINES)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll; the cursor stays within what is seen."""
        event.stop()
        self._scroll(-WHEEL_LINES)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of the scroll bar."""
        if event.x == self.size.width - 1 and event.y > 0 and self.has_scroll_bar:
            self._drags = True
            self.capture_mouse()
            self._drag_to(event.y)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag the scroll bar."""
        if self._drags:
            self._drag_to(event.y)

    def on_mouse_up(self) -> None:
        """Let go of the scroll bar."""
        if self._drags:
            self._drags = False
            self.release_mouse()

    def _drag_to(self, y: int) -> None:
        self.view.drag_to(y - 1)
        self.view_moved()

    def _scroll(self, by: int) -> None:
        self.view.scroll_to(self.view.top + by)
        self.view_moved()


def _runs(lines: list[int], width: int) -> list[Region]:
    """The regions of these lines of the list, neighbors together. The headings stand above them."""
    regions: list[Region] = []
    for y in lines:
        if regions and regions[-1].bottom == y + 1:
            regions[-1] = Region(0, regions[-1].y, width, regions[-1].height + 1)
        else:
            regions.append(Region(0, y + 1, width, 1))
    return regions


def _tinted(parts: Mapping[Part, Style], tint: Tint) -> dict[Part, Style]:
    """The parts of a row that is tinted over its whole width: there only the star keeps its color."""
    ground = Style(bgcolor=tint.background.rich_color)
    text = ground + Style(color=tint.text.rich_color, dim=False)
    return {part: style + (ground if part == "star" else text) for part, style in parts.items()}
