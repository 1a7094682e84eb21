"""A bar: one line of text, drawn straight into cells."""

from __future__ import annotations

from abc import abstractmethod

from rich.segment import Segment
from textual.content import Content
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from coterie.tui.terminal.textual_private import style_finder


class Bar(Widget):
    """A line with a blank at either end.

    Textual's own way from a text to a line wraps it, spaces it and prepares it for being selected with the mouse: a
    tenth of the time from a key to its frame, for each bar.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = "Bar { height: 1; padding: 0 1; }"

    @abstractmethod
    def render(self) -> Content:
        """The text, fitted to the present width."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """The line, cut to `crop`."""
        style = self.visual_style
        blank = Segment(" ", style.rich_style)
        pieces = self.render().render(style, end="", parse_style=style_finder(self))
        strip = Strip([blank, *[Segment(text, piece_style.rich_style) for text, piece_style in pieces]])
        strip = strip.adjust_cell_length(self.outer_size.width, style.rich_style)
        background = self.background_colors[1]
        for line_filter in self.get_line_filters():
            strip = strip.apply_filter(line_filter, background)
        if crop.column_span != (0, self.outer_size.width):
            strip = strip.crop(*crop.column_span)
        return [strip] * crop.height
