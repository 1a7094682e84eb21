"""Moments of the past as people name them: `2026-11-24`, `2026-11-24 14:05`, `tuesday`, `yesterday`, `14:05`."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Final

from coterie.core.errors import InvalidInput

DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HINT: Final = "Type a day such as 2026-11-24, tuesday or yesterday; a time such as 14:05 may follow."
_BESIDE: Final = {"yesterday": -1, "today": 0, "tomorrow": 1}
_CLOCK: Final = re.compile(r"(\d{1,2}):(\d{2})")


def moment_of(text: str, now: datetime) -> datetime:
    """The moment that is meant, in the zone of `now`: without a time, the end of that day.

    A day of the week is the last one before today. Raises InvalidInput if it is none, or lies ahead.
    """
    words = text.casefold().replace(",", " ").split()
    clock = next((match for word in words if (match := _CLOCK.fullmatch(word))), None)
    days = [word for word in words if not _CLOCK.fullmatch(word)]
    day = _day(days[0], now.date()) if len(days) == 1 else now.date() if clock and not days else None
    if day is None or len(words) - len(days) > 1:
        raise InvalidInput(f"“{text.strip()}” is not a day.", _HINT)
    if day > now.date():
        raise InvalidInput("That is still to come.", _HINT)
    try:
        at = time(int(clock[1]), int(clock[2])) if clock else time.min
        moment = datetime.combine(day if clock else day + timedelta(days=1), at, now.tzinfo)
    except (ValueError, OverflowError):
        raise InvalidInput(f"“{text.strip()}” is not a time.", _HINT) from None
    if clock and moment > now:
        raise InvalidInput("That is still to come.", _HINT)
    return min(moment, now)


def _day(word: str, today: date) -> date | None:
    if word in _BESIDE:
        return today + timedelta(days=_BESIDE[word])
    beginning = [number for number, name in enumerate(DAYS) if len(word) > 1 and name.startswith(word)]
    if len(beginning) == 1:
        return today - timedelta(days=(today.weekday() - beginning[0] - 1) % 7 + 1)
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None
