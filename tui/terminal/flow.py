"""Flow control: how much may be under way to the terminal before its reader has seen it.

The kernel, sshd and the network take in seconds of output that a slow line has yet to carry. So now and then a frame
ends with a question that every terminal answers (DSR 5, “are you well?”, VT100); what was written before it has been
shown when the answer comes. Until then no more than a window is sent, and what changes meanwhile is sent as one frame.
"""

from __future__ import annotations

from collections import deque
from typing import Final

QUESTION: Final = "\x1b[5n"
ANSWER: Final = "\x1b[0n"

WINDOW: Final = 6_144
"""Bytes that may be under way; then a frame waits. It is about a frame, and what a line of 256 kbit/s with a round trip
of 200 ms holds: less would leave it idle, more would be a queue."""

ASK_EVERY: Final = 1_024
"""Bytes after which a question is asked: single moves of the cursor cost none."""

PATIENCE: Final = 3.0
"""Seconds to wait for an answer. A terminal that was detached meanwhile will never give it."""


class Flow:
    """Counts what is under way. Terminals that never answered are not waited for."""

    def __init__(self) -> None:
        self._sent = 0
        self._seen = 0
        self._asked: deque[tuple[int, float]] = deque()  # (bytes sent when asked, when)
        self._answers = False

    def is_waiting(self, since: float) -> bool:
        """Whether the answer to a question that was asked after `since` is still to come."""
        return any(when > since for _, when in list(self._asked))

    def delay(self, now: float) -> float:
        """Seconds to wait, at most, before the next frame; 0 if it may go now. An answer may end the wait before."""
        if not self._answers or self._sent - self._seen <= WINDOW or not self._asked:
            return 0
        left = self._asked[0][1] + PATIENCE - now
        if left <= 0:
            self.reset()
            return 0
        return left

    def question(self, size: int, now: float) -> str:
        """Note that a frame of `size` bytes goes out; returns what to put after it."""
        self._sent += size
        last = self._asked[-1][0] if self._asked else self._seen
        if self._sent - last < ASK_EVERY or (self._asked and not self._answers):
            return ""
        self._asked.append((self._sent, now))
        return QUESTION

    def answered(self) -> None:
        """An answer came."""
        self._answers = True
        if self._asked:
            self._seen, _ = self._asked.popleft()

    def reset(self) -> None:
        """Begin anew, with a terminal of which nothing is known."""
        self._seen = self._sent
        self._asked.clear()
        self._answers = False
