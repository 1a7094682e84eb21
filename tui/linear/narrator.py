"""Narrator: says what is new, one line for each thing, as soon as the keys rest."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from coterie.core.text import printable
from coterie.tui.linear.scene import Scene

if TYPE_CHECKING:
    from coterie.tui.app import CoterieApp

REST: Final = 0.12
"""Seconds without anything new after which it is said: what only flits by is not."""
AT_LATEST: Final = 1.0
"""Seconds after which it is said even if things go on."""


class Narrator:
    """Looks at the app whenever something was drawn.

    Args:
        app: whose screens it tells of.
        say: appends a line.
    """

    def __init__(self, app: CoterieApp, say: Callable[[str], None]) -> None:
        self._app = app
        self._say = say
        self._told = Scene()
        self._timer: asyncio.TimerHandle | None = None
        self._since = 0.0

    def look(self) -> None:
        """Something may be new."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        if self._timer is None:
            self._since = now
        else:
            self._timer.cancel()
        self._timer = loop.call_at(min(now + REST, self._since + AT_LATEST), self._tell)

    def forget(self) -> None:
        """Say everything again."""
        self._told = Scene()
        self.look()

    def note(self, title: str, message: str) -> None:
        """Say what a notice says."""
        for line in f"{title}: {message}".splitlines() if title else message.splitlines():
            self._say(printable(line))

    def _tell(self) -> None:
        self._timer = None
        if not self._app.is_running or not self._app.screen_stack or self._app.keys_wait:
            return
        scene = Scene.of(self._app)
        for line in scene.news(self._told):
            if line:
                self._say(line)
        if not scene.said[0]:  # what was said before a dialog is not told anew after it
            scene = replace(scene, said=self._told.said, kept=self._told.kept)
        self._told = scene
