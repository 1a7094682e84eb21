"""Times as people say them."""

from __future__ import annotations

from datetime import datetime, timedelta


def when_words(at: datetime, now: datetime) -> str:
    """A time in the zone of `now`: `today 14:05`, `yesterday 9:30`, `2026-03-01 08:15`."""
    at = at.astimezone(now.tzinfo)
    clock = f"{at.hour}:{at.minute:02}"
    if at.date() == now.date():
        return f"today {clock}"
    if at.date() == (now - timedelta(days=1)).date():
        return f"yesterday {clock}"
    return at.strftime("%Y-%m-%d %H:%M")
