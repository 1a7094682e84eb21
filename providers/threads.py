"""Blocking SDK calls, made in threads: every one of them goes through `in_thread`."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable
from typing import TypeVar

from coterie.core.errors import Unreachable

T = TypeVar("T")


def _late(who: str) -> Unreachable:
    return Unreachable(f"{who} did not answer in time.", "Check the connection and try again.")


async def in_thread(
    function: Callable[[], T],
    *,
    who: str,
    seconds: float,
    translate: Callable[[Exception], Exception | None] = lambda _error: None,
) -> T:
    """The result of `function`, which may block, without blocking the event loop.

    The thread is a daemon of its own rather than one of an executor: leaving the program, or cancelling the task,
    never waits for a request that hangs. What a call gives that was cancelled or timed out is dropped, so `function`
    must keep nothing by itself.

    Args:
        function: called with the context variables of the caller.
        who: the provider's label, for the message of a time-out.
        seconds: how long to wait; a little more than the SDK's own time-out, which should come first.
        translate: turns an SDK's exception into a core error; None for what it does not know, which is raised as it is.

    Raises:
        Unreachable: no result in time.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()
    context = contextvars.copy_context()

    def deliver(result: T | None, error: BaseException | None) -> None:
        if future.done():  # cancelled or timed out meanwhile
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)  # type: ignore[arg-type]  # None only if T allows it

    def run() -> None:
        result: T | None = None
        failure: BaseException | None = None
        try:
            result = context.run(function)
        except Exception as error:  # noqa: BLE001 - crosses the border of the thread; `translate` or the caller names it
            failure = error
        try:
            loop.call_soon_threadsafe(deliver, result, failure)
        except RuntimeError:  # the loop is closed: the program is leaving and nobody waits
            return

    threading.Thread(target=run, name=f"{who} request", daemon=True).start()
    try:
        async with asyncio.timeout(seconds):
            return await future
    except Exception as error:
        late = isinstance(error, TimeoutError) and future.cancelled()  # ours, not one that the function raised
        translated = _late(who) if late else translate(error)
        if translated is None:
            raise
        raise translated from error
