"""Countdown: how much time is left, in words that change as seldom as they can."""

from __future__ import annotations

import time

from textual.widgets import Static

from coterie.core.text import number_of


class Countdown(Static):
    """A sentence that is followed by the time that is left: “Waiting for the browser. 9 minutes left.”"""

    DEFAULT_CSS = "Countdown { height: auto; margin-bottom: 1; color: $text-muted; }"

    def __init__(self, sentence: str, seconds: float) -> None:
        super().__init__(markup=False)
        self._sentence = sentence
        self._until = time.monotonic() + seconds

    def on_mount(self) -> None:
        """Look once a second; only another text is drawn."""
        self._tell()
        self.set_interval(1, self._tell)

    def last_until(self, seconds: float) -> None:
        """Start over with so many seconds."""
        self._until = time.monotonic() + seconds
        self._tell()

    def _tell(self) -> None:
        text = f"{self._sentence} {time_left(self._until - time.monotonic())}"
        if text != self.content:
            self.update(text)


def time_left(seconds: float) -> str:
    """“9 minutes left.”; the last minute in steps of ten seconds."""
    if seconds >= 60:
        return f"{number_of(round(seconds / 60), 'minute')} left."
    if seconds > 0:
        return f"{max(int(seconds) // 10 * 10, 10)} seconds left."
    return "The time is up."
