"""vCards rebuilt from public bug reports, and a small card of our own for each of their kinds."""

from __future__ import annotations

from pathlib import Path

import pytest
import vobject

from coterie.core.book import Book
from coterie.core.model import Address, Contact, Email, Phone
from coterie.core.transfer.importing import run, stage
from coterie.core.transfer.reject import Reject
from coterie.core.transfer.vcard import parse_card, read, write_card
from tests.core.transfer.cases import CASES, answered, as_answer, case, expected, import_case

here = pytest.mark.skipif(not CASES.exists(), reason="the folder with the cases is not here")


def cards() -> list[Path]:
    return [folder for folder in answered() if (folder / "in.vcf").exists()]


def people(*lines: str) -> list[Contact | Reject]:
    """What is in a file of these lines."""
    return list(read("\r\n".join(lines).encode()))


def person(*lines: str) -> Contact:
    [found] = people("BEGIN:VCARD", *lines, "END:VCARD")
    assert isinstance(found, Contact)
    return found


def contacts_of(name: str) -> list[Contact]:
    return [one for one in read(case(name)) if isinstance(one, Contact)]


# The cases --------------------------------------------------------------------------------------------------------


@here
@pytest.mark.parametrize("folder", cards(), ids=lambda folder: folder.name)
async def test_a_case_comes_out_right(book: Book, folder: Path) -> None:
    contacts, _ = await import_case(book, folder / "in.vcf")
    assert as_answer(contacts) == expected(folder)


@here
def test_birthdays_of_all_kinds() -> None:
    assert [one.birthday for one in contacts_of("05")] == [
        "--05-09", "--04-15", "--04-14", "circa 1800", "2019-02-27", "1953-10-15", "1985-04", "1985", "1950-01-01",
        "1963-09-21", "---12", "1996-04-15",
    ]  # fmt: skip


@here
def test_labels_of_all_kinds() -> None:
    [norma] = contacts_of("09")
    assert [phone.label for phone in norma.phones] == ["work", "Jacky", "UNUSED"]
    assert norma.custom == {}
    [lee] = contacts_of("10")
    assert [phone.label for phone in lee.phones] == ["mobile", "X-Name", "school", "work", "work"]
    assert (lee.emails[0].label, lee.addresses) == ("SpecialLabel", ())
    [first] = contacts_of("25")
    assert [phone.label for phone in first.phones] == ["mobile", "home", "work"]
    assert first.email == "first@example.org"
    [xav] = contacts_of("22")
    assert (xav.phones, xav.custom) == ((Phone("009-132-70507711", "mobile"),), {"UID": "u1"})
    [test] = contacts_of("29")
    assert (test.notes, test.birthday) == ("line one\nline two", "1970-01-02")
    assert [phone.label for phone in test.phones] == ["home", "mobile"]


@here
def test_what_is_no_address_stays_visible() -> None:
    jane, sam, _, _ = contacts_of("13")
    assert (jane.custom, sam.custom) == ({"E-mail": "invalid"}, {"E-mail": "sam(at)example.org"})


@here
def test_home_made_cards_give_their_people() -> None:
    eddie, jack = contacts_of("14")
    assert (eddie.name, eddie.email) == ("Eddie", "eddie@example.org")
    assert (jack.name, [one.address for one in jack.emails]) == ("Jack Ash", ["jack@example.com", "jack2@example.com"])
    assert (jack.phones, jack.notes) == ((Phone("0972", "home"), Phone("0687", "mobile")), "some info")


@here
@pytest.mark.parametrize("version", ["4.0", "3.0"])
@pytest.mark.parametrize("name", ["17", "98", "99", "100", "101"])
def test_standard_properties_leave_as_such(name: str, version: str) -> None:
    for contact in contacts_of(name):
        card = write_card(contact, version)  # type: ignore[arg-type]
        assert parse_card(card) == contact
        assert vobject.readOne(card).fn.value == (contact.name or contact.shown_name)
        assert "X-COTERIE-FIELD" not in card.replace("X-COTERIE-FIELD:plain", "")


@here
async def test_a_file_of_groups_says_who_is_missing(book: Book) -> None:
    report = await run(book, await stage(case("03")))
    assert (report.created, report.rejected) == (3, 1)
    assert "xmpp:two@example.com, tel:+1-418-555-0101" in report.rejects[0].reason


# Where cards and lines end ----------------------------------------------------------------------------------------


def test_an_end_and_a_begin_on_one_line_are_two_cards() -> None:
    found = people(
        "BEGIN:VCARD", "FN:Ann", "END:VCARDBEGIN:VCARD", "FN:Bob", "END:VCARD BEGIN:VCARD", "FN:Cy", "END:VCARD"
    )
    assert [one.name for one in found if isinstance(one, Contact)] == ["Ann", "Bob", "Cy"]


def test_what_follows_a_soft_break_may_be_indented() -> None:
    inside = "NOTE;ENCODING=QUOTED-PRINTABLE:=D0=92=D0="
    assert person("FN:Ann", inside, " =B8=D1=81", "TEL:1").notes == "Вис"
    assert person("FN:Ann", "NOTE;ENCODING=QUOTED-PRINTABLE:for=", " all").notes == "for all"
    several = person("FN:Ann", "NOTE;ENCODING=QUOTED-PRINTABLE:ab=", " cd=", "  ef")
    assert several.notes == "abcd ef"


def test_a_soft_break_before_the_next_property_costs_nothing() -> None:
    ann = person("NOTE;ENCODING=QUOTED-PRINTABLE:caf=C3=A9=", "FN:Ann", "TEL;CELL:1")
    assert (ann.name, ann.notes, ann.phones) == ("Ann", "café", (Phone("1", "mobile"),))


# Values -----------------------------------------------------------------------------------------------------------


def test_a_wrongly_escaped_comma_parts_groups_that_exist() -> None:
    said = [r"Choir\,Chess", "Choir", "Chess", r"Choir\,Poetry", r"Choir\, Chess"]
    cards = [("BEGIN:VCARD", f"FN:P{place}", f"CATEGORIES:{one}", "END:VCARD") for place, one in enumerate(said)]
    found = [one.groups for one in people(*[line for card in cards for line in card]) if isinstance(one, Contact)]
    assert found == [("Chess", "Choir"), ("Choir",), ("Chess",), ("Choir,Poetry",), ("Choir, Chess",)]


def test_our_own_groups_with_a_comma_stay_whole() -> None:
    group = Contact(name="Ann", groups=("Choir,Chess",))
    others = [Contact(name="Bob", groups=("Choir",)), Contact(name="Cy", groups=("Chess",))]
    text = "".join(map(write_card, [group, *others]))
    assert list(read(text.encode())) == [group, *others]


def test_placeholders_are_nothing() -> None:
    ann = person("FN:Ann Ash", "ORG:N/A", "TITLE:-", "TEL:none", "TEL:1", "EMAIL:n/a", "NICKNAME:(none)")
    assert ann == Contact(name="Ann Ash", phones=(Phone("1"),))
    assert person("FN:-", "TEL:1").name == ""
    assert person("FN:Na", "TEL:1").name == "Na"


def test_pref_decides_among_several() -> None:
    ann = person(
        "FN:Wrong", "FN;PREF=1:Ann Ash", "TITLE;PREF=2:Poet", "TITLE;PREF=1:Dean", "ORG:A", "ORG;TYPE=pref:B;C"
    )
    assert (ann.name, ann.job_title, ann.company, ann.department) == ("Ann Ash", "Dean", "B", "C")
    assert ann.custom == {"Name": "Wrong", "Job title": "Poet", "Company": "A"}


def test_a_role_is_the_job_title_where_there_is_none() -> None:
    assert person("FN:Ann", "ROLE:Poet").job_title == "Poet"
    both = person("FN:Ann", "TITLE:Dean", "ROLE:Poet")
    assert (both.job_title, both.custom) == ("Dean", {"Role": "Poet"})
    assert person("FN:Ann", "TITLE:N/A", "ROLE:Poet") == Contact(name="Ann", job_title="Poet")


def test_a_role_that_became_the_job_title_is_changed_on_the_card() -> None:
    card = "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Ann\r\nROLE:Poet\r\nEND:VCARD\r\n"
    changed = write_card(Contact(name="Ann", job_title="Dean"), keep=card)
    assert parse_card(changed) == Contact(name="Ann", job_title="Dean")
    assert "ROLE:Poet" in write_card(Contact(name="Ann B", job_title="Poet"), keep=card)


def test_members_of_groups_without_a_card_of_their_own() -> None:
    group = ("BEGIN:VCARD", "KIND:group", "FN:Choir", "MEMBER:mailto:Ann@example.org", "MEMBER:mailto:bob@example.org",
             "MEMBER:urn:uuid:gone", "END:VCARD")  # fmt: skip
    empty = ("BEGIN:VCARD", "KIND:group", "FN:Empty", "END:VCARD")
    ann, bob, *missing = people("BEGIN:VCARD", "FN:Ann", "EMAIL:ann@example.org", "END:VCARD", *group, *empty)
    assert ann == Contact(name="Ann", emails=(Email("ann@example.org"),), groups=("Choir",))
    assert bob == Contact(emails=(Email("bob@example.org"),), groups=("Choir",))
    assert [one.reason for one in missing if isinstance(one, Reject)] == [
        "The group “Choir” has members that are not in the file: urn:uuid:gone.",
        "The group “Empty” has no members.",
    ]


def test_a_home_made_card_without_anybody_is_listed() -> None:
    [lost] = people("BEGIN:VCARD", "Group: friends", "Additional info:nothing", "END:VCARD")
    assert isinstance(lost, Reject)


# Standard properties ----------------------------------------------------------------------------------------------

KNOWN = {
    "Anniversary": "2009-08-08", "First met": "--02-03", "Spouse": "Tom\nTim", "Mother": "Eva",
    "Related (Godmother)": "urn:uuid:1", "Gender": "F", "Language": "fr", "Time zone": "Europe/Paris",
    "Position": "48.85, 2.35", "IM (Skype, work)": "skype:ria", "Social profile (Mastodon)": "RiaUser",
    "Hobby (high)": "reading", "Phonetic first name": "リア", "Role": "Poet", "Locker": "17",
}  # fmt: skip


def body(version: str) -> list[str]:
    card = write_card(Contact(name="Ria", job_title="Dean", custom=KNOWN), version)  # type: ignore[arg-type]
    assert parse_card(card).custom == KNOWN
    return card.replace("\r\n ", "").split("\r\n")


def test_custom_fields_in_vcard_4() -> None:
    assert body("4.0")[6:-2] == [
        "ANNIVERSARY:20090808", "item1.X-ABDATE:--0203", "item1.X-ABLabel:First met",
        "RELATED;TYPE=spouse;VALUE=text:Tom", "RELATED;TYPE=spouse;VALUE=text:Tim",
        "item2.RELATED;TYPE=parent;VALUE=text:Eva", "item2.X-ABLabel:Mother",
        "item3.RELATED:urn:uuid:1", "item3.X-ABLabel:Godmother", "GENDER:F", "LANG:fr", "TZ:Europe/Paris",
        "GEO:geo:48.85,2.35", "IMPP;TYPE=work;X-SERVICE-TYPE=Skype:skype:ria",
        "X-SOCIALPROFILE;TYPE=mastodon:RiaUser", "HOBBY;LEVEL=high:reading", "X-PHONETIC-FIRST-NAME:リア",
        "ROLE:Poet", "item4.X-COTERIE-FIELD:17", "item4.X-ABLabel:Locker",
    ]  # fmt: skip


def test_custom_fields_in_vcard_3_as_apple_and_google_write_them() -> None:
    assert body("3.0")[6:-2] == [
        "item1.X-ABDATE:2009-08-08", "item1.X-ABLabel:_$!<Anniversary>!$_",
        "item2.X-ABDATE;X-APPLE-OMIT-YEAR=1604:1604-02-03", "item2.X-ABLabel:First met",
        "item3.X-ABRELATEDNAMES:Tom", "item3.X-ABLabel:_$!<Spouse>!$_",
        "item4.X-ABRELATEDNAMES:Tim", "item4.X-ABLabel:_$!<Spouse>!$_",
        "item5.X-ABRELATEDNAMES:Eva", "item5.X-ABLabel:_$!<Mother>!$_",
        "item6.X-ABRELATEDNAMES:urn:uuid:1", "item6.X-ABLabel:Godmother", "X-GENDER:F", "LANG:fr", "TZ:Europe/Paris",
        "GEO:48.85;2.35", "IMPP;TYPE=work;X-SERVICE-TYPE=Skype:skype:ria",
        "X-SOCIALPROFILE;TYPE=mastodon:RiaUser", "HOBBY;LEVEL=high:reading", "X-PHONETIC-FIRST-NAME:リア",
        "ROLE:Poet", "item7.X-COTERIE-FIELD:17", "item7.X-ABLabel:Locker",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "custom"),
    [
        (["X-MS-ANNIVERSARY:2001-02-03"], {"Anniversary": "2001-02-03"}),
        (["ANNIVERSARY:20090808T1430-0500"], {"Anniversary": "2009-08-08T14:30-05:00"}),
        (["a.X-ABDATE:1604-02-03", "a.X-ABLabel:_$!<Other>!$_"], {"Date": "1604-02-03"}),
        (["X-EVOLUTION-SPOUSE:Tom"], {"Spouse": "Tom"}),
        (["RELATED;TYPE=friend,home;VALUE=text:A", "RELATED;TYPE=friend:urn:uuid:b"], {"Friend": "A\nurn:uuid:b"}),
        (["RELATED;TYPE=x-Pate;VALUE=text:A"], {"Related (Pate)": "A"}),
        (["SOCIALPROFILE;SERVICE-TYPE=LinkedIn:x"], {"Social profile (LinkedIn)": "x"}),
        (["GEO:48.85;2.35"], {"Position": "48.85, 2.35"}),
        (["KEY:https://example.org/a.pgp"], {"Key": "https://example.org/a.pgp"}),
        (["BIRTHPLACE:Paris", "DEATHDATE:19960415", "EXPERTISE;LEVEL=expert:Law"],
         {"Birthplace": "Paris", "Date of death": "1996-04-15", "Expertise (expert)": "Law"}),
    ],
)  # fmt: skip
def test_standard_properties_have_plain_headings(lines: list[str], custom: dict[str, str]) -> None:
    found = person("FN:Ann", *lines)
    assert found.custom == custom
    assert "X-COTERIE-FIELD" not in write_card(found) + write_card(found, "3.0")


def test_a_changed_custom_field_leaves_its_other_values_as_they_stand() -> None:
    card = (
        "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Ann\r\nRELATED;TYPE=friend;PREF=1;VALUE=text:Bob\r\nTZ:-05:00\r\n"
        "RELATED;TYPE=friend;X-A=1;VALUE=text:Cy\r\nEND:VCARD\r\n"
    )
    ann = parse_card(card)
    assert ann.custom == {"Friend": "Bob\nCy", "Time zone": "-05:00"}
    changed = Contact(name="Ann", custom={**ann.custom, "Friend": "Bob\nDi\nCy"})
    lines = write_card(changed, keep=card).split("\r\n")
    assert lines[3:7] == [
        "RELATED;TYPE=friend;PREF=1;VALUE=text:Bob", "RELATED;TYPE=friend;VALUE=text:Di", "TZ:-05:00",
        "RELATED;TYPE=friend;X-A=1;VALUE=text:Cy",
    ]  # fmt: skip


# An independent reader --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["4.0", "3.0"])
def test_another_reader_gets_every_value_as_it_was(version: str) -> None:
    hostile = 'comma, semi; back\\slash "quoted" 🙂 مرحبا\nsecond line ' + "é" * 90
    contact = Contact(
        name="Ann; Ash, Jr.", given_name="Ann;", family_name="Ash,", notes=hostile, groups=("A;B", "C, D"),
        company="X;Y", department="Z", addresses=(Address("1 Way\n2nd; line", "Town, East", label="home"),),
        custom={"Gender": hostile.split("\n", maxsplit=1)[0], "Locker": hostile},
    )  # fmt: skip
    card = write_card(contact, version)  # type: ignore[arg-type]
    assert all(len(line) <= 75 for line in card.encode().split(b"\r\n"))
    read_back = vobject.readOne(card)
    assert (read_back.fn.value, read_back.note.value, read_back.org.value) == ("Ann; Ash, Jr.", hostile, ["X;Y", "Z"])
    assert (read_back.n.value.given, read_back.n.value.family) == ("Ann;", "Ash,")
    assert read_back.contents["categories"][0].value == ["A;B", "C, D"]
    assert (read_back.adr.value.street, read_back.adr.value.city) == ("1 Way\n2nd; line", "Town, East")
