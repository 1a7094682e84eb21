"""Invitations, read back by the library and held against the RFCs; answers as programs send them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from coterie.core.calendar.event import event_text, read_event, texts_of
from coterie.core.calendar.invitation import Person, new_uid, read_replies, request
from coterie.core.errors import InvalidValue, UnreadableFile

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ORGANIZER = Person("Eve Organizer", "eve@example.org")
ADA = Person('Ada, Countess of "Lovelace"', "ada@example.org")


def made(*people: Person, **typed: str) -> Any:
    """The event of an invitation, read back."""
    event = read_event(**{"title": "Party", "start": "2026-12-24 18:00 Europe/Berlin", "zone": "UTC", **typed})
    return Calendar.from_ical(request(event, ORGANIZER, people or (ADA,), uid="u@x", sequence=3, now=NOW))


def test_an_invitation_says_all_that_rfc_5546_asks_for() -> None:
    calendar = made(
        duration="1h 30m", place="Café, 1st floor", url="https://x.example/a", text="Bring\na; cake, please"
    )
    assert (calendar["method"], calendar["version"]) == ("REQUEST", "2.0")
    [event] = calendar.walk("VEVENT")
    assert (event["uid"], event["sequence"], event["summary"]) == ("u@x", 3, "Party")
    assert event.decoded("dtstart") == datetime(2026, 12, 24, 18, tzinfo=ZoneInfo("Europe/Berlin"))
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(minutes=90)
    assert event["dtstart"].params["TZID"] == "Europe/Berlin"
    assert (event["location"], event["description"]) == ("Café, 1st floor", "Bring\na; cake, please")
    assert event["organizer"] == "mailto:eve@example.org"
    attendee = event["attendee"]
    assert attendee == "mailto:ada@example.org"
    wanted = {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE", "CUTYPE": "INDIVIDUAL"}
    assert {key: attendee.params[key] for key in wanted} == wanted


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"])
def test_the_rules_of_the_time_zone_come_along(zone: str) -> None:
    calendar = made(start=f"2026-06-24 18:00 {zone}", repeat="monthly")
    [rules] = calendar.walk("VTIMEZONE")
    assert rules["tzid"] == zone
    theirs = rules.to_tz()
    for month in range(1, 13):
        moment = datetime(2027, month, 24, 18)  # noqa: DTZ001 - the zones are what is compared
        assert theirs.utcoffset(moment) == ZoneInfo(zone).utcoffset(moment)


def test_a_day_is_a_day_everywhere() -> None:
    calendar = made(start="2026-12-24", duration="3d")
    [event] = calendar.walk("VEVENT")
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (date(2026, 12, 24), date(2026, 12, 27))
    assert not calendar.walk("VTIMEZONE")


@pytest.mark.parametrize(
    ("repeat", "count", "last"),
    [
        ("weekly 3 times", 3, date(2027, 1, 7)),
        ("every 2 weeks until 2027-01-31", 3, date(2027, 1, 21)),
        ("daily until 2026-12-26", 3, date(2026, 12, 26)),
        ("every month 2 times", 2, date(2027, 1, 24)),
    ],
)
def test_what_repeats_repeats_as_it_was_said(repeat: str, count: int, last: date) -> None:
    [event] = made(repeat=repeat).walk("VEVENT")
    rule = rrulestr(event["rrule"].to_ical().decode(), dtstart=event.decoded("dtstart"))
    days = [one.date() for one in rule]
    assert (len(days), days[-1]) == (count, last)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("title", {"title": " \n"}),
        ("title", {"title": "x" * 10_001}),
        ("start", {"start": "tomorrow"}),
        ("start", {"start": "2026-02-30 10:00"}),
        ("start", {"start": "2026-12-24 25:00"}),
        ("start", {"start": "2026-12-24 10:00 Mars/Crater"}),
        ("start", {"start": "2026-12-24 10:00 ../../etc/passwd"}),
        ("start", {"start": "2026-03-29 02:30 Europe/Berlin"}),
        ("duration", {"duration": "long"}),
        ("duration", {"duration": "0h"}),
        ("duration", {"start": "2026-12-24", "duration": "2h"}),
        ("repeat", {"repeat": "sometimes"}),
        ("repeat", {"repeat": "every 0 days"}),
        ("repeat", {"repeat": "daily until 2026-12-23"}),
        ("repeat", {"repeat": "daily until 2026-13-01"}),
        ("url", {"url": "example.org"}),
    ],
)
def test_what_cannot_be_understood_names_its_field(field: str, typed: dict[str, str]) -> None:
    with pytest.raises(InvalidValue) as caught:
        made(**typed)
    assert caught.value.field == field
    assert caught.value.hint


def test_an_event_lasts_as_long_when_clocks_change_meanwhile() -> None:
    [event] = made(start="2026-10-24 22:00 Europe/Berlin", duration="12h").walk("VEVENT")
    assert event.decoded("dtend").replace(tzinfo=None) == datetime(2026, 10, 25, 9)  # noqa: DTZ001


@pytest.mark.parametrize("repeat", ["", "weekly", "every 3 months 4 times", "daily until 2027-01-31"])
@pytest.mark.parametrize("start", ["2026-12-24", "2026-12-24 18:05 Asia/Tokyo"])
def test_what_the_book_keeps_makes_the_same_event_again(start: str, repeat: str) -> None:
    event = read_event("A “party”", start, zone="UTC", duration="2d", place="x", text="a\nb", repeat=repeat)
    assert read_event(zone="UTC", **texts_of(event_text(event))) == event


@given(st.text(min_size=1), st.text(), st.text())
def test_texts_of_strangers_cannot_write_lines_of_their_own(name: str, place: str, text: str) -> None:
    event = read_event("Party", "2026-12-24", zone="UTC", place=place, text=text)
    content = request(event, ORGANIZER, [Person(name, "ada@example.org")], uid="u", sequence=0, now=NOW)
    [component] = Calendar.from_ical(content).walk("VEVENT")
    assert str(component["attendee"]) == "mailto:ada@example.org"
    assert set(component) <= {
        "SUMMARY", "DTSTART", "DTEND", "LOCATION", "DESCRIPTION", "UID", "SEQUENCE", "DTSTAMP", "STATUS", "ORGANIZER",
        "ATTENDEE",
    }  # fmt: skip


@pytest.mark.parametrize(
    "address", ["o'hara@example.org", "a+b@example.org", '"a b"@example.org', "ü@exämple.org", "a%0d%0ab@example.org"]
)
def test_odd_addresses_come_back_as_they_were(address: str) -> None:
    event = read_event("Party", "2026-12-24", zone="UTC")
    content = request(event, ORGANIZER, [Person("", address)], uid="u", sequence=0, now=NOW)
    answer = content.replace(b"METHOD:REQUEST", b"METHOD:REPLY").replace(b"NEEDS-ACTION", b"ACCEPTED")
    [reply] = read_replies(answer)
    assert (reply.address, reply.answer) == (address, "yes")


def test_no_two_invitations_have_one_uid() -> None:
    assert new_uid("a@example.org") != new_uid("a@example.org")


# Answers --------------------------------------------------------------------------------------------------------------

REPLY = """\
BEGIN:VCALENDAR\r
PRODID:-//Google Inc//Google Calendar 70.9054//EN\r
VERSION:2.0\r
CALSCALE:GREGORIAN\r
METHOD:REPLY\r
BEGIN:VEVENT\r
DTSTART:20261224T170000Z\r
DTSTAMP:20261201T101112Z\r
ORGANIZER;CN=eve@example.org:mailto:eve@example.org\r
UID:u@x\r
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=TENTATIVE;CN=Ada;X\r
 -NUM-GUESTS=0:MAILTO:Ada@Example.org\r
SUMMARY:Maybe: Party\r
END:VEVENT\r
END:VCALENDAR\r
"""
MAIL = f"""\
From: Ada <ada@example.org>
To: eve@example.org
Subject: Tentative: Party
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="one"

--one
Content-Type: multipart/alternative; boundary="two"

--two
Content-Type: text/plain; charset="utf-8"

Maybe I'll come.
--two
Content-Type: text/calendar; charset="utf-8"; method=REPLY
Content-Transfer-Encoding: 7bit

{REPLY}
--two--
--one--
"""


@pytest.mark.parametrize("content", [REPLY, "\ufeff" + REPLY, REPLY.replace("\r\n", "\n"), MAIL])
def test_an_answer_is_found_in_a_calendar_or_a_mail(content: str) -> None:
    [reply] = read_replies(content.encode())
    assert (reply.uid, reply.address, reply.answer) == ("u@x", "Ada@Example.org", "maybe")
    assert reply.at == datetime(2026, 12, 1, 10, 11, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "answer"), [("ACCEPTED", "yes"), ("DECLINED", "no"), ("DELEGATED", "no"), ("NEEDS-ACTION", "none")]
)
def test_every_answer_has_a_word(status: str, answer: str) -> None:
    assert read_replies(REPLY.replace("TENTATIVE", status).encode())[0].answer == answer


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\xff", b"hello", b"BEGIN:VCALENDAR", REPLY.replace("REPLY", "REQUEST").encode(), b"a" * 10_000_001,
     REPLY.replace("MAILTO:", "").encode(), REPLY.replace("UID:u@x\r\n", "").encode()],
)  # fmt: skip
def test_what_is_no_answer_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(UnreadableFile):
        read_replies(content)


@given(st.binary() | st.binary().map(lambda one: b"BEGIN:VCALENDAR\r\n" + one + b"\r\nEND:VCALENDAR\r\n"))
def test_whatever_comes_is_read_or_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFile):
        read_replies(content)
