"""The last step of `--ascii`: punctuation and lines that no set of glyphs chose become ASCII as they are drawn."""

from __future__ import annotations

from typing import Final

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_SIGNS: Final = str.maketrans("“”„‘’‚…←→↑↓‹›·•–—−×─━│┃╭╮╰╯", "\"\"\"'''~<>^v<>-*---x--||++++")
"""Each takes one cell, and so does what stands for it."""


class AsciiSigns(LineFilter):
    """Draws punctuation and lines in ASCII; letters stay, as nothing in ASCII can stand for those of a name."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments in ASCII."""
        return [Segment(text.translate(_SIGNS), style, control) for text, style, control in segments]
