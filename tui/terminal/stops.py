"""Tab stops for the time of one frame: where many lines are written from the same columns, a tab leads there.

A column costs five bytes, or six; a tab one. When the frame is written, the stops are again where terminals have them,
every eight columns: whatever happens to the program or to the line, the next program finds them so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from coterie.tui.terminal.rows import Row

EVERY: Final = 8
"""Columns between the stops that terminals have by themselves."""

_APART: Final = 5
"""So many cells between two changes are jumped over."""
_FEWEST: Final = 4
"""A stop that fewer lines use costs more than it saves."""
_MOST: Final = 12
_SAVED, _COST = 2, 7
"""Bytes that a stop saves each time, with care, and that it costs to set."""


def worth_setting(shown: Sequence[Row], wanted: Sequence[Row], changed: Sequence[int]) -> list[int]:
    """The columns to give stops while the lines `changed` are written; none if that gains nothing."""
    starts: Counter[int] = Counter()
    for y in changed:
        old, last = shown[y], -_APART
        for x, cell in enumerate(wanted[y]):
            if cell != old[x]:
                if x - last >= _APART:
                    starts[x] += 1
                last = x
    del starts[0]
    stops = [(x, count) for x, count in starts.most_common(_MOST) if count >= _FEWEST]
    saved = sum(_SAVED * count - _COST for _, count in stops)
    return sorted(x for x, _ in stops) if saved > len(again(len(wanted[0]))) + _COST else []


def begin(stops: Sequence[int]) -> str:
    """What sets these stops and no others. It leaves the cursor in the column of the last one."""
    return "\x1b[3g" + "".join(f"\x1b[{x + 1}G\x1bH" for x in stops)


def again(width: int) -> str:
    """What sets the stops that terminals have by themselves. It leaves the cursor in the column of the last one."""
    return "\x1b[3g\r" + f"\x1b[{EVERY}C\x1bH" * ((width - 1) // EVERY)
