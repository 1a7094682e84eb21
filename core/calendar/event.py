"""An event to which people are invited, as users write it: when, how long, where, how often."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from coterie.core.errors import InvalidValue
from coterie.core.limits import LINE, VALUE
from coterie.core.text import clean_line, clean_lines

_START: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ T]+([0-9]{1,2}):([0-9]{2}))?(?: +(\S+))?")
_DURATION: Final = re.compile(r"(?:(\d{1,3})\s*d)?\s*(?:(\d{1,3})\s*h)?\s*(?:(\d{1,6})\s*m(?:in)?)?")
_CLOCK: Final = re.compile(r"(\d{1,3}):(\d{2})")
_REPEAT: Final = re.compile(
    r"(?:(daily|weekly|monthly|yearly)|every (?:(\d{1,3}) )?(day|week|month|year)s?)(?: (\d{1,3}) times| until (\S+))?"
)
_FREQUENCIES: Final = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Repeat:
    """How often an event comes again (RFC 5545, section 3.3.10).

    Attributes:
        frequency: DAILY, WEEKLY, MONTHLY or YEARLY.
        interval: each, or each second, third …
        count: how many times in all; None if that is open.
        until: the last day on which it may be; None if that is open.
    """

    frequency: str
    interval: int = 1
    count: int | None = None
    until: date | None = None

    @property
    def words(self) -> str:
        """The same as `read_repeat` reads it."""
        unit = next(word for word, frequency in _FREQUENCIES.items() if frequency == self.frequency)
        often = f"every {self.interval} {unit}s" if self.interval > 1 else f"every {unit}"
        return often + (f" {self.count} times" if self.count else f" until {self.until}" if self.until else "")


@dataclass(frozen=True, slots=True)
class Event:
    """What people are invited to.

    Attributes:
        title: in one line.
        start: a moment, in its time zone, or a day if it lasts whole days.
        duration: how long it takes; whole days if it starts on a day.
        place: where, in words.
        url: a link, such as the one of an online meeting.
        text: what else there is to say, in lines.
        repeat: how often it comes again; None for once.
    """

    title: str
    start: datetime | date
    duration: timedelta = _HOUR
    place: str = ""
    url: str = ""
    text: str = ""
    repeat: Repeat | None = None

    @property
    def starts(self) -> str:
        """The start in ISO 8601."""
        return self.start.isoformat()

    @property
    def end(self) -> datetime | date:
        """When it is over: so much time later, also if the clocks are put forward meanwhile."""
        if isinstance(self.start, datetime):
            return (self.start.astimezone(UTC) + self.duration).astimezone(self.start.tzinfo)
        return self.start + self.duration

    @property
    def when(self) -> str:
        """When it is, in words: `Thursday 24 December 2026, 18:00-20:00 (Europe/Berlin)`."""
        first = f"{self.start:%A} {self.start.day} {self.start:%B %Y}"
        end = self.end if isinstance(self.end, datetime) else self.end - _DAY
        last = f"{end:%A} {end.day} {end:%B %Y}"
        if not isinstance(self.start, datetime) or not isinstance(self.end, datetime):
            return first if first == last else f"{first} to {last}"
        till = f"{self.end:%H:%M}" if first == last else f"{last}, {self.end:%H:%M}"
        return f"{first}, {self.start:%H:%M} to {till} ({zone_name(self.start)})"


def zone_name(start: datetime) -> str:
    """What the time zone of a moment is called."""
    return getattr(start.tzinfo, "key", None) or start.tzname() or "UTC"


def computers_zone() -> str:
    """The name of this computer's time zone in the IANA database; `UTC` if it does not tell."""
    told = os.environ.get("TZ", "").removeprefix(":")
    path = os.path.realpath("/etc/localtime")
    for name in (told, path.partition("/zoneinfo/")[2]):
        if name and _zone(name) is not None:
            return name
    try:
        name = Path("/etc/timezone").read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return "UTC"
    return name if not told and _zone(name) is not None else "UTC"


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


# Reading what was typed -----------------------------------------------------------------------------------------------


def read_event(
    title: str,
    start: str,
    *,
    zone: str,
    duration: str = "",
    place: str = "",
    url: str = "",
    text: str = "",
    repeat: str = "",
) -> Event:
    """The event that these texts describe; `zone` counts if `start` names none.

    Raises InvalidValue, whose `field` is the argument's name.
    """
    for name, value, most in (
        ("title", title, LINE),
        ("place", place, LINE),
        ("url", url, LINE),
        ("text", text, VALUE),
    ):
        if len(value) > most:
            raise InvalidValue(name, f"The {name} is too long.", f"Use at most {most:,} characters.")
    title = clean_line(title)
    if not title:
        raise InvalidValue("title", "The event has no title.", "Say what people are invited to.")
    begins = read_start(start, zone)
    event = Event(title, begins, read_duration(duration, whole_days=not isinstance(begins, datetime)))
    return replace(
        event, place=clean_line(place), url=_read_url(url), text=clean_lines(text), repeat=read_repeat(repeat, begins)
    )


def read_start(text: str, zone: str) -> datetime | date:
    """A day or a moment: `2026-12-24`, `2026-12-24 18:00`, `2026-12-24 18:00 Europe/Berlin`. Raises InvalidValue."""
    match = _START.fullmatch(text.strip())
    hint = "Write it like 2026-12-24 18:00, with Europe/Berlin behind it for another time zone; 2026-12-24 is all day."
    if match is None:
        raise InvalidValue("start", f"“{text}” is not a day and time.", hint)
    try:
        day = date.fromisoformat(match[1])
        at = time(int(match[2]), int(match[3])) if match[2] else None
    except ValueError as error:
        raise InvalidValue("start", f"There is no such time: “{text}”.", hint) from error
    if at is None:
        if match[4]:
            raise InvalidValue("start", f"“{match[4]}” is not a time.", hint)
        return day
    name = match[4] or zone
    time_zone = _zone(name)
    if time_zone is None:
        raise InvalidValue("start", f"There is no time zone “{name}”.", "Write it like Europe/Berlin, or UTC.")
    moment = datetime.combine(day, at, time_zone)
    try:
        there = moment.astimezone(UTC).astimezone(time_zone)
    except OverflowError as error:
        raise InvalidValue("start", f"There is no such time: “{text}”.", hint) from error
    if there.replace(tzinfo=None) != moment.replace(tzinfo=None):
        raise InvalidValue("start", f"{match[2]}:{match[3]} does not exist on {day} in {name}: clocks are put forward.",
                           f"It becomes {there:%H:%M}.")  # fmt: skip
    return moment


def read_duration(text: str, *, whole_days: bool) -> timedelta:
    """How long: `2h`, `90m`, `1h 30m`, `1:30`, `3d`; an hour or a day if nothing is said. Raises InvalidValue."""
    typed = text.strip().lower()
    if not typed:
        return _DAY if whole_days else _HOUR
    if match := _CLOCK.fullmatch(typed):
        length = timedelta(hours=int(match[1]), minutes=int(match[2]))
    elif match := _DURATION.fullmatch(typed):
        days, hours, minutes = (int(part or 0) for part in match.groups())
        length = timedelta(days=days, hours=hours, minutes=minutes)
    else:
        length = timedelta()
    if not length:
        raise InvalidValue("duration", f"“{text}” is not a duration.", "Write it like 2h, 90m, 1h 30m or 3d.")
    if whole_days and length % _DAY:
        raise InvalidValue("duration", f"“{text}” is not a number of days.", "Give the start a time, or write 2d.")
    return length


def read_repeat(text: str, start: datetime | date) -> Repeat | None:
    """How often: `weekly`, `every 2 weeks`, `monthly 6 times`, `daily until 2027-01-31`. Raises InvalidValue."""
    typed = " ".join(text.lower().split())
    if not typed:
        return None
    hint = "Write it like weekly, every 2 weeks, monthly 6 times, or daily until 2027-01-31."
    match = _REPEAT.fullmatch(typed)
    if match is None:
        raise InvalidValue("repeat", f"“{text}” does not say how often.", hint)
    interval, count = int(match[2] or 1), int(match[4]) if match[4] else None
    if not interval or count == 0:
        raise InvalidValue("repeat", f"“{text}” never happens.", hint)
    try:
        until = date.fromisoformat(match[5]) if match[5] else None
    except ValueError as error:
        raise InvalidValue("repeat", f"“{match[5]}” is not a day.", hint) from error
    first = start.date() if isinstance(start, datetime) else start
    if until and until < first:
        raise InvalidValue("repeat", f"{until} is before the first day, {first}.", hint)
    return Repeat(match[1].upper() if match[1] else _FREQUENCIES[match[3]], interval, count, until)


def _read_url(text: str) -> str:
    url = clean_line(text)
    if url and (not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", url) or any(char.isspace() for char in url)):
        raise InvalidValue("url", f"“{text}” is not a link.", "Write it like https://meet.example.org/party.")
    return url


# As the book keeps it -------------------------------------------------------------------------------------------------


def event_text(event: Event) -> str:
    """The event as JSON text, in the words that `read_event` reads."""
    return json.dumps(
        {
            "title": event.title,
            "start": _start_text(event.start),
            "duration": _duration_text(event),
            "place": event.place,
            "url": event.url,
            "text": event.text,
            "repeat": event.repeat.words if event.repeat else "",
        },
        ensure_ascii=False,
    )


def texts_of(kept: str) -> dict[str, str]:
    """The arguments of `read_event` that make the event again of which `event_text` made this."""
    texts: dict[str, str] = json.loads(kept)
    return texts


def _start_text(start: datetime | date) -> str:
    if not isinstance(start, datetime):
        return start.isoformat()
    return f"{start.replace(tzinfo=None).isoformat(' ', 'minutes')} {zone_name(start)}"


def _duration_text(event: Event) -> str:
    if isinstance(event.start, datetime):
        return f"{event.duration // timedelta(minutes=1)}m"
    return f"{event.duration // _DAY}d"
