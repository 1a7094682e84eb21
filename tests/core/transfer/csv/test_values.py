"""Cells: lists of addresses, dates, groups, words that mean nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coterie.core.transfer.csv.values import split_emails, split_groups
from coterie.core.transfer.dates import iso_date

from .support import addresses, contacts, only


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("a@x.org", ["a@x.org"]),
        ("a@x.org ::: b@x.org", ["a@x.org", "b@x.org"]),
        ("a@x.org;b@x.org, c@x.org|d@x.org", ["a@x.org", "b@x.org", "c@x.org", "d@x.org"]),
        ("a@x.org\nb@x.org", ["a@x.org", "b@x.org"]),
        ("mailto:a@x.org", ["a@x.org"]),
        ("a@x.org; A@X.ORG", ["a@x.org"]),
        ("Ada Lovelace <a@x.org>", ["a@x.org"]),
        ('"Lovelace, Ada" <a@x.org>; b@x.org', ["a@x.org", "b@x.org"]),
        ("josé@münchen.example", ["josé@münchen.example"]),
        ("<a@x.org>", ["a@x.org"]),
        ("a@x.org.", ["a@x.org"]),
    ],
)
def test_the_addresses_of_a_cell(cell: str, expected: list[str]) -> None:
    assert split_emails(cell)[0] == expected


def test_what_is_no_address_is_kept_under_the_heading() -> None:
    contact = only('Name,Email\nA,"a@x.org; mailto:b@x.co.th, not-an-email, a@X.ORG"\n')
    assert addresses(contact) == ["a@x.org", "b@x.co.th"]
    assert contact.custom == {"Email": "not-an-email"}


@pytest.mark.parametrize("word", ["n/a", "N/A", "-", "none", "(none)", "null", "No email"])
def test_words_that_mean_nothing_are_no_addresses(word: str) -> None:
    contact = only(f"Name,Email,Company\nA,{word},{word}\n")
    assert contact.emails == ()
    assert contact.company == ""
    assert contact.custom == {}


def test_a_name_beside_the_address_names_the_contact() -> None:
    assert only("Email\nAda Lovelace <a@x.org>\n").name == "Ada Lovelace"
    assert only("Name,Email\nCountess,Ada Lovelace <a@x.org>\n").name == "Countess"


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("1815-12-10", "", "1815-12-10"), ("1815/2/3", "", "1815-02-03"), ("18151210", "", "1815-12-10"),
        ("--12-10", "", "--12-10"), ("1988-06-15T00:00:00Z", "", "1988-06-15"), ("10.12.1815", "", "1815-12-10"),
        ("25/12/1980", "", "1980-12-25"), ("12/25/1980", "", "1980-12-25"), ("3/4/1980", "", "3/4/1980"),
        ("3/4/1980", "dmy", "1980-04-03"), ("3/4/1980", "mdy", "1980-03-04"), ("10 Dec 1815", "", "1815-12-10"),
        ("December 10, 1815", "", "1815-12-10"), ("3/4/80", "", "3/4/80"), ("2001-13-45", "", "2001-13-45"),
        ("0/0/00", "", ""), ("0.0.00", "", ""), ("00.00.0000", "", ""), ("0000-00-00", "", ""),
        ("spring", "", "spring"),
    ],
)  # fmt: skip
def test_dates(text: str, order: str, expected: str) -> None:
    assert iso_date(text, order) == expected


def test_one_clear_date_makes_the_others_of_the_column_clear() -> None:
    found = contacts("Name,Birthday\nA,3/4/1980\nB,25/12/1981\n")
    assert [contact.birthday for contact in found] == ["1980-04-03", "1981-12-25"]


def test_a_birthday_in_three_columns() -> None:
    heading = "First Name,Last Name,Display Name,Primary Email,Birth Year,Birth Month,Birth Day\n"
    found = contacts(f"{heading}A,B,A B,a@x.org,1972,1,3\nC,D,C D,c@x.org,,12,24\n")
    assert [contact.birthday for contact in found] == ["1972-01-03", "--12-24"]


@pytest.mark.parametrize(
    ("cell", "expected", "favorite"),
    [
        ("* myContacts ::: Friends", ("Friends",), False),
        ("* My Contacts ::: * Starred ::: Family ::: * Work", ("Family", "Work"), True),
        ("* Other Contacts", (), False),
        ("myContacts;starred", (), True),
        ("Clients;Friends", ("Clients", "Friends"), False),
        ("prospect, webinar", ("prospect", "webinar"), False),
        ('"VIP","Blog, old"', ("Blog, old", "VIP"), False),
        ('["a","b"]', ("a", "b"), False),
        ("* myContacts ::: Smith, Jones & Co", ("Smith, Jones & Co",), False),
        ("vip;VIP", ("vip",), False),
    ],
)
def test_groups(cell: str, expected: tuple[str, ...], *, favorite: bool) -> None:
    assert split_groups(cell) == (expected, favorite)


def test_default_words_of_programs_are_left_out_and_other_words_kept() -> None:
    heading = (
        "First Name,Last Name,E-mail Address,E-mail Display Name,Gender,Priority,Sensitivity,Private,Anniversary\n"
    )
    assert only(f"{heading}A,B,a@x.org,A B,Unspecified,Normal,Normal,False,0/0/00\n").custom == {}
    kept = only(f"{heading}A,B,a@x.org,A B,Female,High,Normal,False,1/2/2001\n").custom
    assert kept == {"Gender": "Female", "Priority": "High", "Anniversary": "1/2/2001"}


def test_phone_numbers() -> None:
    contact = only("Name,Phone,Mobile\nA,'+441234567,Phone: 0812 ::: 0813\n")
    assert [phone.number for phone in contact.phones] == ["+441234567", "0812", "0813"]
    assert contact.phones[1].label == "mobile"


@pytest.mark.parametrize("name", ["=SUM(A1)", "-5", "+1", "@handle", "Sarah ✨", "田中太郎", "שרה כהן"])
def test_names_stay_as_they_are(name: str) -> None:
    assert only(f"email,name\na@x.org,{name}\n").name == name


@given(st.text(max_size=60))
def test_any_cell_can_be_parted(cell: str) -> None:
    found, _, _ = split_emails(cell)
    assert len(found) <= cell.count("@")
    assert all(group == group.strip() for group in split_groups(cell)[0])
    assert iso_date(iso_date(cell)) == iso_date(cell)
