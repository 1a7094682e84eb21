"""A terminal emulator, and what a person would see on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pyte
from pyte.screens import Char
from rich.cells import cell_len

Seen = tuple[object, ...]


class StrictScreen(pyte.Screen):
    """The least obliging of real terminals: pyte itself erases with all of the pen and lets the cursor leave."""

    background_erase = True

    def draw(self, data: str) -> None:
        super().draw(data)
        self.cursor.x = min(self.cursor.x, self.columns - 1)

    def erase_in_line(self, how: int = 0, private: bool = False) -> None:
        with self._erasing():
            super().erase_in_line(how, private)

    def erase_in_display(self, how: int = 0, *args: object, **options: object) -> None:
        with self._erasing():
            super().erase_in_display(how, *args, **options)

    def erase_characters(self, count: int | None = None) -> None:
        with self._erasing():
            super().erase_characters(count)

    @contextmanager
    def _erasing(self) -> Iterator[None]:
        pen = self.cursor.attrs
        background = pen.bg if self.background_erase else "default"
        self.cursor.attrs = self.default_char._replace(bg=background)
        yield
        self.cursor.attrs = pen


class Terminal:
    """A pyte screen that is fed with text.

    Args:
        background_erase: whether erased cells take the pen's background.
    """

    def __init__(self, width: int, height: int, background_erase: bool = True) -> None:
        self.screen = StrictScreen(width, height)
        self.screen.background_erase = background_erase
        self.screen.reset_mode(7, private=True)  # Textual turns wrapping at the last column off
        self.stream = pyte.Stream(self.screen)

    def feed(self, text: str) -> None:
        # pyte knows neither links (OSC 8 ends in ST) nor private modes beyond its own.
        self.stream.feed(text)

    def seen(self) -> list[list[Seen]]:
        """Each cell with all that can be seen of it: letter, colors, attributes."""
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
        # A mark that combines with a wide letter is put on its second half by pyte.
        cells = [_without_lone_marks(line[x]) for x in range(width)]
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


def _without_lone_marks(cell: Char) -> Char:
    return cell if cell_len(cell.data) else cell._replace(data="")
