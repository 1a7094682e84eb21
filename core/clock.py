"""The clock: the present time, and the time zone in which the user's days begin at midnight.

A `Clock` is handed to `Book.open`, and everything else asks the book: lists, searches, the journal, syncs, the screen.
Times that the book gives are in that zone too, so what is shown is what the user's own clock said.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final

Clock = Callable[[], datetime]
"""Tells the present time, in the user's time zone."""


_LAST: Final = datetime.max.replace(tzinfo=UTC)


class _ComputersZone(tzinfo):
    """The time zone of this computer, with its summer times: what TZ or /etc/localtime name."""

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        return None if moment is None else moment.replace(tzinfo=None).astimezone().utcoffset()

    def dst(self, moment: datetime | None) -> timedelta | None:
        return None

    def tzname(self, moment: datetime | None) -> str | None:
        return None if moment is None else moment.replace(tzinfo=None).astimezone().tzname()

    def fromutc(self, moment: datetime) -> datetime:
        there = moment.replace(tzinfo=UTC).astimezone()
        here = there.replace(tzinfo=self)
        # The hour that comes twice when summer time ends: the second one is marked (PEP 495).
        return here if here.utcoffset() == there.utcoffset() else here.replace(fold=1)


COMPUTERS_ZONE = _ComputersZone()


def computers_clock() -> datetime:
    """The present time, as this computer has it."""
    return datetime.now(COMPUTERS_ZONE)


def shown_in(moment: datetime, zone: tzinfo | None) -> datetime:
    """`moment` as the clocks of `zone` show it, with the offset that they had then.

    Such times compare as moments, also in the hour that comes twice; times with a zone of rules do not (PEP 495).
    """
    try:
        there = moment.astimezone(None if zone is COMPUTERS_ZONE else zone)
        return there.replace(tzinfo=timezone(there.utcoffset() or timedelta()), fold=0)
    except (OverflowError, ValueError):  # before the first year, or after the last
        return moment


def to_ms(moment: datetime) -> int:
    """A time as it is stored: milliseconds since the epoch."""
    return int(moment.timestamp() * 1000)


def from_seconds(seconds: float, zone: tzinfo | None) -> datetime:
    """A time in seconds since the epoch, as the clocks of `zone` showed it; the last one for what is too far away."""
    try:
        return shown_in(datetime.fromtimestamp(seconds, UTC), zone)
    except (OverflowError, ValueError, OSError):
        return _LAST


@lru_cache(maxsize=4096)  # what was imported together has one time
def from_ms(value: int | None, zone: tzinfo | None) -> datetime | None:
    """A stored time, as the clocks of `zone` showed it."""
    return None if value is None else from_seconds(value / 1000, zone)
