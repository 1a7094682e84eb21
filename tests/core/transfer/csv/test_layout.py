"""Around the table: what stands above and below it, several tables, no heading, rows that are nobody."""

from __future__ import annotations

import csv
import io
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coterie.core.errors import UnreadableFile
from coterie.core.model import Contact
from coterie.core.transfer.csv import read, recognize
from coterie.core.transfer.csv.evidence import TRUTHS
from coterie.core.transfer.csv.values import is_nothing
from coterie.core.transfer.export import write

from .support import addresses, both, contacts, only


@pytest.mark.parametrize(
    "above",
    [
        'Notes:\n"A sentence, quoted."\n\n', "Notes:\nA sentence\n", "\n\n\n", "Company Ltd\nContact list\n\n",
        "sep=,\n",
        '"sep=,"\n', "Export of 1 January 2026,,\n,,\n",
    ],
)  # fmt: skip
def test_what_stands_above_the_heading(above: str) -> None:
    contact = only(f"{above}First Name,Last Name,Email\nAda,Lovelace,a@x.org\n")
    assert (contact.name, addresses(contact)) == ("Ada Lovelace", ["a@x.org"])


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(delimiter: str) -> None:
    text = "First Name,Last Name,Email,Notes\nA,B,a@x.org,n\n".replace(",", delimiter)
    assert recognize(text.encode()).delimiter == delimiter
    assert only(text).notes == "n"


def test_the_delimiter_that_excel_names() -> None:
    assert only('sep=;\r\nName;E-Mail\r\n"A, B";a@x.org\r\n').name == "A, B"


def test_headings_that_hold_the_other_delimiter() -> None:
    text = '"Voornaam";"Achternaam";"Werkadres, plaats";"E-mailadres"\n"A";"B";"Gent, België";"a@x.be"\n'
    assert only(text).addresses[0].city == "Gent, België"


def test_rows_in_another_delimiter_than_the_heading() -> None:
    assert [contact.name for contact in contacts("Name;Email;Phone\nA;a@x.org;1\nB,b@x.org,2\n")] == ["A", "B"]
    assert addresses(only("Name,Email,Phone\nA;a@x.org;12345678\n")) == ["a@x.org"]


def test_blanks_and_tabs_around_cells() -> None:
    assert only('Name, Email\n\tA B\t, "a@x.org" \n').name == "A B"
    assert addresses(only('Name, Email\n\tA B\t, "a@x.org" \n')) == ["a@x.org"]


def test_short_long_blank_and_comma_only_rows() -> None:
    found = contacts("Email,Name,Note\na@x.org\n\n,,\nb@x.org,B,n,,,\n\t\n")
    assert [(addresses(one), one.name) for one in found] == [(["a@x.org"], ""), (["b@x.org"], "B")]


def test_a_total_and_a_footnote_are_listed() -> None:
    found, rejects = both('Ltd\n\nCustomer,Phone,Email\nA,1234567,\nTOTAL,,\n\n"Thursday, March 14, 2024 09:14 AM"\n')
    assert [contact.name for contact in found] == ["A"]
    assert [(reject.row, reject.text) for reject in rejects] == [
        (5, "TOTAL,,"),
        (7, '"Thursday, March 14, 2024 09:14 AM"'),
    ]


def test_a_row_that_is_nobody_is_listed_with_its_line_reason_and_text() -> None:
    found, rejects = both('Name,Email,City\n"A\nB",a@x.org,\n,,Paris\n,nobody,\n')
    assert [contact.name for contact in found] == ["A B"]
    assert [(reject.row, reject.text) for reject in rejects] == [(4, ",,Paris"), (5, ",nobody,")]
    assert "no name, e-mail address, company or phone" in rejects[0].reason
    assert "“nobody” is not an e-mail address" in rejects[1].reason


@pytest.mark.parametrize("row", ["Acme,,,", ",+44 20 7946 0100,,", ",,a@x.org,", ",,,Ada"])
def test_a_company_a_number_an_address_or_a_name_is_enough(row: str) -> None:
    assert only(f"Company,Phone,Email,Name\n{row}\n")


def test_sections_of_a_meeting_report() -> None:
    text = (
        "1. Summary\nMeeting title\tSync\nStart time\t1/1/26\n\n2. Participants\nName\tFirst Join\tEmail\tRole\n"
        "Ada\t10:00\ta@x.org\tOrganizer\nBob\t10:01\t\tAttendee\n\n"
        "3. In-Meeting Activities\nName\tJoin Time\tLeave Time\tEmail\n"
        "Ada\t10:00\t11:00\ta@x.org\n"
    )
    assert [contact.name for contact in contacts(text.encode("utf-16"))] == ["Ada", "Bob"]
    assert any("left out" in note for note in recognize(text.encode()).notes)


def test_a_host_above_the_participants_is_not_imported() -> None:
    text = (
        "Meeting ID,Topic,User Email,Participants\n9,Weekly,host@x.org,2\n\nName (Original Name),User Email,Guest\n"
        "Ada,a@x.org,No\nBob,,Yes\n"
    )
    assert [addresses(contact) for contact in contacts(text)] == [["a@x.org"], []]


def test_a_second_table_of_the_same_kind_is_read_too() -> None:
    text = "Panelists\nName,Email,Seat\nAda,a@x.org,1\n\nAttendees\nEmail,Name,Desk\nb@x.org,Bob,2\n"
    assert [(contact.name, addresses(contact)) for contact in contacts(text)] == [
        ("Ada", ["a@x.org"]),
        ("Bob", ["b@x.org"]),
    ]


def test_rows_of_one_column_are_no_headings_whatever_they_are_called() -> None:
    names = ["Person 0", "Person 1", "Ada", "Company", "Contact 7"]
    assert [one.name for one in contacts("\n".join(["Name", *names]))] == names


def test_a_table_of_one_column_ends_at_the_blank_row_before_the_next() -> None:
    assert [addresses(one) for one in contacts("E-mail\na@x.org\nb@x.org\n\nName\nAda\nBob\n")] == [
        ["a@x.org"],
        ["b@x.org"],
    ]


def test_joined_files_repeat_their_heading() -> None:
    assert [one.name for one in contacts("Name,Email\nA,a@x.org\nName,Email\nB,b@x.org\n")] == ["A", "B"]


def test_tables_without_headings() -> None:
    found = contacts("John Smith,j@x.org,555-123-4567\nJane Doe,d@x.org,\n")
    assert [(one.name, addresses(one), one.phone) for one in found] == [
        ("John Smith", ["j@x.org"], "555-123-4567"),
        ("Jane Doe", ["d@x.org"], ""),
    ]
    found = contacts("Ana Silva;+351 912 345 678\nRui Costa;+351 913 345 678\n")
    assert [(one.name, one.phone) for one in found] == [
        ("Ana Silva", "+351 912 345 678"),
        ("Rui Costa", "+351 913 345 678"),
    ]
    found = contacts("ada@x.org;Ada;Lovelace\nbob@x.org;Bob;Noyce\n")
    assert [one.name for one in found] == ["Ada Lovelace", "Bob Noyce"]
    assert [addresses(one) for one in contacts("a@x.org\nb@x.org\n")] == [["a@x.org"], ["b@x.org"]]


def test_addresses_copied_from_a_message_are_as_many_people() -> None:
    found = contacts('"Smith, John" <j@x.org>, Jane Doe <d@x.org>, e@x.org\n')
    assert [(one.name, one.email) for one in found] == [
        ("John Smith", "j@x.org"),
        ("Jane Doe", "d@x.org"),
        ("", "e@x.org"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Now, is the time for all good men.\nNow is the time, for all.\n",
        "Dear all,\nwrite to me at a@x.org, please.\nYours\n",
        "colour,weight\nred,3\n", "Paris,2024-01-01\nRome,2024-01-02\n", "a,b,c\n1,2,3\n",
    ],
)  # fmt: skip
def test_what_holds_no_contacts_is_refused(text: str) -> None:
    with pytest.raises(UnreadableFile, match="No e-mail or name column was found"):
        recognize(text.encode())


@pytest.mark.parametrize(
    ("heading", "layout"),
    [
        ("First Name,Last Name,Labels,E-mail 1 - Value", "Google Contacts"),
        ("Name,Given Name,Group Membership,E-mail 1 - Type,E-mail 1 - Value", "Google Contacts (classic)"),
        ("First Name,Last Name,URL,Email Address,Company,Position,Connected On", "LinkedIn"),
        ("Email Address,First Name,Last Name,MEMBER_RATING,LEID,EUID", "Mailchimp"),
        ("First Name,Last Name,Display Name,Primary Email", "Thunderbird"),
        ("Vorname;Nachname;E-Mail-Adresse;E-Mail: Angezeigter Name", "Outlook (German)"),
        ("Nombre,Correo,Telefono", "Plain table (Spanish)"),
    ],
)
def test_layouts_have_names(heading: str, layout: str) -> None:
    delimiter = ";" if ";" in heading else ","
    row = delimiter.join("a@x.org" if "ail" in cell or "Corr" in cell else "A" for cell in heading.split(delimiter))
    assert recognize(f"{heading}\n{row}\n".encode()).layout == layout


CELLS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12).filter(
    lambda text: (
        text.strip("\"'") == text
        and "@" not in text
        and not is_nothing(text)
        and text.casefold() not in TRUTHS  # a column of these is no name, whatever it is called
    )
)


@given(
    st.lists(st.tuples(CELLS, CELLS, st.integers(0, 10**9)), min_size=1, max_size=6),
    st.sampled_from(",;\t|"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]),
)
def test_a_table_of_contacts_is_read_back(rows: list[tuple[str, str, int]], delimiter: str, encoding: str) -> None:
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=delimiter)
    writer.writerow(["First name", "Notes", "E-mail"])
    writer.writerows([given, notes, f"n{number}@x.org"] for given, notes, number in rows)
    found = contacts(written.getvalue().encode(encoding))
    assert [(one.given_name, one.notes, one.email) for one in found] == [
        (given, notes, f"n{number}@x.org") for given, notes, number in rows
    ]


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("Name,Email,Notes\n")
        file.writelines(f"Person {place},p{place}@x.org,{'n' * 400}\n" for place in range(30_000))
    recognition = recognize(path)
    tracemalloc.start()
    count = sum(1 for _ in read(path, recognition))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 30_000
    assert peak < 4_000_000


@pytest.mark.parametrize(
    "heading",
    [
        "Name,Notes,E-mail,Label,Phone,Street",
        "First Name,Organization Name,E-mail 1 - Value,Labels,Phone 1 - Value,Notes",
    ],
)
def test_a_row_of_words_below_a_row_of_one_cell_begins_no_table(heading: str) -> None:
    rows = "Ada,,a@x.org,home,1234567,\n,,b@x.org,,,\nName,Company,,work,Phone,City\nDi,,d@x.org,,,\n"
    found, rejects = both(f"{heading}\n{rows}")
    assert rejects == []
    assert [one.name for one in found] == ["Ada", "", "Name", "Di"]


async def test_no_second_table_is_looked_for_in_what_we_wrote() -> None:
    people = [Contact(name="Title"), Contact(name="Name", company="Company", job_title="Title"), Contact(name="Di")]
    file = io.StringIO()
    await write("csv", people, file)
    found, rejects = both(file.getvalue())
    assert rejects == []
    assert [one.name for one in found] == ["Title", "Name", "Di"]
