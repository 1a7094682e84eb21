"""Who is one with whom: the rule by its examples, and what holds whatever the names are."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from coterie.core.duplicates import compare, key_of
from coterie.core.identity import Tie, names_agree, number_id, tie_between, uid_key
from coterie.core.model import Contact, Email, Phone
from coterie.core.text import phone_key

MAILBOX = (Email("shared@example.org"),)


def named(name: str, **values: object) -> Contact:
    return Contact(name=name, emails=MAILBOX, **values)  # type: ignore[arg-type]


ONE = [
    ("Ada King", "ada  KING"),
    ("José García", "Jose Garcia"),
    ("Jürgen Müller", "Juergen Mueller"),
    ("Ada King", "King, Ada"),
    ("Ada King", "King Ada"),
    ("Ada", "Ada King"),
    ("King", "Ada King"),
    ("A. King", "Ada King"),
    ("AK", "Ada King"),
    ("J.R.R. Tolkien", "John Ronald Reuel Tolkien"),
    ("J. Edgar Hoover", "Edgar Hoover"),
    ("Ada King", "Ada Augusta King"),
    ("John A. Smith", "John Adam Smith"),
    ("King, Ada A.", "Ada King"),
    ("Dr. Ada King", "Ada King, PhD"),
    ("Mrs Ada King", "Ada King"),
    ("Peter de Vries", "Peter Vries"),
    ("Hans Müller", "Hans-Peter Müller"),
    ("Hans Peter Müller", "Hans-Peter Müller"),
    ("Pat O'Neil", "Pat ONeil"),
    ("Robert “Bob” Smith", "Robert Smith"),
    ("Gabriel García Márquez", "Gabriel García"),
    ("Ada Lovelace", "Ada King"),  # the family name after marriage
    ("山田 太郎", "山田太郎"),
    ("Acme", "Acme Ltd"),
    ("", "Ada King"),
    ("shared@example.org", "Ada King"),
    ("shared", "Ada King"),  # what stands before the @ is no name
]
TWO = [
    ("John Smith", "Mary Smith"),
    ("Info Desk", "Paul Desk"),
    ("John", "Mary"),
    ("J. Smith", "Mary Smith"),
    ("J. Smith", "John King"),
    ("Daniel Smith", "Daniela Smith"),
    ("John A. Smith", "John B. Smith"),
    ("Mr Smith", "Mrs Smith"),
    ("Mrs Smith", "John Smith"),
    ("John Smith Jr.", "John Smith Sr."),
    ("John Smith Jr.", "John Smith"),
    ("John & Mary Smith", "John Smith"),
    ("Acme Ltd", "Beta GmbH"),
    ("Acme Ltd", "Paul Desk"),
]


@pytest.mark.parametrize(("some", "other"), ONE)
def test_forms_of_one_name_agree(some: str, other: str) -> None:
    assert names_agree(named(some), named(other))
    assert names_agree(named(other), named(some))
    assert tie_between(named(some), named(other)) is Tie.ADDRESS


@pytest.mark.parametrize(("some", "other"), TWO)
def test_different_people_with_one_address_stay_two_and_are_suggested(some: str, other: str) -> None:
    one, two = named(some, id=1), named(other, id=2)
    assert tie_between(one, two) is None
    assert tie_between(two, one) is None
    pair = compare(key_of(one), key_of(two))
    assert pair is not None
    assert pair.score < 100


def test_parts_nicknames_and_companies_count_as_names() -> None:
    robert = Contact(name="Robert Smith", given_name="Robert", family_name="Smith", nickname="Bob")
    assert names_agree(robert, Contact(name="Bob Smith"))
    assert names_agree(robert, Contact(name="Bob"))
    assert not names_agree(robert, Contact(name="Rob Smith"))
    assert names_agree(Contact(name="axel", family_name="gert"), Contact(name="Gert, Axel"))
    assert not names_agree(Contact(company="Acme Ltd"), Contact(company="Beta GmbH"))
    assert names_agree(Contact(company="Acme Ltd"), Contact(name="Acme", company="Acme"))
    assert names_agree(Contact(company="Acme Ltd"), Contact(name="Paul Desk"))
    assert not names_agree(Contact(name="Smith", prefix="Mr"), Contact(name="Smith", prefix="Mrs"))
    assert not names_agree(Contact(name="Jo Fox", suffix="Jr."), Contact(name="Jo Fox"))


def test_a_contact_is_everybody_who_joined_it() -> None:
    john = Contact(name="J. Smith", custom={"Name (2)": "John Smith"})
    assert names_agree(john, Contact(name="John Smith"))
    assert not names_agree(john, Contact(name="Jane Smith"))


def test_the_same_uid_is_one_whatever_else_changed() -> None:
    card = Contact(name="Ada Lovelace", custom={"UID": "urn:uuid:4FBE-1"}, emails=(Email("ada@old.example"),))
    again = Contact(name="Countess", custom={"UID": "4fbe-1"}, emails=(Email("ada@new.example"),))
    assert tie_between(again, card) is Tie.UID
    assert tie_between(again, card, trust_uid=False) is None
    assert tie_between(Contact(name="A", custom={"UID": "0"}), Contact(name="B", custom={"UID": "0"})) is None
    assert uid_key(" URN:UUID:AB ") == "ab"


@pytest.mark.parametrize(
    ("some", "other", "is_one"),
    [
        ("+44 20 7946 0958", "020 7946 0958", True),
        ("0111", "0111", True),
        ("0111", "0222", False),
        ("0333", "+44 333", False),
        ("0", "0", False),  # no number of anybody's
        ("12", "12", False),
    ],
)  # fmt: skip
def test_the_same_name_and_number_are_one(some: str, other: str, is_one: bool) -> None:
    ada, again = Contact(name="Ada", phones=(Phone(some),)), Contact(name="ADA", phones=(Phone(other),))
    assert (tie_between(ada, again) is Tie.NUMBER) == is_one
    assert tie_between(ada, Contact(name="Bob", phones=(Phone(other),))) is None
    assert (number_id(phone_key(some)) == number_id(phone_key(other)) != "") == is_one


_NAMES = st.sampled_from(sorted({name for pair in (*ONE, *TWO) for name in pair}))
_TEXTS = st.text("adk ,.&()\"'öÖ@-1JrS山", max_size=12)
_CONTACTS = st.builds(
    Contact, name=_NAMES | _TEXTS, given_name=st.just("") | _TEXTS, family_name=st.just("") | _TEXTS,
    prefix=st.sampled_from(["", "Mr", "Mrs", "Dr"]), suffix=st.sampled_from(["", "Jr.", "PhD"]),
    nickname=st.just("") | _TEXTS, company=st.sampled_from(["", "Acme", "Acme Ltd"]), emails=st.just(MAILBOX),
    custom=st.just({}) | st.builds(lambda name: {"Name (2)": name}, _NAMES),
)  # fmt: skip


@given(_CONTACTS, _CONTACTS)
@example(Contact(name="A. King", emails=MAILBOX), Contact(name="1.da", emails=MAILBOX))
def test_it_does_not_matter_who_is_asked(some: Contact, other: Contact) -> None:
    assert names_agree(some, other) == names_agree(other, some)


@given(_CONTACTS)
def test_everybody_is_one_with_themselves(contact: Contact) -> None:
    one = Contact(**{name: getattr(contact, name) for name in Contact.__dataclass_fields__ if name != "custom"})
    assert tie_between(one, one) is Tie.ADDRESS
