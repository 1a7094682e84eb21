"""The border that no error crosses: what a widget, a callback or a worker did not foresee is logged and said, and the
program goes on with the book open.

Textual ends the program there, and stops for ever the widget in which it happened. Both ways are methods of it that are
no public interface; the version is pinned, and tests guard them.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Generic, TypeVar

from textual._callback import invoke
from textual._context import active_message_pump
from textual._styles_cache import StylesCache
from textual.app import App, ReturnType
from textual.await_complete import AwaitComplete
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.worker import WorkerFailed

from coterie.tui import notices

Answer = TypeVar("Answer")

TOO_MANY: Final = 20
"""After so many errors without a key between them the program ends: a frame that cannot be drawn fails for ever."""

_log = logging.getLogger(__name__)
_dispatch = MessagePump._dispatch_message


@contextmanager
def _going_on(pump: MessagePump) -> Iterator[None]:
    """What comes after the body is done too, whatever comes of the body."""
    try:
        yield
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        _log.debug("What a handler waited for was cancelled")  # a screen that was removed, and not the handler
    except Exception as error:
        if not isinstance(pump.app, Border):
            raise
        pump.app._handle_exception(error)


async def _dispatch_on(pump: MessagePump, message: Message) -> None:
    """Handle a message; the next one is handled too."""
    with _going_on(pump):
        await _dispatch(pump, message)


async def _flush_on(pump: MessagePump) -> None:
    """Invoke what is to be invoked next, all of it: the end of a batch of updates, without which nothing is drawn
    any more, may stand behind a screen whose removal was cancelled.
    """
    callbacks, pump._next_callbacks[:] = pump._next_callbacks.copy(), ()
    for each in callbacks:
        with _going_on(pump), pump.prevent(*each._prevent):
            await invoke(each.callback)


MessagePump._dispatch_message = _dispatch_on  # type: ignore[method-assign, assignment]
MessagePump._flush_next_callbacks = _flush_on  # type: ignore[method-assign, assignment]


class Border(App[ReturnType], Generic[ReturnType]):
    """An app that outlives errors, once it is ready."""

    _is_ready = False
    _errors = 0

    def on_ready(self) -> None:
        """From now on there is something to go on with."""
        self._is_ready = True

    def forgive(self) -> None:
        """Begin to count errors anew: the user has pressed a key, and so the program still answers."""
        self._errors = 0

    async def push_screen_wait(  # type: ignore[override]  # names of screens are not used here
        self, screen: Screen[Answer], *, mode: str | None = None
    ) -> Answer:
        """Open a screen and return its answer, as in Textual; to be called in a worker.

        What the app is to invoke before is left to the app. A worker of a dialog is cancelled as its dialog is
        removed, and here would be cancelled in the midst of removing it.
        """
        invoked = asyncio.Event()
        self.call_next(invoked.set)
        await invoked.wait()
        return await asyncio.shield(self.push_screen(screen, wait_for_dismiss=True, mode=mode))

    def pop_screen(self) -> AwaitComplete:
        """Close the screen on top, as in Textual, which would keep all that its last 1,024 widgets have drawn."""
        StylesCache.get_inner_outer.cache_clear()  # by their part in the keys of this cache
        return super().pop_screen()

    def _handle_exception(self, error: Exception) -> None:
        """Log and say `error`, and go on."""
        cause = error.error if isinstance(error, WorkerFailed) and isinstance(error.error, Exception) else error
        if not self._is_ready or self._errors >= TOO_MANY:
            super()._handle_exception(cause)
        elif _is_over(active_message_pump.get(None)):
            _log.info("Something went wrong in what was closed meanwhile", exc_info=cause)
        else:
            self._errors += 1
            if self._exception is None:  # for `run_test`, which raises it
                self._exception = cause
            notices.show(self, cause)


def _is_over(pump: MessagePump | None) -> bool:
    """Whether `pump` is being closed, or something around it: what it still does nobody gets to see."""
    while pump is not None:
        if not pump.is_running or pump._closing:
            return True
        if isinstance(pump, Screen) and not any(pump in stack for stack in pump.app._screen_stacks.values()):
            return True  # what was in it goes before it goes itself
        pump = pump._parent
    return False
