"""Thin scroll bars: a line as a track, a thicker one as the thumb, in every list and text."""

from __future__ import annotations

from math import ceil
from typing import ClassVar, Final

from rich.color import Color
from rich.segment import Segment, Segments
from rich.style import Style
from textual.scrollbar import ScrollBar, ScrollBarRender

from coterie.tui.glyphs import Glyphs

_NO_COLOR: Final = Color.default()


class _ThinBars(ScrollBarRender):
    thumb: ClassVar[str]
    track: ClassVar[str]

    @classmethod
    def render_bar(
        cls,
        size: int = 25,
        virtual_size: float = 50,
        window_size: float = 20,
        position: float = 0,
        thickness: int = 1,
        vertical: bool = True,
        back_color: Color = _NO_COLOR,
        bar_color: Color = _NO_COLOR,
    ) -> Segments:
        """The cells of a bar; see `ScrollBarRender`, which draws it in blocks."""
        if not vertical:
            return super().render_bar(
                size, virtual_size, window_size, position, thickness, vertical, back_color, bar_color
            )
        start = end = 0
        if window_size and size and virtual_size > window_size:
            length = max(1, ceil(size * window_size / virtual_size))
            start = round((size - length) * position / (virtual_size - window_size))
            end = start + length
        parts = (
            (start, cls.track, True, "scroll_up"),
            (end - start, cls.thumb, False, "grab"),
            (size - end, cls.track, True, "scroll_down"),
        )
        cells = [
            Segment(sign, Style(color=bar_color, bgcolor=back_color, dim=dim or None, meta={"@mouse.down": does}))
            for count, sign, dim, does in parts
            for _ in range(int(count))
        ]
        return Segments(cells, new_lines=True)


def draw_thin(glyphs: Glyphs) -> None:
    """Draw all scroll bars from now on with these signs."""
    ScrollBar.renderer = type("ThinBars", (_ThinBars,), {"thumb": glyphs.thumb, "track": glyphs.track})
