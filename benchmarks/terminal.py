"""Programs in pseudo-terminals whose other end is a terminal: it answers what programs ask of it."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from tests.tui.terminal_harness import KEYS, TimedOut
from tests.tui.terminal_harness import Terminal as PlainTerminal

_STATUS, _PLACE = b"\x1b[5n", b"\x1b[6n"
_QUESTION: Final = re.compile(rb"\x1b\[[56]n")

LONGEST: Final = 2.0
"""Seconds in which a key changes something, if it changes anything."""

QUIET: Final = 0.5
"""Seconds without output after which a frame is taken to be finished."""


class Terminal(PlainTerminal):
    """A terminal that says that it is well (DSR 5) and where its cursor is (DSR 6), as all real ones do.

    Attributes:
        rate: bytes a second that it reads at most; 0 for as many as come.
        pause: seconds without output after which a frame is taken to be finished, if time counts.
    """

    rate = 0
    pause = 0.12

    def _read(self, wait: float) -> bool:
        start = len(self.written)
        came = super()._read(wait)
        new = self.written[start:]
        for question in _QUESTION.findall(bytes(new)):
            cursor = self.screen.cursor
            answer = "\x1b[0n" if question == _STATUS else f"\x1b[{cursor.y + 1};{cursor.x + 1}R"
            os.write(self._pty, answer.encode())
        if self.rate and new:
            time.sleep(len(new) / self.rate)
        return came

    def cells(self) -> dict[tuple[int, int], str]:
        """What stands on the screen, by line and column."""
        return {(y, x): cell.data for y, line in self.screen.buffer.items() for x, cell in line.items()}

    def cost(self, *keys: str, until: str = "", gone: str = "") -> tuple[int, int]:
        """(bytes that these keys cost, bytes of the text that changed: of each cell with another letter, as UTF-8).

        Args:
            until, gone: what is to appear or to vanish, if an answer may take its time.
        """
        self.settle(QUIET)
        before, start = self.cells(), len(self.written)
        self.send_at_once(*keys)
        if until:
            self.wait_for(until)
        if gone:
            self.wait_gone(gone)
        self.settle(QUIET)
        after = self.cells()
        changed = sum(len(text.encode()) for place, text in after.items() if before.get(place, " ") != text)
        return len(self.written) - start, changed

    def read_for(self, seconds: float) -> None:
        """Read what comes within `seconds`."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self._read(left)

    def time(self, *keys: str, settled: bool = True) -> float:
        """Seconds from pressing these keys to the last byte before a pause: the frame is finished.

        Args:
            settled: whether to wait first until nothing comes any more.
        """
        if settled:
            self.settle(self.pause)
        start = last = time.perf_counter()
        self.send_at_once(*keys)
        wait = LONGEST
        while self._read(wait):
            last = time.perf_counter()
            wait = self.pause
        return last - start

    def send_at_once(self, *keys: str) -> None:
        """Press keys without waiting for what they do."""
        os.write(self._pty, "".join(KEYS.get(key, key) for key in keys).encode())

    def until(self, condition: Callable[[], object]) -> float:
        """Seconds until `condition` holds; infinite if it doesn't come true in time."""
        start = time.perf_counter()
        try:
            self.wait_until(condition)
        except TimedOut:
            return float("inf")
        return time.perf_counter() - start


def run(command: Sequence[str | Path], size: str, **environment: str) -> Terminal:
    """Run a program in a terminal of `size`, columns x lines."""
    return Terminal(command, size=size, environment=environment)
