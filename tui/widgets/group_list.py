"""The list of groups with their sizes, and a note on the one under the cursor."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.content import Content
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from coterie.core.model import Group
from coterie.core.text import printable
from coterie.tui.colors import group_color, shade
from coterie.tui.glyphs import Glyphs
from coterie.tui.widgets.viewport import Viewport

_FIGURES: Final = (10, 12)
_FIGURES_NARROW: Final = (8, 10)
"""Cells of the figures: members, and those without an address; the second pair is for narrow lists."""
_NARROW: Final = 50
"""A list of fewer cells is narrow."""
_NOTES: Final = 3
"""Lines below the list for the note and the last change of a group; none in a low terminal."""


def divide_cells(text: str, width: int) -> tuple[str, str]:
    """The first `width` cells of `text`, and the rest."""
    used = 0
    for place, letter in enumerate(text):
        if used >= width and cell_len(letter):
            return text[:place], text[place:]
        used += cell_len(letter)
    return text, ""


class GroupList(Widget, can_focus=True):
    """Draws the groups line by line, as `ContactTable` does contacts. It has no key bindings of its own.

    Args:
        glyphs: the signs to draw with.

    Attributes:
        empty: what to say if there are none.
        checked: the ids of the groups that are checked.
        addressless: how many members without an e-mail address groups have, by their ids.
        changed: says when and how a group was changed last.
    """

    ALLOW_SELECT = False
    KEYS_ARE_COMMANDS = True
    COMPONENT_CLASSES = {"group-list--header", "group-list--cursor"}  # noqa: RUF012 - Textual's way
    DEFAULT_CSS = """
    GroupList {
        width: 1fr; height: 1fr;
        & > .group-list--header { color: $text-muted; text-style: bold; }
        & > .group-list--cursor {
            color: $block-cursor-foreground; background: $block-cursor-background;
            text-style: $block-cursor-text-style;
        }
        &:blur > .group-list--cursor { color: $foreground; background: transparent; text-style: underline; }
        &:nocolor > .group-list--cursor { text-style: bold reverse; }
        &:nocolor:blur > .group-list--cursor { text-style: underline; }
    }
    """

    @dataclass
    class Highlighted(Message):
        """Another group came under the cursor."""

        group_list: GroupList

        @property
        def control(self) -> GroupList:
            """The list."""
            return self.group_list

    @dataclass
    class Activated(Message):
        """A group is to be opened, by a double click."""

        group_list: GroupList
        group: Group

        @property
        def control(self) -> GroupList:
            """The list."""
            return self.group_list

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__()
        self.empty = Content()
        self.checked: set[int] = set()
        self.addressless: Mapping[int, int] = {}
        self.changed: Callable[[Group], str] = lambda group: group.change
        self._glyphs = glyphs
        self._groups: Sequence[Group] = ()
        self._view = Viewport()

    def show(self, groups: Sequence[Group], keep: int | None = None) -> None:
        """Show `groups` with the cursor on the one whose id is `keep`; if it is not there, at the same place."""
        self._groups = groups
        self.checked &= {group.id for group in groups}
        self._settle()
        place = next((place for place, group in enumerate(groups) if group.id == keep), None)
        self.move_to(self._view.position if place is None else place)

    @property
    def total(self) -> int:
        """How many groups are shown."""
        return len(self._groups)

    @property
    def position(self) -> int:
        """Where the cursor is, counted from 0."""
        return self._view.position

    @property
    def group(self) -> Group | None:
        """The group under the cursor."""
        return self._groups[self._view.position] if self._view.position < len(self._groups) else None

    @property
    def meant(self) -> list[Group]:
        """The groups that are checked, else the one under the cursor."""
        checked = [group for group in self._groups if group.id in self.checked]
        return checked or [group for group in (self.group,) if group]

    def check(self) -> None:
        """Check or uncheck the group under the cursor, and move down."""
        if self.group:
            self.checked ^= {self.group.id}
            self.move(1)

    def move(self, by: int) -> None:
        """Move the cursor down (up if negative)."""
        self.move_to(self._view.position + by)

    def move_to(self, position: int) -> None:
        """Put the cursor on `position`, or as near as there are rows."""
        self._view.move_to(position)
        self._settle()

    def page(self, by: float) -> None:
        """Move by pages."""
        self._view.turn(by)
        self._settle()

    def first(self) -> None:
        """To the first group."""
        self.move_to(0)

    def last(self) -> None:
        """To the last group."""
        self.move_to(len(self._groups) - 1)

    def _settle(self) -> None:
        notes = _NOTES if self.size.height > 3 * _NOTES else 0
        self._view.page = max(1, self.size.height - 1 - notes)
        self._view.length = len(self._groups)
        self._view.settle()
        self.refresh()
        self.post_message(self.Highlighted(self))

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self._settle()

    def render_line(self, y: int) -> Strip:
        """The heading, a group, what is said of the one under the cursor, or of there being none."""
        width, style = self.size.width, self.rich_style
        if y == 0:
            header = style + self.get_component_rich_style("group-list--header", partial=True)
            return Strip([Segment(self._cells(" " * self._lead, "Group", ("Members", "No e-mail")), header)], width)
        if not self._groups:
            return self._message_line(y - 1, width)
        if y > self._view.page:
            return self._note_line(y - self._view.page - 1)
        place = self._view.top + y - 1
        if place >= len(self._groups):
            return Strip.blank(width, style)
        return self._group_line(self._groups[place], is_cursor=place == self._view.position)

    def _group_line(self, group: Group, *, is_cursor: bool) -> Strip:
        glyphs, style = self._glyphs, self.rich_style
        box = glyphs.checked if group.id in self.checked else glyphs.unchecked
        head = f"{glyphs.cursor if is_cursor else ' '} {box} {glyphs.group} "
        missing = self.addressless.get(group.id, 0)
        cells = self._cells(head, group.name, (f"{group.size:,}", f"{missing:,}" if missing else ""))
        lead, rest = divide_cells(cells, self._lead - 2)
        sign, rest = divide_cells(rest, 2)
        name, rest = divide_cells(rest, min(cell_len(printable(group.name)), self._name_cells))
        color = Style(color=shade(self.app.current_theme, group_color(group.name, group.color)).rich_color)
        written = self._cursor_style() if is_cursor else style
        return Strip(
            [Segment(lead, style), Segment(sign, style + color), Segment(name, written), Segment(rest, style)],
            self.size.width,
        )

    def _note_line(self, line: int) -> Strip:
        """What is said of the group under the cursor: a blank line, its note, its last change."""
        width, group = self.size.width, self.group
        lines = ["", group.note, self.changed(group)] if group else []
        text = printable(" ".join(lines[line].split())) if line < len(lines) else ""
        if cell_len(text) > width - 3:
            text = set_cell_size(text, width - 4) + self._glyphs.ellipsis
        muted = self.rich_style + self.get_component_rich_style("group-list--header", partial=True)
        return Strip([Segment(set_cell_size(f"  {text}", width), self.rich_style if line == 1 else muted)], width)

    def _cursor_style(self) -> Style:
        return self.get_component_rich_style("group-list--cursor")

    @property
    def _lead(self) -> int:
        """The cells before a name: the cursor, the box and the sign of the group."""
        return 2 + cell_len(self._glyphs.unchecked) + 1 + 2

    @property
    def _room(self) -> int:
        """The cells from the first to the last of a line: names and figures are not too far from each other."""
        return min(self.size.width - 1, 64)

    @property
    def _figure_cells(self) -> tuple[int, int]:
        return _FIGURES if self._room >= _NARROW else _FIGURES_NARROW

    @property
    def _name_cells(self) -> int:
        return max(self._room - self._lead - sum(self._figure_cells), 1)

    def _cells(self, lead: str, name: str, figures: tuple[str, str]) -> str:
        """One line: the name on the left, the figures on the right."""
        name, most = printable(name), self._name_cells
        if cell_len(name) > most:
            name = set_cell_size(name, most - 1) + self._glyphs.ellipsis
        texts = (f"{figure:>{cells}}" for figure, cells in zip(figures, self._figure_cells, strict=True))
        return set_cell_size(lead + set_cell_size(name, most) + "".join(texts), self.size.width)

    def _message_line(self, y: int, width: int) -> Strip:
        lines = self.empty.split("\n", allow_blank=True)
        place = y - max((self.size.height - 1 - len(lines)) // 2, 0)
        if not 0 <= place < len(lines):
            return Strip.blank(width, self.rich_style)
        line = lines[place]
        line = line.pad_left(max((width - line.cell_length) // 2, 0)).truncate(width, pad=True)
        return Strip(line.render_segments(self.visual_style), width)

    def on_click(self, event: events.Click) -> None:
        """The cursor comes; a double click opens."""
        place = self._view.top + event.y - 1
        if not 0 < event.y <= self._view.page or place >= len(self._groups):
            return
        self.move_to(place)
        if event.chain == 2 and self.group:
            self.post_message(self.Activated(self, self.group))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll."""
        event.stop()
        self._view.scroll_to(self._view.top + 3)
        self._settle()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll back."""
        event.stop()
        self._view.scroll_to(self._view.top - 3)
        self._settle()
