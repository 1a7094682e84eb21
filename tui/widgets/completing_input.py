"""CompletingInput: a field of one line that lists what it could become."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Paste
from textual.message import Message
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option
from textual.worker import Worker

from coterie.core.text import beginning_with, fold, printable
from coterie.tui.widgets.dialog_list import PagedList

Completions = Callable[[str], Awaitable[Sequence[str]]]
"""Given what is typed, the values it could become, best first."""
REST: Final = 0.2
"""Seconds after a letter until completions that cost something are looked for."""


def among(names: Sequence[str]) -> Completions:
    """Completions from a list: names that begin with what is typed, then names with a word that does."""

    async def complete(typed: str) -> Sequence[str]:
        return beginning_with(typed, names) if fold(typed) else ()

    return complete


class LineInput(Input):
    """An Input as all dialogs use it: one line, no blinking, harmless text, no highlighting of its value on focus."""

    def __init__(
        self,
        value: str = "",
        *,
        placeholder: str = "",
        id: str | None = None,  # noqa: A002 - Textual's word
        classes: str | None = None,
    ) -> None:
        super().__init__(
            printable(value),
            placeholder=printable(placeholder),
            id=id,
            classes=classes,
            compact=True,
            select_on_focus=False,
        )
        self.cursor_blink = False
        self._at_first = self.value

    def update_node_styles(self, animate: bool = True) -> None:
        """Look for styles once it is mounted, and not before: Textual does for each class that is given."""
        if self.is_attached:
            super().update_node_styles(animate)

    @property
    def typed(self) -> str | None:
        """What was typed, for `tui.widgets.modal.Keeps`."""
        return self.value if self.value != self._at_first else None

    async def put_back(self, typed: str) -> None:
        """Put back what was typed before."""
        self.value = typed
        self.cursor_position = len(typed)


class _Typed(LineInput):
    """The field; while the list is open, the keys that choose from it are its own."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "highlight(1)", "move", key_display="↓ ↑", tooltip="Move in what it could become."),
        Binding("up", "highlight(-1)", show=False),
        Binding("tab", "accept(True)", "complete", tooltip="Complete what is typed."),
        Binding("enter", "accept(False)", "choose", tooltip="Choose this line."),
        Binding("escape", "close_list", "close list", tooltip="Close the list of what it could become."),
    ]

    @property
    def _owner(self) -> CompletingInput:
        assert isinstance(self.parent, CompletingInput)
        return self.parent

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The list's keys mean what they mean elsewhere as long as there is nothing to choose."""
        if action == "highlight":
            return self._owner.is_open or self._owner.is_resting
        if action == "close_list":
            return self._owner.is_open
        if action == "accept":
            return self._owner.can_accept(by_tab=bool(parameters[0]))
        return super().check_action(action, parameters)

    async def action_highlight(self, by: int) -> None:
        await self._owner.highlight(by)

    def action_close_list(self) -> None:
        self._owner.close_list()

    async def action_accept(self, by_tab: bool) -> None:
        await self._owner.accept(by_tab)

    async def action_submit(self) -> None:
        self._owner.close_list()
        await super().action_submit()

    def on_paste(self, event: Paste) -> None:
        if self._owner.take_paste(event.text):
            event.stop()
            event.prevent_default()  # else Textual goes on to the method of the class above by itself

    def on_blur(self) -> None:
        self._owner.close_list()


class CompletingInput(Vertical):
    """A field whose possible values appear beneath as one types; down and up choose, enter or a click takes.

    Args:
        completions: what the text could become.
        tab: whether tab completes as in a shell (paths), instead of going to the next field.
        rest: seconds after a letter until the list appears, if looking for it costs something; the next letter need
            not wait for it.
    """

    DEFAULT_CSS = """
    CompletingInput {
        height: 1;
        width: 1fr;
        & > OptionList {
            display: none;
            overlay: screen;
            constrain: none inside;
            width: 100%;
            max-height: 7;
            border: none;
            padding: 0 1;
            background: $panel-lighten-1;
            &.-open { display: block; }
            &:ansi { background: $panel; }
        }
    }
    """

    @dataclass
    class Changed(Message):
        """The text changed; `typed` if the user did it."""

        field: CompletingInput
        value: str
        typed: bool

        @property
        def control(self) -> CompletingInput:
            """The sender, for `@on` selectors."""
            return self.field

    def __init__(
        self,
        completions: Completions,
        value: str = "",
        *,
        placeholder: str = "",
        tab: bool = False,
        rest: float = 0.0,
        id: str | None = None,  # noqa: A002 - Textual's word
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._completions = completions
        self._rest = rest
        self._later: Worker[None] | None = None
        self._by_tab = tab
        self._typed = _Typed(value, placeholder=placeholder)
        self._list = PagedList(markup=False, compact=True)
        self._list.can_focus = False
        self._offered: list[str] = []
        self._quiet = False
        self._told = self._typed.value
        self._closed_at: str | None = None  # what stood there when the list was put away

    def compose(self) -> ComposeResult:
        """The field and, over what is beneath, its list."""
        yield self._typed
        yield self._list

    @property
    def input(self) -> Input:
        """The field itself."""
        return self._typed

    @property
    def value(self) -> str:
        """The text."""
        return self._typed.value

    @value.setter
    def value(self, text: str) -> None:
        self._quiet = printable(text) != self._typed.value
        self._typed.value = printable(text)
        self._typed.cursor_position = len(self._typed.value)

    @property
    def typed(self) -> str | None:
        """What was typed, for `tui.widgets.modal.Keeps`."""
        return self._typed.typed

    async def put_back(self, typed: str) -> None:
        """Put back what was typed before."""
        self.value = typed

    def take_paste(self, text: str) -> bool:
        """Take a pasted text in a way of its own, and say whether it was taken."""
        return False

    @property
    def is_open(self) -> bool:
        """Whether the list is in sight."""
        return self._list.has_class("-open")

    @property
    def is_resting(self) -> bool:
        """Whether the list is to appear once the typing rests."""
        return self._later is not None and not self._later.is_finished

    def can_accept(self, *, by_tab: bool) -> bool:
        """Whether tab or enter would take something from the list."""
        return self.is_open and (self._list.highlighted is not None or (by_tab and self._by_tab))

    async def highlight(self, by: int) -> None:
        """Go down or up in the list; above its first line is the field again."""
        if self.is_resting:
            self.close_list()
            await self._offer(self.value)
            if not self.is_open:
                return
        at = self._list.highlighted
        place = (0 if by > 0 else len(self._offered) - 1) if at is None else at + by
        self._list.highlighted = place if 0 <= place < len(self._offered) else None
        self.screen.refresh_bindings()  # the bottom line says what the keys do now

    async def accept(self, by_tab: bool) -> None:
        """Take the highlighted line, or, by tab, as much as all lines have in common."""
        at = self._list.highlighted
        if at is not None:
            self._take(self._offered[at])
        elif by_tab:
            self._take(self._offered[0] if len(self._offered) == 1 else self._common())

    def _common(self) -> str:
        common = self._offered[0]
        for text in self._offered[1:]:
            while not text.startswith(common):
                common = common[:-1]
        if len(common) <= len(self.value):
            self._list.highlighted = 0
            return self.value
        return common

    def _take(self, text: str) -> None:
        if text == self.value:
            return
        self.close_list()
        self._typed.value = text
        self._typed.cursor_position = len(text)

    def close_list(self) -> None:
        """Put the list away."""
        if self.is_open:
            self._list.remove_class("-open")
            self.screen.refresh_bindings()
        self._list.highlighted = None
        self._closed_at = self.value
        if self._later is not None:
            self._later.cancel()

    @on(Input.Changed)
    def _on_typed(self, event: Input.Changed) -> None:
        event.stop()
        if event.value == self._told:
            return
        self._told = event.value
        quiet, self._quiet = self._quiet, False
        self.post_message(self.Changed(self, event.value, not quiet))
        closed, self._closed_at = self._closed_at, None
        if not self._typed.has_focus or quiet or event.value == closed:  # enter may overtake what the last letter sent
            self.close_list()
        elif self._rest:
            self._later = self._complete_later(event.value)
        else:
            self._complete(event.value)

    @work(group="complete", exclusive=True, exit_on_error=True)
    async def _complete(self, typed: str) -> None:
        await self._offer(typed)

    @work(group="rest", exclusive=True, exit_on_error=True)
    async def _complete_later(self, typed: str) -> None:
        await asyncio.sleep(self._rest)
        await self._offer(typed)

    async def _offer(self, typed: str) -> None:
        offered = [text for text in await self._completions(typed) if text != typed][:200]
        if typed != self.value or not self._typed.has_focus:
            return
        self._offered = offered
        self._list.clear_options()
        self._list.add_options(Option(Content(printable(text))) for text in offered)
        self._list.highlighted = None
        if bool(offered) != self.is_open:
            self._list.set_class(bool(offered), "-open")
            self.screen.refresh_bindings()

    @on(OptionList.OptionSelected)
    def _on_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._take(self._offered[event.option_index])


def line_input(
    value: str = "", *, placeholder: str = "", completions: Completions | None = None, rest: float = REST
) -> LineInput | CompletingInput:
    """A field of one line; with `completions`, one that lists what it could become, `rest` seconds after a letter."""
    if completions is None:
        return LineInput(value, placeholder=placeholder)
    return CompletingInput(completions, value, placeholder=placeholder, rest=rest)


def input_of(field: LineInput | CompletingInput) -> Input:
    """The Input of a field of one line."""
    return field.input if isinstance(field, CompletingInput) else field
