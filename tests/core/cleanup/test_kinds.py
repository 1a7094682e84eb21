"""What each kind of clean-up proposes, and above all what it leaves alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coterie.core.cleanup import KINDS, Usual, companies, find_kind, groups
from coterie.core.cleanup.people import common_names, learn_names
from coterie.core.cleanup.phone_style import learn_styles
from coterie.core.errors import InvalidValue
from coterie.core.misread import mended
from coterie.core.model import Address, Contact, Email, Phone, RemoteRef, Url

GIVEN, FAMILY = common_names()
USUAL = Usual(date(2026, 11, 23), GIVEN, FAMILY, phones="national ")


def proposed(kind: str, contact: Contact, usual: Usual = USUAL) -> dict[str, Any] | None:
    """The attributes that would change; None if nothing is proposed."""
    proposal = KINDS[kind].propose(contact, usual)
    if proposal is None:
        return None
    assert proposal.reason
    names = Contact.__dataclass_fields__
    return {name: new for name in names if (new := getattr(proposal.after, name)) != getattr(contact, name)}


def named(name: str, given: str = "", family: str = "", **values: Any) -> Contact:
    return Contact(name=name, given_name=given, family_name=family, **values)


@pytest.mark.parametrize(
    ("name", "new"),
    [
        ("ADA KING", "Ada King"),
        ("ada king", "Ada King"),
        ("IAN MCDONALD", "Ian McDonald"),
        ("SEAN O'BRIEN", "Sean O'Brien"),
        ("jan van der berg", "Jan van der Berg"),
        ("JOSÉ NÚÑEZ", "José Núñez"),
        ("ИВАН ПЕТРОВ", "Иван Петров"),
        ("ADA KING PHD", "Ada King PhD"),
        ("MARY-JANE SMITH", "Mary-Jane Smith"),
    ],
)
def test_names_in_one_case(name: str, new: str) -> None:
    assert proposed("name-case", named(name)) == {"name": new}


def test_the_parts_of_a_name_follow() -> None:
    contact = named("ADA KING", "ADA", "KING", nickname="ADI")
    assert proposed("name-case", contact) == {"name": "Ada King", "given_name": "Ada", "family_name": "King"}


@pytest.mark.parametrize(
    "contact",
    [
        named("Ian MacDonald"),
        named("Jan van der Berg"),
        named("Ada KING", "Ada", "KING"),  # as the French write family names
        named("Ada McDonald-O'Brien"),
        named("IBM"),
        named("BBC NEWS"),
        named("NGO HQ"),
        named("IKEA"),
        named("ACME LTD"),
        named("ACME TOOLS", company="ACME TOOLS"),
        named("ada"),
        named("ada@example.org"),
        named("李明"),
        named("山田 太郎"),
        named("محمد علي"),
        named("יוסף כהן"),
        named("R2 D2"),
        named(""),
    ],
)
def test_names_that_stay_as_they_are(contact: Contact) -> None:
    assert proposed("name-case", contact) is None


@pytest.mark.parametrize(
    ("contact", "new"),
    [
        (named("Smith John", "Smith", "John"), ("John Smith", "John", "Smith")),
        (named("John Smith", "Smith", "John"), ("John Smith", "John", "Smith")),
        (named("Smith, John"), ("John Smith", "John", "Smith")),
        (named("King, Ada", "Ada", "King"), ("Ada King", "Ada", "King")),
        (named("Quux, Zorp", emails=(Email("zorp.quux@example.org"),)), ("Zorp Quux", "Zorp", "Quux")),
    ],
)
def test_reversed_names(contact: Contact, new: tuple[str, str, str]) -> None:
    proposal = KINDS["name-order"].propose(contact, USUAL)
    assert proposal is not None
    assert (proposal.after.name, proposal.after.given_name, proposal.after.family_name) == new


@pytest.mark.parametrize(
    "contact",
    [
        named("John Smith", "John", "Smith"),
        named("Taylor James", "Taylor", "James"),  # both may be either
        named("Thomas Martin", "Thomas", "Martin"),
        named("Nagy Éva", "Éva", "Nagy"),  # the family name first, as in Hungary
        named("山田 太郎", "太郎", "山田"),
        named("Quux, Zorp"),  # nobody knows
        named("Acme, Inc."),
        named("King, Jr."),
        named("Smith, Jones and Partners"),
        named("Portland, Oregon"),
        named("Smith, John", company="Smith, John"),
    ],
)
def test_names_that_are_in_order(contact: Contact) -> None:
    assert proposed("name-order", contact) is None


def test_a_book_knows_its_names() -> None:
    given, family = learn_names([("", "Zorp", f"Quux{n}") for n in "abc"] + [("", f"Blip{n}", "Norg") for n in "abc"])
    assert "zorp" in given
    assert "norg" in family
    usual = replace(USUAL, given=given, family=family)
    assert proposed("name-order", named("Norg Zorp", "Norg", "Zorp"), usual)


def test_common_names_are_only_one_of_both() -> None:
    assert not GIVEN & FAMILY
    assert not {"james", "thomas", "martin", "scott"} & (GIVEN | FAMILY)
    assert {"john", "ada"} <= GIVEN
    assert {"smith", "garcia"} <= FAMILY


@pytest.mark.parametrize(
    ("contact", "new"),
    [
        (named("Dr. Ada King", "Dr. Ada", "King"), {"prefix": "Dr.", "given_name": "Ada"}),
        (named("Mrs. King", "Mrs.", "King"), {"prefix": "Mrs.", "given_name": ""}),
        (named("Mr Price"), {"prefix": "Mr", "family_name": "Price"}),
        (named("Ada King PhD", "Ada", "King PhD"), {"family_name": "King", "suffix": "PhD"}),
        (named("Ada King Jr.", "Ada", "King Jr."), {"family_name": "King", "suffix": "Jr."}),
        (named("Dr. Ada King"), {"prefix": "Dr.", "given_name": "Ada", "family_name": "King"}),
    ],
)
def test_titles(contact: Contact, new: dict[str, str]) -> None:
    assert proposed("titles", contact) == new


@pytest.mark.parametrize(
    "contact",
    [
        named("Dr. Ada King", "Ada", "King", prefix="Dr."),
        named("Don King", "Don", "King"),
        named("Major Tom", "Major", "Tom"),
        named("Drew Barry", "Drew", "Barry"),
        named("Dr. Oetker", company="Dr. Oetker"),
        named("Mr. Price Ltd"),
        named("Mr. and Mrs. King"),
        named("Malcolm X", "Malcolm", "X"),
        named("Madonna"),
    ],
)
def test_what_is_no_title(contact: Contact) -> None:
    assert proposed("titles", contact) is None


@pytest.mark.parametrize(
    ("address", "new"),
    [
        ("ada@gmial.com", "ada@gmail.com"),
        ("ada@gmai.com", "ada@gmail.com"),
        ("ada@gmail.con", "ada@gmail.com"),
        ("ada@gmail.co", "ada@gmail.com"),
        ("ada@hotmal.com", "ada@hotmail.com"),
        ("ada@yahooo.com", "ada@yahoo.com"),
        ("ada@outlok.com", "ada@outlook.com"),
        ("ada@acme.con", "ada@acme.com"),
        ("ada..king@example.org", "ada.king@example.org"),
        ("ada@example..org", "ada@example.org"),
        ("ada.@example.org", "ada@example.org"),
        ("ada@gmail,com", "ada@gmail.com"),
    ],
)
def test_mistyped_addresses(address: str, new: str) -> None:
    contact = Contact(name="Ada", emails=(Email(address, "work", primary=True),))
    assert proposed("email-typos", contact) == {"emails": (Email(new, "work", primary=True),)}


@pytest.mark.parametrize(
    "address",
    [
        "ada@gmail.com", "ada@googlemail.com", "ada@gmx.de", "ada@gmx.net", "ada@mail.com", "ada@ymail.com",
        "ada@email.com", "ada@cloud.com", "ada@yahoo.co.uk", "ada@hotmail.fr", "ada@me.com", "ada@mail.ru",
        "ada@gail.com",        "ada@example.co", "ada@t.co", "ada@example.cm", "a..b@docomo.ne.jp",
        "ada.@ezweb.ne.jp", '"a..b"@example.org',
        "ada@[192.168.0.1]", "élan@bücher.example", "ada@gmail.example", "nobody",
    ],
)  # fmt: skip
def test_addresses_that_can_be(address: str) -> None:
    assert proposed("email-typos", Contact(name="Ada", emails=(Email(address),))) is None


def test_an_address_that_is_there_already_goes() -> None:
    contact = Contact(name="Ada", emails=(Email("ada@gmail.com"), Email("ada@gmial.com")))
    assert proposed("email-typos", contact) == {"emails": (Email("ada@gmail.com"),)}


BRITISH = (Address(country="United Kingdom"),)


def test_phones_in_one_style() -> None:
    contact = Contact(name="Ada", phones=(Phone("020 7946 0958", "home"), Phone("+44 20 7946 0959")), addresses=BRITISH)
    assert proposed("phones", contact) == {"phones": (Phone("+442079460958", "home"), Phone("+442079460959"))}
    assert proposed("phones", Contact(phones=(Phone("0044 20 7946 0958"),))) == {"phones": (Phone("+442079460958"),)}


def test_phones_that_cannot_be_judged_stay_all_of_them() -> None:
    odd = (Phone("123456"), Phone("123456", "work"), Phone("+49 MOBIL"), Phone("+49 FAX"), Phone("+1-555-321-9876"))
    contact = Contact(name="Ada", phones=(*odd, Phone("+44 20 7946 0958"), Phone("+442079460958")))
    assert proposed("phones", contact) == {"phones": (*odd, Phone("+442079460958"))}


@pytest.mark.parametrize(
    "phone", ["020 7946 0958", "110", "+1", "555 0100", "ext. 12", "ask Bob", "+44207946095812345", "+442079460958"]
)
def test_phones_that_stay(phone: str) -> None:
    assert proposed("phones", Contact(name="Ada", phones=(Phone(phone),))) is None


def test_a_book_with_one_style_is_left_alone() -> None:
    assert learn_styles(["+44 20 7946 0958", "+1 212 555 0100"]) == ""
    assert learn_styles(["+44 20 7946 0958", "+442079460958"])
    contact = Contact(name="Ada", phones=(Phone("+44 20 7946 0958"),))
    assert proposed("phones", contact, replace(USUAL, phones="")) is None


@pytest.mark.parametrize(
    ("custom", "new"),
    [
        ({"Mobile": "+49 171 1234567"}, {"phones": (Phone("+49 171 1234567", "mobile"),), "custom": {}}),
        ({"E-mail 2": "ada@example.org"}, {"emails": (Email("ada@example.org"),), "custom": {}}),
        ({"Job Title": "Programmer", "Shoe": "38"}, {"job_title": "Programmer", "custom": {"Shoe": "38"}}),
        ({"Firma": "Acme"}, {"company": "Acme", "custom": {}}),
        ({"Geburtstag": "10.12.1815"}, {"birthday": "1815-12-10", "custom": {}}),
        ({"Website": "https://example.org"}, {"urls": (Url("https://example.org"),), "custom": {}}),
        (
            {"LinkedIn": "https://example.org/in/ada"},
            {"urls": (Url("https://example.org/in/ada", "LinkedIn"),), "custom": {}},
        ),
    ],
)
def test_custom_fields_that_are_known(custom: dict[str, str], new: dict[str, Any]) -> None:
    assert proposed("custom-fields", Contact(name="Ada", custom=custom)) == new


@pytest.mark.parametrize(
    "custom",
    [
        {"Shoe": "38"},
        {"Company (2)": "Acme"},  # put aside by merging
        {"Name (2)": "Ada Lovelace"},
        {"UID": "1-2-3"},
        {"Mobile": "ask Bob"},
        {"Mobile": "2026-11-23"},
        {"Twitter": "@ada"},
        {"E-mail 2": "none"},
        {"Birthday": "in spring"},
        {"Position": "goalkeeper"},
        {"Customer ID": "4711 0815"},
    ],
)
def test_custom_fields_that_stay(custom: dict[str, str]) -> None:
    assert proposed("custom-fields", Contact(name="Ada", custom=custom)) is None


def test_a_field_that_says_something_else_is_never_overwritten() -> None:
    contact = Contact(
        name="Ada", company="Engines", birthday="1815-12-10", custom={"Firma": "Acme", "Birthday": "1.2.1980"}
    )
    assert proposed("custom-fields", contact) is None
    assert proposed("custom-fields", replace(contact, company="ACME")) == {"custom": {"Birthday": "1.2.1980"}}


def test_birthdays_in_the_future() -> None:
    assert proposed("birthdays", Contact(birthday="2068-05-01")) == {"birthday": "1968-05-01"}
    assert proposed("birthdays", Contact(birthday="2027-01-01")) == {}, "it is pointed out, and nobody can tell"
    for text in ("2026-11-23", "1968-05-01", "--05-01", "May 1", ""):
        assert proposed("birthdays", Contact(birthday=text)) is None


def test_who_has_no_address_is_pointed_out() -> None:
    assert proposed("no-email", Contact(name="Ada", phones=(Phone("1"),))) == {}
    assert proposed("no-email", Contact(name="Ada", emails=(Email("ada@example.org"),))) is None
    assert proposed("no-email", Contact(name="Ada")) is None, "that is an empty contact"


@pytest.mark.parametrize(
    "values",
    [
        {"phones": (Phone("1"),)}, {"emails": (Email("a@x.org"),)}, {"notes": "met in Rome"}, {"groups": ("Choir",)},
        {"favorite": True}, {"company": "Acme"}, {"birthday": "--05-01"}, {"custom": {"Shoe": "38"}},
        {"addresses": BRITISH}, {"urls": (Url("x"),)}, {"sources": (RemoteRef("google:a@x.org", "1"),)},
    ],
)  # fmt: skip
def test_what_is_not_empty(values: dict[str, Any]) -> None:
    assert proposed("empty", Contact(name="Ada", **values)) is None


def test_what_is_empty() -> None:
    assert proposed("empty", Contact(name="Ada", given_name="Ada", custom={"UID": "1"})) is not None


# Spellings -----------------------------------------------------------------------------------------------------------


def test_companies_that_are_one() -> None:
    counts = {"Acme Ltd": 5, "ACME LTD.": 1, "Acme Limited": 2, "Acme": 3, "Smith & Sons": 2, "Smith and Sons": 1,
              "Société Générale": 4, "Societe Generale": 1, "IBM": 3, "Ibm": 1, "Lufthansa": 6, "Lufthasna": 1,
              "Microsoft": 9, "Microsofft": 1}  # fmt: skip
    assert companies.spellings(counts, {}) == {
        "ACME LTD.": "Acme Ltd", "Acme Limited": "Acme Ltd", "Acme": "Acme Ltd", "Smith and Sons": "Smith & Sons",
        "Societe Generale": "Société Générale", "Ibm": "IBM", "Lufthasna": "Lufthansa", "Microsofft": "Microsoft",
    }  # fmt: skip


def test_of_equals_the_spelling_that_looks_best_is_offered() -> None:
    assert companies.spellings({"ENGINES": 1, "Engines": 1, "engines": 1}, {}) == {
        "ENGINES": "Engines",
        "engines": "Engines",
    }
    assert companies.spellings({'acme: ""': 1, "acme": 1}, {}) == {'acme: ""': "acme"}


@pytest.mark.parametrize(
    "counts",
    [
        {"Acme Ltd": 5, "Acme GmbH": 1},
        {"Deutsche Bank": 5, "Deutsche Bahn": 1},
        {"HP": 4, "IP": 1},
        {"Alpine": 9, "Alpina": 1},
        {"Studio 54": 9, "Studio 45": 1},
        {"Region 1": 3, "Region 2": 3},
        {"University of York": 5, "York University": 2},
        {"Metalworks": 9, "Petalworks": 1},
        {"C": 3, "C++": 1, "C#": 2},
        {"Novartis": 2, "Novatis": 2},  # nobody can tell which
    ],
)
def test_companies_that_are_different(counts: dict[str, int]) -> None:
    assert companies.spellings(counts, {}) == {}


def test_addresses_tell_companies_apart_or_together() -> None:
    counts = {"Northwind": 9, "Northwind Ltd": 2}
    assert companies.spellings(counts, {"Northwind": {"a.example"}, "Northwind Ltd": {"b.example"}}) == {}
    assert companies.spellings(counts, {}) == {"Northwind Ltd": "Northwind"}
    typo = {"Analytical Engines": 3, "Analitical Engines": 1}
    assert companies.spellings(typo, {}) == {}
    same = {name: {"engines.example"} for name in typo}
    assert companies.spellings(typo, same) == {"Analitical Engines": "Analytical Engines"}


def test_groups_that_are_one_and_those_that_are_not() -> None:
    sizes = {"Book Club": 5, "Book-club": 2, "bookclub": 1, "Café": 1, "Cafe": 4, "C": 1, "C++": 1, "C#": 2,
             "Team 1-2": 1, "Team 12": 1, "2025-26": 1, "202526": 1}  # fmt: skip
    assert groups.spellings(sizes) == {"Book-club": "Book Club", "bookclub": "Book Club", "Café": "Cafe"}


# All of them ---------------------------------------------------------------------------------------------------------

_WORDS = st.sampled_from(
    ["ADA", "ada", "Smith", "John", "Dr.", "PhD", "KING", "IBM", "van der", "李明", "O'BRIEN", "Acme Ltd", "x", ""]
)
_CONTACTS = st.builds(
    lambda name, given, family, company, email, phone, birthday, custom: Contact(
        id=1, name=name, given_name=given, family_name=family, company=company, birthday=birthday, custom=custom,
        emails=(Email(email),) if email else (), phones=(Phone(phone),) if phone else (),
    ),
    st.lists(_WORDS, max_size=3).map(" ".join), _WORDS, _WORDS, st.sampled_from(["", "Acme", "ACME Ltd"]),
    st.sampled_from(["", "ada@gmial.com", "a..b@acme.con", "ada@example.org"]),
    st.sampled_from(["", "+44 20 7946 0958", "020 7946 0958", "12"]), st.sampled_from(["", "2068-01-01", "2027-01-01"]),
    st.dictionaries(st.sampled_from(["Mobile", "Firma", "Shoe"]), st.sampled_from(["0171 1234567", "Acme", "x"])),
)  # fmt: skip


@given(_CONTACTS, st.sampled_from(sorted(KINDS)))
def test_what_is_proposed_is_proposed_once(contact: Contact, name: str) -> None:
    usual = replace(USUAL, companies={"ACME Ltd": "Acme"})
    proposal = KINDS[name].propose(contact, usual)
    if proposal is None or proposal.is_remark or name == "empty":
        return
    assert proposal.after != contact
    assert KINDS[name].propose(proposal.after, usual) is None, "what was applied is clean"
    again = KINDS[name].propose(contact, usual)
    assert again is not None
    assert again.key == proposal.key


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("JosÃ© GarcÃ­a", "José García"),
        ("JÃƒÂ¶rg MÃƒÂ¼ller", "Jörg Müller"),
        ("Oâ€™Brien", "O’Brien"),
        ("OÃ¢â‚¬â„¢Brien", "O’Brien"),
        ("MÃ“NICA", "MÓNICA"),
        ("Ã‘ANDÃš", "ÑANDÚ"),
        ("Åžahin Ã–ÄŸÃ¼t", "Şahin Öğüt"),
        ("Ð˜Ð²Ð°Ð½", "Иван"),
        ("å±±ç”°å¤ªéƒŽ", "山田太郎"),
        ("ðŸ˜€ Ann", "😀 Ann"),
        ("Jos√© M√ºller", "José Müller"),
        ("René JosÃ©", "René José"),
        ("O&#39;Brien &amp; Sons", "O'Brien & Sons"),
        ("J&ouml;rg", "Jörg"),
        ("=44=61=76=C3=AD=64", "Davíd"),
        ("Test=20Name=20Special=C4=83Character", "Test Name SpecialăCharacter"),
    ],
)
def test_text_that_was_misread(wrong: str, right: str) -> None:
    assert proposed("misread-text", named(wrong)) == {"name": right}
    contact = Contact(
        name="Ann", company=wrong, groups=("Z", wrong), notes=f"x\n{wrong}", custom={wrong: wrong},
        addresses=(Address("1 Way", wrong),), phones=(Phone("1", wrong),), urls=(Url(f"https://x.org/{wrong}"),),
    )  # fmt: skip
    proposal = KINDS["misread-text"].propose(contact, USUAL)
    assert proposal is not None
    assert proposal.after == replace(
        contact, company=right, groups=tuple(sorted(("Z", right), key=str.casefold)), notes=f"x\n{right}",
        custom={right: right}, addresses=(Address("1 Way", right),), phones=(Phone("1", right),),
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Ãngela", "ANTÃO", "MAÇÃ", "“MAÇÔ", "IRMÔ’", "‘irmã’”", "«été»’", "SÃO PAULO", "JOÃO’S", "MAÇî", "Ångström",
        "“Tatr䔓, Äš", "Ô", "2√°", "√2", "Smith & Sons", "AT&T", "a &b; c", "voilÃ  tout JosÃ©", "Å koda ÄŒech", "café",
        "a=10=20=30", "x=3D=3D", "1+1=20", "=AB=CD",
        "Иван Петров", "山田太郎", "Ελένη", "Nº 5", "Müller–Lüdenscheidt", "10 €", "½ l", "Ðorðe", "Zoë’s",
    ],
)  # fmt: skip
def test_text_that_is_right_or_lost(text: str) -> None:
    assert proposed("misread-text", Contact(name="Ann", notes=text)) is None


@given(st.text(max_size=30))
def test_what_is_misread_comes_back(text: str) -> None:
    """If anything is proposed for a text that was broken once, all of it is the text before."""
    before = mended(text)
    broken = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in before.encode())
    assert mended(broken) in {before, broken, mended(before)}


def test_custom_fields_whose_headings_would_be_one_keep_them() -> None:
    contact = Contact(custom={"CafÃ©": "1", "Café": "JosÃ©"})
    assert proposed("misread-text", contact) == {"custom": {"CafÃ©": "1", "Café": "José"}}


def test_kinds_are_found_by_their_names() -> None:
    assert find_kind("Name_Case") is KINDS["name-case"]
    with pytest.raises(InvalidValue, match="no clean-up"):
        find_kind("dust")
    assert len({kind.title for kind in KINDS.values()}) == len(KINDS)
