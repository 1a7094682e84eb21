"""Birthdays: which come next, and as a calendar with an event each year (RFC 5545)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid5

from coterie.core.text import fold, printable
from coterie.core.transfer.dates import iso_date

if TYPE_CHECKING:
    from icalendar import Event

_DATE: Final = re.compile(r"([0-9]{4}|-)-([0-9]{2})-([0-9]{2})(?=T|$)")
_LEAP_YEAR: Final = 2000
"""A year that has every day; calendars start there if the year of birth is not known."""
_FEBRUARY: Final = 2
_NAMESPACE: Final = UUID("b6a7a5a0-6f5b-4a39-9c3a-4f0c2f0f6e11")


@dataclass(frozen=True, slots=True)
class Birthday:
    """When somebody was born.

    Attributes:
        contact_id: who.
        year: None if it is not known.
        month, day: a day that there is in that year, or in a leap year.
        created_at, updated_at: when the contact was made and changed last.
        name: what the contact is called.
    """

    contact_id: int
    year: int | None
    month: int
    day: int
    created_at: datetime
    updated_at: datetime
    name: str = ""

    def in_year(self, year: int) -> date:
        """The day on which it is celebrated: in years without 29 February, the last day of that month."""
        try:
            return date(year, self.month, self.day)
        except ValueError:
            return date(year, self.month, self.day - 1)

    def next(self, today: date) -> date:
        """The next one, from `today` on."""
        this_year = self.in_year(today.year)
        return this_year if this_year >= today else self.in_year(today.year + 1)

    def age(self, on: date) -> int | None:
        """How old somebody becomes that day; None if that is not known, or the birth is still to come."""
        return on.year - self.year if self.year is not None and self.year <= on.year else None


def day_of(text: str) -> tuple[int | None, int, int] | None:
    """Year, month and day of a contact's birthday (`1990-05-09`, `--05-09`); None if the text is no such day."""
    match = _DATE.match(text) or _DATE.match(iso_date(text))
    if match is None:
        return None
    year = None if match[1] == "-" else int(match[1])
    try:
        day = date(_LEAP_YEAR if year is None else year, int(match[2]), int(match[3]))
    except ValueError:
        return None
    return year, day.month, day.day


def within(birthdays: Iterable[Birthday], today: date, days: int) -> list[Birthday]:
    """Those from `today` on within so many days."""
    last = today + timedelta(days)
    return [birthday for birthday in birthdays if birthday.next(today) <= last]


def in_order(birthdays: Iterable[Birthday], today: date) -> list[Birthday]:
    """The next one from `today` on first, those of one day in the order of their names."""
    return sorted(birthdays, key=lambda birthday: (birthday.next(today), fold(birthday.name), birthday.contact_id))


def calendar(birthdays: Iterable[Birthday]) -> bytes:
    """A calendar with an event of each birthday, every year."""
    from icalendar import Calendar

    ical = Calendar()
    ical.add("prodid", "-//Coterie//Birthdays//EN")
    ical.add("version", "2.0")
    ical.add("x-wr-calname", "Birthdays")
    for birthday in birthdays:
        ical.add_component(_event(birthday))
    written: bytes = ical.to_ical()
    return written


def _event(birthday: Birthday) -> Event:
    from icalendar import Event

    event = Event()
    # The same in each export of a book, so that a calendar that reads it again has it once.
    event.add("uid", str(uuid5(_NAMESPACE, f"{birthday.contact_id} {birthday.created_at.timestamp():.3f}")))
    event.add("dtstamp", birthday.updated_at)
    event.add("dtstart", date(birthday.year or _LEAP_YEAR, birthday.month, birthday.day))
    event.add("rrule", _yearly(birthday))
    born = f" ({birthday.year})" if birthday.year else ""
    event.add("summary", f"Birthday: {printable(birthday.name)}{born}")
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event


def _yearly(birthday: Birthday) -> dict[str, object]:
    """Each year; a rule leaves out a year in which its day is missing (RFC 5545, section 3.3.10)."""
    if (birthday.month, birthday.day) == (_FEBRUARY, 29):
        return {"freq": "YEARLY", "bymonth": _FEBRUARY, "bymonthday": -1}
    return {"freq": "YEARLY"}
