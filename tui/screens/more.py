"""More actions: a menu of what can be done here, in groups, each with its key; what cannot be done now says why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar, Final

from rich.cells import set_cell_size
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from coterie.tui.actions.command import Command, Place, Section, Situation
from coterie.tui.commands import Keymap, commands_in
from coterie.tui.terminal.textual_private import bound_keys
from coterie.tui.widgets.dialog_list import DialogList
from coterie.tui.widgets.modal import KeyLine, Modal

_GROUPS: Final = (
    ("This contact", (Section.CONTACT,)),
    ("This group", (Section.GROUPS,)),
    ("This search", (Section.SEARCHES,)),
    ("Checked", (Section.SEVERAL, Section.CHECK)),
    ("The Bin", (Section.BIN,)),
    ("The book", (Section.ACCOUNTS, Section.BOOK)),
    ("View", (Section.VIEWS, Section.FIND, Section.MOVE, Section.PROGRAM)),
)
"""The headings of the menu, with what stands below each."""

_WORDS: Final = 37
"""Cells of a line: its words and its key."""
_AROUND: Final = 9
_LEAST_AROUND: Final = 5
"""Lines of the terminal that are not for the lists: usually, and at least if it is low."""
_WIDE: Final = 80
"""From so many columns on there are two lists beside each other."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A line of the menu: a heading, or a command with the reason why it cannot be used now."""

    words: str
    command: Command | None = None
    key: str = ""
    reason: str = ""

    @property
    def option(self) -> Option:
        if self.command is None:
            return Option(Content.styled(self.words, "bold $primary"), disabled=True)
        words = set_cell_size(f" {self.words}", _WORDS - len(self.key) - 1)
        line = Content.styled(words, "dim" if self.reason else "")
        return Option(Content.assemble(line, (self.key, "dim" if self.reason else "bold")))


class _Menu(DialogList):
    """One of the lists; down from its last line leads to the next one, up from its first to the one before."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "choose", tooltip="Do what is highlighted."),
        Binding("down,j", "go(1)", "move", key_display="j k", tooltip="Move down and up; g and G go to the ends."),
        Binding("up,k", "go(-1)", show=False),
        Binding("left,right,h,l,tab,shift+tab", "screen.other", show=False),
    ]

    def __init__(self, entries: Sequence[_Entry]) -> None:
        super().__init__(*(entry.option for entry in entries), markup=False, compact=True)
        self.entries = entries

    @property
    def stops(self) -> list[int]:
        """The lines that are commands."""
        return [place for place, entry in enumerate(self.entries) if entry.command]

    @property
    def entry(self) -> _Entry | None:
        """What is highlighted."""
        return self.entries[self.highlighted] if self.highlighted is not None else None

    def action_go(self, by: int) -> None:
        """Go down or up."""
        at = self.stops.index(self.highlighted) + by if self.highlighted in self.stops else 0
        if 0 <= at < len(self.stops):
            self.highlighted = self.stops[at]
        elif isinstance(self.screen, MoreActions):
            self.screen.beyond(self, by)


class MoreActions(Modal[str]):
    """Answers the id of the chosen command.

    Args:
        keymap: the keys as the user has them.
        now: where the menu was opened, and what applies there.
    """

    CSS_PATH = "more.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,m,q", "close", "close")]
    AUTO_FOCUS = "_Menu"
    heading = "More actions"

    def __init__(self, keymap: Keymap, now: Situation) -> None:
        super().__init__()
        self._keymap = keymap
        self._commands = [command for command in commands_in(now.place) if command.menu]
        self._groups = [list(group) for group in self._in_groups(now)]

    def _in_groups(self, now: Situation) -> Iterator[Sequence[_Entry]]:
        """The commands under their headings."""
        places = {section: place for place, (_, sections) in enumerate(_GROUPS) for section in sections}
        ordered = sorted(self._commands, key=lambda command: places[command.section])
        for place, commands in groupby(ordered, key=lambda command: places[command.section]):
            heading, sections = _GROUPS[place]
            if now.place is Place.SYNC and Section.ACCOUNTS in sections:
                heading = "This account"
            if heading == "Checked":
                heading += f": {now.checked:,}" if now.checked else " (none: this contact)" if now.row else " (none)"
            entries = [
                _Entry(command.label, command, self._keymap.key(command), command.reason(now)) for command in commands
            ]
            yield [_Entry(heading), *entries]

    def _columns(self) -> list[list[_Entry]]:
        """The groups in one list, or in two of nearly the same length."""
        lines = [entry for group in self._groups for entry in group]
        if self.app.size.width < _WIDE:
            return [lines]
        ends = [sum(len(group) for group in self._groups[:place]) for place in range(1, len(self._groups) + 1)]
        end = min(ends, key=lambda end: max(end, len(lines) - end))
        return [column for column in (lines[:end], lines[end:]) if column]

    def compose(self) -> ComposeResult:
        """The menu, under the button that opens it."""
        columns, height = self._columns(), self.app.size.height
        with Vertical(id="menu"):
            with Horizontal():
                for entries in columns:
                    menu = _Menu(entries)
                    menu.styles.max_height = max(height - _AROUND, min(15, height - _LEAST_AROUND))
                    yield menu
            about = Static(id="menu-about", markup=False)
            about.styles.width = len(columns) * (_WORDS + 1) - 2
            yield about
        yield KeyLine()

    def on_mount(self) -> None:
        """Begin with the first command that can be used."""
        for menu in self._menus:
            usable = [place for place in menu.stops if not menu.entries[place].reason]
            menu.highlighted = next(iter(usable or menu.stops), None)

    @property
    def _menus(self) -> list[_Menu]:
        return list(self.query(_Menu))

    def beyond(self, menu: _Menu, by: int) -> None:
        """Go on from the end of a list to the next one."""
        menus = self._menus
        other = menus[(menus.index(menu) + by) % len(menus)]
        other.highlighted = other.stops[0 if by > 0 else -1]
        other.focus()

    def action_other(self) -> None:
        """To the other list."""
        menus = [menu for menu in self._menus if not menu.has_focus]
        if menus:
            menus[0].focus()

    @on(OptionList.OptionHighlighted)
    def _tell(self) -> None:
        menu = self.focused
        if isinstance(menu, _Menu) and menu.entry and menu.entry.command:
            about = self.query_one("#menu-about", Static)
            about.update(menu.entry.reason or menu.entry.command.tooltip)
            about.set_class(bool(menu.entry.reason), "-reason")

    def on_descendant_focus(self) -> None:
        """Say what the highlighted command of this list does."""
        self._tell()

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        menu = event.option_list
        if isinstance(menu, _Menu):
            self._choose(menu.entries[event.option_index])

    def _choose(self, entry: _Entry) -> None:
        """Answer with a command that can be used; of another one its reason is there."""
        if entry.command and not entry.reason:
            self.answer(entry.command.id)

    def on_key(self, event: object) -> None:
        """The key of a listed command chooses it, but for those of the menu itself."""
        key = getattr(event, "key", "")
        for command in self._commands:
            if key in self._keymap.keys(command) and key not in bound_keys(self):
                event.stop()  # type: ignore[attr-defined]
                self.answer(command.id)

    def on_click(self, event: object) -> None:
        """A click beside the menu closes it."""
        if getattr(event, "widget", None) is self:
            self.answer(None)

    def action_close(self) -> None:
        """Close without a choice."""
        self.answer(None)
