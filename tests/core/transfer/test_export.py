"""Exports: what comes back through our own import, what other programs import, what a spreadsheet must never run."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from dataclasses import replace
from pathlib import PurePath

import pytest
import vobject
from hypothesis import example, given, settings
from hypothesis import strategies as st

from coterie.core.errors import Cancelled, InvalidInput, Stale
from coterie.core.jsonform import from_json
from coterie.core.model import Address, Contact, Email, Phone, Url
from coterie.core.transfer import csv as csv_import
from coterie.core.transfer import vcard
from coterie.core.transfer.export import FORMATS, Shape, find_format, format_for, shape_of, write
from coterie.core.transfer.export.ordering import Ordering
from coterie.core.transfer.formulas import guard, guard_row, is_formula, unguard, unmasked
from coterie.core.transfer.reject import Reject
from tests.core.transfer.contact_strategies import contacts
from tests.core.transfer.vcard.test_round_trip import ADA


def export(format_id: str, people: list[Contact], *, raw: bool = False, shape: Shape | None = None) -> str:
    file = io.StringIO(newline="")
    assert asyncio.run(write(format_id, people, file, raw=raw, shape=shape)) == len(people)
    return file.getvalue()


def table(format_id: str, people: list[Contact], *, raw: bool = False) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(export(format_id, people, raw=raw).removeprefix("\ufeff"), newline="")))


def imported(text: str) -> list[Contact | Reject]:
    data = text.encode()
    return list(csv_import.read(data, csv_import.recognize(data)))


def somebody(contact: Contact) -> bool:
    return contact != Contact()


# Round trips


@settings(max_examples=60)
@given(st.lists(contacts().filter(somebody), min_size=1, max_size=3), st.booleans())
@example([Contact(emails=(Email("0@example.org"),), custom={"://": "0", "x@y.z": "1", "=1": "2", "1.2": "3"})], False)
@example([Contact(name="'=x", notes="'", emails=(Email("a@b.c", "*x"), Email("=a@b.c", "\\", primary=True)))], False)
@example([Contact(name="n/a", groups=("[c", "a; b"), custom={"Notes": "x", "E-mail 1 - Value": "y"})], False)
@example([Contact(notes="0"), Contact(name="# 0")], False)
@example([Contact(name="x" * 5000, notes='"\n,;\t"')], False)
def test_our_own_csv_comes_back_without_loss(people: list[Contact], raw: bool) -> None:
    found = imported(export("csv", people, raw=raw and not any(unmasked(cell) != cell for cell in _cells(people))))
    assert found == people


def _saved_again(cells: dict[str, str]) -> list[Contact | Reject]:
    """What is read of our own table after a spreadsheet wrote some of its cells anew."""
    file = io.StringIO(newline="")
    before = table("csv", [Contact(name="Ann", birthday="1980-02-13", phones=(Phone("1"), Phone("2")))])
    writer = csv.DictWriter(file, before[0], delimiter=";")
    writer.writeheader()
    writer.writerows([{**before[0], "Birthday": "13/02/1980"}, {**before[0], **cells}])
    return imported(file.getvalue())


def test_our_own_csv_is_understood_after_a_spreadsheet_saved_it() -> None:
    found = _saved_again({
        "Name": '="Bob"', "Birthday": "03/02/1980", "Phone 1 - Value": "4.47911E+11", "Phone 2 - Value": "'0170 1",
    })  # fmt: skip
    ann = Contact(name="Ann", birthday="1980-02-13", phones=(Phone("1"), Phone("2")))
    bob = Contact(name="Bob", birthday="1980-02-03", phones=(Phone("0170 1"),), custom={"Phone": "4.47911E+11"})
    assert found == [ann, bob]
    assert _saved_again({"Phone 1 - Value": "4.47911123456E+11"})[1].phones[0] == Phone("447911123456")  # type: ignore[union-attr]


def _cells(people: list[Contact]) -> list[str]:
    return [cell for row in csv.reader(io.StringIO(export("csv", people, raw=True), newline="")) for cell in row]


@given(st.lists(contacts(), max_size=3))
def test_json_comes_back_without_loss(people: list[Contact]) -> None:
    text = export("json", people)
    assert [from_json(value) for value in json.loads(text)] == people
    assert not any(0x7F <= ord(char) <= 0x9F or char in "\u202e\u2066\u2028\ufeff" for char in text)


@given(
    st.lists(
        contacts().filter(lambda c: c.name or c.emails or c.phones or c.company or c.addresses), min_size=1, max_size=3
    )
)
@example([Contact(department="0", addresses=(Address("", "", "0" * 8 + "\n" * 6 + ",", "0" * 9 + "\n\n\n 0", ":0"),))])
def test_vcards_come_back_without_loss(people: list[Contact]) -> None:
    assert list(vcard.read(export("vcard", people).encode())) == people


def test_a_table_edited_in_a_spreadsheet_comes_back_edited() -> None:
    text = export("csv", [ADA])
    text = text.replace("Engineer", "Poet").replace("ada@work.example", "ada@work.example; countess@example.org")
    text = text.replace(",yes,", ",,")
    [found] = imported(text.replace("\r\n", "\n"))
    assert isinstance(found, Contact)
    assert (found.job_title, found.favorite) == ("Poet", False)
    assert [email.address for email in found.emails] == [
        "ada@home.example", "ada@work.example", "countess@example.org", "a@x.example",
    ]  # fmt: skip


# Other programs' layouts


def test_google_gets_the_columns_of_its_current_layout() -> None:
    custom = {"Spouse": "William", "Phonetic first name": "Ey-da", "Met": "1833-06-05", "Locker": "17"}
    [row] = table("google", [replace(ADA, custom=custom)])
    assert (row["First Name"], row["Middle Name"], row["Last Name"], row["Name Prefix"]) == (
        "Ada",
        "King",
        "Lovelace",
        "Dr.",
    )
    assert row["Phonetic First Name"] == "Ey-da"
    assert row["Labels"] == "* myContacts ::: Family ::: Poets; and others ::: * starred"
    assert (row["E-mail 1 - Label"], row["E-mail 1 - Value"]) == ("* Home", "ada@home.example")
    assert (row["E-mail 3 - Label"], row["Phone 2 - Label"]) == ("Club", "Work Fax")
    assert (row["Organization Name"], row["Organization Title"]) == ("Analytical, Engines", "Engineer")
    assert row["Address 1 - Formatted"].splitlines() == [
        "12 Bridge St",
        "London Greater London SW1A 1AA",
        "United Kingdom",
    ]
    assert (row["Relation 1 - Label"], row["Relation 1 - Value"]) == ("Spouse", "William")
    assert (row["Event 1 - Label"], row["Event 1 - Value"]) == ("Met", "1833-06-05")
    assert (row["Custom Field 1 - Label"], row["Custom Field 1 - Value"]) == ("Full name", "Dr. Ada King Lovelace")
    assert (row["Custom Field 2 - Label"], row["Custom Field 2 - Value"]) == ("Locker", "17")


def test_google_gets_first_and_last_names_where_only_the_whole_name_is_known() -> None:
    rows = table(
        "google", [Contact(name="Ada King Lovelace"), Contact(name="Plato"), Contact(name="Acme", company="Acme")]
    )
    assert [(row["First Name"], row["Last Name"]) for row in rows] == [
        ("Ada King", "Lovelace"),
        ("Plato", ""),
        ("", ""),
    ]


@pytest.mark.parametrize("label", ["", "home"])
@pytest.mark.parametrize("number", ["0@0", "ada@example.org"])
@pytest.mark.parametrize("format_id", ["csv", "google", "outlook"])
def test_a_phone_comes_back_as_a_phone_whatever_its_text(format_id: str, number: str, label: str) -> None:
    ada = Contact(name="Ada", emails=(Email("ada@home.example"),), phones=(Phone(number, label),))
    others = [Contact(name=f"Ben {digit}", phones=(Phone(f"+44 20 7946 095{digit}", label),)) for digit in range(3)]
    found = imported(export(format_id, [ada, *others], raw=True))[0]
    assert isinstance(found, Contact)
    assert [phone.number for phone in found.phones] + list(found.custom.values()) == [number]
    assert found.emails == ada.emails


@pytest.mark.parametrize("format_id", ["csv", "google", "outlook"])
def test_a_name_that_looks_like_a_comment_comes_back(format_id: str) -> None:
    ada = Contact(name="# Ada", given_name="# Ada", emails=(Email("ada@home.example"),))
    [found] = imported(export(format_id, [ada], raw=True))
    assert found == ada


def test_an_address_among_the_numbers_of_a_plain_table_is_an_address() -> None:
    [found] = imported("Name,Phone\nAda,ada@example.org\n")
    assert found == Contact(name="Ada", emails=(Email("ada@example.org"),))


@settings(max_examples=40)
@given(contacts())
@example(Contact(name="Ada", phones=(Phone("0@0"),)))
@example(Contact(name="="))
@example(Contact(job_title="0@.0"))
@example(Contact(company="1980-02-13", notes="+44 20 7946 0000"))
def test_what_google_gets_is_recognized_as_google_and_keeps_every_address(contact: Contact) -> None:
    contact = replace(contact, given_name="Ada", emails=(*contact.emails, Email("ada@home.example")))
    data = export("google", [contact], raw=True).encode()
    recognition = csv_import.recognize(data)
    assert recognition.layout == "Google Contacts"
    [found] = csv_import.read(data, recognition)
    assert isinstance(found, Contact)
    assert {email.address for email in found.emails} == {email.address for email in contact.emails}


def test_outlook_gets_its_columns_and_loses_nothing() -> None:
    many = replace(
        ADA,
        emails=tuple(Email(f"{n}@example.org", primary=n == 3) for n in range(5)),
        phones=(*[Phone(n, "work") for n in "123"], Phone("4", "mobile"), *[Phone(f"9{n}") for n in range(6)]),
        addresses=(Address("A", label="work"), Address("B", label="work"), Address("C"), Address("D", "Town")),
        urls=(Url("u1"), Url("u2", "home"), Url("u3")),
        birthday="--12-10",
    )  # fmt: skip
    text = export("outlook", [many])
    [row] = table("outlook", [many])
    assert text.startswith("\ufeffFirst Name,Middle Name,Last Name,Title,")
    assert (row["E-mail Address"], row["E-mail 2 Address"]) == ("3@example.org", "0@example.org")
    assert (row["Business Phone"], row["Business Phone 2"], row["Mobile Phone"]) == ("1", "2", "4")
    assert (row["Business Street"], row["Home Street"], row["Other Street"]) == ("A", "", "B")
    assert (row["Title"], row["Job Title"], row["Spouse"]) == ("Dr.", "Engineer", "William King")
    assert row["Categories"] == "Family;starred"
    assert row["Notes"].startswith("Poet\nof numbers\n")
    everything = " ".join(row.values())
    for value in [*many.emails, *many.phones, *many.addresses, *many.urls]:
        for text in (getattr(value, key, "") for key in ("address", "number", "street", "url")):
            assert text in everything
    lines = [
        *("More in Coterie:", "E-mail: 4@example.org", "Phone (work): 3", "Address: Street: D", "  City: Town"),
        *("Web site: u3", "Birthday: --12-10", "Role: Founder", "Group: Poets; and others"),
    ]
    for line in lines:
        assert line in row["Notes"].split("\n")


def test_outlooks_layout_comes_back_through_our_import() -> None:
    [found] = imported(export("outlook", [replace(ADA, groups=("Family",), custom={})]))
    assert isinstance(found, Contact)
    assert (found.given_name, found.family_name, found.job_title) == ("Ada", "Lovelace", "Engineer")
    assert {email.address for email in found.emails} == {email.address for email in ADA.emails}
    assert found.groups == ("Family",)
    assert found.favorite


def test_others_read_our_vcards() -> None:
    cards = list(vobject.readComponents(export("vcard", [ADA, Contact(company="Acme")])))
    assert [card.fn.value for card in cards] == [ADA.name, "Acme"]
    assert cards[0].version.value == "4.0"


# Formulas


@pytest.mark.parametrize("format_id", ["csv", "google", "outlook"])
def test_guards_are_taken_off_by_our_import_in_every_layout(format_id: str) -> None:
    odd = Contact(name="=Ada", given_name="=Ada", nickname="'tis", company="'=1", notes="@x")
    odd = replace(odd, emails=(Email("+a@b.example"),))
    [found] = imported(export(format_id, [odd]))
    assert isinstance(found, Contact)
    assert (found.name, found.nickname, found.company, found.notes, found.email) == (
        "=Ada", "'tis", "'=1", "@x", "+a@b.example",
    )  # fmt: skip


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-2+3+cmd",
        "@SUM(A1)",
        "\t=1",
        "\rx",
        "\nx",
        " =1",
        "'=1",
        '"=1',
        "''\" @x",
        "＝1",
        "-A1",
        "+44 x5",
    ],
)
def test_what_a_spreadsheet_would_run_is_guarded(cell: str) -> None:
    assert guard(cell) == "'" + cell


@pytest.mark.parametrize(
    "cell",
    [
        "+44 20 7946 0100",
        "+1 (415) 555-0100",
        "-12.50",
        "+3",
        "--12-01",
        "1=2",
        "Ada",
        "",
        "'tis",
        "O'Neil",
        '"Ada"',
        "*100#",
    ],
)
def test_numbers_and_words_are_left_alone(cell: str) -> None:
    assert guard(cell) == cell


@given(st.text() | st.text("='\"+-@ \t\n1a＝"))
def test_a_guard_can_always_be_taken_off(cell: str) -> None:
    assert unguard(guard(cell)) == cell
    assert not is_formula(guard(cell)) or guard(cell).startswith("'")


@given(st.lists(st.text(st.characters(exclude_characters="\0")) | st.text("='+-@ 1a"), min_size=1))
def test_a_row_is_guarded_like_its_cells(cells: list[str]) -> None:
    assert guard_row(cells) == [guard(cell) for cell in cells]


@pytest.mark.parametrize("format_id", ["csv", "google", "outlook"])
@given(contact=contacts())
def test_no_cell_of_an_export_runs_in_a_spreadsheet(format_id: str, contact: Contact) -> None:
    text = export(format_id, [replace(contact, custom={**contact.custom, "=cmd": "@x"})])
    for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")):
        for cell in row:
            assert cell[:1] not in set("=@\t\r＝＠")
            if cell[:1] in set(
                "+-"
            ):  # telephone numbers, plain numbers and days: nothing to compute with, nobody to call
                assert cell[1:2].isdigit() or cell[1:2] in set("(-+")
                assert not any(char.isalpha() or char in set("=@*!|&") for char in cell)


def test_raw_leaves_the_protection_out() -> None:
    assert table("csv", [Contact(name="=1")], raw=True)[0]["Name"] == "=1"
    assert table("csv", [Contact(name="=1")])[0]["Name"] == "'=1"


# Writing


def test_rows_end_as_rfc_4180_says() -> None:
    assert export("csv", [Contact(name="Ada")]).endswith(",\r\n") or export("csv", [Contact(name="Ada")]).endswith(
        "\r\n"
    )
    assert export("json", []) == "[]\n"
    assert export("vcard", []) == ""


def test_progress_is_told() -> None:
    people = [Contact(name=f"P{number}", emails=(Email(f"p{number}@example.org"),)) for number in range(2500)]
    said: list[tuple[int, int | None]] = []
    file = io.StringIO(newline="")
    asyncio.run(write("csv", people, file, progress=lambda *args: said.append(args)))
    assert file.getvalue().count("\r\n") == 2501
    assert said[0] == (0, 2500)
    assert said[-1] == (2500, 2500)
    assert len(said) > 3


@given(st.data(), st.sampled_from([0, 20, 10_000]))
def test_texts_are_ordered_in_memory_and_in_a_file(data: st.DataObject, in_memory: int) -> None:
    texts = data.draw(st.lists(st.text(max_size=8) | st.just("\ud800"), max_size=40))
    places = data.draw(st.permutations(range(len(texts))))
    missing = data.draw(st.sets(st.sampled_from(range(len(texts))))) if texts else set()
    coming = [place for place in places if place not in missing]
    with Ordering(len(texts), in_memory) as ordering:
        for start in range(0, len(coming), 3):
            some = coming[start : start + 3]
            ordering.add(some, [texts[place] for place in some])
        ordered = [text for some in ordering.texts() for text in some]
    assert ordered == [text for place, text in enumerate(texts) if place not in missing]


def test_an_export_can_be_cancelled() -> None:
    def stop(done: int, total: int | None) -> None:
        raise Cancelled("Export cancelled.")

    with pytest.raises(Cancelled):
        asyncio.run(write("json", [ADA] * 1000, io.StringIO(), progress=stop))


def test_a_contact_that_grew_meanwhile_stops_the_export() -> None:
    for grown in (
        ADA,
        replace(ADA, emails=()),
        replace(ADA, emails=(), phones=()),
        replace(ADA, emails=(), phones=(), urls=()),
    ):
        with pytest.raises(Stale):
            export("csv", [grown], shape=Shape())


@given(st.lists(contacts(), max_size=4))
def test_the_shape_has_room_for_everybody_and_no_more(people: list[Contact]) -> None:
    shape = shape_of(people)
    assert shape.emails == max((len(contact.emails) for contact in people), default=0)
    assert set(shape.custom) == {heading for contact in people for heading in contact.custom}


@pytest.mark.parametrize(
    ("name", "format_id"),
    [
        ("a.csv", "csv"),
        ("A.VCF", "vcard"),
        ("a.json", "json"),
        ("a.google.csv", "google"),
        ("a.txt", "csv"),
        ("a", "csv"),
    ],
)
def test_the_ending_of_a_name_chooses_the_format(name: str, format_id: str) -> None:
    assert format_for(PurePath(name)).id == format_id


def test_an_unknown_format_names_the_known_ones() -> None:
    with pytest.raises(InvalidInput, match="xlsx") as caught:
        find_format("xlsx")
    assert all(known in caught.value.hint for known in FORMATS)
