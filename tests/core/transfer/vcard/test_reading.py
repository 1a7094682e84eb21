"""vCards as programs really write them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coterie.core.errors import CoterieError, UnreadableFile
from coterie.core.model import Address, Contact, Email, Phone, Url
from coterie.core.transfer.reject import Reject
from coterie.core.transfer.vcard import parse_card, read


def people(text: str | bytes, encoding: str | None = None) -> list[Contact | Reject]:
    return list(read(text.encode() if isinstance(text, str) else text, encoding))


def person(*lines: str, begin: str = "BEGIN:VCARD", end: str = "END:VCARD") -> Contact:
    [found] = people("\n".join([begin, *lines, end, ""]))
    assert isinstance(found, Contact)
    return found


def names(found: list[Contact | Reject]) -> list[str]:
    return [one.name if isinstance(one, Contact) else one.reason for one in found]


# Where cards begin and end


def test_letter_case_and_blanks_of_begin_and_end_do_not_count() -> None:
    assert person("fn:Ada", begin="Begin:vCard ", end="end : VCARD").name == "Ada"


def test_text_around_the_cards_is_passed_over() -> None:
    text = "Dear all,\nhere they are: see below\n\nBEGIN:VCARD\nFN:Ada\nEND:VCARD\n\n-- \nsent by mail\n"
    text += "BEGIN:VCARD\nFN:Bob\nEND:VCARD\n"
    assert names(people(text)) == ["Ada", "Bob"]


def test_cards_without_an_end_are_still_cards() -> None:
    text = "BEGIN:VCARD\nFN:Ada\nBEGIN:VCARD\nFN:Bob\nEND:VCARD\nBEGIN:VCARD\nFN:Cyd\n"
    assert sorted(names(people(text))) == ["Ada", "Bob", "Cyd"]


def test_no_card_ends_at_all() -> None:
    text = "".join(f"BEGIN:VCARD\nFN:P{number}\n" for number in range(50))
    assert sorted(names(people(text))) == sorted(f"P{number}" for number in range(50))


def test_a_nested_card_is_somebody_of_their_own_and_the_outer_one_goes_on() -> None:
    text = "BEGIN:VCARD\nFN:Ada\nBEGIN:VCARD\nFN:Bob\nEND:VCARD\nEMAIL:ada@example.org\nEND:VCARD\n"
    found = {one.name: one for one in people(text) if isinstance(one, Contact)}
    assert found["Ada"].email == "ada@example.org"
    assert found["Bob"].emails == ()


def test_an_agent_in_one_value_is_not_the_contact() -> None:
    ada = person("FN:Ada", r"AGENT:BEGIN:VCARD\nFN:Bob\nTEL:1\nEMAIL\;TYPE=WORK:bob@example.org\nEND:VCARD\n")
    assert ada == Contact(name="Ada", custom={"Agent": "Bob"})


@pytest.mark.parametrize("agent", ["AGENT:\nBEGIN:VCARD", "AGENT:BEGIN:VCARD", "AGENT;X=1:\n\nBEGIN:VCARD"])
def test_an_agent_is_not_the_contact(agent: str) -> None:
    agent = f"{agent}\nFN:Bob\nTEL:1\nEND:VCARD"
    text = f"BEGIN:VCARD\nFN:Ada\n{agent}\nEMAIL:ada@example.org\nEND:VCARD\nBEGIN:VCARD\nFN:Cyd\nEND:VCARD"
    ada, cyd = people(text)
    assert isinstance(ada, Contact)
    assert (ada.name, ada.email, ada.phones, ada.custom) == ("Ada", "ada@example.org", (), {"Agent": "Bob"})
    assert names([cyd]) == ["Cyd"]


def test_a_card_without_a_beginning_is_listed_with_its_text() -> None:
    text = "VERSION:3.0\nFN:Ada\nEND:VCARD\nBEGIN:VCARD\nFN:Bob\nEND:VCARD\n"
    lost, bob = people(text)
    assert lost == Reject(
        1, "The card has no beginning: the line BEGIN:VCARD is missing.", "VERSION:3.0\nFN:Ada\nEND:VCARD"
    )
    assert names([bob]) == ["Bob"]


def test_a_second_end_means_nothing() -> None:
    assert names(people("BEGIN:VCARD\nFN:Ada\nEND:VCARD\nEND:VCARD\n")) == ["Ada"]


def test_a_card_that_names_nobody_is_listed_with_its_line() -> None:
    found = people("BEGIN:VCARD\nFN:Ada\nEND:VCARD\n\nBEGIN:VCARD\nNOTE:nobody\nEND:VCARD\n")
    assert isinstance(found[1], Reject)
    assert (found[1].row, found[1].text) == (5, "BEGIN:VCARD\nNOTE:nobody\nEND:VCARD")


def test_lines_end_in_every_way() -> None:
    card = (
        "BEGIN:VCARD\nVERSION:3.0\nFN:Ada Love\n lace\nEMAIL:ada@example.org\nEND:VCARD\nBEGIN:VCARD\nFN:Bob\nEND:VCARD"
    )
    for end in ("\n", "\r\n", "\r\r\n", "\r"):
        found = people(card.replace("\n", end))
        assert names(found) == ["Ada Lovelace", "Bob"], repr(end)


def test_a_lone_carriage_return_inside_a_value_is_a_blank() -> None:
    assert person("FN:Ada\rLovelace").name == "Ada Lovelace"


# Lines and values


def test_folded_lines_are_joined_wherever_they_were_cut() -> None:
    assert person("FN:Ada", "EMA", " IL;TYPE=WO", " RK:ada@exam", "\tple.org").emails == (
        Email("ada@example.org", "work"),
    )


def test_blank_lines_and_comments_are_passed_over() -> None:
    assert person("FN:Ada", "", "# a comment", "NOTE:one", "", "  two").notes == "one two"


def test_quoted_printable_with_soft_breaks_and_without_charset() -> None:
    ada = person(
        "VERSION:2.1",
        "N;ENCODING=QUOTED-PRINTABLE:Gau=C3=9F;C=",
        "arl",
        "NOTE;QUOTED-PRINTABLE:for all=",
        " of=0D=0A=",
        "#us=3B =",
        "",
        "TEL;CELL:1",
    )
    assert ada.name == "Carl Gauß"
    assert ada.notes == "for all of\n#us;"
    assert ada.phones == (Phone("1", "mobile"),)


def test_quoted_printable_semicolons_are_text() -> None:
    ada = person("VERSION:2.1", "ORG;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:A=3BB;Caf=C3=A9")
    assert (ada.company, ada.department) == ("A;B", "Café")


@pytest.mark.parametrize(
    ("encoding", "charset", "name"),
    [
        ("cp1252", ";CHARSET=windows-1252", "John Doë"),
        ("shift_jis", ";CHARSET=SHIFT_JIS", "安藤ソロイド"),
        ("iso2022_jp", ";CHARSET=ISO-2022-JP", "安藤ロイド"),
        ("cp1252", "", "Jürgen Müller-Lüdenscheidt, Straße"),
        ("utf-16", "", "Žofie"),
        ("utf-16-le", "", "Žofie"),
        ("utf-8-sig", "", "Žofie"),
        ("utf-8", ";CHARSET=windows-1252", "Žofie"),
    ],
)
def test_encodings_are_recognized(encoding: str, charset: str, name: str) -> None:
    text = f"BEGIN:VCARD\r\nVERSION:2.1\r\nFN{charset}:{name}\r\nTEL:1\r\nEND:VCARD\r\n"
    assert names(people(text.encode(encoding))) == [name]


def test_the_user_may_know_the_encoding_better() -> None:
    text = "BEGIN:VCARD\nFN:Dvořák\nEND:VCARD\n"
    assert names(people(text.encode("cp1250"), "cp1250")) == ["Dvořák"]
    with pytest.raises(UnreadableFile, match="no encoding"):
        people(text, "klingon")


def test_text_in_base64_is_text() -> None:
    assert person("FN;ENCODING=B;CHARSET=UTF-8:R2F1w58=", "NOTE;BASE64:not base64!").name == "Gauß"


def test_escapes_and_components() -> None:
    ada = person(
        r"N:Love\;lace;Ada\, B.;King,Noel;Dr.,Prof.;",
        r"FN:Ada\, PhD",
        r"ORG:A\;B;Dept;Team;",
        r"URL:http\://example.org/a\,b",
        r"NOTE:one\ntwo\Nthree \\n C:\temp",
    )
    assert (ada.name, ada.family_name, ada.given_name) == ("Ada, PhD", "Love;lace", "Ada, B.")
    assert (ada.additional_names, ada.prefix) == ("King Noel", "Dr. Prof.")
    assert (ada.company, ada.department) == ("A;B", "Dept, Team")
    assert ada.urls == (Url("http://example.org/a,b"),)
    assert ada.notes == "one\ntwo\nthree \\n C:\\temp"


def test_a_colon_or_semicolon_in_a_quoted_parameter_is_part_of_it() -> None:
    ada = person('EMAIL;X-ID="a:b;c";TYPE="work,pref":ada@example.org')
    assert ada.emails == (Email("ada@example.org", "work", primary=True),)


def test_structured_values_may_be_short() -> None:
    ada = person("N:Lovelace;Ada", "ADR;WORK:;;Szczecin")
    assert ada.name == "Ada Lovelace"
    assert ada.addresses == (Address(street="Szczecin", label="work"),)


def test_pictures_are_left_out_and_counted() -> None:
    pictures = b"PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ\n SkZJRgAB==\n\nLOGO;BASE64:\n AAAA\n"
    reading = read(b"BEGIN:VCARD\nFN:Ada\n" + pictures + b"TITLE:Poet\nEND:VCARD\n")
    [ada] = list(reading)
    assert isinstance(ada, Contact)
    assert (ada.job_title, ada.custom) == ("Poet", {})
    assert reading.left_out == {"PHOTO": 1, "LOGO": 1}


def test_a_picture_without_folds_does_not_leak_into_other_fields() -> None:
    ada = person("PHOTO;BASE64:", "/9j/4AAQSkZJRgABAQ", "AEAYABgAAD/2wBDAA==", "", "FN:Ada", "EMAIL:ada@example.org")
    assert ada == Contact(name="Ada", emails=(Email("ada@example.org"),))


# Names


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (["FN:Joe Due", "N:Gump;Forrest;;;"], "Joe Due"),
        (["FN:", "N:Gump;Forrest;Hoge;Herr;"], "Forrest Hoge Gump"),
        (["FN:;;", "NICKNAME:Johnny,Joe", "ADR:;;Main St;;;;"], "Johnny, Joe"),
        (["ORG:Smile s.r.o.", "TEL:1"], "Smile s.r.o."),
        (["EMAIL:ada@example.org"], ""),
        (["N:安藤;太郎;;;"], "安藤太郎"),
    ],
)
def test_the_name_is_the_full_name_or_what_comes_nearest(lines: list[str], name: str) -> None:
    assert person(*lines).name == name


# Labels, addresses, numbers


def test_types_become_labels_in_all_versions() -> None:
    ada = person(
        "EMAIL;INTERNET;HOME:a@example.org",
        "EMAIL;type=INTERNET;type=WORK;type=pref:b@example.org",
        "item1.EMAIL;TYPE=INTERNET:c@example.org",
        "item1.X-ABLabel:Club",
        "ITEM2.TEL:2",
        "item2.X-ABLabel:_$!<HomePage>!$_",
        "TEL;TYPE=fax,home:3",
        'TEL;VALUE=uri;TYPE="cell,voice":tel:+420-541-000-111;ext=5',
        "TEL;WORK;VOICE:4",
    )
    assert ada.emails == (
        Email("a@example.org", "home"),
        Email("b@example.org", "work", primary=True),
        Email("c@example.org", "Club"),
    )
    assert ada.phones == (
        Phone("2", "home page"),
        Phone("3", "home fax"),
        Phone("+420-541-000-111 ext. 5", "mobile"),
        Phone("4", "work"),
    )


def test_pref_ranks_the_addresses() -> None:
    ada = person("EMAIL;PREF=2:a@example.org", "EMAIL;PREF=1:b@example.org", "EMAIL;PREF=1:c@example.org")
    assert ada.emails == (Email("b@example.org", primary=True), Email("c@example.org"), Email("a@example.org"))


def test_a_single_pref_changes_no_order() -> None:
    ada = person("EMAIL:a@example.org", "EMAIL;PREF=1:b@example.org", "TEL:1", "TEL;TYPE=pref:2")
    assert ada.emails == (Email("a@example.org"), Email("b@example.org", primary=True))
    assert ada.phones == (Phone("1"), Phone("2"))


@pytest.mark.parametrize(
    "value", ["mailto:ada@example.org", "Ada <ada@example.org>", " ada@example.org ", "ada@example.org\\n"]
)
def test_an_address_is_found_in_what_stands_for_it(value: str) -> None:
    assert person(f"EMAIL:{value}").email == "ada@example.org"


def test_what_is_no_address_is_kept_beside() -> None:
    ada = person("FN:Ada", "EMAIL:on request", "EMAIL:ADA@example.org", "EMAIL:ada@example.org")
    assert ada.emails == (Email("ADA@example.org"),)
    assert ada.custom == {"E-mail": "on request"}


def test_a_label_property_is_an_address_only_where_no_other_says_it() -> None:
    assert person("LABEL;HOME;ENCODING=QUOTED-PRINTABLE:12 Bridge St=0D=0ALondon").addresses == (
        Address(street="12 Bridge St\nLondon", label="home"),
    )
    assert person(r'ADR;LABEL="12 Bridge St\nLondon":;;;;;;').addresses == (Address(street="12 Bridge St\nLondon"),)
    assert len(person("ADR;HOME:;;12 Bridge St;London;;;", "LABEL;HOME:12 Bridge St").addresses) == 1


@pytest.mark.parametrize(
    ("line", "birthday"),
    [
        ("BDAY:19700414", "1970-04-14"),
        ("BDAY;VALUE=DATE:1970-4-14", "1970-04-14"),
        ("BDAY:1987-09-27T08:30:00-06:00", "1987-09-27"),
        ("BDAY:--0414", "--04-14"),
        ("BDAY;X-APPLE-OMIT-YEAR=1604:1604-04-14", "--04-14"),
        ("BDAY;VALUE=text:circa 1800", "circa 1800"),
        ("BDAY:0000-00-00", ""),
        ("BDAY:206-12-15", "206-12-15"),
    ],
)
def test_birthdays(line: str, birthday: str) -> None:
    assert person("FN:Ada", line).birthday == birthday


# Groups, favorites, custom fields


def test_categories_are_groups_but_not_those_of_programs() -> None:
    ada = person("FN:Ada", "CATEGORIES:My Contacts,Work,Family", r"CATEGORIES:work,Poets\, dead,starred")
    assert ada.groups == ("Family", "Poets, dead", "Work")
    assert ada.favorite


def test_cards_of_groups_put_their_members_into_the_group() -> None:
    text = (
        "BEGIN:VCARD\nVERSION:4.0\nKIND:group\nFN:Funky\nMEMBER:urn:uuid:03A0\nMEMBER:mailto:bob@example.org\nEND:VCARD\n"
        "BEGIN:VCARD\nFN:Ada\nUID:urn:uuid:03a0\nEND:VCARD\n"
        "BEGIN:VCARD\nFN:Bob\nEMAIL:Bob@example.org\nUID:4\nEND:VCARD\n"
        "BEGIN:VCARD\nFN:Cyd\nUID:5\nCATEGORIES:Old\nEND:VCARD\n"
        "BEGIN:VCARD\nN:Apple Club\nFN:Apple Club\nX-ADDRESSBOOKSERVER-KIND:group\n"
        "X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:5\nX-ADDRESSBOOKSERVER-MEMBER:urn:uuid:4\nEND:VCARD\n"
        "BEGIN:VCARD\nKIND:group\nFN:Empty\nEND:VCARD\n"
    )
    reading = read(text.encode())
    found = {one.name: one.groups for one in reading if isinstance(one, Contact)}
    assert found == {"Ada": ("Funky",), "Bob": ("Apple Club", "Funky"), "Cyd": ("Apple Club", "Old")}
    assert reading.groups == ["Funky", "Apple Club", "Empty"]


def test_properties_without_a_field_are_kept_under_readable_headings() -> None:
    ada = person(
        "FN:Ada",
        "X-PHONETIC-FIRST-NAME:Ey-da",
        "X-SPOUSE:William",
        "item1.X-ABRELATEDNAMES:Byron",
        "item1.X-ABLabel:_$!<Father>!$_",
        "ANNIVERSARY:18350708",
        "IMPP;X-SERVICE-TYPE=Skype:skype:ada",
        "X-SOCIALPROFILE;type=twitter:https://example.org/ada",
        "X-ANDROID-CUSTOM:vnd.android.cursor.item/nickname;Addie;1;;;;;;;;;;;;;",
        "ROLE:Founder",
        "ROLE:Chair",
        "TITLE:Engineer",
        "TITLE:Poet",
        "UID:42",
        "PRODID:-//x//",
        "REV:20200101T000000Z",
    )
    assert ada.nickname == "Addie"
    assert ada.job_title == "Engineer"
    assert ada.custom == {
        "Phonetic first name": "Ey-da", "Spouse": "William", "Father": "Byron", "Anniversary": "1835-07-08",
        "IM (Skype)": "skype:ada", "Social profile (Twitter)": "https://example.org/ada", "Role": "Founder\nChair",
        "Job title": "Poet", "UID": "42",
    }  # fmt: skip


# What is no vCard


@pytest.mark.parametrize(
    "data", [b"", b" \r\n\t", b"Name,E-mail\nAda,ada@example.org\n", b"\x89PNG\r\n\x1a\n" + bytes(range(256))]
)
def test_what_is_no_vcard_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(UnreadableFile) as caught:
        people(data)
    assert caught.value.title.endswith(".")


def test_a_missing_file_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="cannot be read"):
        read(tmp_path / "none.vcf")


def test_a_single_card_for_a_provider() -> None:
    assert parse_card("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada\r\nEND:VCARD\r\n").name == "Ada"
    assert parse_card("no card at all") == Contact()


_NOISE = st.lists(
    st.sampled_from(
        [
            *(
                "BEGIN:VCARD",
                "END:VCARD",
                "begin:vcard ",
                "FN:Ada",
                "N:a;b;c",
                "EMAIL;TYPE=WORK:a@example.org",
                "AGENT:",
            ),
            *(
                " fold",
                "",
                "junk",
                "NOTE;QUOTED-PRINTABLE:=C3=",
                "PHOTO;BASE64:AA",
                "ORG:x;",
                'item1.TEL;X="a:b:1',
                ":",
            ),
            *("item1.X-ABLabel:l", ";", "#c", "KIND:group", "BDAY:19700230", "TEL;;;=:;", "ADR:;", "=", "UID:", "="),
            *("X-ANDROID-CUSTOM:", "CATEGORIES:,;,", "N;CHARSET=klingon:\udce4", "AGENT:BEGIN:VCARD"),
        ]
    )
    | st.text(max_size=8),
    max_size=30,
)


@given(_NOISE, st.sampled_from(["\n", "\r\n", "\r", "\r\r\n"]))
def test_nothing_breaks_the_reader_and_every_begun_card_is_accounted_for(lines: list[str], end: str) -> None:
    data = end.join(["BEGIN:VCARD", *lines]).encode(
        "utf-8", "surrogateescape" if "\udce4" in "".join(lines) else "replace"
    )
    try:
        found = people(data)
    except CoterieError:
        return
    for one in found:
        if isinstance(one, Reject):
            assert one.row >= 1
            assert one.reason
        else:
            assert one.name or one.emails or one.phones or one.company or one.addresses


# Labels and dates of telephones


@pytest.mark.parametrize(
    ("head", "label"),
    [
        ("TEL;TYPE=iPhone", "iPhone"),
        ("TEL;type=IPHONE;type=CELL", "mobile"),
        ("TEL;X-CUSTOM(CHARSET=UTF-8,ENCODING=QUOTED-PRINTABLE,=C3=84rzte)", "Ärzte"),
        ("TEL;X-CUSTOM(Ski hut)", "Ski hut"),
    ],
)
def test_labels_that_telephones_write(head: str, label: str) -> None:
    assert person("FN:Ada", f"{head}:5550106").phones == (Phone("5550106", label),)


@pytest.mark.parametrize(
    ("line", "birthday"),
    [
        ("BDAY:02.01.1980", "1980-01-02"),
        ("BDAY:2 Jan 1980", "1980-01-02"),
        ("BDAY:02/01/1980", "02/01/1980"),
        ("BDAY;VALUE=text:02.01.1980", "02.01.1980"),
    ],
)
def test_birthdays_that_can_only_mean_one_day(line: str, birthday: str) -> None:
    assert person("FN:Ada", line).birthday == birthday


def test_what_android_and_samsung_say_in_words_of_their_own() -> None:
    android = "X-ANDROID-CUSTOM:vnd.android.cursor.item/"
    ada = person(
        "N:Lovelace;Ada",
        f"{android}relation;William;14;;;;;;;;;;;;;",
        f"{android}relation;Charles;0;Mentor;;;;;;;;;;;;",
        f"{android}contact_event;1835-07-08;1;;;;;;;;;;;;;",
        f"{android}contact_event;1843-09-01;0;Paper;;;;;;;;;;;;",
        "TEL;X-CUSTOM(Summer house):+49 30 123456",
        "TEL;X-CUSTOM(CHARSET=UTF-8,ENCODING=QUOTED-PRINTABLE,Boat):+49 30 123457",
    )
    assert [(one.value, one.label) for one in ada.relations] == [("William", "spouse"), ("Charles", "Mentor")]
    assert [(one.value, one.label) for one in ada.events] == [("1835-07-08", "anniversary"), ("1843-09-01", "Paper")]
    assert [(phone.number, phone.label) for phone in ada.phones] == [
        ("+49 30 123456", "Summer house"), ("+49 30 123457", "Boat"),
    ]  # fmt: skip
