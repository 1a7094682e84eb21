"""Keeping what is typed: after each key, what the open screens hold is written to the disk, beside everything else.

A draft lives as long as its screen: when a form has saved or was given up, it closes, and its draft goes.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from coterie.tui.drafts import Draft, Drafts, Held, Holds
from coterie.tui.jobs import job

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.timer import Timer

    from coterie.tui.terminal.app import TerminalApp

DEBOUNCE: Final = 0.1
"""Seconds after a key until what is typed is looked at: for keys that come together."""
AGAIN: Final = 1.0
"""Seconds until the next look while something is kept, since forms also close by themselves."""
_log = logging.getLogger(__name__)


class Keeper:
    """Keeps the drafts of an app up to date.

    Args:
        app: whose screens hold what is typed.
        drafts: where it is kept.
    """

    def __init__(self, app: TerminalApp[Any], drafts: Drafts) -> None:
        self._app = app
        self.drafts = drafts
        self._kept: dict[Screen[Any], tuple[Path, Held]] = {}
        self._going_on: Draft | None = None
        self._due = math.inf  # when the next look is, by Python's clock
        self._timer: Timer | None = None
        self._writing = asyncio.Lock()

    def typed(self, after: float = DEBOUNCE) -> None:
        """Something was typed: look at the screens soon."""
        due = time.monotonic() + after
        if self.drafts.is_on and due < self._due:
            if self._timer is not None:
                self._timer.stop()
            self._due = due
            self._timer = self._app.set_timer(after, self._begin)

    def _begin(self) -> None:
        self._due, self._timer = math.inf, None
        self._app.run_worker(job(self._look), group="keeping", exit_on_error=False)

    def go_on(self, draft: Draft | None) -> None:
        """The next screen that asks for it by `claim` goes on with this draft."""
        self._going_on = draft

    def claim(self, screen: Screen[Any], kind: str) -> Held | None:
        """What was typed into such a screen before, if the user is going on with it."""
        draft = self._going_on
        if draft is None or draft.held.kind != kind:
            return None
        self._going_on = None
        self._kept[screen] = draft.path, draft.held
        self.typed(AGAIN)
        return draft.held

    def place_of(self, screen: Screen[Any]) -> Path | None:
        """Where the draft of a screen is, or will be."""
        if screen not in self._kept and (path := self.drafts.new()) is not None:
            self._kept[screen] = path, Held("", "")
        return self._kept[screen][0] if screen in self._kept else None

    async def _look(self) -> None:
        """Write what has changed, and forget what has closed."""
        async with self._writing:
            changes, gone = self._compare()
            if changes or gone:
                await asyncio.to_thread(self._write, changes, gone)
        if self._kept:
            self.typed(AGAIN)

    def _compare(self) -> tuple[list[tuple[Path, Held]], list[Path]]:
        held = {screen: holding for screen in self._app.open_screens() if (holding := _held_by(screen)) is not None}
        gone = [self._kept.pop(screen)[0] for screen in list(self._kept) if screen not in held]
        changes = []
        for screen, now in held.items():
            path = self._kept[screen][0] if screen in self._kept else self.drafts.new()
            if path is not None and (screen not in self._kept or self._kept[screen][1] != now):
                self._kept[screen] = path, now
                changes.append((path, now))
        return changes, gone

    def _write(self, changes: Iterable[tuple[Path, Held]], gone: Iterable[Path]) -> None:
        for path, held in changes:
            self.drafts.keep(path, held)
        for path in gone:
            self.drafts.forget(path)

    def flush(self) -> None:
        """Write at once what was typed up to now: the program is ending."""
        if self.drafts.is_on:
            self._write(self._compare()[0], ())


def _held_by(screen: Screen[Any]) -> Held | None:
    if not isinstance(screen, Holds):
        return None
    try:
        return screen.held()
    except Exception:  # noqa: BLE001 - what cannot be looked at must not end the program
        _log.exception("Could not look at what was typed into %s", type(screen).__name__)
        return None
