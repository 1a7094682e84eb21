"""Letters that stand below each other: the sides of dialogs, scroll bars and rules.

Line by line each of them costs a jump and two changes of the pen; from top to bottom only the way to the line below.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from coterie.tui.terminal.rows import Cell, Row

FEWEST: Final = 4
"""Of fewer letters below each other there is nothing to gain."""

NEAR: Final = 3
"""With a letter of the same pen so near on the same line that is written too, it costs little there."""

_FIRST, _LAST, _ASCII = "\u2500", "\u259f", "|"  # box drawing and block elements


class Column(NamedTuple):
    """The same cell in the lines `first` to `last` of the column `x`."""

    x: int
    first: int
    last: int
    cell: Cell


def columns(shown: Sequence[Row], wanted: Sequence[Row], changed: Sequence[int]) -> Iterator[Column]:
    """The columns worth writing from top to bottom, among the lines that changed, from left to right."""
    places: dict[tuple[int, Cell], list[int]] = {}
    for y in changed:
        old = shown[y]
        for x, cell in enumerate(wanted[y]):
            letter = cell[0]
            if (_FIRST <= letter <= _LAST or letter == _ASCII) and cell != old[x]:
                places.setdefault((x, cell), []).append(y)
    for (x, cell), lines in sorted(places.items(), key=_place):
        start = 0
        for end in range(1, len(lines) + 1):
            if end < len(lines) and lines[end] == lines[end - 1] + 1:
                continue
            alone = sum(_stands_alone(shown[y], wanted[y], x) for y in lines[start:end])
            if end - start >= FEWEST and 2 * alone > end - start:
                yield Column(x, lines[start], lines[end - 1], cell)
            start = end


def _place(column: tuple[tuple[int, Cell], list[int]]) -> tuple[int, int]:
    return column[0][0], column[1][0]


def _stands_alone(old: Row, new: Row, x: int) -> bool:
    pen = new[x][1]
    return not any(
        new[near][1] == pen and new[near][0] != " " and new[near] != old[near]
        for near in range(max(0, x - NEAR), min(len(new), x + NEAR + 1))
        if near != x
    )
