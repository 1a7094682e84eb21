"""Labels in cells, links, days without a year, attributes of directories: tables as people write them."""

import pytest

from coterie.core.transfer.csv import recognize

from .support import both, contacts, only


def labelled(content: str) -> list[tuple[str, str]]:
    contact = only(content)
    return [(email.address, email.label) for email in contact.emails] + [
        (phone.number, phone.label) for phone in contact.phones
    ]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("a@x.org (work); b@x.org (home)", [("a@x.org", "work"), ("b@x.org", "home")]),
        ("work: a@x.org, home: b@x.org", [("a@x.org", "work"), ("b@x.org", "home")]),
        ("a@x.org [privat]", [("a@x.org", "home")]),
        ("a@x.org (Ann)", [("a@x.org", "")]),
    ],
)
def test_a_label_beside_an_address(cell: str, expected: list[tuple[str, str]]) -> None:
    assert labelled(f'Name,E-mail\nA,"{cell}"\n') == expected
    assert not only(f'Name,E-mail\nA,"{cell}"\n').custom


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("M: 0151 1234567, T: 030 123456", [("0151 1234567", "mobile"), ("030 123456", "")]),
        ("(home) 212 555 0105", [("212 555 0105", "home")]),
        ("212 555 0105 (Fax)", [("212 555 0105", "fax")]),
        ("212 555 0105 work", [("212 555 0105", "work")]),
        ("+1 (212) 555-0100 x123", [("+1 (212) 555-0100 x123", "")]),
        ("p:+46701234567", [("+46701234567", "")]),
    ],
)
def test_a_label_beside_a_number(cell: str, expected: list[tuple[str, str]]) -> None:
    assert labelled(f'Name,Phone\nA,"{cell}"\n') == expected


def test_a_heading_that_is_a_label_says_where_numbers_belong() -> None:
    table = "Name,Office,Home,E-mail\nA,212-555-0102 ext. 5,(212) 555-0100,a@x.org\nB,212-555-0103,,b@x.org\n"
    first, _ = contacts(table)
    assert [(phone.number, phone.label) for phone in first.phones] == [
        ("212-555-0102 ext. 5", "work"), ("(212) 555-0100", "home"),
    ]  # fmt: skip
    assert only("Name,Office,E-mail\nA,Room 12,a@x.org\n").custom == {"Office": "Room 12"}


@pytest.mark.parametrize("heading", ["Geschäftliche E-Mail", "Dienstliche E-Mail-Adresse", "Zakelijke e-mail"])
def test_the_forms_of_a_word_for_work(heading: str) -> None:
    contact = only(f"Nachname,{heading},Private E-Mail\nA,a@x.org,b@x.org\n")
    assert [(email.address, email.label) for email in contact.emails] == [("a@x.org", "work"), ("b@x.org", "home")]


@pytest.mark.parametrize(
    ("cell", "birthday"),
    [
        ("10.12.", "--12-10"),
        ("10 December", "--12-10"),
        ("Dec 10th", "--12-10"),
        ("10.13.", "10.13."),
        ("Sun 5", "Sun 5"),
    ],
)
def test_a_birthday_without_a_year(cell: str, birthday: str) -> None:
    assert only(f"Name,Birthday\nA,{cell}\n").birthday == birthday


def test_the_language_tells_whether_the_day_comes_first() -> None:
    assert only("Nombre;Correo electrónico;Fecha de nacimiento\nA;a@x.org;03/04/1980\n").birthday == "1980-04-03"
    assert only("Name,Email,Birthday\nA,a@x.org,03/04/1980\n").birthday == "03/04/1980"


def test_links_are_what_they_lead_to() -> None:
    link = '"=HYPERLINK(""mailto:a@x.org?subject=Hi"",""Write"")"'
    contact = only(f'Name,E-mail,Web site\nA,{link},"=HYPERLINK(""https://x.org"";""My page"")"\n')
    assert contact.email == "a@x.org"
    assert [url.url for url in contact.urls] == ["My page (https://x.org)"]


def test_seconds_are_no_telephone_number() -> None:
    first, _ = contacts("Name,timestamp\nAda,1500000000\nBob,1500000001\n")
    assert (first.phones, first.custom) == ((), {"timestamp": "1500000000"})


def test_the_number_of_a_page_is_no_contact() -> None:
    found, rejects = both("Name,City\nAda,London\nPage 1 of 2,\nBob,Paris\nSeite 2/2,\n")
    assert [one.name for one in found] == ["Ada", "Bob"]
    assert [one.reason for one in rejects] == ["The row is the number of a page, not a contact."] * 2


def test_a_table_from_a_directory() -> None:
    table = (
        "dn,objectClass,cn,sn,givenName,mail,telephoneNumber,mobile,department,company,l,st,postalCode,co\n"
        '"CN=Ada Lovelace,DC=x",user,Ada Lovelace,Lovelace,Ada,a@x.org,+44 20 1234567,+44 7700 900123,R&D,Engines,'
        "London,,SW1,United Kingdom\n"
    )
    contact = only(table)
    assert recognize(table.encode()).layout == "Directory"
    assert (contact.family_name, contact.given_name, contact.company) == ("Lovelace", "Ada", "Engines")
    assert [(phone.number, phone.label) for phone in contact.phones] == [
        ("+44 20 1234567", "work"), ("+44 7700 900123", "mobile"),
    ]  # fmt: skip
    assert [(one.city, one.postal_code, one.country) for one in contact.addresses] == [
        ("London", "SW1", "United Kingdom")
    ]
    assert not contact.custom
