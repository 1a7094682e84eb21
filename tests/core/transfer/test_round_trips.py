"""Every export of ours comes back: into a fresh book as the same contacts, into the same book as nothing new.

What a format cannot hold stands in docs/import-export.md, and here as the function that takes it away.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coterie.core.book import Book
from coterie.core.fields.name_parts import parts_of_name
from coterie.core.listing import Listing, View
from coterie.core.merge import absorb
from coterie.core.model import Address, Contact, Email, Phone, Url
from coterie.core.text import clean_line, clean_lines
from coterie.core.transfer import csv
from coterie.core.transfer.appendix import MARK, append, custom_entry, take_off, value_entry
from coterie.core.transfer.export import FORMATS, write
from coterie.core.transfer.importing import run, stage
from coterie.core.wellknown import GOOGLE_LABELS, WELL_KNOWN
from tests.conftest import Clock, settings_in

PEOPLE = [
    Contact(
        name='Dr. Ada "Countess" King, PhD',
        prefix="Dr.",
        given_name="Ada",
        additional_names="Augusta",
        family_name="King",
        suffix="PhD",
        nickname="Countess",
        emails=(
            Email("ada@example.org", "home", primary=True),
            Email("ada.king@example.com", "work"),
            Email("club@example.net", 'Chess; club, "A"'),
            Email("fourth@example.net", "Arbeit (Büro)"),
        ),
        phones=(Phone("+44 20 7946 0000", "mobile"), Phone("0123 / 456 78", "Secret, line"), Phone("030 99887766")),
        company="Analytical; Engines",
        department="R&D",
        job_title='CTO, "boss"',
        groups=("2013 K Soccer", "A;B", "Smith, family", "Work/Clients", "❤️"),
        favorite=True,
        notes='line 1\n=SUM(A1)\n\ntabbed, with "quotes"; and \\backslash\nMore in Coterie:\nno: entry',
        birthday="--04-12",
        addresses=(
            Address("1 Way\n2nd line", "Town, East", "ST", "01067", "UK", "PO 1", "Flat 2", "home"),
            Address("Hut", label="Summer house"),
            Address(postal_code="02999"),
            Address("Desk 1", "London", label="work"),
        ),
        urls=(Url("https://example.org/a?b=1,2;c", "work"), Url("https://blog.example.org", "Ferienhaus")),
        custom={
            "UID": "urn:uuid:1", "Spouse": "William King", "Mother": "Old Dog\nOlder Dog", "Related (Godmother)": "Eva",
            "Anniversary": "2009-08-08", "First met": "2001-02-03", "Locker": "17", "Gender": "F", "Language": "fr",
            "Time zone": "Europe/Paris", "Position": "48.85, 2.35", "IM (xmpp)": "xmpp:ada@example.org",
            "IM (Skype, work)": "skype:ada", "Social profile (Mastodon)": "ada", "Hobby (high)": "reading",
            "Phonetic first name": "エイダ", "File as": "King, Ada", "Phone": "none of these: really",
            "Photo": "https://example.org/ada.png", "Role": "Founder", "a: b": "1\n\n2",
        },
    ),
    Contact(name="=cmd|' /C calc'!A0", emails=(Email("evil@example.org"),), notes="-1+1"),
    Contact(
        name="山田 太郎", given_name="太郎", family_name="山田", phones=(Phone("+81 3-0000-0000"),), groups=("家族",)
    ),
    Contact(name="Only Company AG", phones=(Phone("030 1234567"),), company="Only Company AG"),
    Contact(emails=(Email("onlymail@example.org"),)),
    Contact(name="محمد بن سلمان", emails=(Email("m@example.sa"),)),
    Contact(name="'quoted start", given_name="'quoted", family_name="start", notes="'+1 is fine", phones=(Phone("1"),)),
    Contact(name="Grün, Jean-Luc", given_name="Jean-Luc", family_name="Grün", custom={"Role": "Poet"}, birthday="1990"),
]  # fmt: skip


def _guessed_parts(contact: Contact) -> Contact:
    """Google and Outlook have no whole name: if a contact has no parts, the last word is the family name."""
    parts = (contact.given_name, contact.additional_names, contact.family_name)
    return (
        replace(contact, **cast("dict[str, Any]", parts_of_name(contact.name)))
        if not any(parts) and contact.name != contact.company
        else contact
    )


def _plain_emails(contact: Contact) -> Contact:
    """Outlook knows no label of an address, and the preferred one as the first."""
    emails = sorted(contact.emails, key=lambda email: not email.primary)
    kept = (
        Email(one.address, "" if one.label in GOOGLE_LABELS and place < 3 else one.label)
        for place, one in enumerate(emails)
    )
    return replace(contact, emails=tuple(kept))


def _in_any_order(contact: Contact) -> Contact:
    """Outlook has a column for each kind of number, address and page, and so an order of its own."""
    return replace(
        contact,
        phones=tuple(sorted(contact.phones, key=lambda one: (one.number, one.label))),
        urls=tuple(sorted(contact.urls, key=lambda one: (one.url, one.label))),
        addresses=tuple(sorted(contact.addresses, key=str)),
    )


LOSSES: dict[str, tuple[Callable[[Contact], Contact], ...]] = {
    "google": (_guessed_parts,),
    "outlook": (_guessed_parts, _plain_emails, _in_any_order),
}


def less(format_id: str, contact: Contact) -> Contact:
    for take_away in LOSSES.get(format_id, ()):
        contact = take_away(contact)
    return contact


async def exported(format_id: str, people: Iterable[Contact]) -> bytes:
    file = io.StringIO(newline="")
    await write(format_id, people, file)
    return file.getvalue().encode()


async def everybody(book: Book) -> list[Contact]:
    found = [one async for one in book.contacts(Listing(View.ALL))]
    return [replace(one, id=None, created_at=None, updated_at=None, version=0) for one in found]


@pytest.mark.parametrize("format_id", sorted(FORMATS))
async def test_an_export_comes_back(book: Book, format_id: str, tmp_path: Path, clock: Clock) -> None:
    await run(book, await stage(await exported("vcard", PEOPLE), name="first"))
    there = await everybody(book)
    assert sorted(there, key=str) == sorted(PEOPLE, key=str)
    file = io.StringIO(newline="")
    await write(format_id, await book.selected(Listing(View.ALL)), file)
    again = await run(book, await stage(file.getvalue().encode(), name="again"))
    assert (again.created, again.merged, again.rejected, again.unchanged) == (0, 0, 0, len(PEOPLE))
    async with await Book.open(settings_in(tmp_path / "fresh"), now=clock) as fresh:
        report = await run(fresh, await stage(file.getvalue().encode(), name="fresh"))
        assert (report.created, report.rejected) == (len(PEOPLE), 0)
        found = [less(format_id, one) if format_id == "outlook" else one for one in await everybody(fresh)]
    assert sorted(found, key=str) == sorted((less(format_id, one) for one in PEOPLE), key=str)


# For all contacts -------------------------------------------------------------------------------------------------

# Words as people write them: without the marks with which Google and Outlook themselves separate values in a cell, and
# nothing that stands for an absent value or an address.
words = st.builds(
    "{}{}".format,
    st.text("abcdefgÀéñ名前مرحبا", min_size=4, max_size=8),
    st.text("abé名前🙂ا'\"(&=+-;,/ .", max_size=16),
).map(clean_line)
_labels = st.sampled_from(["", "home", "work", "mobile", "Ferienhaus", "Arbeit (Büro)", "Chess; club"])
_numbers = st.from_regex(r"\+[1-9][0-9]{8,11}", fullmatch=True)
_mails = st.from_regex(r"[a-z]{3,8}@example\.(org|com)", fullmatch=True)
_pages = st.from_regex(r"[a-z]{3,8}", fullmatch=True)
_headings = st.sampled_from(sorted({*WELL_KNOWN, "Locker", "Shoe size", "IM (Skype)", "Related (Aunt)"} - {"Photo"}))
_lines = st.lists(words, min_size=1, max_size=3).map("\n".join).map(clean_lines)


@st.composite
def ordinary(draw: st.DrawFn) -> Contact:
    given, family = draw(words), draw(words)
    emails = draw(st.lists(_mails, min_size=1, max_size=5, unique=True))
    addresses = st.builds(Address, _lines, words, words, words, words, words, words, _labels)
    return Contact(
        name=draw(st.sampled_from([f"{given} {family}", f"{family}, {given}"])),
        given_name=given,
        family_name=family,
        nickname=draw(words),
        emails=tuple(Email(one, draw(_labels), primary=place == 0) for place, one in enumerate(emails)),
        phones=tuple(Phone(one, draw(_labels)) for one in draw(st.lists(_numbers, max_size=6, unique=True))),
        company=draw(words),
        department=draw(words),
        job_title=draw(words),
        notes=draw(_lines),
        birthday=draw(st.sampled_from(["", "1990-01-02", "--01-02"])),
        addresses=tuple(draw(st.lists(addresses, max_size=4, unique_by=lambda one: replace(one, label="")))),
        urls=tuple(Url(f"https://{one}.example", draw(_labels)) for one in draw(st.sets(_pages, max_size=3))),
        custom=draw(st.dictionaries(_headings, _lines | st.just("2001-02-03"), max_size=4)),
    )  # fmt: skip


@settings(max_examples=40)
@pytest.mark.parametrize("format_id", sorted(FORMATS))
@given(people=st.lists(ordinary(), min_size=1, max_size=2))
def test_ordinary_people_come_back_and_add_nothing(format_id: str, people: list[Contact]) -> None:
    import asyncio

    staged = asyncio.run(stage(asyncio.run(exported(format_id, people)), name="people"))
    found = [one for one in staged.read() if isinstance(one, Contact)]
    assert len(found) == len(people)
    for one, back in zip(people, found, strict=True):
        assert absorb(one, back) == {}
        assert (less(format_id, back) if format_id == "outlook" else back) == less(format_id, one)


# What stands behind the notes -------------------------------------------------------------------------------------


@given(
    _lines | st.just("") | st.just(f"x\n{MARK}\ny: z"),
    st.lists(st.builds(custom_entry, words | st.sampled_from(["Phone", "a: b", '"x"', "Address (x)"]), _lines)),
)
def test_entries_come_off_the_notes_as_they_were_put_there(notes: str, entries: list[tuple[str, str]]) -> None:
    assert take_off(clean_lines(append(notes, entries))) == (notes, entries)


def test_an_entry_can_be_read_by_people() -> None:
    address = Address("12 Bridge St\nDoor 2", "London", label="Castle")
    assert append("", [value_entry(Phone("1", "Boat")), value_entry(address)]).split("\n") == [
        "More in Coterie:", "Phone (Boat): 1", "Address (Castle): Street: 12 Bridge St", "    Door 2", "  City: London",
    ]  # fmt: skip


# Google's own files -----------------------------------------------------------------------------------------------


def _rows(text: str) -> list[Contact]:
    data = text.encode()
    return [one for one in csv.read(data, csv.recognize(data)) if isinstance(one, Contact)]


def test_googles_numbered_columns_are_fields_of_their_own() -> None:
    ann, di = _rows(
        "First Name,Last Name,Relation 1 - Label,Relation 1 - Value,Event 1 - Label,Event 1 - Value,"
        "Custom Field 1 - Label,Custom Field 1 - Value,IM 1 - Type,IM 1 - Service,IM 1 - Value\n"
        "Ann,Ash,Spouse,Tom Ash,Anniversary,2001-02-03,Locker,17,Work,Skype,ann\n"
        "Di,Dog,mother,Old Dog ::: Older Dog,First met,2002-03-04,,,,,\n"
    )
    assert ann.custom == {
        "Spouse": "Tom Ash", "Anniversary": "2001-02-03", "Locker": "17", "IM (Skype, work)": "ann",
    }  # fmt: skip
    assert di.custom == {"Mother": "Old Dog\nOlder Dog", "First met": "2002-03-04"}


def test_labels_keep_their_letters() -> None:
    [ann] = _rows("First Name,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value\n"
                  "Ann,* Arbeit (Büro),a@example.org,Work,b@example.org\n")  # fmt: skip
    assert ann.emails == (Email("a@example.org", "Arbeit (Büro)", primary=True), Email("b@example.org", "work"))


def test_keys_and_values_of_shared_contacts_are_custom_fields() -> None:
    [ann] = _rows("Action,Name,Email,Custom Key1,Custom Value1\nadd,Ann Ash,ann@example.org,Locker,17\n")
    assert ann.custom == {"Locker": "17"}
