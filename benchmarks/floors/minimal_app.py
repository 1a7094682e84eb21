"""The floor of starting and moving: Textual with nothing but one list of 1,000 invented rows, drawn line by line.

The list is as Textual's manual has it (https://textual.textualize.io/guide/widgets/#line-api): a ScrollView whose
`render_line` gives a line, with a scroll bar of its own. With `--own-offset` it is a Widget that keeps its own offset
and draws all lines at once, the fastest that we found. A row shows what one of ours does: a check box, a star, five
columns, the cursor on the name. The keys are j, k, space, pagedown, pageup, g and G; a click on the scroll bar jumps.
"""

from __future__ import annotations

import sys

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import App, ComposeResult
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

ROWS = [
    (f"Person {number:04}", f"person{number:04}@example.org", f"Company {number % 97}", "Engineer", "Choir 1, Team 2")
    for number in range(1000)
]
WIDTHS = (24, 28, 20, 16, 16)
PLAIN, CURSOR, STAR, BAR = Style(), Style(reverse=True), Style(color="yellow"), Style(color="bright_black")


def line(place: int, width: int, cursor: bool, checked: bool) -> list[Segment]:
    """A row in `width` cells."""
    name, *others = [f"{text:{room}.{room}}" for text, room in zip(ROWS[place], WIDTHS, strict=True)]
    box = "[x] " if checked else "[ ] "
    star = ("* ", STAR) if place % 12 == 0 else ("  ", PLAIN)
    rest = " " + " ".join(others)
    room = width - len(box) - 2 - len(name)
    pieces = ((box, PLAIN), star, (name, CURSOR if cursor else PLAIN), (rest[:room].ljust(room), PLAIN))
    return [Segment(*piece) for piece in pieces]


class ScrolledList(ScrollView, can_focus=True, inherit_bindings=False):
    """A list that scrolls as widgets do."""

    def __init__(self) -> None:
        super().__init__()
        self.cursor = 0
        self.checked: set[int] = set()

    def on_resize(self) -> None:
        """As wide as there is room."""
        self.virtual_size = Size(self.scrollable_content_region.width, len(ROWS))

    def render_line(self, y: int) -> Strip:
        """One line."""
        place, width = self.scroll_offset.y + y, self.size.width
        return Strip(line(place, width, place == self.cursor, place in self.checked), width)

    def _go(self, place: int, turn: int = 0) -> None:
        before, top, page = self.cursor, self.scroll_offset.y, self.size.height
        self.cursor = max(0, min(place, len(ROWS) - 1))
        wanted = max(0, min(top + turn, len(ROWS) - page))
        wanted = max(self.cursor - page + 1, min(wanted, self.cursor))
        if wanted != top:
            self.scroll_to(y=wanted, animate=False, force=True)
        self.refresh(*(Region(0, row - wanted, self.size.width, 1) for row in {before, self.cursor}))

    def on_key(self, event: events.Key) -> None:
        """Move."""
        press(self, event.key)


class OwnOffsetList(Widget, can_focus=True):
    """A list that keeps its own cursor and offset."""

    def __init__(self) -> None:
        super().__init__()
        self.cursor = self.top = 0
        self.checked: set[int] = set()

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of `crop`."""
        return [self._line(self.top + y) for y in crop.line_range]

    def _line(self, place: int) -> Strip:
        width = self.size.width
        segments = line(place, width - 1, place == self.cursor, place in self.checked)
        return Strip([*segments, Segment("|", BAR)], width)

    def _go(self, place: int, turn: int = 0) -> None:
        before, top, page = self.cursor, self.top, self.size.height
        self.cursor = max(0, min(place, len(ROWS) - 1))
        self.top = max(0, min(self.top + turn, len(ROWS) - page))
        self.top = max(self.cursor - page + 1, min(self.top, self.cursor))
        if self.top != top:
            self.refresh()
        else:
            self.refresh(*(Region(0, row - top, self.size.width, 1) for row in {before, self.cursor}))

    def on_key(self, event: events.Key) -> None:
        """Move."""
        press(self, event.key)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Jump."""
        if event.x == self.size.width - 1:
            part = event.y / (self.size.height - 1)
            self.top = round(part * (len(ROWS) - self.size.height))
            self.cursor = max(self.top, min(self.cursor, self.top + self.size.height - 1))
            self.refresh()


def press(shown: ScrolledList | OwnOffsetList, key: str) -> None:
    """Carry out a key."""
    page = shown.size.height
    match key:
        case "j":
            shown._go(shown.cursor + 1)
        case "k":
            shown._go(shown.cursor - 1)
        case "space":
            shown.checked ^= {shown.cursor}
            shown._go(shown.cursor + 1)
        case "pagedown":
            shown._go(shown.cursor + page, page)
        case "pageup":
            shown._go(shown.cursor - page, -page)
        case "g":
            shown._go(0)
        case "G":
            shown._go(len(ROWS) - 1)


class MinimalApp(App[None]):
    """The list, and nothing else."""

    CSS = "#list { width: 1fr; height: 1fr; scrollbar-size-vertical: 1; }"
    ENABLE_COMMAND_PALETTE = False

    def compose(self) -> ComposeResult:
        """The list."""
        shown = OwnOffsetList() if "--own-offset" in sys.argv else ScrolledList()
        shown.id = "list"
        yield shown

    def on_mount(self) -> None:
        """Keys go to the list; nothing is animated, as in our program."""
        self.animation_level = "none"
        self.query_one("#list").focus()


if __name__ == "__main__":
    MinimalApp().run()
