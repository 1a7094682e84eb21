"""Inputs of public bug reports about who is one with whom."""

from __future__ import annotations

import pytest

from coterie.core.book import Book
from coterie.core.listing import Listing, View
from tests.core.transfer.cases import CASES, as_answer, case, expected, import_case

pytestmark = pytest.mark.skipif(not CASES.exists(), reason="the folder with the cases is not here")


async def test_a_shared_mailbox_is_two_people(book: Book) -> None:
    contacts, report = await import_case(book, case("54"))
    assert as_answer(contacts) == expected(case("54").parent)
    assert (report.created, report.apart, report.total) == (4, 2, 4)


async def test_namesakes_stay_apart(book: Book) -> None:
    contacts, _ = await import_case(book, case("77"))
    assert sorted((one.name, one.email, one.phone) for one in contacts) == [
        ("Ann Ash", "", ""),
        ("Ann Ash", "", ""),
        ("John Lee", "", "+44 333"),
        ("John Lee", "", "0333"),
        ("John Lee", "jlee@example.com", "0222"),
        ("John Lee", "john.lee@example.org", "0111"),
    ]


async def test_two_branches_of_one_company_are_two(book: Book) -> None:
    contacts, _ = await import_case(book, case("84"))
    assert sorted((one.company, one.email, one.phone) for one in contacts) == [
        ("Acme Ltd", "", "0111"),
        ("Acme Ltd", "", "0222"),
        ("Beta GmbH", "info@example.com", ""),
    ]


async def test_a_number_that_a_spreadsheet_destroyed_makes_nobody_one(book: Book) -> None:
    contacts, _ = await import_case(book, case("49"))
    assert sorted(one.name for one in contacts) == ["Ann Ash", "Bob Birch", "Cy Cedar", "Di Dogwood"]


@pytest.mark.parametrize("name", ["29", "49", "54", "77", "84"])
async def test_a_second_import_changes_nothing(book: Book, name: str) -> None:
    contacts, report = await import_case(book, case(name))
    again, second = await import_case(book, case(name))
    assert (second.created, second.merged, second.unchanged, second.total) == (0, 0, report.total, report.total)
    assert again == contacts == [one async for one in book.contacts(Listing(View.ALL))]
