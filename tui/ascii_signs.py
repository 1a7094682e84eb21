"""The last step of `--ascii`: punctuation and lines that no set of glyphs chose become ASCII as they are drawn."""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from coterie.tui.glyphs import in_ascii


class AsciiSigns(LineFilter):
    """Draws punctuation and lines in ASCII; letters stay, as nothing in ASCII can stand for those of a name."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments in ASCII."""
        return [Segment(in_ascii(text), style, control) for text, style, control in segments]
