"""What we write we read back, and so does an independent reader."""

from __future__ import annotations

import pytest
import vobject
from hypothesis import example, given
from hypothesis import strategies as st

from coterie.core.model import Address, Contact, Email, Phone, Url
from coterie.core.transfer.reject import Reject
from coterie.core.transfer.vcard import parse_card, read, write_card
from tests.core.transfer.contact_strategies import contacts

ADA = Contact(
    name="Dr. Ada King Lovelace",
    prefix="Dr.",
    given_name="Ada",
    additional_names="King",
    family_name="Lovelace",
    nickname="Addie",
    emails=(
        Email("ada@home.example", "home", primary=True),
        Email("ada@work.example", "work"),
        Email("a@x.example", "Club"),
    ),
    phones=(Phone("+44 20 7946 0100", "mobile"), Phone("+44 20 7946 0200", "work fax")),
    company="Analytical, Engines",
    department="Research",
    job_title="Engineer",
    groups=("Family", "Poets; and others"),
    favorite=True,
    notes="Poet\nof numbers",
    birthday="1815-12-10",
    addresses=(Address("12 Bridge St", "London", "Greater London", "SW1A 1AA", "United Kingdom", label="home"),),
    urls=(Url("https://example.org/ada?a=1,2;b", "work"),),
    custom={"UID": "urn:uuid:1", "Spouse": "William King", "Role": "Founder"},
)


@given(contacts(), st.sampled_from(["4.0", "3.0"]))
def test_every_contact_comes_back_as_it_was(contact: Contact, version: str) -> None:
    assert parse_card(write_card(contact, version)) == contact  # type: ignore[arg-type]


@given(st.lists(contacts(), max_size=4))
@example([Contact(name="0", custom={"0": "0\n\xad0"})])
def test_a_file_of_cards_comes_back_in_its_order(people: list[Contact]) -> None:
    people = [c for c in people if c.name or c.emails or c.phones or c.company or c.addresses]
    data = "".join(write_card(contact) for contact in people).encode()
    if people:
        assert list(read(data)) == people


@given(contacts())
def test_lines_are_folded_at_75_octets_and_never_inside_a_character(contact: Contact) -> None:
    for line in write_card(contact).encode().split(b"\r\n"):
        assert len(line) <= 75
        line.decode("utf-8")


@given(contacts())
def test_nothing_in_a_contact_can_begin_or_end_a_card_or_a_line(contact: Contact) -> None:
    card = write_card(contact)
    assert card.count("\r\n") == card.count("\n") == card.count("\r")
    lines = card.split("\r\n")
    assert [line for line in lines if line.upper().startswith(("BEGIN:", "END:"))] == ["BEGIN:VCARD", "END:VCARD"]


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_another_reader_understands_the_card(version: str) -> None:
    card = vobject.readOne(write_card(ADA, version))  # type: ignore[arg-type]
    assert card.fn.value == ADA.name
    assert (card.n.value.family, card.n.value.given, card.n.value.prefix) == ("Lovelace", "Ada", "Dr.")
    assert [one.value for one in card.contents["email"]] == [email.address for email in ADA.emails]
    assert [one.value for one in card.contents["tel"]] == [phone.number for phone in ADA.phones]
    assert card.tel.params["TYPE"] == ["cell"]
    assert card.org.value == ["Analytical, Engines", "Research"]
    assert card.note.value == "Poet\nof numbers"
    assert card.contents["categories"][0].value == ["Family", "Poets; and others"]
    assert (card.adr.value.street, card.adr.value.code, card.adr.value.country) == (
        "12 Bridge St",
        "SW1A 1AA",
        "United Kingdom",
    )
    assert card.uid.value == "urn:uuid:1"
    spouse, label = ("related", set()) if version == "4.0" else ("x-abrelatednames", {"_$!<Spouse>!$_"})
    assert card.contents[spouse][0].value == "William King"
    assert {one.value for one in card.contents["x-ablabel"]} == {"Club"} | label


def test_a_card_always_has_a_name_for_others_and_invents_none_for_us() -> None:
    card = write_card(Contact(company="Acme", emails=(Email("x@acme.example"),)))
    assert vobject.readOne(card).fn.value == "Acme"
    assert parse_card(card).name == ""


def test_a_name_without_parts_is_taken_apart_for_others_only() -> None:
    card = write_card(Contact(name="Ada King Lovelace"))
    assert vobject.readOne(card).n.value.family == "Lovelace"
    assert parse_card(card).family_name == ""


def test_an_empty_card_is_no_contact() -> None:
    assert [type(one) for one in read(write_card(Contact(notes="x")).encode())] == [Reject]
