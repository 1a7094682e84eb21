"""The tables among the inputs of public bug reports: their lists of contacts, and what else their reports ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

from coterie.core.book import Book
from coterie.core.model import Address, Contact, Email, Phone
from tests.core.transfer.cases import CASES, answered, as_answer, case, expected, import_case

pytestmark = pytest.mark.skipif(not CASES.exists(), reason="the folder with the cases is not here")
TABLES = [folder for folder in answered() if (folder / "in.csv").exists() and not folder.name.startswith("54")]


@pytest.mark.parametrize("folder", TABLES, ids=lambda folder: folder.name)
async def test_a_table_comes_out_right(book: Book, folder: Path) -> None:
    contacts, _report = await import_case(book, folder / "in.csv")
    assert as_answer(contacts) == expected(folder)


async def imported(book: Book, number: str) -> dict[str, Contact]:
    """The contacts of a case by their names; of namesakes one."""
    contacts, _report = await import_case(book, case(number))
    return {contact.name: contact for contact in contacts}


async def test_german_home_addresses_are_one_address(book: Book) -> None:
    ute = (await imported(book, "40"))["Ute Sommer"]
    assert ute.addresses == (Address("Gasse 1\nHof", "Ulm", "BW", "89073", "DE", label="home"),)
    assert (ute.birthday, ute.job_title) == ("1980-02-03", "Leiterin")


async def test_a_lone_asterisk_is_the_preferred_mark(book: Book) -> None:
    contacts, _report = await import_case(book, case("45"))
    [email] = [email for contact in contacts for email in contact.emails if email.primary]
    assert email.label == ""


async def test_rounded_numbers_are_visible_and_join_nobody(book: Book) -> None:
    people = await imported(book, "49")
    assert people["Ann Ash"].custom == {"Mobile": "4.47911E+11", "Phone": "4,47911E+11"}
    assert people["Cy Cedar"].custom == people["Di Dogwood"].custom == {"Mobile": "4.91701E+12"}


async def test_a_long_note_is_whole(book: Book) -> None:
    contacts, _report = await import_case(book, case("74"))
    assert max(len(contact.notes) for contact in contacts) > 90_000


async def test_every_form_of_address_is_accepted(book: Book) -> None:
    contacts, report = await import_case(book, case("75"))
    assert (len(contacts), sum(len(one.emails) for one in contacts), report.rejected) == (9, 9, 0)
    names = {contact.id: contact.name for contact in contacts}
    pairs = [pair async for found in book.duplicates.find() for pair in found]
    assert [{names[pair.a], names[pair.b]} for pair in pairs] == [{"Idn Dom", "Puny"}]


async def test_namesakes_stay_apart(book: Book) -> None:
    contacts, _report = await import_case(book, case("77"))
    assert sum(contact.name == "John Lee" for contact in contacts) >= 3


async def test_names_in_one_cell_stay_as_written(book: Book) -> None:
    names = set(await imported(book, "80"))
    assert {"MARÍA DEL CARMEN GARCÍA-LORCA", "Suharto", "🎉 Party Pat 🎉", "X Æ A-12", "Nagy Béla"} <= names
    assert "Prof. Dr. Dr. h.c. Anna Gräfin von Berg, LL.M." in names


async def test_addresses_with_names_in_a_cell(book: Book) -> None:
    contacts, _report = await import_case(book, case("81"))
    people = {contact.name: contact for contact in contacts}
    assert [email.address for email in people["Ann Ash"].emails] == ["ann@example.org", "bob@example.org"]
    addresses = {email.address for contact in contacts for email in contact.emails}
    assert {"eve@example.org", "tom@example.org"} <= addresses
    assert "zed(at)example.org" in people["Zed"].custom.values()
    assert any("[at]" in text for text in people["Yan"].custom.values())


async def test_branches_of_a_company_are_kept(book: Book) -> None:
    contacts, report = await import_case(book, case("84"))
    assert {phone.number for one in contacts for phone in one.phones} == {"0111", "0222"}
    assert (len({one.company for one in contacts}), report.rejected) == (2, 0)


async def test_our_own_json_is_no_table(book: Book) -> None:
    people = await imported(book, "86")
    assert {"'quoted start", "=cmd|' /C calc'!A0", 'Dr. Ada "Countess" King, PhD'} <= people.keys()
    assert people["'quoted start"].notes == "'+1 is fine"


async def test_guards_leave_and_the_postal_code_is_one(book: Book) -> None:
    anna = (await imported(book, "90"))["Anna Jansen"]
    assert anna.addresses[0].postal_code == "1234AB"
    assert not any("'" in text for text in anna.custom.values())


async def test_labels_are_labels(book: Book) -> None:
    ann = (await imported(book, "93"))["Ann Ash"]
    assert (ann.phones, ann.emails) == ((Phone("0170 1234567", "mobile"),), (Email("ann@example.org", "work"),))
