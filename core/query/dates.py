"""Dates and ages as people type them in a search: `2026-01-31`, `>=2026-01`, `<30d`, `2025..2026`, `today`.

A period keeps what was typed (a day, an age) and not the moment it means, so that a saved search of the last thirty
days means the last thirty days whenever it is used.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from coterie.core.text import number_of


@dataclass(frozen=True, slots=True)
class Age:
    """So long ago: `count` days (d), weeks (w), months (m) or years (y) before now, or before the last midnight."""

    count: int
    unit: str
    from_midnight: bool = False


Bound = date | Age
"""A moment: the beginning of a day, or an age."""


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` up to, not including, `before`; None if it is open on that side."""

    since: Bound | None = None
    before: Bound | None = None


_DATE: Final = re.compile(r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{1,2})(?:-(?P<day>[0-9]{1,2}))?)?")
_AGE: Final = re.compile(r"(?P<count>[0-9]{1,6})(?P<unit>[dwmy])", re.IGNORECASE)
_WORDS: Final = {
    "today": Period(since=Age(0, "d", from_midnight=True)),
    "yesterday": Period(Age(1, "d", from_midnight=True), Age(0, "d", from_midnight=True)),
}
_OPERATOR: Final = re.compile(r"[<>]?=?")
_BEGUN_NUMBER: Final = re.compile(r"[0-9]{0,3}|[0-9]{4}-[01]?|[0-9]{4}-(?:0?[1-9]|1[0-2])-[0-3]?")


def _day_after(day: date) -> date:
    return day + timedelta(days=1)


def _read_date(text: str) -> tuple[date, date] | None:
    """The first day of the year, month or day in `text` and the first day after it."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day = (int(part) if part else 0 for part in match.groups())
    try:
        if match["day"]:
            first = date(year, month, day)
            return first, _day_after(first)
        if match["month"]:
            first = date(year, month, 1)
            return first, _day_after(first.replace(day=monthrange(year, month)[1]))
        return date(year, 1, 1), date(year + 1, 1, 1)
    except (ValueError, OverflowError):
        return None


def _read_side(text: str) -> Period | None:
    """What stands on one side of `..`: a date, an age (the moment itself) or a word."""
    if match := _AGE.fullmatch(text):
        age = Age(int(match["count"]), match["unit"].lower())
        return Period(age, age)
    if days := _read_date(text):
        return Period(*days)
    return _WORDS.get(text.lower())


def parse_period(text: str) -> Period | None:
    """The period that `text` means, or None if it means none.

    `2026-01` is that month, `>2026-01` what comes after it, `>=2026-01` it and what comes after it. An age counts
    backwards: `<30d` and `30d` are the last thirty days, `>30d` is what came before them. `A..B` includes both.
    """
    first, dots, last = text.partition("..")
    if dots:
        start = _read_side(first) if first else Period()
        end = _read_side(last) if last else Period()
        return Period(start.since, end.before) if start and end and (first or last) else None
    operator = _OPERATOR.match(text)
    assert operator is not None
    sign, rest = operator[0], text[operator.end() :]
    if match := _AGE.fullmatch(rest):
        age = Age(int(match["count"]), match["unit"].lower())
        return Period(before=age) if sign.startswith(">") else Period(since=age)
    period = _read_side(rest)
    if period is None:
        return None
    match sign:
        case ">":
            return Period(since=period.before) if period.before else None
        case ">=":
            return Period(since=period.since)
        case "<":
            return Period(before=period.since)
        case "<=":
            return Period(before=period.before)
        case _:
            return period


def is_begun(text: str) -> bool:
    """Whether more typing can still turn `text` into a period: `202`, `2026-`, `>=`, `30`, `yest`."""
    if ".." in text:
        side = text.rpartition("..")[2]
    elif text.endswith("."):  # the first of two dots
        return parse_period(text[:-1]) is not None
    else:
        side = _OPERATOR.sub("", text, count=1)
    return _BEGUN_NUMBER.fullmatch(side) is not None or any(word.startswith(side.lower()) for word in _WORDS)


def _months_before(moment: datetime, months: int) -> datetime:
    months = moment.year * 12 + moment.month - 1 - months
    year, month = divmod(months, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))


def moment(bound: Bound, now: datetime) -> datetime:
    """The moment that `bound` means.

    Args:
        bound: a day or an age.
        now: the time, with the time zone in which days begin at midnight.
    """
    try:
        if not isinstance(bound, Age):
            return datetime.combine(bound, time(), now.tzinfo)
        start = datetime.combine(now.date(), time(), now.tzinfo) if bound.from_midnight else now
        match bound.unit:
            case "d":
                return start - timedelta(days=bound.count)
            case "w":
                return start - timedelta(weeks=bound.count)
            case "m":
                return _months_before(start, bound.count)
            case _:
                return _months_before(start, 12 * bound.count)
    except (ValueError, OverflowError):
        return datetime(1, 1, 2, tzinfo=UTC)  # longer ago than there are dates


def milliseconds(bound: Bound, now: datetime) -> int:
    """The same in milliseconds since the epoch, UTC."""
    try:
        return int(moment(bound, now).timestamp() * 1000)
    except (ValueError, OverflowError):
        return int(datetime(1, 1, 2, tzinfo=UTC).timestamp() * 1000)


def day(bound: Bound, now: datetime) -> date:
    """The day that `bound` falls on."""
    return moment(bound, now).date()


def describe_bound(bound: Bound) -> str:
    """`bound` in words: “2026-01-31”, “30 days ago”, “the beginning of today”."""
    if not isinstance(bound, Age):
        return bound.isoformat()
    if bound.from_midnight:
        return "the beginning of yesterday" if bound.count else "the beginning of today"
    unit = {"d": "day", "w": "week", "m": "month", "y": "year"}[bound.unit]
    return f"{number_of(bound.count, unit)} ago"
