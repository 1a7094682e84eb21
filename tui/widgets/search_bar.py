"""The search line: a field, and beside it what is wrong with what was typed, or what it could become."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from rich.highlighter import Highlighter
from rich.style import Style
from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.events import DescendantBlur
from textual.message import Message
from textual.widgets import Input, Static

from coterie.core.text import printable

Completions = Callable[[str], Awaitable[Sequence[str]]]
"""Given what is typed, the whole texts that it could become, best first."""
REST: Final = 0.2
"""Seconds after a letter until completions are shown."""


async def nothing(_: str) -> Sequence[str]:
    """No completions."""
    return ()


class _Wrong(Highlighter):
    """Marks the part of a search that cannot be read."""

    def __init__(self) -> None:
        self.span: tuple[int, int] | None = None
        self.style = Style(underline=True)

    def highlight(self, text: Text) -> None:
        """Mark it in the field's text."""
        if self.span:
            text.stylize(self.style, *self.span)


class _Field(Input):
    """The field: tab completes, up brings searches of before back if nothing else is typed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete", show=False),
        Binding("up", "recall(1)", show=False),
        Binding("down", "recall(-1)", show=False),
    ]

    @property
    def _bar(self) -> SearchBar:
        assert isinstance(self.parent, SearchBar)
        return self.parent

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """These keys mean the same as elsewhere if there is nothing to complete, or to bring back."""
        if action == "complete":
            return self.cursor_at_end and bool(self.value.strip())
        if action == "recall":
            return self._bar.can_recall(parameters[0] == 1)
        return super().check_action(action, parameters)

    async def action_complete(self) -> None:
        await self._bar.complete()

    def action_recall(self, by: int) -> None:
        self._bar.recall(by)


class SearchBar(Horizontal):
    """A one-line search field. The text changes as it is typed; enter goes back to the list and keeps it.

    What it could become is shown beside it once the typing rests, and never takes a key but tab.

    Args:
        completions: what a text could become, best first.
        before: the searches of before, the latest first.
    """

    DEFAULT_CSS = """
    SearchBar { height: 1; padding: 0 1; }
    SearchBar #slash { width: 2; color: $text-muted; }
    SearchBar Input, SearchBar Input:focus {
        width: 1fr; height: 1; border: none; padding: 0; background: transparent; background-tint: transparent;
    }
    SearchBar #problem {
        width: auto; max-width: 75%; color: $text-error; text-wrap: nowrap; text-overflow: ellipsis;
        &.-offers { max-width: 60%; color: $text-muted; }
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

    @dataclass
    class NothingToComplete(Message):
        """Tab was pressed, and there is nothing to complete."""

        search_bar: SearchBar

        @property
        def control(self) -> SearchBar:
            """The search bar."""
            return self.search_bar

    def __init__(self, completions: Completions = nothing, before: Callable[[], Sequence[str]] = tuple) -> None:
        super().__init__()
        self._completions = completions
        self._before = before
        self._recalled = -1  # which of the searches of before stands in the field
        self._wrong = _Wrong()

    def compose(self) -> ComposeResult:
        """The field and the place for what is wrong with it."""
        yield Static("/", id="slash", markup=False)
        field = _Field(
            placeholder="to search", id="search", compact=True, select_on_focus=False, highlighter=self._wrong
        )
        field.cursor_blink = False
        field.tooltip = Content(
            "Search in all fields; tab completes, ↑ in the empty field brings back what was searched."
        )
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
        self._offer(field.value)

    @on(DescendantBlur)
    def _left(self) -> None:
        """Elsewhere tab means something else."""
        if self.query_one("#problem").has_class("-offers"):
            self._beside("", offers=False)

    def problem(self, text: str, span: tuple[int, int] | None = None) -> None:
        """Show beside the field what is wrong with the search, and mark it; nothing for an empty text.

        Args:
            span: which characters of the search are wrong; its blanks at the beginning do not count.
        """
        self._beside(text, offers=False)
        blanks = len(self.text) - len(self.text.lstrip())
        span = (span[0] + blanks, span[1] + blanks) if span else None
        if span != self._wrong.span:
            self._wrong.span = span
            self._wrong.style = Style(color=self.query_one("#problem").rich_style.color, underline=True)
            self.query_one(Input).refresh()

    def _beside(self, text: str, *, offers: bool) -> None:
        beside = self.query_one("#problem", Static)
        beside.set_class(offers, "-offers")
        beside.update(printable(text))
        beside.tooltip = Content(printable(text)) if text else None

    # Completing ------------------------------------------------------------------------------------------------

    @work(group="offers", exclusive=True, exit_on_error=False)
    async def _offer(self, text: str) -> None:
        """Show what tab would make of the text, once the typing rests."""
        await asyncio.sleep(REST)
        offers = await self._completions(text) if text.strip() else ()
        if text == self.text and self.editing and self._wrong.span is None and offers:
            self._show_offers(offers, text)

    def _show_offers(self, offers: Sequence[str], text: str) -> None:
        """Show them without what stands before the word that is completed."""
        same = next(
            (at for at, (typed, offered) in enumerate(zip(text, offers[0], strict=False)) if typed != offered),
            len(text),
        )
        start = max(text.rfind(sign, 0, same) for sign in " (:") + 1
        self._beside("tab " + "  ".join(offer[start:] for offer in offers), offers=True)

    async def complete(self) -> None:
        """Make of the text the first that it could become."""
        if offers := await self._completions(self.text):
            self._put(offers[0])
        else:
            self.post_message(self.NothingToComplete(self))

    # Searches of before ----------------------------------------------------------------------------------------

    def can_recall(self, back: bool) -> bool:
        """Whether up (or down) goes through the searches of before: in the empty field, and from there on."""
        before = self._before()
        if 0 <= self._recalled < len(before) and self.text == before[self._recalled]:
            return True
        return back and not self.text and bool(before)

    def recall(self, by: int) -> None:
        """Put the search before the present one into the field, or (-1) the one after it."""
        before = self._before()
        place = min((self._recalled if self.text else -1) + by, len(before) - 1)
        self._recalled = place
        self._put(before[place] if place >= 0 else "")

    def _put(self, text: str) -> None:
        self.text = text
        self.query_one(Input).cursor_position = len(text)

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Changed(self, event.value))
        if self.editing:
            self._offer(event.value)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Submitted(self))
