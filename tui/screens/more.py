"""More actions: a menu of what can be done here, each with its key; what cannot be done now says why."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from coterie.tui.commands import Command, Keymap, Section, Situation, commands_in
from coterie.tui.widgets.dialog_list import DialogList
from coterie.tui.widgets.modal import KeyLine, Modal

_ORDER = (
    Section.CONTACT,
    Section.SEVERAL,
    Section.GROUPS,
    Section.SEARCHES,
    Section.BIN,
    Section.ACCOUNTS,
    Section.BOOK,
    Section.FIND,
    Section.VIEWS,
    Section.CHECK,
    Section.MOVE,
    Section.PROGRAM,
)


class _Menu(DialogList):
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "select", "choose", tooltip="Do what is highlighted.")]


class MoreActions(Modal[str]):
    """Answers the id of the chosen command.

    Args:
        keymap: the keys as the user has them.
        now: where the menu was opened, and what applies there.
    """

    CSS_PATH = "more.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,m,q", "close", "close")]
    heading = "More actions"

    def __init__(self, keymap: Keymap, now: Situation) -> None:
        super().__init__()
        self._keymap = keymap
        self._now = now
        listed = [command for command in commands_in(now.place) if command.menu]
        self._commands = sorted(listed, key=lambda command: _ORDER.index(command.section))

    def compose(self) -> ComposeResult:
        """The menu, under the button that opens it."""
        yield _Menu(*map(self._option, self._commands), id="menu", markup=False, compact=True)
        yield KeyLine()

    def _option(self, command: Command) -> Option:
        reason = command.reason(self._now)
        key = self._keymap.key(command)
        words = f"{command.label:<28}{key:>6}"
        return Option(Content.styled(words, "$text-disabled" if reason else ""), id=command.id)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.answer(event.option_id)

    def on_key(self, event: object) -> None:
        """The key of a listed command chooses it, but for those of the menu itself."""
        key = getattr(event, "key", "")
        for command in self._commands:
            if key in self._keymap.keys(command) and key not in self._bindings.key_to_bindings:
                event.stop()  # type: ignore[attr-defined]
                self.answer(command.id)

    def on_click(self, event: object) -> None:
        """A click beside the menu closes it."""
        if getattr(event, "widget", None) is self:
            self.answer(None)

    def action_close(self) -> None:
        """Close without a choice."""
        self.answer(None)
