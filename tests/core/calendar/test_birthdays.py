"""Birthdays on any day of any year, and the calendar that is written of them, read by an independent reader."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from coterie.core.calendar.birthdays import Birthday, calendar, day_of, in_order, within

MADE = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
YEARS = st.integers(1800, 2600)
DAYS = st.dates(date(1800, 1, 1), date(2600, 12, 31))


def born(year: int | None, month: int, day: int, name: str = "Ada", contact_id: int = 1) -> Birthday:
    return Birthday(contact_id, year, month, day, MADE, MADE, name)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1990-05-09", (1990, 5, 9)),
        ("--05-09", (None, 5, 9)),
        ("--0509", (None, 5, 9)),
        ("19900509", (1990, 5, 9)),
        ("9 May 1990", (1990, 5, 9)),
        ("1990-05-09T10:00:00Z", (1990, 5, 9)),
        ("--02-29", (None, 2, 29)),
        ("2000-02-29", (2000, 2, 29)),
        ("1999-02-29", None),
        ("--02-30", None),
        ("1990-05", None),
        ("1990", None),
        ("0000-01-01", None),
        ("03/04/1990", None),
        ("circa 1800", None),
        ("", None),
    ],
)
def test_what_is_a_day_and_what_is_not(text: str, day: object) -> None:
    assert day_of(text) == day


@given(DAYS, st.none() | YEARS, st.dates(date(2000, 1, 1), date(2000, 12, 31)))
def test_the_next_one_is_within_a_year_and_on_its_day(today: date, year: int | None, day: date) -> None:
    birthday = born(year, day.month, day.day)
    following = birthday.next(today)
    assert 0 <= (following - today).days <= 365
    is_last_of_february = (day.month, day.day, following.day) == (2, 29, 28)
    assert (following.month, following.day) == (day.month, day.day) or is_last_of_february


def test_29_february_is_celebrated_on_the_last_day_of_february() -> None:
    ada = born(2000, 2, 29)
    assert ada.next(date(2023, 2, 1)) == date(2023, 2, 28)
    assert ada.next(date(2023, 3, 1)) == date(2024, 2, 29)
    assert ada.next(date(2024, 2, 29)) == date(2024, 2, 29)


def test_ages_are_of_the_day_that_comes() -> None:
    assert born(1990, 1, 5).age(born(1990, 1, 5).next(date(2026, 12, 31))) == 37
    assert born(None, 1, 5).age(date(2027, 1, 5)) is None
    assert born(2030, 1, 5).age(date(2027, 1, 5)) is None


def test_those_within_some_days_come_in_order_across_the_year() -> None:
    people = [born(1980, 1, 3, "Cyd"), born(None, 12, 31, "Bob"), born(1990, 12, 31, "Ann"), born(1990, 2, 1, "Dee")]
    today = date(2026, 12, 31)
    assert [one.name for one in in_order(within(people, today, 3), today)] == ["Ann", "Bob", "Cyd"]
    assert [one.name for one in within(people, today, 0)] == ["Bob", "Ann"]


@given(st.none() | st.sampled_from([1900, 1991, 1992, 2000]), st.dates(date(2000, 1, 1), date(2000, 12, 31)), YEARS)
def test_the_calendar_has_each_day_once_a_year(year: int | None, day: date, looked: int) -> None:
    if year and (day.month, day.day) == (2, 29) and year % 4:
        year = 1992
    birthday = born(year, day.month, day.day)
    [event] = Calendar.from_ical(calendar([birthday])).walk("VEVENT")
    start = event.decoded("dtstart")
    rule = rrulestr(event["rrule"].to_ical().decode(), dtstart=datetime.combine(start, time()))
    looked = max(looked, start.year)
    [found] = rule.between(
        datetime.combine(date(looked, 1, 1), time()), datetime.combine(date(looked, 12, 31), time()), inc=True
    )
    assert found.date() == birthday.in_year(looked)


@given(st.text(min_size=1))
def test_names_cannot_write_lines_of_their_own(name: str) -> None:
    text = calendar([born(1990, 5, 9, name)])
    assert all(len(line) <= 75 for line in text.split(b"\r\n"))
    unfolded = text.replace(b"\r\n ", b"").decode()
    assert [line.partition(":")[0].partition(";")[0] for line in unfolded.splitlines() if line][:4] == [
        "BEGIN", "VERSION", "PRODID", "X-WR-CALNAME",
    ]  # fmt: skip
    [event] = Calendar.from_ical(text).walk("VEVENT")
    assert set(event) == {"UID", "DTSTAMP", "DTSTART", "RRULE", "SUMMARY", "TRANSP", "CLASS"}


def test_an_event_keeps_its_id_when_it_is_written_again() -> None:
    [one], [other] = (Calendar.from_ical(calendar([born(1990, 5, 9, name)])).walk("VEVENT") for name in ("Ada", "Eve"))
    assert one["uid"] == other["uid"]
    [third] = Calendar.from_ical(calendar([born(1990, 5, 9, contact_id=2)])).walk("VEVENT")
    assert one["uid"] != third["uid"]
