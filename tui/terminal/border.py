"""The error boundary: what a widget, a callback or a worker did not foresee is logged and said, and the program goes on
with the book open.

Textual ends the program there, and stops forever the widget in which it happened.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Generic, TypeVar

from textual.app import ReturnType
from textual.await_complete import AwaitComplete
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.worker import WorkerFailed

from coterie.tui.terminal.textual_private import (
    PrivateApp,
    active_pump,
    forget_drawn_lines,
    is_closing,
    shield_messages,
)

Answer = TypeVar("Answer")

TOO_MANY: Final = 20
"""After so many errors without a key between them the program ends: a frame that cannot be drawn fails forever."""

_log = logging.getLogger(__name__)


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
        if not isinstance(pump.app, ErrorBoundary):
            raise
        pump.app.handle_error(error)


shield_messages(_going_on)


class ErrorBoundary(PrivateApp[ReturnType], Generic[ReturnType]):
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
        """Close the screen on top, as in Textual, and let go of what it has drawn."""
        forget_drawn_lines()
        return super().pop_screen()

    def handle_error(self, error: Exception) -> None:
        """Log and say `error`, and go on."""
        cause = error.error if isinstance(error, WorkerFailed) and isinstance(error.error, Exception) else error
        if not self._is_ready or self._errors >= TOO_MANY:
            super().handle_error(cause)
        elif (pump := active_pump()) is not None and is_closing(pump):
            _log.info("Something went wrong in what was closed meanwhile", exc_info=cause)
        else:
            self._errors += 1
            _log.info("On %s", " > ".join(type(screen).__name__ for screen in self.screen_stack))
            self.note_error(cause)
            self.say_error(cause)

    def say_error(self, error: Exception) -> None:
        """Say that something was not foreseen, and that the program goes on."""
        self.notify(str(error), severity="error", markup=False)
