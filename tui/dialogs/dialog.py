"""Dialog: what all dialogs share - the box, the title, the line of buttons, and what enter, ctrl+s and esc do."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import ClassVar, Final

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content, ContentText
from textual.geometry import Size
from textual.widget import Widget
from textual.widgets import Button, Input, Static, TextArea

from coterie.core.errors import CoterieError
from coterie.core.text import printable, printable_lines
from coterie.tui.dialogs.placement import LOW, NARROW, SNUG, Placement, placement
from coterie.tui.widgets.button_row import ButtonRow
from coterie.tui.widgets.dialog_keys import Key
from coterie.tui.widgets.field_editor import ASIDE
from coterie.tui.widgets.modal import Answer, KeyLine, Modal
from coterie.tui.widgets.pages import Pages

DIALOG_CSS: Final = Path(__file__).with_name("dialog.tcss")
"""The rules all dialogs share: a dialog with rules of its own has `CSS_PATH = [DIALOG_CSS, "x.tcss"]`."""

_CHROME: Final = 6
"""Lines that are neither body nor message: the border, the title, a blank, the buttons, and the screen's last line."""

_ORDER: Final = {"press": 0, "main": 1, "turn_page(1)": 3, "app.focus_next": 4, "cancel": 5, "close_list": 5, "help": 6}
"""Where keys stand in the bottom line: what enter does, then the keys of the focus, then those of every dialog."""

_SEVERAL: Final = 2
"""So many places of the focus there are if tab goes anywhere."""
_ENDS: Final = 24
_LONG: Final = re.compile(rf"\S{{{2 * _ENDS + 2},}}")
"""Words that are longer than this are shortened in messages."""


class DialogButton(Button):
    """A button of one line that names its key; `does` is an action of the dialog.

    Attributes:
        words: what stands on it.
        danger: whether it does what cannot be undone. Such a button is pressed by itself alone, see `Dialog`.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "app.focus_previous", show=False),
        Binding("right", "app.focus_next", show=False),
    ]

    def __init__(
        self,
        label: str,
        does: str,
        *,
        key: str = "",
        main: bool = False,
        danger: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's word
    ) -> None:
        self._key = key or ("ctrl+s" if main and does == "confirm" else "")
        self.words = printable(label)
        self.danger = danger
        super().__init__(
            Content(self.words),
            id=id,
            compact=True,
            action=f"screen.{does}",
            classes=f"{'-main' if main else ''} {'-danger' if danger else ''}".strip() or None,
        )
        self.active_effect_duration = 0  # while that lasts, Textual ignores the next press

    def action_press(self) -> None:
        """Press it by a key; not if it is dangerous and the key was typed before the dialog could be seen."""
        screen = self.screen
        if self.danger and isinstance(screen, Dialog) and screen.is_typed_ahead:
            screen.say("Nothing was done: that key was pressed before this question was there.", error=False)
        else:
            super().action_press()

    def on_mount(self) -> None:
        """If the terminal's own colors are used, or none, brackets make it a button."""
        self.relabel(self.label)

    def relabel(self, words: ContentText) -> None:
        """Show other words on it: plain text."""
        content = words if isinstance(words, Content) else Content(printable(str(words)))
        self.words = content.plain
        if self._key and self.app.size.width >= NARROW:
            content = Content.assemble(content, " ", (self._key, "dim"))
        bare = self.app.native_ansi_color or self.app.no_color
        self.label = Content.assemble("[", content, "]") if bare else content
        self.styles.line_pad = 0 if bare else 1
        self.refresh(layout=True)
        self.screen.refresh_bindings()  # the bottom line says what is written on buttons


class Body(Vertical):
    """What is between title and buttons; it scrolls if the terminal is too low for it."""


class Dialog(Modal[Answer]):
    """A question with an answer of type `Answer`; None if the user cancels.

    A subclass gives the `heading`, composes the body and the buttons, and answers in `action_confirm`. Enter presses
    the main button from any field of one line, ctrl+s from anywhere, esc cancels. A main button that is dangerous is
    pressed neither way, for enter and ctrl+s may have been typed before the dialog was seen.
    """

    CSS_PATH = [DIALOG_CSS]  # noqa: RUF012 - Textual declares it without ClassVar
    AUTO_FOCUS = "#dialog-body *"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "main", "confirm", priority=True, tooltip="Press the main button."),
        Binding("enter", "main", show=False),
        Binding("ctrl+pagedown", "turn_page(1)", "page", True, "ctrl+pgdn", True, "Turn to the next page."),
        Binding("ctrl+pageup", "turn_page(-1)", "", False, "ctrl+pgup", True, "Turn to the page before."),
        Binding("tab", "app.focus_next", "next", tooltip="Go to the next field or button."),
        Binding("escape", "cancel", "cancel", tooltip="Close without doing anything."),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
    ]

    confirm_label: str = "OK"
    cancel_label: str = "Cancel"
    gives_way: ClassVar[str] = ""
    """The selector of the list that gets shorter if the terminal is low, so that all around it stays in sight."""
    most_lines: ClassVar[int] = 12
    """How many lines that list has at most."""
    least_lines: ClassVar[int] = 0
    """How many lines the body has at least if the terminal has them, so that the next step moves no button."""
    is_question: ClassVar[bool] = False
    """Whether it lies within the dialog beneath, which it is about; any other covers that."""
    _placement = Placement(-1)  # nowhere yet

    def compose(self) -> ComposeResult:
        """The box; subclasses compose `compose_body` and, if two buttons are not enough, `compose_buttons`."""
        self._suit(self.app.size)  # from the first frame on: a second one is slow on a slow line
        with Vertical(id="dialog-box") as box:
            self._put_box(box)
            yield Static(printable(self.heading), id="dialog-title", markup=False)
            with Body(id="dialog-body") as body:
                self._limit_body(body)
                yield from self.compose_body()
            yield Static("", id="dialog-message", classes="-hint", markup=False)
            with ButtonRow(id="dialog-buttons"):
                yield from self.compose_buttons()
        yield KeyLine()

    @property
    def is_typed_ahead(self) -> bool:
        """Whether the key that is carried out now was typed before this was there."""
        return getattr(self.app, "typed_at", math.inf) < self._there_since

    def on_mount(self) -> None:
        """Don't let the first frame show a list higher than it will be: the whole screen would be sent for it."""
        self._there_since = time.monotonic()
        for widget in self.query(self.gives_way) if self.gives_way else ():
            widget.styles.max_height = min(self.most_lines, self._room())
        if (beneath := self.box_beneath) is not None:
            beneath.screen.screen_layout_refresh_signal.subscribe(self, lambda _: self._fit())

    def _put_box(self, box: Widget) -> None:
        """Put the box where it belongs in this terminal, and over the dialog beneath."""
        beneath = self.box_beneath
        region = beneath.region if beneath is not None else None
        before, self._placement = self._placement, placement(self.app.size, region, question=self.is_question)
        if self._placement == before:
            return
        box.styles.margin = (self._placement.above, 0, 0, 0)
        box.styles.width = self._placement.width
        box.styles.min_width = self._placement.columns or None

    def _limit_body(self, body: Widget, others: int = 1) -> int:
        """Limit the body to the lines that are left beside `others` (see `_room`); returns how many."""
        body.styles.max_height = most = self._room(others)
        body.styles.min_height = min(most, max(self.least_lines, self._placement.lines - (_CHROME - 1) - others))
        return most

    def _room(self, others: int = 1) -> int:
        """How many lines the body may have beside so many `others`: the message, and more than one line of buttons."""
        return max(2, self.app.size.height - self._placement.above - _CHROME - others)

    @property
    def focus_chain(self) -> list[Widget]:
        """Where tab goes: past what stands aside, unless one is there."""
        return [widget for widget in super().focus_chain if widget.has_focus or not widget.has_class(ASIDE)]

    def compose_body(self) -> Iterable[Widget]:
        """The widgets between title and buttons."""
        return ()

    def compose_buttons(self) -> Iterable[Widget]:
        """The main button first."""
        yield DialogButton(self.confirm_label, "confirm", main=True, id="confirm")
        yield DialogButton(self.cancel_label, "cancel", key="esc", id="cancel")

    @property
    def is_open(self) -> bool:
        """Whether the dialog is there and whole; what ends later than the dialog has nothing to show."""
        return self in self.app.screen_stack and bool(self.query("#dialog-message"))

    def say(self, message: str | CoterieError, *, error: bool = True) -> None:
        """Show a sentence above the buttons; an empty one takes the last away."""
        if not self.is_open:
            return
        self._said = bool(str(message))
        line = self.query_one("#dialog-message", Static)
        line.update(printable_lines(_LONG.sub(_shortened, str(message))))
        line.set_class(error and self._said, "-error")
        line.set_class(not self._said, "-hint")
        if not self._said:
            self._show_hint()
        self.call_after_refresh(self._fit)

    _said = False

    @on(events.DescendantFocus)
    def _show_hint(self) -> None:
        """If the focused field has keys of its own, say so above the buttons, unless something is said there."""
        if self._said or not self.is_open:
            return
        focused = self.focused
        hints = (getattr(node, "hint", "") for node in focused.ancestors_with_self) if focused else ()
        shown, hint = self.query_one("#dialog-message", Static), next((hint for hint in hints if hint), "")
        if shown.content != hint:
            shown.update(hint)
            self.call_after_refresh(self._fit)

    def on_resize(self) -> None:
        """Keep title, buttons and the focused field in sight."""
        self._suit(self.app.size)
        self._fit()

    def _suit(self, terminal: Size) -> None:
        self.set_class(terminal.width < SNUG, "-snug")
        self.set_class(terminal.width < NARROW, "-narrow")
        self.set_class(terminal.height < LOW, "-low")

    def _fit(self) -> None:
        """The body takes what the rest of the box leaves of the terminal."""
        if self.is_open:
            parts = map(self.query_one, ("#dialog-message", "#dialog-buttons"))
            message, buttons = (part.outer_size.height for part in parts)
            beside = max(1, message) + max(1, buttons) - 1
            self._put_box(self.query_one("#dialog-box"))
            whole = self._limit_body(self.query_one("#dialog-body"), beside)
            for widget in self.query(self.gives_way) if self.gives_way else ():
                assert isinstance(widget.parent, Widget)
                others = [other for other in widget.parent.children if other is not widget and other.display]
                taken = sum(other.outer_size.height + other.styles.margin.height for other in others)
                room = whole - taken - widget.styles.margin.height
                widget.styles.max_height = max(2, min(self.most_lines, room))
            if self.focused is not None:
                self.call_after_refresh(self.focused.scroll_visible, animate=False)

    def retitle(self, heading: str) -> None:
        """Show another title."""
        if not self.is_open:
            return
        self.query_one("#dialog-title", Static).update(printable(heading))

    # Keys ------------------------------------------------------------------------------------------------------

    @property
    def main(self) -> DialogButton | None:
        """The main button, while there is one."""
        return next((button for button in self.query("#confirm").results(DialogButton) if button.display), None)

    def keys_here(self) -> list[Key]:
        """The keys that work where the focus is, named by the buttons that they press."""
        keys = [named for key in super().keys_here() if (named := self._named(key))]
        focused = self.focused
        if isinstance(focused, DialogButton) and focused.id != "cancel":
            keys.append(Key("enter", "enter", _small(focused.words), f"{focused.words}.", "press", focused))
        return sorted(keys, key=lambda key: _ORDER.get(key.action, 2))

    def _named(self, key: Key) -> Key | None:
        if key.action == "cancel":
            words = [button.words for button in self.query("#cancel").results(DialogButton) if button.display]
            return replace(key, label=_small(*words[:1] or ["close"]))
        if key.action == "app.focus_next" and len(self.focus_chain) < _SEVERAL:
            return None
        if key.action != "main":
            return key
        main = self.main
        if main is None or main.danger or main.disabled or main is self.focused:
            return None
        name = "enter" if self._enter_confirms() else "ctrl+s"
        return replace(key, name=name, shown=name, label=_small(main.words), sentence=f"{main.words}.")

    def _enter_confirms(self) -> bool:
        bound = self.active_bindings.get("enter")
        presses = bound is not None and bound.binding.action in {"main", "screen.main", "submit"}
        return presses and not isinstance(self.focused, TextArea)

    @on(Input.Submitted)
    def _enter(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_main()

    def action_main(self) -> None:
        """Press the main button, but never one that is dangerous."""
        main = self.main
        if main is not None and main.danger:
            self.say(f"Nothing was done. To go on, choose “{main.words}” with tab and press enter.", error=False)
        else:
            self.action_confirm()

    @property
    def _pages(self) -> Pages | None:
        return next((pages for pages in self.query(Pages) if _is_open(pages)), None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Pages are turned only if there are some."""
        return self.has_pages if action == "turn_page" else super().check_action(action, parameters)

    @property
    def has_pages(self) -> bool:
        """Whether there are pages to turn now."""
        return self._pages is not None

    async def action_turn_page(self, by: int) -> None:
        """Turn the pages."""
        if pages := self._pages:
            await pages.turn(by)

    async def action_page(self, by: int) -> None:
        """If no list takes the page keys: turn the pages if there are any, else scroll."""
        if self.has_pages:
            await self.action_turn_page(by)
        else:
            body = self.query_one("#dialog-body")
            body.scroll_relative(y=by * body.size.height, animate=False)

    def action_confirm(self) -> None:
        """Answer with what was given. Subclasses check it first."""
        raise NotImplementedError

    def action_cancel(self) -> None:
        """Close without an answer."""
        self.answer(None)


def _shortened(word: re.Match[str]) -> str:
    """A path or another long word without its middle: what is wrong with it must stay in sight."""
    return f"{word[0][:_ENDS]}…{word[0][-_ENDS:]}"


def _is_open(widget: Widget) -> bool:
    """Whether it is displayed, or will be with the next frame."""
    return all(node.display for node in widget.ancestors_with_self if isinstance(node, Widget))


def _small(words: str) -> str:
    """What stands on a button, as the bottom line writes it."""
    return words[:1].lower() + words[1:]
