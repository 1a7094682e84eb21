"""How the screen of a list is divided: numbers only, since the first rows are placed before Textual is imported."""

from __future__ import annotations

from typing import Final, NamedTuple

NARROW: Final = 60
"""Below so many columns there is no sidebar."""
WIDE: Final = 110
"""From so many on it is wide."""
LOW: Final = 20
"""Below so many lines the selection bar has no line of its own while nothing is checked."""

_INSPECTOR, _INSPECTOR_LEAST, _LIST_LEAST = 32, 24, 40
"""Columns that the inspector takes at first, and that it and the list beside it take at least."""

_ABOVE, _BELOW = 3, 2
"""Title, search and headings; status and keys."""


class Area(NamedTuple):
    """A part of the screen, in cells."""

    x: int
    y: int
    width: int
    height: int


def sidebar_width(width: int) -> int:
    """How wide the sidebar is on a terminal of `width` columns; 0 if there is none."""
    if width < NARROW:
        return 0
    return 27 if width >= WIDE else 21


def inspector_width(width: int, remembered: object = None) -> int:
    """How wide the inspector beside a list is on a terminal of `width` columns; 0 if there is none.

    `remembered` is what the user wants: the mapping of `memory.INSPECTOR`, None for nothing.
    """
    wanted = remembered if isinstance(remembered, dict) else {}
    if width < WIDE or wanted.get("hidden"):
        return 0
    columns = wanted.get("width")
    if not isinstance(columns, int):
        columns = max(_INSPECTOR, min(48, width * 3 // 10))
    return max(_INSPECTOR_LEAST, min(columns, width - sidebar_width(width) - _LIST_LEAST))


def is_low(height: int) -> bool:
    """Whether a terminal of `height` lines has none to spare."""
    return height < LOW


def area_of_rows(width: int, height: int, inspector: object = None) -> Area:
    """Where the rows of a table are while nothing is checked; its last column is the scroll bar's.

    `inspector` is what is remembered of the inspector, see `inspector_width`.
    """
    x, y = sidebar_width(width), _ABOVE + (not is_low(height))
    return Area(x, y, width - x - inspector_width(width, inspector), max(0, height - y - _BELOW))
