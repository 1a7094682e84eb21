"""Modal: what opens over a screen. It has the keyboard, so the bottom line, the help and the palette are about it."""

from __future__ import annotations

from typing import ClassVar, Final, TypeVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen

from coterie.tui.messages import CommandChosen
from coterie.tui.palette import KeyCommands
from coterie.tui.widgets.command_bar import Entry
from coterie.tui.widgets.dialog_keys import Key, active_keys
from coterie.tui.widgets.key_footer import KeyFooter

Answer = TypeVar("Answer")

_RANKS: Final = {"cancel": 0, "close": 0, "help": 0, "turn_page(1)": 1, "main": 3, "app.focus_next": 4}
"""By action: the lower, the longer a key stays in a line that is too narrow. Those of the focus have 2."""


class Modal(ModalScreen[Answer | None]):
    """Something over a screen, with an answer of type `Answer`. It composes `KeyLine` as its bottom line."""

    COMMANDS = {KeyCommands}  # noqa: RUF012 - Textual's way
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", "help", tooltip="Show these keys.", id="help"),
        Binding("question_mark", "help", show=False, id="help"),
        Binding("ctrl+p", "palette", "commands", show=False, tooltip="Find what can be done here.", id="palette"),
    ]
    heading: str = ""
    _answer: tuple[Answer | None] | None = None
    _has_closed = False

    def answer(self, value: Answer | None) -> None:
        """Close with `value`, once; beneath something else, when that has gone.

        Textual's `dismiss` closes what is on top, whoever asks for it, and a second time what was beneath.
        """
        if self._answer is None:
            self._answer = (value,)
        self._close_if_on_top()

    @on(events.ScreenResume)
    def _close_if_on_top(self) -> None:
        if self._answer is not None and self.is_active and not self._has_closed:
            self._has_closed = True
            self.dismiss(self._answer[0])

    def keys_here(self) -> list[Key]:
        """The keys that work where the focus is, those of the focus first."""
        return active_keys(self)

    @on(events.DescendantFocus)
    def show_keys(self) -> None:
        """Let the bottom line say what works now."""
        for line in self.query(KeyLine):
            line.show(Content(), [_entry(key) for key in self.keys_here() if key.label])

    def on_mount(self) -> None:
        """Follow what changes without a change of the focus: a list that opens, a button that appears."""
        self.bindings_updated_signal.subscribe(self, lambda _: self.show_keys())

    @on(CommandChosen)
    async def _key_clicked(self, message: CommandChosen) -> None:
        """A click on a key of the bottom line does what the key does."""
        message.stop()
        for key in self.keys_here():
            if key.name == message.command:
                await key.press()

    async def action_help(self) -> None:
        """Show the keys that work here; after that everything is as it was."""
        from coterie.tui.screens.help import HelpScreen, of_dialog

        await self.app.push_screen(HelpScreen(of_dialog(self.heading, self.keys_here())))

    async def action_palette(self) -> None:
        """Find what can be done here by its name."""
        from coterie.tui.dialogs.palette_screen import PaletteScreen

        await self.app.push_screen(PaletteScreen())


class KeyLine(KeyFooter):
    """The bottom line while something lies over the screen: it covers that of the screen beneath."""

    DEFAULT_CSS = """
    KeyLine {
        background: $background;
        &:ansi { background: ansi_default; }
    }
    """


def _entry(key: Key) -> Entry:
    return Entry(key.name, key.shown, key.label, key.sentence, _RANKS.get(key.action, 2))
