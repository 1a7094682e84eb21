"""The floor of starting and moving: Textual with nothing but one list of 1,000 invented rows, drawn line by line.

A row shows what one of ours does: a check box, a star, five columns, the cursor on the name, a scroll bar. The keys are
j, k, space, pagedown, pageup, g and G; a click in the last column jumps.
"""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

ROWS = [
    (f"Person {number:04}", f"person{number:04}@example.org", f"Company {number % 97}", "Engineer", "Choir 1, Team 2")
    for number in range(1000)
]
WIDTHS = (24, 28, 20, 16, 16)
PLAIN, CURSOR, STAR, BAR = Style(), Style(reverse=True), Style(color="yellow"), Style(color="bright_black")


class MinimalList(Widget, can_focus=True):
    """A list that keeps its own cursor and offset."""

    def __init__(self) -> None:
        super().__init__()
        self.cursor = self.top = 0
        self.checked: set[int] = set()

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of `crop`."""
        return [self._line(self.top + y) for y in crop.line_range]

    def _line(self, place: int) -> Strip:
        name, *others = [f"{text:{width}.{width}}" for text, width in zip(ROWS[place], WIDTHS, strict=True)]
        box = "[x] " if place in self.checked else "[ ] "
        star = ("* ", STAR) if place % 12 == 0 else ("  ", PLAIN)
        rest = " " + " ".join(others)
        room = self.size.width - len(box) - 2 - len(name) - 1
        segments = [
            (box, PLAIN),
            star,
            (name, CURSOR if place == self.cursor else PLAIN),
            (rest[:room].ljust(room), PLAIN),
        ]
        return Strip([Segment(*one) for one in (*segments, ("|", BAR))], self.size.width)

    def _go(self, place: int, turn: int = 0) -> None:
        before, top, page = self.cursor, self.top, self.size.height
        self.cursor = max(0, min(place, len(ROWS) - 1))
        self.top = max(0, min(self.top + turn, len(ROWS) - page))
        self.top = max(self.cursor - page + 1, min(self.top, self.cursor))
        if self.top != top:
            self.refresh()
        else:
            self.refresh(*(Region(0, line - top, self.size.width, 1) for line in {before, self.cursor}))

    def on_key(self, event: events.Key) -> None:
        """Move."""
        page = self.size.height
        match event.key:
            case "j":
                self._go(self.cursor + 1)
            case "k":
                self._go(self.cursor - 1)
            case "space":
                self.checked ^= {self.cursor}
                self._go(self.cursor + 1)
            case "pagedown":
                self._go(self.cursor + page, page)
            case "pageup":
                self._go(self.cursor - page, -page)
            case "g":
                self._go(0)
            case "G":
                self._go(len(ROWS) - 1)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Jump."""
        if event.x == self.size.width - 1:
            part = event.y / (self.size.height - 1)
            self.top = round(part * (len(ROWS) - self.size.height))
            self.cursor = max(self.top, min(self.cursor, self.top + self.size.height - 1))
            self.refresh()


class MinimalApp(App[None]):
    """The list, and nothing else."""

    CSS = "MinimalList { width: 1fr; height: 1fr; }"
    ENABLE_COMMAND_PALETTE = False

    def compose(self) -> ComposeResult:
        """The list."""
        yield MinimalList()

    def on_mount(self) -> None:
        """Keys go to the list."""
        self.query_one(MinimalList).focus()


if __name__ == "__main__":
    MinimalApp().run()
