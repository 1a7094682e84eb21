"""How long something that is counted will still take, by how long it took so far."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Final

from coterie.core.text import number_of

_SURE: Final = 5.0
"""Seconds after which the pace says something."""
_SHORT: Final = 10.0
"""Seconds that are not worth a word."""


class TimeLeft:
    """Watches a count, which may begin anew.

    Args:
        clock: seconds that only go forward.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._began = clock()
        self._first = self._last = 0

    def words(self, done: int, total: int | None) -> str:
        """“about 3 minutes left”; empty if that cannot be told, or is not worth it."""
        now = self._clock()
        if done < self._last:
            self._began, self._first = now, done
        self._last = done
        elapsed, counted = now - self._began, done - self._first
        if not total or elapsed < _SURE or counted <= 0:
            return ""
        seconds = elapsed / counted * (total - done)
        if seconds < _SHORT:
            return ""
        for unit, size in (("hour", 3600), ("minute", 60)):
            if seconds >= size:
                return f"about {number_of(round(seconds / size), unit)} left"
        return "less than a minute left"
