"""Type-ahead: keys that arrive together are carried out one after the other, each where the one before has led.

Textual hands a key to whatever has the focus at the moment the key arrives, and carries it out later. Of the keys
`/ann` that come in one packet (a slow line, tmux, a paste without brackets), `a` would so reach the list instead of the
search field, and check everything. Here the next key waits until the one before has done what it does: moved the focus,
opened a dialog, changed the book.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from textual import events
from textual.app import App
from textual.message_pump import MessagePump
from textual.screen import Screen

LONGEST_WAIT = 1.0
"""Seconds that a key waits for the command before it; then it is carried out nevertheless."""


class TypeAhead:
    """A queue of keys and pastes.

    Args:
        app: whose keys they are.
        deliver: carries one out, as Textual does.
        busy: whether a command that was begun on this screen is still under way.
    """

    def __init__(
        self,
        app: App[None],
        deliver: Callable[[events.Event], Awaitable[None]],
        busy: Callable[[Screen[object]], bool],
    ) -> None:
        self._app = app
        self._deliver = deliver
        self._busy = busy
        self._waiting: asyncio.Queue[events.Event] = asyncio.Queue()

    def put(self, event: events.Event) -> None:
        """Carry out `event` after all before it."""
        self._waiting.put_nowait(event)

    async def run(self) -> None:
        """Carry out what arrives, for as long as the app runs."""
        while True:
            await self._deliver(await self._waiting.get())
            if not self._waiting.empty():
                await self._settle()

    async def _settle(self) -> None:
        """Wait until the last key has arrived where it goes and its command is done, or has opened a dialog."""
        await self._pass_through()
        end = asyncio.get_running_loop().time() + LONGEST_WAIT
        while self._busy(self._app.screen) and asyncio.get_running_loop().time() < end:  # noqa: ASYNC110
            await asyncio.sleep(0.005)  # what ends it is no single event: a command's end, or a dialog
        await self._pass_through()

    async def _pass_through(self) -> None:
        """Wait until everything on the way of a key - focus, its ancestors, the app - has handled what it has got."""
        focused = self._app.focused or self._app.screen
        for node in focused.ancestors_with_self:
            await _handled(node)
        await _handled(self._app.screen)


async def _handled(pump: MessagePump) -> None:
    done = asyncio.Event()
    if pump.is_running and pump.call_later(done.set):
        try:
            await asyncio.wait_for(done.wait(), LONGEST_WAIT)
        except TimeoutError:
            return
