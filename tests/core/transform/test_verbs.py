"""What each verb does, and that it does it once if it says so."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from coterie.core.errors import InvalidValue
from coterie.core.fields import FIELDS
from coterie.core.model import Address, Contact, Email, Phone, Url
from coterie.core.text import clean_line
from coterie.core.transform.casing import titled
from coterie.core.transform.parser import parse
from coterie.core.transform.verbs import VERBS

ADA = Contact(
    id=1,
    name="ADA VAN DER BERG",
    given_name="ADA",
    family_name="VAN DER BERG",
    company="ACME LTD",
    emails=(Email("Ada@old.example", "work", primary=True), Email("ada@home.example", "home")),
    phones=(Phone("020 7946 0958", "home"), Phone("+33 1 42 68 53 00")),
    birthday="3.5.1980",
    notes="first",
    groups=("Choir",),
    custom={"Mobile": "07700 900123", "Shoe size": "38"},
    addresses=(Address(street="1 High St", city="SW1A 1AA London", country="UK"),),
    urls=(Url("http://ada.example"),),
)


def becomes(line: str, contact: Contact = ADA) -> dict[str, object]:
    after = parse(line).applied(contact)
    keys = (*FIELDS, "name")
    return {key: value for key in keys if (value := getattr(after, key)) != getattr(contact, key)}


@pytest.mark.parametrize(
    ("line", "changes"),
    [
        ("company = title(company)", {"company": "Acme Ltd"}),
        ("name = title(name)",
         {"name": "Ada van der Berg", "given_name": "Ada", "family_name": "van der Berg"}),
        ('name = "{family_name}, {given_name}"', {"name": "VAN DER BERG, ADA"}),
        ('name = replace(name, "BERG", "BURG")', {"name": "ADA VAN DER BURG", "family_name": "VAN DER BURG"}),
        ('company = "Acme"', {"company": "Acme"}),
        ('company = ""', {"company": ""}),
        ("job_title = company", {"job_title": "ACME LTD"}),
        ('company = company + ", London"', {"company": "ACME LTD, London"}),
        ("job_title = nickname", {}),
        ('nickname = nickname + "!"', {}),
        ('nickname = "{nickname}!"', {}),
        ('nickname = default(nickname, "none")', {"nickname": "none"}),
        ("nickname = default(nickname, given_name)", {"nickname": "ADA"}),
        ('company = default(company, "none")', {}),
        ("email = lower(email)",
         {"emails": (Email("ada@old.example", "work", primary=True), Email("ada@home.example", "home"))}),
        ('email = domain(email, "OLD.example", "new.example")',
         {"emails": (Email("Ada@new.example", "work", primary=True), Email("ada@home.example", "home"))}),
        ('email = lower("{given_name}@acme.example")',
         {"emails": (Email("ada@acme.example", "work", primary=True),)}),
        (r'emails = drop(emails, "@home\.example$")', {"emails": (Email("Ada@old.example", "work", primary=True),)}),
        ('emails = keep(emails, "home")', {"emails": (Email("ada@home.example", "home"),)}),
        ('emails = first(emails, "home")',
         {"emails": (Email("ada@home.example", "home", primary=True), Email("Ada@old.example", "work"))}),
        ('email = add(email, "ada@new.example")',
         {"emails": (*ADA.emails, Email("ada@new.example"))}),
        ('email = add(email, "ADA@home.example")', {}),
        ('phone = e164(phone, "GB")',
         {"phones": (Phone("+442079460958", "home"), Phone("+33142685300"))}),
        ('phone = e164(phone, "+44")', {"phones": (Phone("+442079460958", "home"), Phone("+33142685300"))}),
        ("phone = e164(phone)", {"phones": (Phone("+442079460958", "home"), Phone("+33142685300"))}),
        ('phone = national(phone, "United Kingdom")', {}),
        ('phone = label(phone, "mobile")',
         {"phones": (Phone("020 7946 0958", "mobile"), Phone("+33 1 42 68 53 00", "mobile"))}),
        (r'phone = label(phone, "Paris", "^\+33")',
         {"phones": (Phone("020 7946 0958", "home"), Phone("+33 1 42 68 53 00", "Paris"))}),
        ("phone = move(custom.Mobile)",
         {"phones": (*ADA.phones, Phone("07700 900123")), "custom": {"Shoe size": "38"}}),
        ('notes = move(custom["shoe size"])', {"notes": "first\n38", "custom": {"Mobile": "07700 900123"}}),
        ("nickname = move(custom.Nobody)", {}),
        ("birthday = date(birthday)", {"birthday": "1980-05-03"}),
        ("name = swap(name)",
         {"name": "VAN DER BERG ADA", "given_name": "VAN DER BERG", "family_name": "ADA"}),
        ('groups = add(groups, "Board")', {"groups": ("Board", "Choir")}),
        ('group = add(group, "{company}")', {"groups": ("ACME LTD", "Choir")}),
        ('groups = remove(groups, "CHOIR")', {"groups": ()}),
        ('favorite = "yes"', {"favorite": True}),
        ('custom["shoe SIZE"] = "39"', {"custom": {"Mobile": "07700 900123", "Shoe size": "39"}}),
        ("custom.Mobile = clear(custom.Mobile)", {"custom": {"Shoe size": "38"}}),
        ("addresses = postal(addresses)",
         {"addresses": (Address("1 High St", "London", postal_code="SW1A 1AA", country="UK"),)}),
        ('country = replace(country, "^UK$", "United Kingdom")',
         {"addresses": (Address("1 High St", "SW1A 1AA London", country="United Kingdom"),)}),
        ('region = "Greater London"',
         {"addresses": (Address("1 High St", "SW1A 1AA London", "Greater London", country="UK"),)}),
        ('url = replace(url, "^http:", "https:")', {"urls": (Url("https://ada.example"),)}),
        (r'company = replace(company, "(\w+) (\w+)", "\2 \1 {given_name}")', {"company": "LTD ACME ADA"}),
        (r'company = replace(company, "\p{Lu}{4}", "x")', {"company": "x LTD"}),
        ("nickname = word(name, 1)", {"nickname": "ADA"}),
        ("nickname = word(name, -1)", {"nickname": "BERG"}),
        (r'notes = "a \"b\" \{given_name}\n" + given_name', {"notes": 'a "b" {given_name}\nADA'}),
    ],
)  # fmt: skip
def test_what_becomes_of_a_contact(line: str, changes: dict[str, object]) -> None:
    assert becomes(line) == changes


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Address("1 High St\nLondon SW1A 1AA\nUnited Kingdom"),
         Address("1 High St", "London", postal_code="SW1A 1AA", country="United Kingdom")),
        (Address("Am Markt 3, 80331 München"), Address("Am Markt 3", "München", postal_code="80331")),
        (Address("Flat 2\n1 High St\nLondon"), Address("Flat 2\n1 High St\nLondon")),
        (Address("1 High St", "London SW1A 1AA"), Address("1 High St", "London", postal_code="SW1A 1AA")),
        (Address("1 High St", "London", postal_code="SW1"), Address("1 High St", "London", postal_code="SW1")),
    ],
)  # fmt: skip
def test_postal_gives_the_code_the_city_and_the_country_their_own_fields(before: Address, after: Address) -> None:
    contact = Contact(name="Ada", addresses=(before,))
    assert parse("addresses = postal(addresses)").applied(contact) == replace(contact, addresses=(after,))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('email = replace(email, "@home.*", "")', "“ada” would not be an e-mail address."),
        ('email = "{nickname}.{given_name}@acme.example"', "“.ADA@acme.example” would not be an e-mail address."),
        ('email = "no address"', "“no address” would not be an e-mail address."),
        ("phone = company", "“ACME LTD” would not be a phone number."),
        ('phone = e164(phone, "Atlantis")', "“Atlantis” is not a known country."),
        ('birthday = date("03/04/1980")', "“03/04/1980” can mean several days, or none."),
        ("company = move(custom.Mobile)", "Company is filled already: “ACME LTD”."),
        ('favorite = "perhaps"', "“perhaps” is neither yes nor no."),
        (r'notes = replace(company + "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "(a|aa)+\d", "")',
         "The regular expression takes too long here."),
    ],
)  # fmt: skip
def test_what_is_refused_says_why(line: str, reason: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        parse(line).applied(ADA)
    assert refused.value.title == reason


def test_parts_that_nobody_gave_are_not_guessed() -> None:
    ada = Contact(id=1, name="ADA KING")
    assert becomes("name = title(name)", ada) == {"name": "Ada King"}
    assert becomes("name = trim(name)", ada) == {}
    assert becomes("name = split(name)", ada) == {"given_name": "ADA", "family_name": "KING"}


def test_nobody_becomes_nameless() -> None:
    with pytest.raises(InvalidValue, match="It would have no name"):
        parse('name = ""').applied(Contact(id=1, name="Ada"))


@pytest.mark.parametrize(
    ("text", "key", "shown"),
    [
        ("MCDONALD", "family_name", "McDonald"),
        ("mcdonald's", "company", "McDonald's"),
        ("O'BRIEN", "family_name", "O'Brien"),
        ("o’neill", "family_name", "O’Neill"),
        ("JAN VAN DER BERG", "name", "Jan van der Berg"),
        ("VAN DER BERG", "family_name", "van der Berg"),
        ("VAN MORRISON", "name", "Van Morrison"),
        ("KIM DO", "name", "Kim Do"),
        ("jean-pierre dupont", "name", "Jean-Pierre Dupont"),
        ("J.R.R. TOLKIEN", "name", "J.R.R. Tolkien"),
        ("JOHN E SMITH III", "name", "John E Smith III"),
        ("MacDonald", "family_name", "MacDonald"),
        ("MACDONALD", "family_name", "MacDonald"),
        ("MACHADO", "family_name", "Machado"),
        ("deVries", "family_name", "deVries"),
        ("IBM", "company", "IBM"),
        ("ibm deutschland gmbh", "company", "IBM Deutschland GmbH"),
        ("KPMG LLP", "company", "KPMG LLP"),
        ("AXA Insurance", "company", "AXA Insurance"),
        ("ACME Ltd", "company", "Acme Ltd"),
        ("THE BODY SHOP", "company", "The Body Shop"),
        ("BANK OF AMERICA", "company", "Bank of America"),
        ("head of it", "job_title", "Head of IT"),
        ("JOE'S DINER", "company", "Joe's Diner"),
        ("ÉCOLE DES ÉTOILES", "company", "École des Étoiles"),
        ("ΓΙΩΡΓΟΣ ΠΑΠΑΔΟΠΟΥΛΟΣ", "name", "Γιώργος Παπαδόπουλος".replace("ώ", "ω").replace("ό", "ο")),
        ("ИВАН ПЕТРОВ", "name", "Иван Петров"),
        ("DİLEK YILMAZ", "name", "Dilek Yilmaz"),
        ("王小明", "name", "王小明"),
        ("महेश शर्मा", "name", "महेश शर्मा"),
        ("გიორგი", "name", "გიორგი"),
        ("ʻAHU ʻENA", "name", "ʻAhu ʻEna"),
        ("sw1a 1AA LONDON", "city", "sw1a 1AA London"),
        ("  two   blanks", "company", "  Two   Blanks"),
    ],
)
def test_title_knows_how_names_are_written(text: str, key: str, shown: str) -> None:
    assert titled(text, key) == shown


@given(st.text(), st.sampled_from(["name", "family_name", "company"]))
def test_title_is_done_once(text: str, key: str) -> None:
    assert titled(titled(text, key), key) == titled(text, key)


WRITTEN = ["ADA", "ada king", "a@b.example", "020 7946 0958", "3.5.1980", "A;B"]
TEXTS = st.text(max_size=12).map(clean_line) | st.sampled_from(WRITTEN)  # as they can be stored
CONTACTS = st.builds(
    Contact,
    id=st.just(1),
    name=TEXTS,
    given_name=TEXTS,
    family_name=TEXTS,
    company=st.just("Acme"),
    nickname=TEXTS,
    notes=TEXTS,
    birthday=TEXTS,
    phones=st.lists(st.builds(Phone, TEXTS, TEXTS), max_size=2).map(tuple),
    emails=st.lists(st.builds(Email, st.sampled_from(["a@b.example", "x@acme.example", "Q@old.example"]), TEXTS),
                    max_size=3, unique_by=lambda one: one.address).map(tuple),
    groups=st.just(("Choir",)),
    custom=st.just({"Mobile": "1"}),
    addresses=st.lists(st.builds(Address, TEXTS, TEXTS, country=TEXTS), max_size=2).map(tuple),
)  # fmt: skip


@pytest.mark.parametrize("name", [verb.name for verb in VERBS.values() if verb.twice])
@given(contact=CONTACTS)
@example(contact=Contact(name="0 0,0"))
def test_a_verb_that_is_done_once_changes_nothing_the_second_time(name: str, contact: Contact) -> None:
    transform = parse(VERBS[name].example)
    try:
        once = transform.applied(contact)
    except InvalidValue:
        return
    assert transform.applied(once) == once


@pytest.mark.parametrize("verb", VERBS.values(), ids=list(VERBS))
def test_every_verb_is_described_and_its_example_uses_it(verb: object) -> None:
    from coterie.core.transform.verb import Verb

    assert isinstance(verb, Verb)
    assert f"{verb.name}(" in verb.example
    assert verb.help.endswith(".")
    assert (verb.text is None) != (verb.whole is None)
    parse(verb.example)


def test_fill_down_takes_the_value_above() -> None:
    transform = parse("company = filldown(company)")
    people = [
        Contact(id=number, name="N", company=company) for number, company in enumerate(["", "A", "", "", "B", ""])
    ]
    known, last = transform.learned(people)
    assert last == "B"
    ready = transform.knowing(known)
    assert [ready.applied(one).company for one in people] == ["", "A", "A", "A", "B", "B"]
