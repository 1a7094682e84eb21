"""Dim text that can still be read: Textual mixes its color half and half with the ground, whatever comes of it."""

from __future__ import annotations

from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import DimFilter

from coterie.tui.contrast import mix, readable


class ReadableDim(DimFilter):
    """Mixes dim colors with the ground as far as they can be read; the terminal's own stay dim as it shows them."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments, with the colors of dim ones mixed."""
        ground = background.rgb if background.ansi is None else None
        return [
            Segment(text, _mixed(style, ground), control) if style is not None and style.dim else segment
            for segment in segments
            for text, style, control in (segment,)
        ]


@lru_cache(1024)
def _mixed(style: Style, background: tuple[int, int, int] | None) -> Style:
    ground = background
    if style.bgcolor is not None and not style.bgcolor.is_default:
        ground = style.bgcolor.triplet
    text = style.color.triplet if style.color is not None else None
    if ground is None or text is None:
        return style
    red, green, blue = readable(mix(text, ground, 0.5), (tuple(ground),))
    return style + Style(color=f"#{red:02x}{green:02x}{blue:02x}", dim=False)
