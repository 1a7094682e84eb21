"""Times as people say them."""

from __future__ import annotations

from datetime import datetime, timedelta

from coterie.core.text import number_of


def when_words(at: datetime, now: datetime) -> str:
    """A time as people say it, in the zone of `now`: `today 14:05`, `yesterday 9:30`, `2026-03-01 08:15`."""
    at = at.astimezone(now.tzinfo)
    day = day_words(at, now)
    return f"{day} {at.hour}:{at.minute:02}" if day.isalpha() else at.strftime("%Y-%m-%d %H:%M")


def day_words(at: datetime, now: datetime) -> str:
    """A day as people say it, in the zone of `now`: `today`, `yesterday`, `2026-03-01`."""
    day = at.astimezone(now.tzinfo).date()
    if day == now.date():
        return "today"
    return "yesterday" if day == now.date() - timedelta(days=1) else day.isoformat()


def ago_shortly(then: datetime, now: datetime) -> str:
    """How long ago, for little room: `just now`, `2 min ago`, `3 h ago`, `4 days ago`."""
    minutes = max(0, int((now - then).total_seconds() // 60))
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    if minutes < 24 * 60:
        return f"{minutes // 60} h ago"
    days = minutes // (24 * 60)
    return f"{number_of(days, 'day')} ago"
