"""Files of every kind through the one way in: workbooks, LDIF, JSON, and what holds no contacts."""

from __future__ import annotations

import datetime
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import openpyxl
import pytest

from coterie.core.errors import InvalidInput, InvalidValue, NoSuchFile, UnreadableFile
from coterie.core.jsonform import json_text
from coterie.core.model import Address, Contact, Email, Phone, Url
from coterie.core.transfer.readers import HowToRead, Reader, kind_of, reader_of
from coterie.core.transfer.reject import Reject

ADA = Contact(
    name="Ada King", given_name="Ada", family_name="King", emails=(Email("ada@x.org", "home", primary=True),),
    phones=(Phone("+44 20 7946 0958", "mobile"),), company="Analytical Engines", job_title="Programmer",
    groups=("Choir",), favorite=True, notes="Two\nlines", birthday="1815-12-10",
    addresses=(Address(street="12 St James's Square", city="London", label="home"),),
    urls=(Url("https://ada.example", "blog"),), custom={"Shoe size": "37"},
)  # fmt: skip
BOB = Contact(name="'Bob =1+1", emails=(Email("bob@x.org"),))


def read(source: Path | bytes, **how: object) -> tuple[list[Contact], list[Reject]]:
    found = list(reader_of(source, HowToRead(**how)).read())  # type: ignore[arg-type]
    return [one for one in found if isinstance(one, Contact)], [one for one in found if isinstance(one, Reject)]


def contacts(source: Path | bytes, **how: object) -> list[Contact]:
    found, rejects = read(source, **how)
    assert not rejects, rejects
    return found


def table_of(reader: Reader) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    assert reader.recognition is not None
    return reader.recognition.sheet, reader.recognition.sheets, reader.recognition.notes


# Workbooks -------------------------------------------------------------------------------------------------------


def xlsx(sheets: dict[str, Sequence[Sequence[object]]], hidden: Iterable[str] = ()) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        if name in hidden:
            sheet.sheet_state = "hidden"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def ods(rows: Sequence[Sequence[str]], more: str = "") -> bytes:
    def cell(text: str) -> str:
        if text.startswith("="):
            return f'<table:table-cell office:value-type="float" office:value="{text[1:]}"/>'
        return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'

    lines = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0"?><office:document-content {names}><office:body><office:spreadsheet>'
        f'<table:table table:name="People">{lines}{more}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        parts.writestr("content.xml", content)
        parts.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    return file.getvalue()


PEOPLE = [["Name", "E-mail", "Phone"], ["Ann Ash", "ann@x.org", "030 1234567"]]


def test_a_workbook_has_what_its_cells_hold() -> None:
    seen = datetime.datetime(2026, 1, 2, 3, 4)  # noqa: DTZ001 - workbooks know no zones
    book = xlsx(
        {
            "Sheet1": [
                [], ["Our members"], [], ["Name", "E-mail", "Mobile", "Birthday", "Zip", "Paid", "Rate", "Seen"],
                ["Ann Ash", "ann@x.org", 447911123456.0, datetime.date(1980, 2, 3), "01234", True, 1.5, None],
                [None, None], ["Bob", "bob@x.org", "+49 30 1234567", None, 1234, False, 2, seen],
            ]
        }
    )  # fmt: skip
    ann, bob = contacts(book)
    assert (ann.name, ann.phones, ann.birthday) == ("Ann Ash", (Phone("447911123456", "mobile"),), "1980-02-03")
    assert (ann.addresses[0].postal_code, ann.custom) == ("01234", {"Paid": "TRUE", "Rate": "1.5"})
    assert (bob.addresses[0].postal_code, bob.custom["Seen"]) == ("1234", "2026-01-02 03:04:00")


def test_the_sheet_with_contacts_is_chosen_and_the_others_are_named() -> None:
    book = xlsx(
        {"Read me": [["How to use this"]], "Totals": [["Year", "Sum"], [2026, 12]], "People": PEOPLE, "Empty": []}
    )
    sheet, sheets, notes = table_of(reader_of(book))
    assert (sheet, sheets) == ("People", ("Read me", "Totals", "People", "Empty"))
    assert notes == ("The sheets “Read me”, “Totals”, “Empty” are left out.",)


def test_any_sheet_can_be_chosen_also_a_hidden_one() -> None:
    others = [["Name", "E-mail"], ["Cy Cedar", "cy@x.org"]]
    book = xlsx({"People": PEOPLE, "Old ones": others}, hidden=["Old ones"])
    assert [one.name for one in contacts(book)] == ["Ann Ash"]
    assert [one.name for one in contacts(book, sheet="old ones")] == ["Cy Cedar"]
    with pytest.raises(InvalidValue, match=r"no sheet “New”\. The sheets are: “People”, “Old ones”"):
        reader_of(book, HowToRead(sheet="New"))
    assert [one.name for one in contacts(xlsx({"A": [["x"]], "B": others}, hidden=["B"]))] == ["Cy Cedar"]


def test_a_column_of_a_sheet_can_be_mapped_otherwise() -> None:
    book = xlsx({"People": [["Who", "Mail"], ["Ann Ash", "ann@x.org"]]})
    assert contacts(book, mapping={"Who": "company"})[0].company == "Ann Ash"


def test_an_opendocument_sheet_is_read_too() -> None:
    (ann,) = contacts(ods([["Name", "E-mail", "Phone"], ["Ann Ash", "ann@x.org", "=447911123456"]]))
    assert (ann.name, ann.phones) == ("Ann Ash", (Phone("447911123456"),))
    empties = (
        '<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    assert [one.name for one in contacts(ods(PEOPLE, empties))] == ["Ann Ash"]


def test_rejected_rows_of_a_sheet_have_their_numbers_and_their_text() -> None:
    _, (reject,) = read(xlsx({"People": [*PEOPLE, ["", 'no "body"', ""]]}))
    assert (reject.row, reject.text) == (3, ',"no ""body""",')


def test_a_cell_far_away_is_refused_before_it_takes_all_memory() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "Name"
    book.worksheets[0]["XFD1048576"] = "x"
    file = io.BytesIO()
    book.save(file)
    with pytest.raises(UnreadableFile, match="far away"):
        reader_of(file.getvalue())
    value = '<table:table-cell table:number-columns-repeated="16384" office:value-type="string"/>'
    with pytest.raises(UnreadableFile, match="far away"):
        reader_of(ods(PEOPLE, f"<table:table-row>{value}</table:table-row>"))


def test_a_workbook_without_people_says_so() -> None:
    with pytest.raises(UnreadableFile, match="No sheet"):
        reader_of(xlsx({"Totals": [["Year", "Sum"], [2026, 12]]}))
    with pytest.raises(UnreadableFile, match="No sheet"):
        reader_of(xlsx({"Empty": []}))


# JSON --------------------------------------------------------------------------------------------------------------


def test_our_own_json_comes_back_without_loss(tmp_path: Path) -> None:
    for text in (
        json_text(ADA), f"[\n{json_text(ADA)},\n{json_text(BOB)}\n]\n", f"{json_text(ADA)}\n{json_text(BOB)}\n",
        json.dumps(json.loads(json_text(ADA)), indent=2),
    ):  # fmt: skip
        assert contacts(text.encode()) == [ADA, BOB][: 1 + text.count("bob@x.org")]
    file = tmp_path / "people.json"
    file.write_text(f"[{json_text(ADA)}]")
    assert reader_of(file).layout == "Coterie (JSON)"


def test_what_belongs_to_another_book_stays_there() -> None:
    there = json.loads(json_text(ADA)) | {
        "id": 7, "deleted_at": "2026-01-01T00:00:00Z", "deleted_by": "you",
        "sources": [{"account": "google:ada@x.org", "remote_id": "c1"}],
    }  # fmt: skip
    assert contacts(json.dumps([there]).encode()) == [ADA]


def test_an_object_that_is_no_contact_is_rejected_with_its_line() -> None:
    wrong = json.dumps({**json.loads(json_text(ADA)), "name": 7})
    found, rejects = read(f"[\n{json_text(ADA)},\n{wrong},\n{json_text(Contact())}]".encode())
    assert found == [ADA]
    assert [(one.row, one.reason.split(".")[0]) for one in rejects] == [
        (3, "“name” must be a text"),
        (4, "The object is not a contact: it has no name, e-mail address, phone number or company"),
    ]  # fmt: skip


def test_a_foreign_array_of_flat_objects_is_a_table() -> None:
    people = [
        {"firstName": "Ann", "lastName": "Ash", "email": "ann@x.org", "age": 38.0, "tags": ["choir", "board"]},
        {"firstName": "Bob", "email": None, "phone": "030 1234567", "address": {"city": "Ulm"}},
    ]
    for text in (json.dumps(people), json.dumps({"count": 2, "contacts": people}), "\n".join(map(json.dumps, people))):
        ann, bob = contacts(text.encode())
        assert (ann.name, ann.email, ann.groups, ann.custom) == (
            "Ann Ash",
            "ann@x.org",
            ("board", "choir"),
            {"age": "38"},
        )
        assert (bob.name, bob.phone, bob.addresses) == ("Bob", "030 1234567", (Address(city="Ulm"),))


def test_the_people_of_an_archive_are_found_within_it() -> None:
    """As Telegram, Facebook and interfaces with pages write them."""
    person = {"first_name": "Ann", "phone_number": "0030 1234567"}
    for value in (
        {"contacts": {"about": "Your contacts", "list": [person]}},
        {"personal": {"name": "Bob"}, "contacts": {"list": [person]}, "other_peers": {"list": []}},
        {"contacts": [person], "chats": [{"id": 1}]},
        {"data": {"people": [person], "pages": [1, 2]}},
    ):
        (ann,) = contacts(json.dumps(value).encode())
        assert (ann.name, ann.phone) == ("Ann", "0030 1234567")


@pytest.mark.parametrize("text", ["[1, 2]", '{"a": [1]}', '[["Name", "E-mail"]]', '{"a": 1}', "[]", "{}", '[{"x": 1}]'])
def test_other_json_is_refused(text: str) -> None:
    with pytest.raises(UnreadableFile):
        reader_of(text.encode())


@pytest.mark.parametrize(
    "text", ['[{"name": "Ann", "email": "ann@x.org"}', '[{"name": ', '[{"name": "Ann"}] x', "[" * 100_000]
)
def test_damaged_json_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(UnreadableFile, match=r"line 1|no list of contacts"):
        contacts(text.encode())


def test_a_table_whose_first_heading_has_brackets_is_a_table() -> None:
    assert kind_of(b"[Name],E-mail\nAnn,ann@x.org\n") == "table"


# LDIF --------------------------------------------------------------------------------------------------------------

THUNDERBIRD = """\
dn: cn=Ann Ash,mail=ann@x.org
objectclass: top
objectclass: person
objectclass: inetOrgPerson
objectclass: mozillaAbPersonAlpha
givenName: Ann
sn: Ash
cn: Ann Ash
mozillaNickname: Annie
mail: ann@x.org
mozillaSecondEmail: ann@home.example
telephoneNumber: 030 1
homePhone: 030 2
mobile: 0170 3
mozillaHomeStreet: Gasse 1
mozillaHomeLocalityName: Ulm
mozillaHomePostalCode: 89073
o: Acme
title: Cook
birthyear: 1980
birthmonth: 2
birthday: 3
mozillaCustom1: blue
description:: R3LDvMOfZQp6d2VpIFplaWxlbg==
employeeNumber: 12
userPassword: secret

dn: cn=Bob Birch,mail=bob@x.org
objectclass: person
cn: Bob
  Birch
# a comment
mail: bob@x.org

dn: cn=Choir
objectclass: top
objectclass: groupOfNames
cn: Choir
member: cn=Ann Ash, mail=ann@x.org
member: cn=Bob Birch,mail=bob@x.org
member: cn=Cy Cedar,mail=cy@x.org
"""


def test_thunderbirds_ldif_has_people_and_lists() -> None:
    ann, bob, cy = contacts(THUNDERBIRD.encode())
    assert ann == Contact(
        name="Ann Ash", given_name="Ann", family_name="Ash", nickname="Annie", company="Acme", job_title="Cook",
        emails=(Email("ann@x.org"), Email("ann@home.example")), groups=("Choir",), birthday="1980-02-03",
        phones=(Phone("030 1", "work"), Phone("030 2", "home"), Phone("0170 3", "mobile")), notes="Grüße\nzwei Zeilen",
        addresses=(Address(street="Gasse 1", city="Ulm", postal_code="89073", label="home"),),
        custom={"Custom 1": "blue", "Employee number": "12"},
    )  # fmt: skip
    assert (bob.name, bob.groups) == ("Bob Birch", ("Choir",))
    assert (cy.name, cy.email, cy.groups) == ("Cy Cedar", "cy@x.org", ("Choir",))


def test_ldif_of_a_directory_leaves_out_what_is_nobody() -> None:
    found, rejects = read(
        b"version: 1\n\ndn: dc=example,dc=org\nobjectClass: domain\ndc: example\n\n"
        b"dn: uid=ann,ou=people,dc=example,dc=org\nchangetype: add\nobjectClass: inetOrgPerson\nuid: ann\ncn: Ann Ash\n"
        b"mail: ann@x.org\njpegPhoto:: /9j/4AAQ\n\n"
        b"dn: uid=bob,dc=example,dc=org\nchangetype: modify\nreplace: mail\nmail: bob@x.org\n-\n\n"
        b"dn: cn=staff,dc=example,dc=org\nobjectClass: posixGroup\ncn: staff\nmemberUid: ann\n\n"
        b"dn: cn=empty,dc=example,dc=org\nobjectClass: groupOfNames\ncn: empty\n"
    )
    assert [(one.name, one.groups, one.custom) for one in found] == [("Ann Ash", ("staff",), {"User name": "ann"})]
    assert [(one.row, one.reason) for one in rejects] == [
        (3, "The entry has no name, e-mail address, company or phone number."),
        (15, "The entry changes a directory (modify); it is not a contact."),
        (26, "The list has no members."),
    ]


def test_ldif_of_active_directory() -> None:
    staff = (
        b"dn: CN=Ann Ash,DC=x\nobjectClass: user\ncn: Ann Ash\nc: DE\nco: Germany\nproxyAddresses: smtp:a.ash@x.org\n"
        b"proxyAddresses: X500:/o=Labs/cn=ann\nmail: ann@x.org\notherTelephone: 030 2\nwWWHomePage: https://x.org\n\n"
        b"dn: CN=Choir,DC=x\nobjectClass: group\ncn: Choir\nmember: CN=Ann Ash,DC=x\nmail: choir@x.org\n"
    )
    ann, choir = contacts(staff)
    assert [email.address for email in ann.emails] == ["ann@x.org", "a.ash@x.org"]
    assert (ann.phones, ann.urls, ann.addresses[0].country) == ((Phone("030 2"),), (Url("https://x.org"),), "Germany")
    assert (ann.groups, ann.custom) == (("Choir",), {"Further addresses": "X500:/o=Labs/cn=ann"})
    assert choir == Contact(name="Choir", emails=(Email("choir@x.org"),))


def test_ldif_of_addresses_and_labels() -> None:
    entry = b"dn: cn=Ann\ncn: Ann\nlabeledURI: https://x.org My page\npostalAddress: 1 Way $ 10\\2420 Town $ UK\n"
    [ann] = contacts(entry)
    assert ann.urls == (Url("https://x.org", "My page"),)
    assert ann.addresses == (Address("1 Way\n10$20 Town\nUK", label="work"),)


def test_what_ldif_escapes_in_names_is_one_name() -> None:
    (zoe,) = contacts(
        "dn: cn=Zoë\\, Ash,mail=z@x.org\ncn: Zoë Ash\n\n"
        "dn: cn=Choir\nobjectClass: groupOfNames\ncn: Choir\nmember: CN=Zo\\C3\\AB\\, Ash,mail=z@x.org\n".encode()
    )
    assert zoe.groups == ("Choir",)


# What holds no contacts ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (b"%PDF-1.7\n", "PDF"), (b"\x89PNG\r\n\x1a\n", "picture"), (b"\xff\xd8\xff\xe0", "picture"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"SQLite format 3\0", "SQLite"), (b"<!DOCTYPE html><html><body>Sign in", "HTML"), (b"\n<html><table>", "HTML"),
        (b"<?xml version='1.0'?><contacts/>", "XML"), (b"", "empty"), (b"\n\n", "empty"), (b"PK\x03\x04cut", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Office"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (bytes(range(1, 32)) * 50, "not text"),
    ],
)  # fmt: skip
def test_what_is_no_file_of_contacts_is_named(start: bytes, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words) as told:
        reader_of(start)
    assert told.value.hint


def test_other_archives_are_named() -> None:
    for part, words in (("word/document.xml", "Word"), ("people.csv", "zip archive"), ("xl/workbook.bin", "xlsb")):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as parts:
            parts.writestr(part, "x")
        with pytest.raises(UnreadableFile, match=words):
            reader_of(file.getvalue())
    with pytest.raises(UnreadableFile):
        reader_of(xlsx({"People": PEOPLE})[:900])


def test_a_folder_and_a_missing_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(NoSuchFile, match="is a folder"):
        reader_of(tmp_path)
    with pytest.raises(NoSuchFile, match="no such file"):
        reader_of(tmp_path / "people.csv")


def test_options_that_a_file_cannot_follow_are_refused() -> None:
    for source, how in (
        (b"Name,E-mail\nAnn,a@x.org\n", HowToRead(sheet="People")),
        (THUNDERBIRD.encode(), HowToRead(mapping={"cn": "company"})),
        (b"BEGIN:VCARD\nFN:Ann\nEND:VCARD\n", HowToRead(delimiter=";")),
    ):
        with pytest.raises(InvalidInput):
            reader_of(source, how)


def test_the_content_counts_more_than_the_ending(tmp_path: Path) -> None:
    for name, content, kind in (
        ("people.csv", xlsx({"People": PEOPLE}), "workbook"), ("people.txt", THUNDERBIRD.encode(), "ldif"),
        ("people.csv", b"BEGIN:VCARD\r\nFN:Ann\r\nEND:VCARD", "vcard"),
        ("people.xlsx", b"Name,E-mail\nAnn,a@x.org", "table"),
        ("people.csv", b'[{"name": "Ann"}]', "json"),
    ):  # fmt: skip
        file = tmp_path / name
        file.write_bytes(content)
        assert kind_of(file) == kind


def test_objects_in_lists_are_values_with_their_labels() -> None:
    people = {
        "connections": [
            {
                "resourceName": "people/c1",
                "names": [
                    {"metadata": {"primary": True}, "displayName": "Ann Lee", "givenName": "Ann", "familyName": "Lee"}
                ],
                "emailAddresses": [{"value": "a@x.org", "type": "home"}, {"value": "b@x.org", "type": "home"}],
                "phoneNumbers": [{"value": "+1 555 010 0001", "type": "mobile", "formattedType": "Mobile"}],
                "organizations": [{"name": "Acme", "title": "Boss"}],
            }
        ]
    }
    [ann] = contacts(json.dumps(people).encode())
    assert (ann.name, ann.given_name, ann.family_name) == ("Ann Lee", "Ann", "Lee")
    assert [(email.address, email.label) for email in ann.emails] == [("a@x.org", "home"), ("b@x.org", "home")]
    assert ann.phones == (Phone("+1 555 010 0001", "mobile"),)
    assert (ann.company, ann.job_title, ann.custom) == ("Acme", "Boss", {"resourceName": "people/c1"})


# Other cards ------------------------------------------------------------------------------------------------------

SIMON: list[object] = [
    "vcard",
    [
        ["version", {}, "text", "4.0"], ["fn", {}, "text", "Simon, P."],
        ["n", {}, "text", ["Perreault", "Simon", "", "", ["ing. jr", "M.Sc."]]],
        ["bday", {}, "date-and-or-time", "--02-03"], ["org", {"type": "work"}, "text", ["Viagenie", "R;D"]],
        ["tel", {"type": ["work", "voice"], "pref": "1"}, "uri", "tel:+1-418-656-9254;ext=102"],
        ["email", {"group": "a"}, "text", "simon@example.org"], ["x-ablabel", {"group": "a"}, "text", "Club"],
        ["categories", {}, "text", "computers", "cameras"], ["note", {}, "text", "one\ntwo"],
        ["x-odd"], "nothing",
    ],
]  # fmt: skip


def test_a_jcard_says_what_its_vcard_says() -> None:
    expected = Contact(
        name="Simon, P.", given_name="Simon", family_name="Perreault", suffix="ing. jr M.Sc.", birthday="--02-03",
        company="Viagenie", department="R;D", phones=(Phone("+1-418-656-9254 ext. 102", "work"),),
        emails=(Email("simon@example.org", "Club"),), groups=("cameras", "computers"), notes="one\ntwo",
    )  # fmt: skip
    alone = json.dumps(SIMON).encode()
    assert reader_of(alone).layout == "jCard"
    assert contacts(alone) == [expected]
    assert contacts(json.dumps([SIMON, SIMON], indent=1).encode()) == [expected, expected]
    assert contacts(json.dumps({"objectClassName": "entity", "vcardArray": SIMON}).encode()) == [expected]


def test_a_jcard_of_nobody_is_listed_with_its_line() -> None:
    found, [reject] = read(b'[["vcard", [["fn", {}, "text", "Ann"]]],\n["vcard", [["note", {}, "text", "hi"]]]]')
    assert [one.name for one in found] == ["Ann"]
    assert reject.row == 2


def test_mecards_of_qr_codes() -> None:
    text = (
        "MECARD:N:Owen,Sean;SOUND:オーウェン,ショーン;TEL:12125551212;EMAIL:s@example.org;BDAY:19800102;NOTE:a\\;b\\,c;"
        "ADR:,,76 9th Avenue,New York,NY,10011,USA;NICKNAME:Se;URL:http\\://x.example;;\n\n"
        "mecard:N:鈴木一郎;MEMO:hi;ADR:Weg 1, Berlin;;\nwhatever\nMECARD:NOTE:nobody;;\n"
    )
    found, rejects = read(text.encode())
    assert found == [
        Contact(
            name="Sean Owen", given_name="Sean", family_name="Owen", nickname="Se", phones=(Phone("12125551212"),),
            emails=(Email("s@example.org"),), birthday="1980-01-02", notes="a;b,c", urls=(Url("http://x.example"),),
            addresses=(Address("76 9th Avenue", "New York", "NY", "10011", "USA"),),
            custom={"Phonetic last name": "オーウェン", "Phonetic first name": "ショーン"},
        ),
        Contact(name="鈴木一郎", notes="hi", addresses=(Address("Weg 1, Berlin"),)),
    ]  # fmt: skip
    assert [reject.row for reject in rejects] == [5, 4]
    assert kind_of(text.encode()) == "mecard"


def test_a_card_in_a_cell_makes_no_card_of_a_table() -> None:
    table = b'Name,E-mail,Notes\nAnn,ann@x.org,"scanned:\nBEGIN:VCARD\nFN:Bob\nEND:VCARD"\n'
    assert kind_of(table) == "table"
    [ann] = contacts(table)
    assert (ann.name, ann.notes) == ("Ann", "scanned:\nBEGIN:VCARD\nFN:Bob\nEND:VCARD")
    assert kind_of(b'X: "y"\r\n\r\n begin : vcard\r\nFN:Ann\r\nEND:VCARD') == "vcard"


def test_a_text_of_labelled_lines() -> None:
    text = (
        "Name: Ann Ash\nEmail: ann@x.org\n  ann2@x.org\nMobile: 0170 1234567\nNickname:\n"
        "Address: 1 Way\n  123 Town\n\n\nPhone: 030 1\nCompany: Acme\n\nwhat\n\nNotes: nobody\n"
    )
    found, rejects = read(text.encode())
    assert found == [
        Contact(
            name="Ann Ash", emails=(Email("ann@x.org"), Email("ann2@x.org")), phones=(Phone("0170 1234567", "mobile"),),
            addresses=(Address("1 Way\n123 Town"),),
        ),
        Contact(company="Acme", phones=(Phone("030 1"),)),
    ]  # fmt: skip
    assert [(reject.row, reject.reason) for reject in rejects] == [
        (13, "“what” has no label."),
        (15, "The block of lines has no name, e-mail address, company or phone number."),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Name: x,E-mail\nAnn,ann@x.org\n",
        "Name\nAnn: a\n",
        "To: ann@x.org\nCc: bob@x.org\n",
        "Name: Ann\nName: Bob\n",
        "Subject: Hi\nDate: today\n",
    ],
)
def test_other_texts_with_colons_are_no_labelled_lines(text: str) -> None:
    assert kind_of(text.encode()) == "table"
