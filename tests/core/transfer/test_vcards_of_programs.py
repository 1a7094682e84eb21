"""What programs and phones write in ways of their own, beside the standard."""

from __future__ import annotations

import pytest

from coterie.core.book import Book
from coterie.core.model import Address, Contact, Email, Phone
from coterie.core.transfer.importing import run, stage
from coterie.core.transfer.reject import Reject
from coterie.core.transfer.vcard import parse_card, read, write_card


def people(*lines: str) -> list[Contact | Reject]:
    return list(read("\r\n".join(lines).encode()))


def person(*lines: str) -> Contact:
    [found] = people("BEGIN:VCARD", "VERSION:3.0", *lines, "END:VCARD")
    assert isinstance(found, Contact)
    return found


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("TEL;TYPE=VOICE\\,CELL:1", "mobile"),
        ('TEL;TYPE="work\\,fax":1', "work fax"),
        ("X-MS-TEL;VOICE;COMPANY:1", "company"),
        ("TEL;TYPE=X-EVOLUTION-CALLBACK:1", "callback"),
    ],
)
def test_the_kind_of_a_number(line: str, label: str) -> None:
    assert person("FN:Ann", line).phones == (Phone("1", label),)


def test_properties_with_a_slash_in_their_name() -> None:
    kay = person(
        "FN:Kay", "TITLE:Poet", "X-messaging/xmpp-All:kay@jabber.example", "X-KADDRESSBOOK-X-SpousesName:Sam",
        "X-KADDRESSBOOK-X-Profession:Painter", "NOTE:here", "and/or: there",
    )  # fmt: skip
    assert (kay.job_title, kay.notes) == ("Poet", "here\nand/or: there")
    assert kay.custom == {"Jabber": "kay@jabber.example", "Spouse": "Sam", "Profession": "Painter"}


def test_japanese_phones_say_how_a_name_is_spoken_and_its_group() -> None:
    taro = person("N:山田;太郎;;;", "SOUND;X-IRMC-N:ﾔﾏﾀﾞ;ﾀﾛｳ;;;", "X-GN:友達", "TEL;CELL:1")
    assert taro.custom == {"Phonetic last name": "ﾔﾏﾀﾞ", "Phonetic first name": "ﾀﾛｳ"}
    assert taro.groups == ("友達",)
    assert person("FN:Ann", "TEL:1", "SOUND;X-IRMC-N:;;;;") == Contact(name="Ann", phones=(Phone("1"),))


def test_a_nickname_and_an_encoding_that_are_misnamed() -> None:
    bill = person("FN:Bill", "X-NICKNAME:Billy", "TITLE;ENCODING=QUOTED:=C3=A9t=C3=A9")
    assert (bill.nickname, bill.job_title, bill.custom) == ("Billy", "été", {})


def test_a_list_of_evolution_is_a_group() -> None:
    found = people(
        "BEGIN:VCARD", "FN:Choir", "X-EVOLUTION-LIST:TRUE", "X-EVOLUTION-LIST-SHOW-ADDRESSES:FALSE",
        "EMAIL;X-EVOLUTION-DEST-NAME=Ann Ash;X-EVOLUTION-DEST-HTML-MAIL=FALSE:Ann Ash <ann@example.org>",
        "EMAIL:Bob@example.org", "END:VCARD", "BEGIN:VCARD", "FN:Bob", "EMAIL:bob@example.org", "END:VCARD",
    )  # fmt: skip
    assert found == [
        Contact(name="Bob", emails=(Email("bob@example.org"),), groups=("Choir",)),
        Contact(name="Ann Ash", emails=(Email("ann@example.org"),), groups=("Choir",)),
    ]


def test_a_list_of_sogo_is_a_group() -> None:
    found = people(
        "BEGIN:VCARD", "UID:1.vcf", "FN:Ann", "TEL:1", "END:VCARD", "BEGIN:VLIST", "VERSION:1.0", "FN:Choir",
        "CARD;EMAIL=ann@example.org;FN=Ann:1.vcf", "CARD;EMAIL=bob@example.org;FN=Bob Oak:2.vcf", "CARD;FN=Cy:3.vcf",
        "END:VLIST",
    )  # fmt: skip
    assert found[:2] == [
        Contact(name="Ann", phones=(Phone("1"),), groups=("Choir",), custom={"UID": "1.vcf"}),
        Contact(name="Bob Oak", emails=(Email("bob@example.org"),), groups=("Choir",)),
    ]
    [missing] = found[2:]
    assert isinstance(missing, Reject)
    assert missing.reason == "The group “Choir” has members that are not in the file: Cy."
    assert missing.text.startswith("BEGIN:VLIST\n")
    assert missing.text.endswith("\nEND:VLIST")


def test_what_an_exchange_server_calls_a_mailbox_stays_beside_its_addresses() -> None:
    own = "/o=Acme/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn=ann"
    ann = person("FN:Ann", f"EMAIL;PREF;EX:{own}", "EMAIL:smtp:ann@example.org", "EMAIL:'ann2@example.org'")
    assert [email.address for email in ann.emails] == ["ann@example.org", "ann2@example.org"]
    assert ann.custom == {"E-mail": own}


@pytest.mark.parametrize(
    "line", ["X-MS-TEL;VOICE;COMPANY:1", "X-NICKNAME:Billy", "TEL;TYPE=VOICE\\,CELL:1", "X-messaging/icq-All:12"]
)
def test_a_card_with_such_a_line_is_put_back_as_it_stands(line: str) -> None:
    card = f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann\r\n{line}\r\nEND:VCARD\r\n"
    assert write_card(parse_card(card), keep=card) == card
    changed = write_card(Contact(notes="Hi"), keep=card, fields={"notes"})
    assert changed == card.replace("END:", "NOTE:Hi\r\nEND:")


def test_what_stands_for_nothing_in_a_card() -> None:
    ann = person("FN:Ann", "URL:http://", "TEL:+", "BDAY:0000-05-06", "ITEM1.X-PM-ENCRYPT:true", "TEL:12")
    assert ann == Contact(name="Ann", phones=(Phone("12"),), birthday="--05-06")


def test_an_address_that_is_not_in_parts_is_its_street() -> None:
    assert person("FN:Ann", "ADR:1 Way\\, Town").addresses == (Address("1 Way, Town"),)


async def test_pictures_that_are_left_out_are_told(book: Book) -> None:
    cards = b"BEGIN:VCARD\r\nFN:Ann\r\nPHOTO;ENCODING=b:/9j/\r\nSOUND;ENCODING=b:/9j/\r\nEND:VCARD\r\n"
    report = await run(book, await stage(cards))
    assert (2, "pictures, sounds and keys in the file, which are not imported") in report.remarks
