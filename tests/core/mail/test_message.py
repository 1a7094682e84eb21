"""Letters, read back as mail programs do: nothing that strangers call themselves adds a header or a recipient."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_string, policy
from email.message import EmailMessage
from email.utils import getaddresses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from coterie.core.calendar.event import read_event
from coterie.core.errors import InvalidInput
from coterie.core.mail.message import Letter, Place, Sender, filled, invitations, letters
from coterie.core.mail.recipients import Recipient, mail_address, own_address, recipients_of, shown_name
from coterie.core.model import Contact, Email

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
EVE = Sender("Eve “the Boss”\r\nBcc: x@evil.example", "eve@example.org")
HEADERS = {
    "from",
    "to",
    "cc",
    "subject",
    "date",
    "message-id",
    "content-type",
    "content-transfer-encoding",
    "mime-version",
}
NAMES = st.text(st.characters(codec="utf-8") | st.sampled_from('",;<>@()\\\r\n:= ?éß中'), max_size=120)


def recipient(name: str = "Ada", address: str = "ada@example.org", **values: str) -> Recipient:
    contact = Contact(id=1, name=name, emails=(Email(address),), **values)  # type: ignore[arg-type]
    return Recipient(contact, shown_name(name, address), mail_address(address))


def written(
    *people: Recipient, subject: str = "Hello", text: str = "Text", place: Place = "to", size: int = 50
) -> list[Letter]:
    return list(letters(EVE, people, subject, text, now=NOW, place=place, size=size))


def read(letter: Letter) -> EmailMessage:
    message = message_from_string(letter.content().decode(), _class=EmailMessage, policy=policy.default)
    assert {name.lower() for name in message} <= HEADERS
    return message


@settings(max_examples=300)
@given(st.lists(NAMES, min_size=1, max_size=8), NAMES, NAMES)
def test_names_and_subjects_of_strangers_add_neither_headers_nor_addresses(
    names: list[str], subject: str, text: str
) -> None:
    people = [recipient(name, f"p{place}@example.org") for place, name in enumerate(names)]
    [letter] = written(*people, subject=subject.replace("{", ""), text=text.replace("{", ""))
    message = read(letter)
    assert [address for _, address in getaddresses([str(message["to"])])] == [one.address for one in people]
    raw = letter.content().split(b"\r\n\r\n")[0].replace(b"\r\n ", b" ")
    addressed = next(line for line in raw.split(b"\r\n") if line.lower().startswith(b"to:")).decode()
    assert [one for _, one in getaddresses([addressed[3:]])] == [one.address for one in people]
    assert message["from"].addresses[0].addr_spec == "eve@example.org"


@pytest.mark.parametrize(
    ("written_as", "address"),
    [
        ("Ada@Example.org", "Ada@Example.org"),
        ("ada@exämple.org", "ada@xn--exmple-cua.org"),
        ("a@straße.example", "a@xn--strae-oqa.example"),
        ('"ada b"@example.org', '"ada b"@example.org'),
        ("-oQ/tmp@example.org", "-oQ/tmp@example.org"),
        ("üser@example.org", "üser@example.org"),
        (" ada@example.org, ", "ada@example.org"),
        ("ada@[192.0.2.1]", "ada@[192.0.2.1]"),
        ("ada", ""),
        ("a@b\r\nBcc: c@d", ""),
        ("a@b>, c@d", ""),
        ("a@exa\u2024mple..org", ""),
        ("", ""),
    ],
)
def test_addresses_are_as_servers_take_them(written_as: str, address: str) -> None:
    assert mail_address(written_as) == address


@pytest.mark.parametrize(
    "address",
    ['"ada b"@example.org', '"a,b"@example.org', '"a\\"b"@example.org', "o'x@example.org", "üser@example.org"],
)
def test_odd_local_parts_stand_whole_in_the_header(address: str) -> None:
    [letter] = written(recipient("Ada", address))
    assert letter.addresses == (address,)
    [found] = read(letter)["to"].addresses
    assert found.addr_spec == address


def test_bcc_stands_in_no_header_and_goes_to_so_many_at_a_time() -> None:
    people = [recipient(f"P{number}", f"p{number}@example.org") for number in range(7)]
    found = written(*people, place="bcc", size=3)
    assert [len(one.addresses) for one in found] == [3, 3, 1]
    for letter in found:
        message = read(letter)
        assert "@" not in str(message["to"])
        assert b"p0@" not in letter.content()
    assert [one.address for one in people] == [address for letter in found for address in letter.addresses]
    [letter] = written(*people, place="cc")
    assert len(read(letter)["cc"].addresses) == 7


def test_a_text_with_fields_goes_to_each_alone() -> None:
    people = [recipient("Ada", "ada@example.org", given_name="Ada{name}"), recipient("Bob", "bob@example.org")]
    found = written(*people, subject="For {name}", text="Dear {given_name},\r\nhello", place="bcc")
    assert [read(one)["subject"] for one in found] == ["For Ada", "For Bob"]
    assert read(found[0]).get_content().splitlines() == ["Dear Ada{name},", "hello"]
    assert [one.addresses for one in found] == [("ada@example.org",), ("bob@example.org",)]


def test_a_field_that_there_is_not_is_said_before_anything_is_sent() -> None:
    with pytest.raises(InvalidInput, match=r"no field \{shoe\}"):
        written(recipient(), text="Dear {shoe}")
    assert filled("{Given Name} {1} {}", Contact(given_name="Ada")) == "Ada {1} {}"


def test_an_invitation_goes_to_each_alone_with_a_calendar() -> None:
    event = read_event("Pärty\r\nBcc: x@y", "2026-12-24 18:00 Europe/Berlin", zone="UTC", place="Home", text="Come!")
    people = [recipient(), recipient("Bob", "bob@example.org")]
    found = list(invitations(EVE, people, event, uid="u", sequence=2, now=NOW))
    assert [one.addresses for one in found] == [("ada@example.org",), ("bob@example.org",)]
    message = read(found[0])
    assert message.get_content_type() == "multipart/alternative"
    plain, calendar = message.iter_parts()
    assert "Thursday 24 December 2026, 18:00 to 19:00 (Europe/Berlin)" in plain.get_content()
    assert calendar.get_content_type() == "text/calendar"
    assert calendar.get_param("method") == "REQUEST"
    [component] = Calendar.from_ical(calendar.get_content()).walk("VEVENT")
    assert (component["attendee"], component["sequence"]) == ("mailto:ada@example.org", 2)
    assert b"bob" not in found[0].content()


async def test_each_address_once_and_who_has_none_is_told_apart() -> None:
    async def contacts():  # type: ignore[no-untyped-def]
        yield Contact(id=1, name="Ada", emails=(Email("ada@x.org"), Email("main@x.org", primary=True)))
        yield Contact(id=2, name="Ada again", emails=(Email("MAIN@x.org"),))
        yield Contact(id=3, name="Bob")
        yield Contact(id=4, name="Cyd", emails=(Email("nowhere"),))

    found = await recipients_of(contacts(), lambda one: one.name)
    assert [one.address for one in found.people] == ["main@x.org"]
    assert [one.id for one in found.without] == [3]
    assert [one.id for one in found.unusable] == [4]


def test_the_own_address_must_be_one() -> None:
    assert own_address("eve@example.org") == "eve@example.org"
    for text in ("", "eve"):
        with pytest.raises(InvalidInput):
            own_address(text)
