"""From a key to the finished frame, beside the same key in a minimal list of 1,000 rows in the same run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from statistics import quantiles
from typing import Final

from benchmarks.books import Books
from benchmarks.figures import Figure
from benchmarks.screen import Screen
from benchmarks.starting import MINIMAL, SMALL, program
from coterie.tui.screens.measures import Area, area_of_rows

# The scroll bar is the last column of the list.
_WIDTH, _HEIGHT = 120, 40
_OURS: Final = area_of_rows(_WIDTH, _HEIGHT)
_AT_73: Final = 0.73
PRESSES: Final = 40


def _click(area: Area) -> str:
    """A click on the scroll bar at 73 %, as terminals report it (SGR mouse mode)."""
    line, column = area.y + round(_AT_73 * (area.height - 1)) + 1, area.x + area.width
    return f"\x1b[<0;{column};{line}M\x1b[<0;{column};{line}m"


# What is pressed, and which of it is a figure; "g" goes back to the top.
_KEYS: Final = (
    ("move (j)", "j"),
    ("check (space)", " "),
    ("page (pagedown)", "\x1b[6~"),
    ("jump (G)", "G"),
    ("jump (g)", "g"),
    ("scroll bar at 73 %", ""),
    ("", "g"),
)


def measure(books: Books, size: int) -> Iterator[Figure]:
    """The p95 of each key: the floor, ours at 1,000, ours at `size`, pressed in turns."""
    took: dict[str, tuple[list[float], list[float], list[float]]] = {name: ([], [], []) for name, _ in _KEYS}
    with ExitStack() as stack:
        screens = [
            stack.enter_context(Screen(command))
            for command in (MINIMAL, program(books.of(SMALL)), program(books.of(size)))
        ]
        for screen in screens:
            screen.settle(2.0)
        for _ in range(PRESSES):
            for name, key in _KEYS:
                for number, screen in enumerate(screens):
                    area = Area(0, 0, _WIDTH, _HEIGHT) if number == 0 else _OURS
                    took[name][number].append(screen.press(key or _click(area)))
    for name, _ in _KEYS:
        if name:
            floor, small, big = (quantiles(times, n=20)[-1] for times in took[name])
            yield Figure(f"{name} at {SMALL:,}, p95", small, floor, "ms", "a ScrollView of 1,000 lines", target=1.5)
            yield Figure(f"{name} at {size:,}, p95", big, small, "ms", "the same at 1,000", target=1.2)
