"""What the cells of a column say against its heading, and what stands for nothing."""

from __future__ import annotations

import pytest

from coterie.core.model import Email, Phone

from .support import addresses, both, contacts, only, targets


@pytest.mark.parametrize("heading", ["Subscriber", "Company", "Mobile", "City", "Website", "Tags", "Kunde", "State"])
def test_a_column_of_addresses_is_e_mail_whatever_it_is_called(heading: str) -> None:
    assert addresses(only(f"{heading},Last name\nfia@example.com,Falk\n")) == ["fia@example.com"]


def test_a_login_is_the_address_where_there_is_no_other() -> None:
    assert addresses(only("Username,First name\nfia@example.com,Fia\n")) == ["fia@example.com"]
    assert addresses(only("Username,First name,E-mail\nfia@login.example,Fia,fia@example.com\n")) == ["fia@example.com"]


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("Company", ["True", "False"]), ("Company", ["yes", "no"]), ("Organization", ["FALSE", "FALSE"]),
        ("State", ["active", "cancelled"]), ("Region", ["Subscribed", "Unsubscribed"]), ("Position", ["0", "1"]),
        ("Phone", ["2025-01-01", "2025-01-02 10:00:00"]), ("Mobile", ["01.02.2025", "31.12.2024"]),
        ("Company", ["2025-01-01", "2025-01-02"]), ("Groups", ["true", "false"]), ("City", ["12/31/2024", "1/2/2025"]),
        ("Birthday", ["true", "false"]),
    ],
)  # fmt: skip
def test_what_the_cells_contradict_is_a_custom_field(heading: str, cells: list[str]) -> None:
    table = f"Name,E-mail,{heading}\nAnn Ash,ann@x.org,{cells[0]}\nBob Birch,bob@x.org,{cells[1]}\n"
    assert targets(table)[heading] == "custom"
    assert [contact.custom for contact in contacts(table)] == [{heading: cells[0]}, {heading: cells[1]}]


@pytest.mark.parametrize(
    ("heading", "cells", "target"),
    [
        ("Country", ["NO", "NO"], "country"), ("State", ["CA", "NY"], "region"),
        ("Company", ["Active Ltd", "New"], "company"),
        ("Phone", ["20251231", "20250101"], "phone"), ("Family name", ["No", "Si"], "family_name"),
        ("Company", ["https://a.example", "https://b.example"], "url"),
        ("E-mail 2", ["+49 30 1234567", "030 7654321"], "phone"),
        ("Region", ["75", "92"], "region"),
    ],
)  # fmt: skip
def test_what_a_heading_says_stands_where_the_cells_agree(heading: str, cells: list[str], target: str) -> None:
    table = f"Name,E-mail,{heading}\nAnn Ash,ann@x.org,{cells[0]}\nBob Birch,bob@x.org,{cells[1]}\n"
    assert targets(table)[heading] == target


@pytest.mark.parametrize(
    "headings",
    ["Phone Label,Phone Value,Email Label,Email Value", "Type,Telephone,Type,E-mail", "Tel. Typ,Telefon,Mail Typ,Mail"],
)
def test_a_column_of_labels_is_the_label_of_the_value_beside_it(headings: str) -> None:
    contact = only(f"Name,{headings}\nAnn Ash,Mobile,0170 1234567,Work,ann@x.org\n")
    assert contact.phones == (Phone("0170 1234567", "mobile"),)
    assert contact.emails == (Email("ann@x.org", "work"),)
    assert (contact.groups, contact.custom) == ((), {})


def test_labels_belong_to_the_value_with_their_number() -> None:
    contact = only(
        "Name,Email 1 Label,Email 2 Label,Email 1,Email 2\nAnn Ash,Home,Work,ann@home.example,ann@work.example\n"
    )
    assert contact.emails == (Email("ann@home.example", "home"), Email("ann@work.example", "work"))


def test_labels_in_a_table_without_headings_are_no_groups() -> None:
    found = contacts("Ann Ash,Home,030 1234567,ann@x.org\nBob Birch,Home,030 7654321,bob@x.org\n")
    assert [(one.phones, one.groups) for one in found] == [
        ((Phone("030 1234567", "home"),), ()), ((Phone("030 7654321", "home"),), ()),
    ]  # fmt: skip


def test_outlooks_kind_of_address_is_no_label() -> None:
    contact = only("First Name,Last Name,E-mail Address,E-mail Type\nAnn,Ash,ann@x.org,SMTP\n")
    assert (contact.emails, contact.custom) == ((Email("ann@x.org"),), {})


_PAIR = (("Ann Ash", "ann@x.org"), ("Bob Birch", "bob@x.org"))


@pytest.mark.parametrize(
    ("headings", "order"),
    [("Email,E-mail Address", 1), ("Name,Email", -1), ("Phone,Email", 1), ("First Name,Email", -1), ("Name,Notes", 1)],
)
def test_names_are_names_whatever_their_column_is_called(headings: str, order: int) -> None:
    rows = "\n".join(",".join(pair[::order]) for pair in _PAIR)
    found = contacts(f"{headings}\n{rows}\n")
    assert [(one.name, one.email, one.phones, one.custom) for one in found] == [(*pair, (), {}) for pair in _PAIR]


def test_words_among_numbers_and_sites_are_kept_beside_them() -> None:
    contact = only("Name,Phone,Website\nAnn Ash,Ask her,Acme\n")
    assert (contact.phones, contact.urls, contact.custom) == ((), (), {"Phone": "Ask her", "Website": "Acme"})


@pytest.mark.parametrize(
    ("table", "city", "code"),
    [
        ("Name,City,Zip\nAnn,89073,Ulm\nBob,10115,Berlin\n", "Ulm", "89073"),
        ("Name,City\nAnn,89073\nBob,10115\n", "", "89073"),
        ("Name,Zip\nAnn,Ulm\nBob,Berlin\n", "Ulm", ""),
        ("Name,Zip,City\nAnn,89073,Ulm\nBob,10115,Berlin\n", "Ulm", "89073"),
        ("Name,Zip,City\nAnn,SW1A 1AA,London\n", "London", "SW1A 1AA"),
    ],
)
def test_towns_and_postal_codes_are_told_apart(table: str, city: str, code: str) -> None:
    (address,) = contacts(table)[0].addresses
    assert (address.city, address.postal_code) == (city, code)


def test_of_two_columns_with_one_heading_the_filled_one_counts() -> None:
    contact = only("First Name,First Name,Last Name,Last Name,Email,Email\n,Ann,,Ash,,ann@x.org\n")
    assert (contact.given_name, contact.family_name, contact.email, contact.custom) == ("Ann", "Ash", "ann@x.org", {})


def test_what_a_column_of_favorites_says_else_is_kept() -> None:
    ann, bob, cy = contacts("Name,Favorite\nAnn,yes\nBob,Blue\nCy,no\n")
    assert (ann.favorite, bob.favorite, cy.favorite) == (True, False, False)
    assert (ann.custom, bob.custom, cy.custom) == ({}, {"Favorite": "Blue"}, {})


def test_a_number_that_a_spreadsheet_rounded_is_kept_beside_the_phones() -> None:
    ann, cy = contacts('Name,Mobile,Phone\nAnn Ash,4.47911E+11,030 1234567\nCy Cedar,,"4,91701E+12"\n')
    assert (ann.phones, ann.custom) == ((Phone("030 1234567"),), {"Mobile": "4.47911E+11"})
    assert (cy.phones, cy.custom) == ((), {"Phone": "4,91701E+12"})
    assert only("Name,Mobile\nBob Birch,4.47911123456E+11\n").phones == (Phone("447911123456", "mobile"),)


def test_apostrophes_that_guard_numbers_are_taken_off_and_others_stay() -> None:
    contact = only(
        "Customer ID,First Name,Last Name,Default Address Phone,Phone,"
        "Default Address City,Default Address Zip,Class of\n"
        "'9013808660771,Anna,'t Hooft,'+31612345670,'0612345678,'s-Gravenhage,'1234AB,'68\n"
    )
    assert contact.name == "Anna 't Hooft"
    assert [phone.number for phone in contact.phones] == ["0612345678", "+31612345670"]
    assert (contact.addresses[0].city, contact.addresses[0].postal_code) == ("'s-Gravenhage", "1234AB")
    assert contact.custom == {"Customer ID": "9013808660771", "Class of": "'68"}


def test_what_programs_put_before_numbers_is_taken_off() -> None:
    contact = only(
        "full_name,phone_number,zip_code,mobile,fax\nBo Berg,p:+46701234567,z:01234,tel:+46-70-1,Fax: 030 1234567\n"
    )
    assert [phone.number for phone in contact.phones] == ["+46701234567", "+46-70-1", "030 1234567"]
    assert contact.addresses[0].postal_code == "01234"
    assert [one.number for one in only("Name,Phone\nAnn,tel:+49 30 1234567; tel://+49 170 1234567\n").phones] == [
        "+49 30 1234567", "+49 170 1234567",
    ]  # fmt: skip


def test_outlooks_primary_phone_is_a_phone() -> None:
    assert only("First Name,Last Name,Primary Phone\nBob,Birch,030 7654321\n").phones == (Phone("030 7654321", "main"),)


def test_a_telephone_of_an_address_comes_after_the_persons_own() -> None:
    contact = only("Name,Address Phone,Phone\nAnn Ash,030 1234567,0170 1234567\n")
    assert [phone.number for phone in contact.phones] == ["0170 1234567", "030 1234567"]


@pytest.mark.parametrize(
    "nothing", ["N/A", "n/a", "-", "--", "none", "null", "keine", "(none)", "#N/A", "—", "NULL", "nan"]
)
def test_placeholders_are_nothing(nothing: str) -> None:
    contact = only(
        f"Display name,Nickname,Family name,E-mail,Phone,Company,Job title,City,Groups,Birthday,Website\n"
        f"Ann,{nothing},{nothing},{nothing},{nothing},{nothing},{nothing},{nothing},{nothing},{nothing},{nothing}\n"
    )
    assert (contact.name, contact.nickname, contact.family_name, contact.emails, contact.phones) == (
        "Ann",
        "",
        "",
        (),
        (),
    )
    assert (contact.company, contact.job_title, contact.addresses, contact.groups) == ("", "", (), ())
    assert (contact.birthday, contact.urls, contact.custom) == ("", (), {})


def test_names_that_read_like_placeholders_are_names() -> None:
    found = contacts("First name,Last name,E-mail\nChris,Null,c@x.org\nNa,Li,n@x.org\nGeen,Email,g@x.org\n")
    assert [one.name for one in found] == ["Chris Null", "Na Li", "Geen Email"]
    assert only("Name,E-mail,Country,Allergies\nAnn,a@x.org,NA,none\n").custom == {"Allergies": "none"}


def test_a_row_of_placeholders_is_no_contact() -> None:
    found, rejects = both("Name,E-mail,Phone\nN/A,n/a,-\nAnn,ann@x.org,\n")
    assert [one.name for one in found] == ["Ann"]
    assert len(rejects) == 1


@pytest.mark.parametrize(
    ("row", "name", "given", "family"),
    [
        ("axel,,gert", "axel gert", "axel", "gert"),
        ("Axel,Axel,Gert", "Axel Gert", "Axel", "Gert"),
        ("Gert,Axel,Gert", "Axel Gert", "Axel", "Gert"),
        ("Axel Gert,,Gert", "Axel Gert", "", "Gert"),
        ("Mum,Ada,King", "Mum", "Ada", "King"),
        ("Axel,Axel,", "Axel", "Axel", ""),
        ("Gert GmbH,,Axel", "Gert GmbH", "", "Axel"),
    ],
)
def test_a_name_that_lacks_a_part_is_completed(row: str, name: str, given: str, family: str) -> None:
    contact = only(f"Display name,First name,Last name,E-mail\n{row},a@x.org\n")
    assert (contact.name, contact.given_name, contact.family_name) == (name, given, family)


def test_an_address_in_the_name_is_an_address() -> None:
    found = contacts("Name,E-mail\nAnn Ash <ann@x.org>,\nbob@x.org,bob@x.org\nCy @ Acme,cy@x.org\n")
    assert [(one.name, addresses(one)) for one in found] == [
        ("Ann Ash", ["ann@x.org"]), ("", ["bob@x.org"]), ("Cy @ Acme", ["cy@x.org"]),
    ]  # fmt: skip


def test_a_role_is_the_job_title_where_there_is_none() -> None:
    assert only("Name,E-mail,Role\nAnn,ann@x.org,Treasurer\n").job_title == "Treasurer"
    ann, bob = contacts("Name,E-mail,Job title,Role\nAnn,ann@x.org,,Treasurer\nBob,bob@x.org,Cook,Treasurer\n")
    assert (ann.job_title, dict(ann.custom)) == ("Treasurer", {})
    assert (bob.job_title, bob.custom) == ("Cook", {"Role": "Treasurer"})
    assert only("Name,E-mail,Role\nAnn,ann@x.org,Attendee\n").job_title == ""
