"""The search line: a field, and beside it what is wrong with what was typed."""

from __future__ import annotations

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from coterie.core.text import printable


class SearchBar(Horizontal):
    """A one-line search field. The text changes as it is typed; enter goes back to the list and keeps it."""

    DEFAULT_CSS = """
    SearchBar { height: 1; padding: 0 1; }
    SearchBar #slash { width: 2; color: $text-muted; }
    SearchBar Input, SearchBar Input:focus {
        width: 1fr; height: 1; border: none; padding: 0; background: transparent; background-tint: transparent;
    }
    SearchBar #problem {
        width: auto; max-width: 75%; color: $text-error; text-wrap: nowrap; text-overflow: ellipsis;
    }
    """

    @dataclass
    class Changed(Message):
        """The search text changed."""

        search_bar: SearchBar
        query: str

        @property
        def control(self) -> SearchBar:
            """The search bar."""
            return self.search_bar

    @dataclass
    class Submitted(Message):
        """Enter was pressed in the field."""

        search_bar: SearchBar

        @property
        def control(self) -> SearchBar:
            """The search bar."""
            return self.search_bar

    def compose(self) -> ComposeResult:
        """The field and the place for what is wrong with it."""
        yield Static("/", id="slash", markup=False)
        field = Input(placeholder="to search", id="search", compact=True, select_on_focus=False)
        field.cursor_blink = False
        field.tooltip = Content("Search in all fields; ? explains how.")
        yield field
        yield Static(id="problem", markup=False)

    @property
    def text(self) -> str:
        """What is in the field."""
        return self.query_one(Input).value

    @text.setter
    def text(self, value: str) -> None:
        self.query_one(Input).value = value

    @property
    def editing(self) -> bool:
        """Whether the field has the focus."""
        return self.query_one(Input).has_focus

    def edit(self) -> None:
        """Go into the field, behind what is in it."""
        field = self.query_one(Input)
        self.screen.set_focus(field, scroll_visible=False)  # at once: the next letter belongs there
        field.cursor_position = len(field.value)

    def problem(self, text: str) -> None:
        """Show beside the field what is wrong with the search; nothing for an empty text."""
        problem = self.query_one("#problem", Static)
        problem.update(printable(text))
        problem.tooltip = Content(printable(text)) if text else None

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Changed(self, event.value))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Submitted(self))
