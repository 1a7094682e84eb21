"""A terminal emulator, and what a person would see on it."""

from __future__ import annotations

import pyte
from rich.cells import cell_len

Seen = tuple[object, ...]


class Terminal:
    """A pyte screen that is fed with text."""

    def __init__(self, width: int, height: int) -> None:
        self.screen = pyte.Screen(width, height)
        self.screen.reset_mode(7, private=True)  # Textual turns wrapping at the last column off
        self.stream = pyte.Stream(self.screen)

    def feed(self, text: str) -> None:
        # pyte knows neither links (OSC 8 ends in ST) nor private modes beyond its own.
        self.stream.feed(text)

    def seen(self) -> list[list[Seen]]:
        """Each cell with all that can be seen of it: letter, colours, attributes."""
        return [self._line(y) for y in range(self.screen.lines)]

    def differs_from(self, other: Terminal) -> tuple[object, ...] | None:
        """The first cell that differs: its place, how it looks here and how there; None where there is none."""
        for y, (here, there) in enumerate(zip(self.seen(), other.seen(), strict=True)):
            for x, (one, another) in enumerate(zip(here, there, strict=True)):
                if one != another:
                    return (x, y, one, another)
        return None

    def text(self) -> list[str]:
        return ["".join(str(cell[0]) for cell in line).rstrip() for line in self.seen()]

    def _line(self, y: int) -> list[Seen]:
        line = self.screen.buffer[y]
        width = self.screen.columns
        cells = [line[x] for x in range(width)]
        seen: list[Seen] = []
        for x, cell in enumerate(cells):
            data = cell.data
            wide = data != "" and cell_len(data) > 1
            # Half a wide letter is what no terminal shows, though pyte keeps it.
            if wide and (x + 1 == width or cells[x + 1].data != ""):
                data = " "
            if data == "" and (x == 0 or cell_len(cells[x - 1].data or " ") < 2):
                data = " "
            lines = (cell.underscore, cell.strikethrough, cell.reverse, cell.blink)
            if data == " " and not any(lines):
                seen.append((" ", cell.bg))
            else:
                seen.append((data, cell.fg, cell.bg, cell.bold, cell.italics, *lines))
        return seen
