"""Colors with a meaning: of the groups, and of the rows of a list that stand out.

A theme says them by its variables `group-red` … `group-pink`, `row-cursor` and `row-checked` (what lies behind the
row), `row-cursor-text` and `row-checked-text`; what it does not say follows from its other colors.
"""

from __future__ import annotations

import zlib
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from coterie.core.model import GROUP_COLORS
from coterie.core.text import fold

if TYPE_CHECKING:
    from textual.color import Color
    from textual.theme import Theme

COLORS: Final = GROUP_COLORS

_TERMINAL: Final = {
    "group-red": "ansi_red",
    "group-orange": "ansi_bright_red",
    "group-yellow": "ansi_yellow",
    "group-green": "ansi_green",
    "group-cyan": "ansi_cyan",
    "group-blue": "ansi_bright_blue",
    "group-purple": "ansi_magenta",
    "group-pink": "ansi_bright_magenta",
    # If the background is unknown: colors that can be read on each other.
    "row-cursor": "ansi_blue",
    "row-cursor-text": "ansi_bright_white",
    "row-checked": "ansi_bright_black",
    "row-checked-text": "ansi_bright_white",
}
_TERMINAL_DARK: Final = _TERMINAL | {"row-checked": "#303030", "row-checked-text": "ansi_default"}
_TERMINAL_LIGHT: Final = _TERMINAL | {
    "group-blue": "ansi_blue",
    "row-cursor": "#afd7ff",
    "row-cursor-text": "ansi_black",
    "row-checked": "#e4e4e4",
    "row-checked-text": "ansi_black",
}
# Exact in xterm's palette of 256, so that they are short on the wire.
DARK: Final = {
    "group-red": "#ff8787",
    "group-orange": "#ffaf5f",
    "group-yellow": "#d7d75f",
    "group-green": "#87d787",
    "group-cyan": "#5fd7d7",
    "group-blue": "#87afff",
    "group-purple": "#af87ff",
    "group-pink": "#ff87d7",
}
LIGHT: Final = {
    "group-red": "#af0000",
    "group-orange": "#875f00",
    "group-yellow": "#5f5f00",
    "group-green": "#005f00",
    "group-cyan": "#005f5f",
    "group-blue": "#005faf",
    "group-purple": "#5f00af",
    "group-pink": "#af005f",
}


class Tint(NamedTuple):
    """A row over its whole width: what lies behind it, and its text."""

    background: Color
    text: Color


def group_color(name: str, chosen: str | None = None) -> str:
    """The color of a group, one of `COLORS`: the one that was chosen, else one by its name, always the same."""
    return chosen if chosen in COLORS else COLORS[zlib.crc32(fold(name).encode()) >> 29]


def shade(theme: Theme, color: str) -> Color:
    """What one of `COLORS` looks like in a theme."""
    return _named(theme, f"group-{color}")


def cursor_tint(theme: Theme) -> Tint:
    """The row under the cursor."""
    return Tint(_named(theme, "row-cursor"), _named(theme, "row-cursor-text"))


def checked_tint(theme: Theme) -> Tint:
    """A row that is checked."""
    return Tint(_named(theme, "row-checked"), _named(theme, "row-checked-text"))


def _named(theme: Theme, name: str) -> Color:
    from textual.color import Color

    return Color.parse(theme.variables.get(name) or _usual(theme.name, theme.ansi, theme.dark, *_of(theme))[name])


def _of(theme: Theme) -> tuple[str, str, str]:
    """The text, what lies behind it, and the main color."""
    text, behind = ("#e4e4e4", "#121212") if theme.dark else ("#262626", "#ffffff")
    return theme.foreground or text, theme.background or behind, theme.primary


@lru_cache(64)
def _usual(name: str, ansi: bool, dark: bool, text: str, behind: str, primary: str) -> dict[str, str]:
    from textual.color import Color

    if ansi:
        return _TERMINAL if name == "terminal" else _TERMINAL_DARK if dark else _TERMINAL_LIGHT
    ground, ink = Color.parse(behind), Color.parse(text)
    cursor, checked = ground.blend(Color.parse(primary), 0.25), ground.blend(ink, 0.12)
    bright = ink.blend(ground.get_contrast_text(1), 0.5).hex
    rows = {"row-cursor": cursor.hex, "row-checked": checked.hex, "row-cursor-text": bright, "row-checked-text": bright}
    return (DARK if dark else LIGHT) | rows
