"""The sidebar: the views with their counts, the groups and the saved searches with theirs, and Sync contacts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from coterie.core.listing import Counts
from coterie.core.model import Group, SavedSearch
from coterie.core.places import KnownPlace
from coterie.core.text import fold, printable
from coterie.tui.colors import group_color, shade
from coterie.tui.glyphs import Glyphs
from coterie.tui.widgets.sidebar_lines import Line, Window, place_lines, search_size, view_lines

_MOVES = {"down": 1, "up": -1}


class Sidebar(Widget, can_focus=True):
    """Drawn line by line: the views stay at the top, Sync contacts at the bottom; between them the groups scroll, and
    below these the saved searches, which have a third of the room at least.

    Args:
        glyphs: the characters to draw with.
    """

    COMPONENT_CLASSES = {"sidebar--muted", "sidebar--current", "sidebar--cursor"}  # noqa: RUF012 - Textual's way
    DEFAULT_CSS = """
    Sidebar {
        width: 20; padding: 0 1 0 1; border-right: solid $border-blurred;
        & > .sidebar--muted { color: $text-muted; }
        &:ansi > .sidebar--muted { color: $foreground; text-style: dim; }
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
        """A view, a group, a saved search or Sync contacts was chosen.

        Attributes:
            command: the id of the command to run; empty if a group or a search was chosen.
        """

        sidebar: Sidebar
        command: str
        group: Group | None = None
        search: SavedSearch | None = None
        query: str = ""

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
        self._told: tuple[object, ...] = ()
        self._views = view_lines(glyphs, None)
        self._all_groups: list[Line] = []
        self._groups: list[Line] = []
        self._filter: str | None = None
        self._is_typing = False
        self._searches: list[Line] = []
        self._current: str | int = "show_all"
        self._cursor = 0
        self._seen_groups = Window()
        self._seen_searches = Window()
        self._sync = Line(glyphs.sync, "Sync contacts", command="sync")

    def synced(self, words: str) -> None:
        """Show when the accounts were synced last; nothing if there is none."""
        if words != self._sync.size:
            self._sync = replace(self._sync, size=words, text="Sync" if words else "Sync contacts")
            self.refresh()

    def tell(
        self,
        counts: Counts | None,
        groups: Sequence[Group],
        current: str | int,
        searches: Sequence[SavedSearch] = (),
        sizes: Mapping[str, int | None] | None = None,
        places: Sequence[KnownPlace] = (),
    ) -> None:
        """Show these counts, groups and saved searches.

        Args:
            counts: how many there are in each view; None while that is not known.
            current: what the screen shows: a command, the id of a group, or how a saved search is written.
            sizes: how many contacts each search (its text) finds, as far as it is known; None if it cannot be read.
            places: the places of the accounts, which are shown if there are several.
        """
        sizes = sizes or {}
        told = (counts, list(groups), current, list(searches), dict(sizes), list(places))
        if told == self._told:
            return
        under = self._stops[self._cursor].place
        self._told, self._current = told, current
        self._views = view_lines(self._glyphs, counts)
        sign = self._glyphs.group
        self._all_groups = [Line(sign, printable(group.name), f"{group.size:,}", group=group) for group in groups]
        self._sift()
        self._searches = [
            *place_lines(self._glyphs, places),
            *(
                Line(self._glyphs.search, printable(search.name), search_size(sizes, search), search=search)
                for search in searches
            ),
        ]
        stops = [stop.place for stop in self._stops]
        cursor = stops.index(under) if under in stops else min(self._cursor, len(stops) - 1)
        if cursor != self._cursor:
            self.move_to(cursor)
        else:
            self.refresh()
            self.post_message(self.Highlighted(self))

    # The filter of the groups -----------------------------------------------------------------------------------

    @property
    def KEYS_ARE_COMMANDS(self) -> bool:  # noqa: N802 - a class variable elsewhere
        """Keys are letters of the filter while one types it."""
        return not self._is_typing

    def filter(self) -> None:
        """Take what is typed from now on as a part of the names of the groups to show."""
        self._is_typing = True
        self._narrow("")

    def end_filter(self) -> bool:
        """Show all groups again; whether there was a filter."""
        was, self._is_typing = self._filter is not None, False
        if was:
            self._narrow(None)
        return was

    def _narrow(self, text: str | None) -> None:
        self._filter = text
        self._sift()
        self.move_to(len(self._views) if text and self._groups else self._cursor)

    def _sift(self) -> None:
        """Show the groups whose names have all words of the filter."""
        words = fold(self._filter or "").split()
        self._groups = [line for line in self._all_groups if all(word in fold(line.text) for word in words)]

    def on_key(self, event: events.Key) -> None:
        """Letters of the filter; enter goes on to the groups that are left."""
        if not self._is_typing:
            return
        if event.key in _MOVES:
            self.move(_MOVES[event.key])
        elif event.key == "escape":
            self.end_filter()
        elif event.key == "enter":
            self._is_typing = False
            self._narrow(self._filter or None)
        elif event.key == "backspace":
            self._narrow((self._filter or "")[:-1])
        elif event.is_printable and event.character:
            self._narrow((self._filter or "") + event.character)
        else:
            return
        event.stop()

    # The cursor: the views, then the groups, then the searches, then Sync contacts --------------------------------

    @property
    def _stops(self) -> list[Line]:
        return [*self._views, *self._groups, *self._searches, self._sync]

    def move(self, by: int) -> None:
        """Move the cursor down (up if `by` is negative)."""
        self.move_to(self._cursor + by)

    def move_to(self, stop: int) -> None:
        """Put the cursor on a line that opens something, counted from the first view."""
        self._cursor = max(0, min(stop, len(self._stops) - 1))
        self._divide()
        place = self._cursor - len(self._views)
        if 0 <= place < len(self._groups):
            self._seen_groups.show(place)
        elif 0 <= place - len(self._groups) < len(self._searches):
            self._seen_searches.show(place - len(self._groups))
        self.refresh()
        self.post_message(self.Highlighted(self))

    @property
    def group(self) -> Group | None:
        """The group under the cursor."""
        return self._stops[self._cursor].group

    @property
    def words(self) -> str:
        """What is under the cursor: its name, and how many contacts it has."""
        line = self._stops[self._cursor]
        return f"{line.text} {line.size}".strip()

    @property
    def search(self) -> SavedSearch | None:
        """The saved search under the cursor."""
        return self._stops[self._cursor].search

    def page(self, by: float) -> None:
        """Move the cursor by pages."""
        self.move(round(max(self._seen_groups.room, 1) * by))

    def first(self) -> None:
        """Go to the first view."""
        self.move_to(0)

    def last(self) -> None:
        """Go to Sync contacts."""
        self.move_to(len(self._stops) - 1)

    def choose(self) -> None:
        """Open what is under the cursor."""
        self._choose(self._stops[self._cursor])

    def _choose(self, line: Line) -> None:
        self.post_message(self.Chosen(self, line.command, line.group, line.search, line.query))

    # Drawing ---------------------------------------------------------------------------------------------------

    def _divide(self) -> None:
        """Give groups and searches the room that the views, Sync contacts and the rules between them leave."""
        searches = len(self._searches)
        rules = 3 if searches else 2
        room = max(self.content_size.height - len(self._views) - 1 - rules, 0)
        for_searches = min(searches, max(room // 3, room - len(self._groups)))
        self._seen_searches.room, self._seen_groups.room = for_searches, room - for_searches
        self._seen_groups.settle(len(self._groups))
        self._seen_searches.settle(searches)

    def _lines(self) -> list[Line]:
        self._divide()
        rule = Line(text=self._glyphs.rule)
        heading = "Groups" if self._groups else ""
        if self._filter is not None:
            heading = f"/{printable(self._filter)}{'_' if self._is_typing else ''}"
        top = Line(text=self._glyphs.rule, short=heading)
        groups = self._groups[self._seen_groups.part]
        searches = self._searches[self._seen_searches.part]
        if self._searches:
            searches = [Line(text=self._glyphs.rule, short=self._kinds), *searches]
        blanks = [Line()] * (self._seen_groups.room - len(groups))
        return [*self._views, top, *groups, *searches, *blanks, rule, self._sync]

    @property
    def _kinds(self) -> str:
        """What stands below the groups: places, saved searches, or both."""
        places = any(line.query for line in self._searches)
        searches = any(line.search for line in self._searches)
        return "Places, searches" if places and searches else "Places" if places else "Searches"

    def _is_cursor(self, line: Line) -> bool:
        return self.has_focus and line.opens and self._stops[self._cursor] is line

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
            label = f"{line.text} {line.short} " if line.short else ""
            return Strip([Segment((label + line.text * width)[:width], muted)], width)
        if self._current == line.place:
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
        sign = style
        if line.group and not self._is_cursor(line):
            color = shade(self.app.current_theme, group_color(line.group.name, line.group.color))
            sign += Style(color=color.rich_color)
        return Strip([Segment(body[:1], sign), Segment(body[1:], style), Segment(line.size, muted)], width)

    # The mouse -------------------------------------------------------------------------------------------------

    def _line_at(self, y: int) -> Line | None:
        lines = self._lines()
        return lines[y] if 0 <= y < len(lines) and lines[y].opens else None

    def on_click(self, event: events.Click) -> None:
        """Open the line under the mouse."""
        event.stop()
        if line := self._line_at(event.y):
            self._choose(line)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Say the whole name of what is under the mouse: it may be cut."""
        line = self._line_at(event.y)
        tooltip = f"{line.text} {line.size}".strip() if line else None
        if tooltip != getattr(self.tooltip, "plain", None):
            from textual.content import Content

            self.tooltip = Content(tooltip) if tooltip else None

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll what is under the mouse: the groups, or the searches."""
        event.stop()
        self._scroll(event.y, 1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll it back."""
        event.stop()
        self._scroll(event.y, -1)

    def _scroll(self, y: int, by: int) -> None:
        line = self._line_at(y)
        window = self._seen_searches if line and line.search else self._seen_groups
        window.first = max(window.first + by, 0)
        self.refresh()
