"""The sidebar: the four views with their counts, the groups with their sizes, and Sync contacts at the bottom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from coterie.core.listing import Counts
from coterie.core.model import Group
from coterie.core.text import printable
from coterie.tui.glyphs import Glyphs

VIEWS = ("show_all", "show_favorites", "show_groups", "show_bin")


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the sidebar; `command` or `group` is what it opens, neither for a rule or a blank.

    `short` is the text for little room.
    """

    glyph: str = ""
    text: str = ""
    size: str = ""
    command: str = ""
    group: Group | None = None
    short: str = ""

    @property
    def opens(self) -> bool:
        return bool(self.command) or self.group is not None


class Sidebar(Widget, can_focus=True):
    """Drawn line by line: the views stay at the top, Sync contacts at the bottom, the groups scroll between them.

    Args:
        glyphs: the characters to draw with.
    """

    KEYS_ARE_COMMANDS = True
    COMPONENT_CLASSES = {"sidebar--muted", "sidebar--current", "sidebar--cursor"}  # noqa: RUF012 - Textual's way
    DEFAULT_CSS = """
    Sidebar {
        width: 20; padding: 0 1 0 1; border-right: solid $border-blurred;
        & > .sidebar--muted { color: $text-muted; }
        & > .sidebar--current { text-style: bold; color: $primary; }
        & > .sidebar--cursor {
            color: $block-cursor-foreground; background: $block-cursor-background;
            text-style: $block-cursor-text-style;
        }
        &:nocolor > .sidebar--cursor { text-style: bold reverse; }
    }
    """

    @dataclass
    class Chosen(Message):
        """A view, a group or Sync contacts was chosen.

        Attributes:
            command: the id of the command to run; empty where a group was chosen.
        """

        sidebar: Sidebar
        command: str
        group: Group | None

        @property
        def control(self) -> Sidebar:
            """The sidebar."""
            return self.sidebar

    @dataclass
    class Highlighted(Message):
        """Something else came under the cursor."""

        sidebar: Sidebar

        @property
        def control(self) -> Sidebar:
            """The sidebar."""
            return self.sidebar

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__()
        self._glyphs = glyphs
        self._counts = Counts()
        self._groups: Sequence[Group] = ()
        self._current: str | int = "show_all"
        self._cursor = 0
        self._first_group = 0

    def tell(self, counts: Counts, groups: Sequence[Group], current: str | int) -> None:
        """Show these counts and groups; `current` is the command or the group id of what the screen shows."""
        if (counts, list(groups), current) == (self._counts, list(self._groups), self._current):
            return
        self._counts, self._groups, self._current = counts, groups, current
        self._cursor = min(self._cursor, self._stops - 1)
        self.refresh()
        self.post_message(self.Highlighted(self))

    # The cursor: 0-3 are the views, then the groups, then Sync contacts -----------------------------------------

    @property
    def _stops(self) -> int:
        return len(VIEWS) + len(self._groups) + 1

    def move(self, by: int) -> None:
        """Move the cursor down (up where `by` is negative)."""
        self.move_to(self._cursor + by)

    def move_to(self, stop: int) -> None:
        """Put the cursor on a line: the views come first, then the groups, then Sync contacts."""
        self._cursor = max(0, min(stop, self._stops - 1))
        group, room = self._cursor - len(VIEWS), self._room
        if 0 <= group < len(self._groups) and room:
            self._first_group = max(group - room + 1, min(self._first_group, group))
        self.refresh()
        self.post_message(self.Highlighted(self))

    @property
    def group(self) -> Group | None:
        """The group under the cursor."""
        place = self._cursor - len(VIEWS)
        return self._groups[place] if 0 <= place < len(self._groups) else None

    def page(self, by: float) -> None:
        """Move the cursor by pages."""
        self.move(round(max(self._room, 1) * by))

    def first(self) -> None:
        """Go to the first view."""
        self.move_to(0)

    def last(self) -> None:
        """Go to Sync contacts."""
        self.move_to(self._stops - 1)

    def choose(self) -> None:
        """Open what is under the cursor."""
        if self._cursor < len(VIEWS):
            self.post_message(self.Chosen(self, VIEWS[self._cursor], None))
        elif self._cursor == self._stops - 1:
            self.post_message(self.Chosen(self, "sync", None))
        else:
            self.post_message(self.Chosen(self, "", self._groups[self._cursor - len(VIEWS)]))

    # Drawing ---------------------------------------------------------------------------------------------------

    @property
    def _room(self) -> int:
        """How many lines there are for groups: what the views, two rules and Sync contacts leave."""
        return max(self.content_size.height - len(VIEWS) - 3, 0)

    def _lines(self) -> list[_Line]:
        glyphs, counts = self._glyphs, self._counts
        views = (
            _Line(glyphs.all_contacts, "All contacts", f"{counts.all:,}", VIEWS[0], short="All"),
            _Line(glyphs.favorites, "Favorites", f"{counts.favorites:,}", VIEWS[1]),
            _Line(glyphs.groups, "Groups", f"{counts.groups:,}", VIEWS[2]),
            _Line(glyphs.bin, "Bin", f"{counts.bin:,}", VIEWS[3]),
        )
        room = self._room
        self._first_group = max(0, min(self._first_group, len(self._groups) - room))
        groups = [
            _Line("", printable(group.name), f"{group.size:,}", group=group)
            for group in self._groups[self._first_group : self._first_group + room]
        ]
        rule = _Line(text=glyphs.rule)
        blanks = [_Line()] * (room - len(groups))
        return [*views, rule, *groups, *blanks, rule, _Line(glyphs.sync, "Sync contacts", command="sync")]

    def _is_cursor(self, line: _Line) -> bool:
        if not self.has_focus or not line.opens:
            return False
        if line.group is not None:
            place = self._cursor - len(VIEWS)
            return 0 <= place < len(self._groups) and self._groups[place] is line.group
        if line.command == "sync":
            return self._cursor == self._stops - 1
        return self._cursor < len(VIEWS) and VIEWS[self._cursor] == line.command

    def render_line(self, y: int) -> Strip:
        """One line of the sidebar."""
        width = self.content_size.width
        style = self.rich_style
        lines = self._lines()
        if y >= len(lines) or not lines[y].text:
            return Strip.blank(width, style)
        line = lines[y]
        muted = self.get_component_rich_style("sidebar--muted")
        if not line.opens:
            return Strip([Segment(line.text * width, muted)], width)
        current = self._current == (line.group.id if line.group else line.command)
        if current:
            style = self.get_component_rich_style("sidebar--current")
        if self._is_cursor(line):
            style += self.get_component_rich_style("sidebar--cursor", partial=True)
            muted = style
        glyph = f"{line.glyph or ' '} "
        room = width - cell_len(glyph) - (cell_len(line.size) + 1 if line.size else 0)
        text = printable(line.text)
        if cell_len(text) > room and line.short:
            text = line.short
        elif cell_len(text) > room:
            text = set_cell_size(text, max(room - 1, 0)) + self._glyphs.ellipsis
        body = set_cell_size(glyph + text, width - cell_len(line.size))
        return Strip([Segment(body, style), Segment(line.size, muted)], width)

    # The mouse -------------------------------------------------------------------------------------------------

    def _line_at(self, y: int) -> _Line | None:
        lines = self._lines()
        return lines[y] if 0 <= y < len(lines) and lines[y].opens else None

    def on_click(self, event: events.Click) -> None:
        """Open the line under the mouse."""
        event.stop()
        if line := self._line_at(event.y):
            self.post_message(self.Chosen(self, line.command, line.group))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Say the whole name of what is under the mouse: it may be cut."""
        line = self._line_at(event.y)
        tooltip = f"{line.text} {line.size}".strip() if line else None
        if tooltip != getattr(self.tooltip, "plain", None):
            from textual.content import Content

            self.tooltip = Content(tooltip) if tooltip else None

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll the groups."""
        event.stop()
        self._first_group += 1
        self.refresh()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll the groups back."""
        event.stop()
        self._first_group = max(self._first_group - 1, 0)
        self.refresh()
