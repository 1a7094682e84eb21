"""Writing into a card that a server has: only what changed is replaced."""

from __future__ import annotations

from dataclasses import replace

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from coterie.core.model import Address, Contact, Email, Phone
from coterie.core.transfer.vcard import parse_card, write_card
from tests.core.transfer.contact_strategies import contacts

SERVER = r"""BEGIN:VCARD
VERSION:3.0
PRODID:-//Apple Inc.//iOS 17//EN
UID:8f1c
N:Lovelace;Ada;King,Noel;;
FN:Ada Lovelace
ORG:Engines;Research;Team
item1.EMAIL;type=INTERNET;type=pref;X-SLOT=1:ada@home.example
item1.X-ABLabel:Castle
EMAIL;type=INTERNET;type=WORK;X-SLOT=2:ada@work.example
TEL;type=CELL;type=VOICE:+44 1
item2.ADR;type=HOME:;;12 Bridge St;London;;;UK
item2.X-ABADR:gb
item3.X-ABRELATEDNAMES:Byron
item3.X-ABLabel:_$!<Father>!$_
X-SPOUSE:William
X-FUTURE;X-A="b:c":kept\, too
PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD/4QBYRXhpZgAATU0AKgAA
 9T9mwR4XxpqYOf+gBff/Gq/BGil7KIe1Z//9k=
BDAY;value=date:1815-12-10
REV:2012-03-05T13:32:54Z
END:VCARD
""".replace("\n", "\r\n")


def lines(card: str) -> list[str]:
    return card.replace("\r\n ", "").split("\r\n")


def difference(card: str) -> tuple[set[str], set[str]]:
    """The lines that went and those that came."""
    before, after = set(lines(SERVER)), set(lines(card))
    return before - after, after - before


REV = "REV:2012-03-05T13:32:54Z"


def test_nothing_changed_keeps_every_line() -> None:
    assert write_card(parse_card(SERVER), keep=SERVER) == SERVER


def test_a_changed_field_replaces_its_line_only() -> None:
    ada = replace(parse_card(SERVER), job_title="Poet", birthday="1815-12-11")
    gone, come = difference(write_card(ada, keep=SERVER))
    assert gone == {REV, "BDAY;value=date:1815-12-10"}
    assert come == {"TITLE:Poet", "BDAY:1815-12-11"}


def test_one_of_several_values_changes_alone() -> None:
    ada = parse_card(SERVER)
    ada = replace(ada, emails=(*ada.emails[:1], Email("new@work.example", "work"), Email("club@example.org", "Club")))
    gone, come = difference(write_card(ada, keep=SERVER))
    assert gone == {REV, "EMAIL;type=INTERNET;type=WORK;X-SLOT=2:ada@work.example"}
    assert come == {
        "EMAIL;type=INTERNET;type=WORK;X-SLOT=2:new@work.example",
        "item4.EMAIL;TYPE=internet:club@example.org",
        "item4.X-ABLabel:Club",
    }


def test_a_removed_value_takes_what_belongs_to_it_along() -> None:
    gone, come = difference(write_card(replace(parse_card(SERVER), addresses=()), keep=SERVER))
    assert gone == {REV, "item2.ADR;type=HOME:;;12 Bridge St;London;;;UK", "item2.X-ABADR:gb"}
    assert come == set()


def test_custom_fields_are_changed_added_and_removed() -> None:
    ada = parse_card(SERVER)
    assert ada.custom == {"UID": "8f1c", "Father": "Byron", "Spouse": "William", "Future": "kept, too"}
    ada = replace(ada, custom={"UID": "8f1c", "Spouse": "Bill", "Future": "kept, too", "Pet": "Puff"})
    card = write_card(ada, keep=SERVER)
    assert parse_card(card) == ada
    gone, _ = difference(card)
    assert gone == {REV, "item3.X-ABRELATEDNAMES:Byron", "item3.X-ABLabel:_$!<Father>!$_", "X-SPOUSE:William"}


def test_the_uid_and_the_picture_survive_even_a_contact_that_knows_nothing_of_them() -> None:
    card = write_card(Contact(name="Countess"), keep=SERVER)
    assert {"UID:8f1c", "FN:Countess"} <= set(lines(card))
    assert any(line.startswith("PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ") for line in lines(card))


def test_only_the_chosen_fields_are_written() -> None:
    card = write_card(Contact(job_title="Poet", name="ignored"), keep=SERVER, fields=["job_title"])
    assert parse_card(card) == replace(parse_card(SERVER), job_title="Poet")


def test_a_kept_card_stays_in_its_version() -> None:
    card = write_card(replace(parse_card(SERVER), birthday="--12-10"), "4.0", keep=SERVER)
    assert card.startswith("BEGIN:VCARD\r\nVERSION:3.0\r\n")
    assert parse_card(card).birthday == "--12-10"


def test_a_card_of_version_2_becomes_one_of_today() -> None:
    old = "BEGIN:VCARD\nVERSION:2.1\nN:Gau=C3=9F;Carl\nX-THEME;QUOTED-PRINTABLE:Z=C3=BC=\nrich\nEND:VCARD\n"
    card = write_card(
        Contact(name="Carl Gauß", given_name="Carl", family_name="Gauß", custom={"Theme": "Zürich"}), keep=old
    )
    assert "VERSION:4.0" in lines(card)
    assert "X-THEME:Zürich" in lines(card)


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_a_company_that_becomes_a_person_is_no_company_any_more(version: str) -> None:
    company = write_card(Contact(name="Acme", company="Acme"), version)  # type: ignore[arg-type]
    card = write_card(Contact(name="Ada", company="Acme"), keep=company)
    assert "KIND:org" not in card
    assert vobject.readOne(card).n.value.given == "Ada"


@given(contacts(), contacts(), st.sampled_from(["3.0", "4.0"]))
def test_whatever_the_server_had_the_card_says_what_the_contact_says(old: Contact, new: Contact, version: str) -> None:
    before = write_card(old, version)  # type: ignore[arg-type]
    if "UID" in old.custom:
        new = replace(new, custom={**new.custom, "UID": old.custom["UID"]})
    assert parse_card(write_card(new, keep=before)) == new
    assert write_card(old, keep=before) == before


def test_equal_values_twice_are_kept_once() -> None:
    ada = replace(
        parse_card(SERVER), phones=(Phone("+44 1", "mobile"), Phone("+44 1", "mobile")), addresses=(Address("X"),)
    )
    assert sum("+44 1" in line for line in lines(write_card(ada, keep=SERVER))) == 1
