"""Type-ahead: keys are carried out one after the other, each where the one before has led.

Textual hands a key to whatever has the focus at the moment the key arrives, and carries it out later. Of the keys
`/ann` that come in one packet (a slow line, tmux, a paste without brackets), `a` would so reach the list instead of the
search field, and check everything; of `4d`, `d` would find a Bin that has not been read yet. Here a key waits until the
one before has done what it does: moved the focus, opened a dialog, fetched the rows, changed the book.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from typing import Any, Final

from textual import events
from textual.app import App
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget

LONGEST_WAIT: Final = 10.0
"""Seconds that a key waits for the one before it; then it is carried out nevertheless."""

LONGEST_WAIT_TO_LEAVE: Final = 1.0
"""The same for esc while something is fetched, which may be just what it shall leave."""

FETCHING: Final = frozenset({"reload", "search", "details", "complete", "read", "retarget"})
"""Groups of the workers that fetch what a key asked for: the next key waits for those of its screen."""

LEADING: Final = frozenset({"open", "finish", "browse", "pick", "pair", "merge"})
"""Groups of those that open or close a screen, or change the book."""

_CHECK_EVERY = 0.001

_FRAME: Final = 0.012
"""Seconds that the frame to which a key has led may take; it goes before looking whether all of the key has arrived."""


class TypeAhead:
    """A queue of keys and pastes.

    Args:
        app: whose keys they are.
        deliver: carries one out, as Textual does.
        fetching: whether this screen still gets what the last key asked for.
        led: whether what the last key began on this screen is under way: it may open another screen.
        blocked: whether this screen shows the progress of what a key began. All keys but its own wait for its end.
        owns: whether a key is for the screen that shows progress.
    """

    def __init__(
        self,
        app: App[Any],
        deliver: Callable[[events.Event], Awaitable[None]],
        *,
        fetching: Callable[[Screen[object]], bool],
        led: Callable[[Screen[object]], bool],
        blocked: Callable[[Screen[object]], bool],
        owns: Callable[[events.Event], bool],
    ) -> None:
        self._app = app
        self._deliver = deliver
        self._fetching = fetching
        self._led = led
        self._blocked = blocked
        self._owns = owns
        self._waiting: asyncio.Queue[events.Event] = asyncio.Queue()
        self._came = asyncio.Event()
        self._arrived: object = None  # the screen and the focus, where all that the last key sent off has arrived

    def disturb(self) -> None:
        """Note that something else than a key was handed to the screen: the next key waits until it has arrived."""
        self._arrived = None

    @property
    def is_waiting(self) -> bool:
        """Whether there are keys that are still to be carried out."""
        return not self._waiting.empty()

    async def put(self, event: events.Event) -> None:
        """Carry out `event` after all before it."""
        if self._blocked(self._app.screen) and self._owns(event):
            await self._deliver(event)
        else:
            self._waiting.put_nowait(event)
            self._came.set()

    async def run(self) -> None:
        """Carry out what arrives, for as long as the app runs."""
        submits = False
        while True:
            event = await self._waiting.get()
            if self._waiting.empty():
                self._came.clear()
            leaves = isinstance(event, events.Key) and event.key == "escape"
            await self._settle(LONGEST_WAIT_TO_LEAVE if leaves else LONGEST_WAIT, submitted=submits)
            self._arrived = None
            await self._deliver(event)
            submits = not (isinstance(event, events.Key) and event.is_printable)
            if not self._app.screen.is_modal and not await self._another_comes():
                self._arrived = place = self._place  # wait now, so that the next key need not
                await self._pass_through()
                if self._is_fetching() or self._is_led() or place != self._place:
                    self._arrived = None

    async def _another_comes(self) -> bool:
        """Whether another key comes, or has come, while the frame is drawn to which the last one has led."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_FRAME):
                await self._came.wait()
        return self.is_waiting

    @property
    def _place(self) -> tuple[Screen[object], Widget | None]:
        """Where keys go."""
        return self._app.screen, self._app.focused

    async def _settle(self, longest: float, *, submitted: bool) -> None:
        """Wait until the last key has arrived where it goes, and what it began is done or has opened a dialog.

        `longest`: seconds that fetching may take.
        """
        clock = asyncio.get_running_loop().time
        begun = clock()
        if self._arrived != self._place:
            await self._pass_through()
        while (
            self._blocked(self._app.screen)
            or (self._is_led() and clock() < begun + LONGEST_WAIT)
            or (self._is_fetching() and clock() < begun + longest)
        ):
            await asyncio.sleep(_CHECK_EVERY)  # what ends it is not a single event: a command's end, rows, a dialog
            await self._pass_through()
        if submitted and self._app.screen.is_modal:
            await _handled(self._app.screen, drawn=True)  # a form moves the focus once it is laid out anew
            await self._pass_through()

    def _is_fetching(self) -> bool:
        return self._fetching(self._app.screen) or self._works(FETCHING)

    def _is_led(self) -> bool:
        screen = self._app.screen
        return not screen.is_mounted or self._led(screen) or self._works(LEADING)

    def _works(self, groups: Collection[str]) -> bool:
        """Whether a worker of these groups runs on the screen."""
        screen = self._app.screen
        return any(
            worker.group in groups
            and not worker.is_finished
            and isinstance(worker.node, Widget)
            and screen in worker.node.ancestors_with_self
            for worker in self._app.workers
        )

    async def _pass_through(self) -> None:
        """Wait until everything on the way of a key - focus, its ancestors, the app - has handled what it has got."""
        screen, focused = self._place
        for node in (focused or screen).ancestors_with_self:
            await _handled(node)
        if self._app.screen is not screen:
            await _handled(self._app.screen)


async def _handled(pump: MessagePump, *, drawn: bool = False) -> None:
    """Wait until `pump` has handled all that it has been sent so far; with `drawn`, and has drawn what came of it."""
    done = asyncio.Event()
    if not pump.is_running:
        return
    # What `call_later` posts, but for a `partial` whose parameters Textual would look up each time.
    if pump.call_after_refresh(done.set) if drawn else pump.post_message(events.Callback(callback=done.set)):
        with suppress(TimeoutError):
            async with asyncio.timeout(1.0):
                await done.wait()
