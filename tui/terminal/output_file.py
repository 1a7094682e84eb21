"""The terminal as a file to write to."""

from __future__ import annotations

import os
import select
from collections.abc import Callable


class OutputFile:
    """What Textual's output thread writes to: it notices when all is written, and when nobody reads any more.

    Args:
        fileno: the terminal's file descriptor.
        drained: called when nothing is left to write.
        lost: called when the terminal is gone.
    """

    def __init__(self, fileno: int, drained: Callable[[], None], lost: Callable[[], None]) -> None:
        self._fileno = fileno
        self._drained = drained
        self._lost = lost
        self.is_lost = False

    def fileno(self) -> int:
        """The terminal's file descriptor."""
        return self._fileno

    def write(self, text: str) -> int:
        """Write all of `text`, waiting for a terminal that is slow. A lost terminal swallows everything."""
        rest = memoryview(text.encode("utf-8", "replace"))
        while rest and not self.is_lost:
            try:
                rest = rest[os.write(self._fileno, rest) :]
            except BlockingIOError:  # somebody else made it non-blocking
                select.select([], [self._fileno], [], 1.0)
            except OSError:
                self.is_lost = True
                self._lost()
        return len(text)

    def flush(self) -> None:
        """Called when nothing is left to write."""
        self._drained()
