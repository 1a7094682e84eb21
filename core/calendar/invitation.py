"""Invitations as calendars exchange them: iTIP (RFC 5546) requests that we send, and replies that come back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote
from uuid import uuid4

from coterie.core.calendar.event import Event, Repeat
from coterie.core.errors import UnreadableFile
from coterie.core.text import printable, printable_lines

if TYPE_CHECKING:
    from icalendar import Calendar, Component

_ANSWERS: Final = {"ACCEPTED": "yes", "TENTATIVE": "maybe", "DECLINED": "no", "NEEDS-ACTION": "none"}
"""PARTSTAT (RFC 5545, section 3.2.12) in our words. Somebody who delegates does not come."""
_LARGEST: Final = 10_000_000
"""Bytes of an answer; one that is larger is none."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who invites or is invited: a name, which may be empty, and an address."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Reply:
    """Somebody's answer.

    Attributes:
        uid: the invitation's.
        address: whose answer.
        answer: one of `core.invitations.ANSWERS`.
        at: when it was given; None if it does not say.
    """

    uid: str
    address: str
    answer: str
    at: datetime | None


def new_uid(address: str) -> str:
    """A UID that nobody else has given (RFC 7986, section 5.3)."""
    return f"{uuid4()}@{address.rpartition('@')[2]}" if address else str(uuid4())


def request(
    event: Event, organizer: Person, people: Iterable[Person], *, uid: str, sequence: int, now: datetime
) -> bytes:
    """The invitation of `people` (METHOD:REQUEST), with the rules of its time zone.

    Args:
        event: to what.
        organizer: who invites and gets the answers.
        people: who is asked for an answer. All who are named in one calendar see each other.
        uid: by which it is known.
        sequence: how often it has been changed.
        now: the time.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Coterie//Invitations//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "REQUEST")
    component = _component(event)
    component.add("uid", uid)
    component.add("sequence", sequence)
    component.add("dtstamp", now.astimezone(UTC))
    component.add("status", "CONFIRMED")
    component["organizer"] = _who(organizer)
    for person in people:
        component.add("attendee", _attendee(person), encode=False)
    calendar.add_component(component)
    calendar.add_missing_timezones(first_date=_day(event.start), last_date=_day(event.start).replace(year=_last(event)))
    written: bytes = calendar.to_ical()
    return written


def _day(start: datetime | date) -> date:
    return start.date() if isinstance(start, datetime) else start


def _last(event: Event) -> int:
    """The year up to which the rules of the time zone are written down."""
    return min(event.start.year + (20 if event.repeat else 2), 9000)


def _component(event: Event) -> Component:
    from icalendar import Event as Component

    component = Component()
    component.add("summary", printable(event.title))
    component.add("dtstart", event.start)
    component.add("dtend", event.end)
    for name, text in (("location", printable(event.place)), ("description", printable_lines(event.text))):
        if text:
            component.add(name, text)
    if event.url:
        component.add("url", printable(event.url))
    if event.repeat:
        component.add("rrule", _rule(event.repeat, event.start))
    return component


def _rule(repeat: Repeat, start: datetime | date) -> dict[str, object]:
    rule: dict[str, object] = {"freq": repeat.frequency}
    if repeat.interval > 1:
        rule["interval"] = repeat.interval
    if repeat.count:
        rule["count"] = repeat.count
    if repeat.until and isinstance(start, datetime):
        rule["until"] = datetime.combine(repeat.until, time(23, 59, 59), start.tzinfo).astimezone(UTC)
    elif repeat.until:
        rule["until"] = repeat.until
    return rule


def _who(person: Person) -> str:
    from icalendar import vCalAddress

    who = vCalAddress(f"mailto:{quote(person.address, safe='@')}")
    if name := printable(person.name).strip():
        who.params["CN"] = name
    return who


def _attendee(person: Person) -> str:
    who = _who(person)
    for name, value in (
        ("CUTYPE", "INDIVIDUAL"), ("ROLE", "REQ-PARTICIPANT"), ("PARTSTAT", "NEEDS-ACTION"), ("RSVP", "TRUE"),
    ):  # fmt: skip
        who.params[name] = value  # type: ignore[attr-defined]  # a text with parameters
    return who


# Answers --------------------------------------------------------------------------------------------------------------


def read_replies(content: bytes) -> list[Reply]:
    """The answers in a calendar, or in a whole mail with one (RFC 6047). Raises UnreadableFile if there is none."""
    if len(content) > _LARGEST:
        raise UnreadableFile("This is too large for an answer to an invitation.", "Give the mail or its .ics file.")
    replies = [reply for calendar in _calendars(content) for reply in _replies(calendar)]
    if not replies:
        raise UnreadableFile(
            "There is no answer to an invitation in this.", "Give a mail, or its .ics file, with METHOD:REPLY."
        )
    return replies


def _calendars(content: bytes) -> Iterator[Calendar]:
    for text in _texts(content):
        try:
            from icalendar import Calendar

            yield from (
                component for component in Calendar.from_ical(text, multiple=True) if isinstance(component, Calendar)
            )
        except (ValueError, KeyError, IndexError, TypeError, AttributeError):
            continue  # what strangers call a calendar may be anything


def _texts(content: bytes) -> Iterator[bytes]:
    start = content.lstrip(b"\xef\xbb\xbf\r\n\t ")
    if start[:15].upper() == b"BEGIN:VCALENDAR":
        yield start
        return
    message = message_from_bytes(content, _class=EmailMessage, policy=policy.default)
    for part in message.walk():
        try:
            name = part.get_filename() or ""
            if part.get_content_type() in {"text/calendar", "application/ics"} or name.lower().endswith(".ics"):
                payload = part.get_payload(decode=True)
                if isinstance(payload, bytes):
                    yield payload
        except (ValueError, LookupError, TypeError, AttributeError, IndexError):
            continue


def _replies(calendar: Calendar) -> Iterator[Reply]:
    if str(calendar.get("method", "")).upper() != "REPLY":
        return
    for event in calendar.walk("VEVENT"):
        uid = str(event.get("uid", "")).strip()
        attendees = event.get("attendee", [])
        for attendee in attendees if isinstance(attendees, list) else [attendees]:
            answer = _ANSWERS.get(str(getattr(attendee, "params", {}).get("PARTSTAT", "")).upper(), "no")
            address = unquote(str(attendee))
            if uid and address[:7].lower() == "mailto:":
                yield Reply(printable(uid), printable(address[7:]).strip(), answer, _stamp(event))


def _stamp(event: Component) -> datetime | None:
    try:
        at = event.decoded("dtstamp")
    except (KeyError, ValueError):
        return None
    return at if isinstance(at, datetime) and at.tzinfo else None
