"""The border that no error crosses: what a widget, a callback or a worker did not foresee is logged and said, and the
program goes on with the book open.

Textual ends the program there, and stops for ever the widget in which it happened. Both ways are methods of it that are
no public interface; the version is pinned, and tests guard them.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Final, Generic

from textual._context import active_message_pump
from textual.app import App, ReturnType
from textual.message import Message
from textual.message_pump import MessagePump
from textual.worker import WorkerFailed

from tui import notices

TOO_MANY: Final = 20
"""After so many errors without a key between them the program ends: a frame that cannot be drawn fails for ever."""

_log = logging.getLogger(__name__)
_dispatch = MessagePump._dispatch_message


async def _dispatch_on(pump: MessagePump, message: Message) -> None:
    """Handle a message; the next one is handled too, whatever comes of this one."""
    try:
        await _dispatch(pump, message)
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        _log.debug("What a handler waited for was cancelled")  # a screen that was removed, and not the handler
    except Exception as error:
        if not isinstance(pump.app, Border):
            raise
        pump.app._handle_exception(error)


MessagePump._dispatch_message = _dispatch_on  # type: ignore[method-assign, assignment]


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
        pump = pump._parent
    return False
