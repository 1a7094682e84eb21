"""FieldEditor: one field of a form - its label, its value on one line, and beneath it what is wrong with it."""

from __future__ import annotations

from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.events import DescendantBlur
from textual.message import Message
from textual.widgets import Input, Static, TextArea

from coterie.core.text import printable, printable_lines
from coterie.tui.widgets.completing_input import CompletingInput, Completions, input_of, line_input

ASIDE: Final = "-aside"
"""The class of fields that tab passes by."""


class Labelled(Vertical):
    """A label at the left, an editor beside it, a line for a problem or a warning beneath.

    Subclasses compose their editor in `compose_editor`.
    """

    DEFAULT_CSS = """
    Labelled {
        height: auto;
        & .field--line { height: auto; }
        & .field--label { width: 15; height: 1; color: $text-muted; }
        & .field--editor { width: 1fr; height: auto; }
        & .field--problem {
            display: none;
            height: auto;
            padding-left: 16;
            color: $text-warning;
            &.-error { color: $text-error; }
            &:ansi { color: $warning; }
            &.-error:ansi { color: $error; }
        }
    }
    """

    class Left(Message):
        """The focus left the field: a good moment to check it."""

        def __init__(self, field: Labelled) -> None:
            super().__init__()
            self.field = field

        @property
        def control(self) -> Labelled:
            """The sender, for `@on` selectors."""
            return self.field

    def __init__(self, key: str, label: str, *, required: bool = False) -> None:
        super().__init__(id=f"field-{key.replace('_', '-')}")
        self.key = key
        self.label = label
        self._required = required
        self._problem: Static | None = None  # one widget less until there is one

    def compose(self) -> ComposeResult:
        """Label and editor on one line, the problem beneath."""
        with Horizontal(classes="field--line"):
            mark = " *" if self._required else ""
            yield Static(printable(self.label) + mark, classes="field--label", markup=False)
            with Vertical(classes="field--editor"):
                yield from self.compose_editor()

    def compose_editor(self) -> ComposeResult:
        """What holds the value."""
        raise NotImplementedError

    @property
    def changed(self) -> bool:
        """Whether the user changed the value."""
        raise NotImplementedError

    def show_problem(self, sentence: str, *, error: bool = True) -> None:
        """Say what is wrong, or, with `error` False, what to consider; an empty sentence takes it away."""
        if self._problem is None:
            if not sentence:
                return
            self._problem = Static("", classes="field--problem", markup=False)
            self.mount(self._problem)
        self._problem.update(printable(sentence))
        self._problem.set_class(error, "-error")
        self._problem.display = bool(sentence)

    @property
    def problem(self) -> str:
        """What is said beneath the field; empty if nothing is."""
        return str(self._problem.content) if self._problem is not None and self._problem.display else ""

    def go(self) -> None:
        """Put the focus into the editor."""
        for widget in self.query(".field--editor *"):
            if widget.can_focus:
                widget.focus()
                return

    @on(DescendantBlur)
    def _on_left(self) -> None:
        self.call_after_refresh(self._say_left)

    def _say_left(self) -> None:
        if not self.has_focus_within:
            self.post_message(self.Left(self))


class FieldEditor(Labelled):
    """A field with one line of text. What the user does not touch keeps its value, whatever it holds."""

    def __init__(
        self,
        key: str,
        label: str,
        value: str = "",
        *,
        required: bool = False,
        placeholder: str = "",
        completions: Completions | None = None,
    ) -> None:
        super().__init__(key, label, required=required)
        self._initial = printable(value)
        self._line = line_input(value, placeholder=placeholder, completions=completions)
        self.input = input_of(self._line)

    def compose_editor(self) -> ComposeResult:
        """One line."""
        yield self._line

    @property
    def value(self) -> str:
        """The text as it stands there."""
        return self.input.value

    @property
    def changed(self) -> bool:
        """Whether the text differs from what it was at first."""
        return self.input.value != self._initial

    @property
    def typed(self) -> str | None:
        """What was typed, for `tui.widgets.modal.Keeps`."""
        return self.value if self.changed else None

    async def put_back(self, typed: str) -> None:
        """Put back what was typed before."""
        await self._line.put_back(typed)

    @on(Input.Changed)
    @on(CompletingInput.Changed)
    def _on_typed(self) -> None:
        if self.problem:
            self.show_problem("")


class NotesEditor(Labelled):
    """A field with several lines; tab leaves it."""

    def __init__(self, key: str, label: str, value: str = "") -> None:
        super().__init__(key, label)
        self._initial = printable_lines(value)
        self.area = TextArea(
            self._initial, soft_wrap=True, tab_behavior="focus", compact=True, highlight_cursor_line=False
        )
        self.area.cursor_blink = False

    def compose_editor(self) -> ComposeResult:
        """Several lines."""
        yield self.area

    @property
    def value(self) -> str:
        """The text as it stands there."""
        return self.area.text

    @property
    def changed(self) -> bool:
        """Whether the text differs from what it was at first."""
        return self.area.text != self._initial

    @property
    def typed(self) -> str | None:
        """What was typed, for `tui.widgets.modal.Keeps`."""
        return self.value if self.changed else None

    async def put_back(self, typed: str) -> None:
        """Put back what was typed before."""
        self.area.text = typed
        self.area.move_cursor(self.area.document.end)
