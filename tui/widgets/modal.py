"""Modal: what opens over a screen. It has the keyboard, so the bottom line, the help and the palette are about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Protocol, TypeVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget

from coterie.tui.drafts import Held
from coterie.tui.messages import CommandChosen
from coterie.tui.terminal.textual_private import LaidOutOnce
from coterie.tui.widgets.command_bar import Entry
from coterie.tui.widgets.dialog_keys import Key, active_keys
from coterie.tui.widgets.key_footer import KeyFooter
from coterie.tui.widgets.key_palette import KeyCommands

Answer = TypeVar("Answer")

_RANKS: Final = {
    **dict.fromkeys(("cancel", "close", "close_list", "end_search", "help"), 0),
    "main": 1, "turn_page(1)": 1, "app.focus_next": 4,
}  # fmt: skip
"""By action: the lower, the longer a key stays in a line that is too narrow. Those of the focus have 2."""


class Keeps(Protocol):
    """A field whose text must not be lost."""

    @property
    def typed(self) -> Any:
        """What was typed, as a JSON value; None if nothing was."""

    async def put_back(self, typed: Any) -> None:
        """Put back what was typed before."""


@dataclass(frozen=True, slots=True)
class Origin:
    """From where a dialog was opened: what it takes to open it again.

    Attributes:
        kind: a way to go on, see `tui.screens.unfinished`.
        words: what the user is doing: “adding a contact”.
        content: whatever else tells what the dialog is about, as JSON values.
    """

    kind: str
    words: str
    content: Mapping[str, Any] = field(default_factory=dict)


class Modal(ModalScreen[Answer | None], LaidOutOnce[Answer | None]):  # Textual takes styles from the first base alone
    """Something over a screen, with an answer of type `Answer`. It composes `KeyLine` as its bottom line.

    Attributes:
        origin: whoever opens a dialog into which much is typed says so here; what is typed is then kept, so that
            it is there again after the line dropped. None keeps nothing: passwords and codes.
    """

    origin: Origin | None = None
    _going_on: Held | None = None  # until it is put back
    _claimed: Held | None = None

    COMMANDS = {KeyCommands}  # noqa: RUF012 - Textual's way
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", "help", tooltip="Show these keys.", id="help"),
        Binding("question_mark", "help", show=False, id="help"),
        Binding("ctrl+p", "palette", "commands", show=False, tooltip="Find what can be done here.", id="palette"),
    ]
    heading: str = ""
    _answer: tuple[Answer | None] | None = None
    _has_closed = False
    _has_been_seen = False

    def answer(self, value: Answer | None) -> None:
        """Close with `value`, once; beneath something else, when that has gone.

        Textual's `dismiss` closes what is on top, whoever asks for it, and a second time what was beneath.
        """
        if self._answer is None:
            self._answer = (value,)
        self._close_if_on_top()

    @on(events.ScreenResume)
    def _keep_styles(self, event: events.ScreenResume) -> None:
        """Find its own styles alone as it opens: its widgets came later than its rules, and have theirs already."""
        if not self._has_been_seen:
            self._has_been_seen = True
            event.refresh_styles = False
            self.app.stylesheet.apply(self)

    @property
    def box_beneath(self) -> Widget | None:
        """The box of the dialog that this lies over, if there is one."""
        stack = self.app.screen_stack
        beneath = stack[stack.index(self) - 1] if self in stack[1:] else None
        return next(iter(beneath.query("#dialog-box")), None) if beneath is not None else None

    @on(events.ScreenResume)
    def _close_if_on_top(self) -> None:
        if self._answer is not None and self.is_active and not self._has_closed:
            self._has_closed = True
            self.dismiss(self._answer[0])

    # What is typed ---------------------------------------------------------------------------------------------

    @property
    def fields(self) -> Mapping[str, Keeps]:
        """The fields whose texts are kept, by their names."""
        return {}

    def held(self) -> Held | None:
        """What was typed so far, for `tui.keeping`."""
        if self._going_on is not None or self.origin is None or not self.is_mounted:
            return self._going_on
        typed = {name: text for name, field in self.fields.items() if (text := field.typed) is not None}
        if not typed:
            return None
        details = self.details_of(typed)
        words = f"{self.origin.words} ({details})" if details else self.origin.words
        return Held(self.origin.kind, words, {**self.origin.content, "typed": typed})

    def details_of(self, typed: Mapping[str, Any]) -> str:
        """What was typed, in a few words."""
        return f"{len(typed)} fields" if len(typed) > 1 else ""

    async def make_ready(self) -> None:
        """Have all fields there, for what is put back into them."""

    async def _go_on(self) -> None:
        """Put back what was typed before the line dropped, if the user goes on with that."""
        keeper = getattr(self.app, "keeper", None)
        if self.origin is None or keeper is None:
            return
        self._going_on = self._claimed = keeper.claim(self, self.origin.kind)
        if self._going_on is not None:
            await self.make_ready()
            fields, typed = self.fields, self._going_on.content.get("typed", {})
            for name in typed:
                if name in fields:
                    await fields[name].put_back(typed[name])
            self._going_on = None

    # Keys ------------------------------------------------------------------------------------------------------

    def keys_here(self) -> list[Key]:
        """The keys that work where the focus is, those of the focus first and help last."""
        return sorted(active_keys(self), key=lambda key: key.action == "help")

    def set_focus(self, widget: Widget | None, scroll_visible: bool = True, from_app_focus: bool = False) -> None:
        """Focus a widget, as in Textual, and name its keys in the same frame."""
        super().set_focus(widget, scroll_visible, from_app_focus)
        self.show_keys()

    def show_keys(self) -> None:
        """Let the bottom line say what works now."""
        for line in self.query(KeyLine):
            line.show(Content(), [_entry(key) for key in self.keys_here() if key.label])

    def on_mount(self) -> None:
        """Follow what changes without a change of the focus: a list that opens, a button that appears."""
        self.bindings_updated_signal.subscribe(self, lambda _: self.show_keys())
        self.call_after_refresh(self._go_on)

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
