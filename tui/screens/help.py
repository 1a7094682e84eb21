"""Help: all commands with their keys, by section; typing finds some of them."""

from __future__ import annotations

from textwrap import wrap

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from core.query.reference import EXAMPLES
from core.text import fold
from tui.commands import COMMANDS, Command, Keymap, Place, Section, key_words

_KEYS, _KEYS_NARROW, _NARROW = 16, 9, 50
"""Cells for the keys: as a rule, and where lines have fewer cells than the last number."""


def _row(keys: str, words: str, width: int, style: str = "") -> Content:
    """Keys and what they do; what does not fit into a line goes on below itself."""
    margin = _KEYS if width >= _NARROW else _KEYS_NARROW
    lines = wrap(words, max(width - max(margin, len(keys) + 1) - 1, 10)) or [""]
    rest = "".join(f"\n{' ' * (margin + 1)}{line}" for line in lines[1:])
    return Content.assemble((f" {keys:<{margin}}{' ' * (len(keys) >= margin)}", "bold"), (lines[0] + rest, style))


class HelpScreen(ModalScreen[None]):
    """All keys.

    Args:
        keymap: the keys as the user has them.
        place: where help was asked for; what applies there is listed first within each section.
    """

    CSS_PATH = "help.tcss"
    BINDINGS = [  # noqa: RUF012 - Textual's way
        Binding("escape,q,question_mark", "close", "Close", show=False),
        Binding("j,down", "scroll(1)", show=False),
        Binding("k,up", "scroll(-1)", show=False),
        Binding("pagedown,ctrl+d,space", "page(1)", show=False),
        Binding("pageup,ctrl+u", "page(-1)", show=False),
        Binding("g,home", "edge(0)", show=False),
        Binding("G,end", "edge(1)", show=False),
        Binding("slash", "find", show=False),
    ]

    def __init__(self, keymap: Keymap, place: Place) -> None:
        super().__init__()
        self._keymap = keymap
        self._place = place

    def compose(self) -> ComposeResult:
        """The box: a field and the list."""
        with Vertical(id="help-box"):
            field = Input(placeholder="/ to find a key or a command", compact=True, id="find")
            field.cursor_blink = False
            yield field
            with VerticalScroll(id="help-text", can_focus=True):
                yield Static(id="help-page", markup=False)
            yield Static("esc closes  ↑↓ scrolls  / finds", id="help-keys", markup=False)

    def on_mount(self) -> None:
        """Start in the text, so that keys scroll."""
        self.query_one("#help-text").focus()

    def on_resize(self) -> None:
        """Wrap the lines to the new width, once that is known."""
        self.call_after_refresh(self._refresh)

    def _refresh(self) -> None:
        page = self.query_one("#help-page", Static)
        page.update(self._page(self.query_one("#find", Input).value, self.query_one("#help-text").size.width - 1))

    def _page(self, wanted: str, width: int) -> Content:
        """The commands that contain the words of `wanted`, then the search language, in lines of `width` cells."""
        words = fold(wanted).split()
        lines: list[Content] = []
        for section in Section:
            commands = [command for command in COMMANDS.values() if command.section is section]
            rows = [
                _row(
                    self._keys(command), command.tooltip, width, "" if self._place in command.places else "$text-muted"
                )
                for command in commands
                if self._matches(command, words)
            ]
            if rows:
                lines += [Content.styled(section.value, "bold $primary"), *rows, Content("")]
        language = [
            _row(example, meaning, width)
            for example, meaning in EXAMPLES
            if all(word in fold(f"{example} {meaning} search language") for word in words)
        ]
        if language:
            lines += [Content.styled("The search language", "bold $primary"), *language]
        return Content("\n").join(lines) if lines else Content("No command matches that.")

    def _keys(self, command: Command) -> str:
        return " ".join(key_words(key) for key in self._keymap.keys(command))

    def _matches(self, command: Command, words: list[str]) -> bool:
        text = fold(f"{command.label} {command.tooltip} {self._keys(command)} {command.section.value}")
        return all(word in text for word in words)

    @on(Input.Changed)
    def _find(self) -> None:
        self._refresh()

    @on(Input.Submitted)
    def _found(self) -> None:
        self.query_one("#help-text").focus()

    def action_find(self) -> None:
        """Go into the field."""
        self.query_one("#find").focus()

    def action_scroll(self, by: int) -> None:
        """Scroll by lines."""
        self.query_one("#help-text").scroll_relative(y=by, animate=False)

    def action_page(self, by: int) -> None:
        """Scroll by pages."""
        text = self.query_one("#help-text")
        text.scroll_relative(y=by * (text.size.height - 1), animate=False)

    def action_edge(self, end: int) -> None:
        """To the start or the end."""
        text = self.query_one("#help-text")
        text.scroll_end(animate=False) if end else text.scroll_home(animate=False)

    def action_close(self) -> None:
        """Close; while something is looked for, show all again first."""
        field = self.query_one("#find", Input)
        if field.value:
            field.value = ""
            self.query_one("#help-text").focus()
        elif self.is_current:
            self.dismiss()
