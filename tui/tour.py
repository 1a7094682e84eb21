"""The tour: ten things in two minutes, over a throw-away book; each step waits for the key that it teaches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from coterie.tui import notices
from coterie.tui.commands import COMMANDS
from coterie.tui.screens.base import CommandScreen

if TYPE_CHECKING:
    from coterie.tui.app import CoterieApp

_LOOK: Final = 0.2
"""Seconds between two looks whether the user is back at the list."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to press.

    Attributes:
        words: what the user reads; `{key}` is the key of the command.
        command: the id of the command that the step waits for; empty: it waits until the list is back.
    """

    words: str
    command: str = ""


_BACK: Final = Step("Look around in it; esc leads back to the list.")

THINGS: Final[tuple[tuple[str, tuple[Step, ...]], ...]] = (
    (
        "Nothing is lost",
        (
            Step("{key} deletes the contact under the cursor. Press it: the contact goes to the Bin.", "delete"),
            Step("{key} undoes that. It undoes every change, also an import, a merge or a sync of last week.", "undo"),
        ),
    ),
    (
        "Many contacts are changed like one",
        (
            Step("{key} checks a contact and moves down. Press it.", "check"),
            Step("And once more: {key}.", "check"),
            Step("{key} edits them in one form, and shows what they have in common.", "edit"),
            _BACK,
        ),
    ),
    (
        "A line changes a field of all of them",
        (
            Step("{key} transforms what is checked: title(name), or e164(phone, “GB”), with a preview.", "transform"),
            _BACK,
        ),
    ),
    (
        "One value for all, right in the list",
        (Step("{key} changes the cell under the cursor, here in all that are checked.", "edit_cell"), _BACK),
    ),
    (
        "A desk for cleaning up",
        (
            Step("{key} unchecks all.", "uncheck_all"),
            Step("{key} shows what could be cleaned up in the whole book, kind by kind.", "cleanup"),
            _BACK,
        ),
    ),
    (
        "Duplicates side by side",
        (Step("{key} finds contacts that may be the same; you choose value by value.", "duplicates"), _BACK),
    ),
    (
        "What the list is made of",
        (
            Step("{key} counts the companies, domains and groups of what is shown.", "facets"),
            Step("There enter narrows the list and space checks them all. {key} closes it.", "back"),
        ),
    ),
    (
        "The whole story",
        (Step("{key} shows every change with its values before and after; any can be undone.", "history"), _BACK),
    ),
    (
        "At home over SSH",
        (Step("{key} copies the address to the clipboard of your own machine, even over SSH.", "copy"),),
    ),
    (
        "One book for all accounts",
        (Step("{key} syncs with Google, Office 365 and CardDAV, both ways; you settle conflicts.", "sync"), _BACK),
    ),
)
"""What the tour shows: headings with their steps."""


class Tour:
    """Leads through `THINGS`, one step at a time.

    Args:
        app: the running program, over a book with which one may play.
    """

    END_KEY: ClassVar[str] = "f2"
    """Ends the tour, wherever the user is; before that it begins it."""

    def __init__(self, app: CoterieApp) -> None:
        self._app = app
        self._steps = [(place, step) for place, (_, steps) in enumerate(THINGS, 1) for step in steps]
        self._at = 0
        self._was_away = False
        app.state.carried_out = self._carried_out
        self._looks = app.set_interval(_LOOK, self._look)
        self._show()

    @property
    def step(self) -> Step | None:
        """What is waited for; None once the tour is over."""
        return self._steps[self._at][1] if self._at < len(self._steps) else None

    def _carried_out(self, command_id: str) -> None:
        if self.step is not None and self.step.command == command_id:
            self._go_on()

    def _look(self) -> None:
        """Go on if the list is back after something else was open."""
        if self.step is None or self.step.command:
            return
        if not isinstance(self._app.screen, CommandScreen):
            self._was_away = True
        elif self._was_away:
            self._go_on()

    def _go_on(self) -> None:
        self._at += 1
        self._was_away = False
        self._show()

    def _show(self) -> None:
        step = self.step
        self._app.clear_notifications()
        if step is None:
            self.end()
            return
        key = self._app.state.keymap.key(COMMANDS[step.command]) if step.command else ""
        place = self._steps[self._at][0]
        title = f"Tour, {place} of {len(THINGS)}: {THINGS[place - 1][0]}"
        notices.show_for_the_tour(self._app, f"{step.words.format(key=key)}\n{self.END_KEY} ends the tour.", title)

    def end(self) -> None:
        """End it, and say how to go on."""
        self._at = len(self._steps)
        self._looks.stop()
        self._app.state.carried_out = lambda _: None
        self._app.clear_notifications()
        words = "? shows what works where you are, m what you can do. This book goes away when you quit."
        notices.show_until_read(self._app, words, "That was the tour")
