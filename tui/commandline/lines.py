"""Standard input, line by line, while the program waits for something else, too."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Iterator
from threading import Thread
from typing import Final

_CHUNK: Final = 65_536


class Lines:
    """Standard input, line by line, read in the background from the first question on.

    A daemon thread with the bare system call: neither cancelling nor the end of the program waits for a line.
    """

    def __init__(self, descriptor: int = 0) -> None:
        self._descriptor = descriptor
        self._queue: asyncio.Queue[str] | None = None
        self._ended = False

    async def next(self) -> str | None:
        """The next line without its end; None if there are no more."""
        if self._queue is None:
            self._queue = asyncio.Queue()
            loop = asyncio.get_running_loop()
            Thread(target=self._read, args=(loop, self._queue), name="standard input", daemon=True).start()
        if self._ended and self._queue.empty():
            return None
        line = await self._queue.get()
        if not line:
            self._ended = True
            return None
        return line.rstrip("\r\n")

    def _read(self, loop: asyncio.AbstractEventLoop, queue: asyncio.Queue[str]) -> None:
        rest = b""
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            while chunk := self._chunk():
                *lines, rest = (rest + chunk).split(b"\n")
                for line in lines:
                    loop.call_soon_threadsafe(queue.put_nowait, line.decode("utf-8", "replace") + "\n")
            if rest:
                loop.call_soon_threadsafe(queue.put_nowait, rest.decode("utf-8", "replace") + "\n")
            loop.call_soon_threadsafe(queue.put_nowait, "")

    def _chunk(self) -> bytes:
        try:
            return os.read(self._descriptor, _CHUNK)
        except OSError:  # closed, or the terminal has gone
            return b""


@contextlib.contextmanager
def unseen() -> Iterator[None]:
    """Keep the terminal, if there is one, from showing what is typed: it is a secret."""
    try:
        import termios

        before = termios.tcgetattr(sys.stdin.fileno())
    except (ImportError, OSError, ValueError, termios.error):  # no terminal
        yield
        return
    silent = [*before]
    silent[3] &= ~termios.ECHO
    termios.tcsetattr(sys.stdin.fileno(), termios.TCSAFLUSH, silent)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin.fileno(), termios.TCSADRAIN, before)
        print(file=sys.stderr)
