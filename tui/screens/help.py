"""Help: keys with what they do, by section - all commands, or those of the dialog that is open. Typing finds some."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from coterie.core.query.reference import EXAMPLES
from coterie.core.text import fold, printable
from coterie.tui.actions.command import Command, Section, Situation
from coterie.tui.glyphs import keys_on
from coterie.tui.key_words import key_words
from coterie.tui.widgets.dialog_keys import IN_EVERY_DIALOG, Key
from coterie.tui.widgets.modal import KeyLine, Modal

if TYPE_CHECKING:
    from coterie.tui.commands import Keymap

_BASICS: Final = frozenset({Section.MOVE, Section.PROGRAM})
_LAST: Final = 100
"""The rank of the commands of these sections, which most people know or seldom need: they come last."""

_MUTED: Final = "$text-muted"
_WIDTH: Final = 96
"""Columns of the box, on terminals that have as many."""
_AROUND: Final = 8
"""Columns of the box that are not for text: the border, what is free within, the scroll bar."""
_KEYS, _KEYS_NARROW, _NARROW = 16, 9, 50
"""Cells for the keys: usually, and in lines that have fewer cells than the last number."""


def _row(keys: str, words: str, width: int, style: str = "") -> Content:
    """Keys and what they do; what does not fit into a line goes on below itself."""
    margin = _KEYS if width >= _NARROW else _KEYS_NARROW
    lines = wrap(words, max(width - max(margin, len(keys) + 1) - 1, 10)) or [""]
    rest = "".join(f"\n{' ' * (margin + 1)}{line}" for line in lines[1:])
    return Content.assemble((f" {keys:<{margin}}{' ' * (len(keys) >= margin)}", "bold"), (lines[0] + rest, style))


@dataclass(frozen=True, slots=True)
class HelpRow:
    """A line of the help.

    Attributes:
        keys: the keys, or an example of the search language.
        words: what it does.
        here: whether it applies where the help was asked for; else it is dim.
        found_by: other words that find it.
    """

    keys: str
    words: str
    here: bool = True
    found_by: str = ""

    def matches(self, words: Sequence[str]) -> bool:
        """Whether all of these folded words are in it."""
        text = fold(f"{self.keys} {self.words} {self.found_by}")
        return all(word in text for word in words)


Sections = Sequence[tuple[str, Sequence[HelpRow]]]
"""What the help shows: headings with their lines."""


def of_place(keymap: Keymap, now: Situation, commands: Collection[Command]) -> Sections:
    """First what can be done here and now, the most useful first; then all other commands, dim, and the language.

    What belongs here but cannot be done at this moment says why.
    """

    def row(command: Command) -> HelpRow:
        keys = " ".join(key_words(key) for key in keymap.keys(command))
        found_by = f"{command.label} {command.section.value}"
        reason = command.reason(now) if now.place in command.places else ""
        words = f"{command.tooltip} Not now: {reason}" if reason else command.tooltip
        return HelpRow(keys, words, command in here, found_by)

    def rank(command: Command) -> int:
        return command.footer.get(now.place) or (_LAST if command.section in _BASICS else _LAST - 1)

    here = [command for command in commands if now.place in command.places and not command.reason(now)]
    others = [command for command in commands if command not in here]
    language = [HelpRow(example, meaning, found_by="search language") for example, meaning in EXAMPLES]
    return [
        ("What works here now", [row(command) for command in sorted(here, key=rank)]),
        *((section.value, [row(command) for command in others if command.section is section]) for section in Section),
        ("The search language", language),
    ]


def of_dialog(heading: str, keys: Sequence[Key]) -> Sections:
    """The keys that work in a dialog, where the focus is, and those that mean the same in every dialog."""
    here = [HelpRow(key.shown, key.sentence) for key in keys if key.sentence]
    return [(printable(heading) or "Here", here), ("In every dialog", [HelpRow(*row) for row in IN_EVERY_DIALOG])]


class HelpScreen(Modal[None]):
    """Keys and what they do.

    Args:
        sections: what is shown.
    """

    CSS_PATH = "help.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "scroll(1)", "scroll", key_display="j k", tooltip="Scroll down by a line."),
        Binding("k,up", "scroll(-1)", show=False, tooltip="Scroll up by a line."),
        Binding("slash", "find", "find", key_display="/", tooltip="Find a key by what it does."),
        Binding("pagedown,ctrl+pagedown,ctrl+d,space", "page(1)", show=False, tooltip="Scroll down by a page."),
        Binding("pageup,ctrl+pageup,ctrl+u", "page(-1)", show=False, tooltip="Scroll up by a page."),
        Binding("g,home", "edge(0)", show=False),
        Binding("G,end", "edge(1)", show=False),
        Binding("escape", "close", "close"),
        Binding("q,question_mark,f1", "close", show=False),
    ]
    AUTO_FOCUS = "#help-text"
    heading = "Help"

    def __init__(self, sections: Sections) -> None:
        super().__init__()
        self._sections = sections

    def compose(self) -> ComposeResult:
        """The box: a field and the list."""
        with Vertical(id="help-box") as box:
            width = max(_WIDTH, beneath.outer_size.width if (beneath := self.box_beneath) else 0)
            box.styles.width = width
            field = Input(placeholder="/ to find a key or a command", compact=True, id="find")
            field.cursor_blink = False
            yield field
            with VerticalScroll(id="help-text", can_focus=True):
                words = self._page("", min(width, self.app.size.width) - _AROUND)
                yield Static(words, id="help-page", markup=False)
        yield KeyLine()

    def on_resize(self) -> None:
        """Wrap the lines to the new width, once that is known."""
        self.call_after_refresh(self._refresh)

    def _refresh(self) -> None:
        page = self.query_one("#help-page", Static)
        page.update(self._page(self.query_one("#find", Input).value, self.query_one("#help-text").size.width - 1))

    def _page(self, wanted: str, width: int) -> Content:
        """The lines that contain the words of `wanted`, wrapped to `width` cells, under their headings."""
        words = fold(wanted).split()
        lines: list[Content] = []
        for heading, rows in self._sections:
            matching = [row for row in rows if row.matches(words)]
            if matching:
                lines.append(Content.styled(heading, "bold $primary"))
                lines += [
                    _row(keys_on(self.app, row.keys), keys_on(self.app, row.words), width, "" if row.here else _MUTED)
                    for row in matching
                ]
                lines.append(Content(""))
        return Content("\n").join(lines[:-1]) if lines else Content("No command matches that.")

    @on(Input.Changed)
    def _find(self) -> None:
        self._refresh()

    @on(Input.Submitted)
    def _to_text(self) -> None:
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
        else:
            self.answer(None)
