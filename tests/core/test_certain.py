"""Which duplicates are certain, and above all which are not."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest

from coterie.core.certain import are_certain, certain_groups, richest
from coterie.core.model import Contact, Email, Phone


def person(name: str, email: str = "", phone: str = "", **values: object) -> Contact:
    contact = Contact(name=name, emails=(Email(email),) if email else (), phones=(Phone(phone),) if phone else ())
    return replace(contact, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("some", "other"),
    [
        (person("Ada King", "ada@x.org"), person("Ada King", "ADA@x.org", company="Engines")),
        (person("Ada King", "ada@x.org"), person("King, Ada", "ada@x.org")),
        (person("Dr. Ada King", "ada@x.org"), person("Ada King", "ada@x.org")),
        (person("Ada King", "", "+44 20 7946 0958"), person("Ada King", "ada@x.org", "020 7946 0958")),
        (person("Acme Ltd", "info@acme.example", company="Acme Ltd"), person("Acme Ltd", "info@acme.example")),
        (person("Ada King", custom={"UID": "urn:uuid:1-2"}), person("Ada King", custom={"UID": "1-2"})),
        (person("Ada King", "ada@x.org", birthday="1815-12-10"), person("Ada King", "ada@x.org", birthday="--12-10")),
    ],
)
def test_certain(some: Contact, other: Contact) -> None:
    assert are_certain(some, other)
    assert are_certain(other, some)


@pytest.mark.parametrize(
    ("some", "other"),
    [
        # Families and offices share an address or a number.
        (person("Ada King", "family@king.example"), person("Bob King", "family@king.example")),
        (person("Ada King", "info@x.org"), person("Bob Ray", "info@x.org")),
        (person("Ada King", "office@x.org"), person("Ada King", "office@x.org")),
        (person("Ada King", "", "555 010 0123"), person("Bob King", "", "555 010 0123")),
        (person("Ada and Bob King", "k@x.org"), person("Ada and Bob King", "k@x.org")),
        # Less than a whole name.
        (person("Ada", "ada@x.org"), person("Ada", "ada@x.org")),
        (person("A. King", "king@x.org"), person("A. King", "king@x.org")),
        (person("A. King", "king@x.org"), person("Ada King", "king@x.org")),
        (person("", "ada@x.org"), person("Ada King", "ada@x.org")),
        (person("Ada King", "ada@x.org"), person("Ada Ray", "ada@x.org")),
        # Namesakes.
        (person("Ada King", "ada@x.org"), person("Ada King", "a.king@y.org")),
        (person("Ada King"), person("Ada King")),
        (person("John King Sr.", "j@x.org"), person("John King Jr.", "j@x.org")),
        (person("Mr. Kim King", "k@x.org"), person("Mrs. Kim King", "k@x.org")),
        (person("Ada King", "a@x.org", birthday="1815-12-10"), person("Ada King", "a@x.org", birthday="1915-12-10")),
        (
            person("Ada King", "", "555 010 0123", company="Acme"),
            person("Ada King", "", "555 010 0123", company="Engines"),
        ),
        # The switchboard of a company, and two people there of whom no name is known.
        (
            person("", "ada@acme.example", "555 010 0123", company="Acme"),
            person("", "bob@acme.example", "555 010 0123", company="Acme"),
        ),
        (person("Acme Ltd", "info@acme.example"), person("Acme GmbH", "info@acme.example")),
        # Short numbers are extensions.
        (person("Ada King", "", "110"), person("Ada King", "", "110")),
    ],
)
def test_not_certain(some: Contact, other: Contact) -> None:
    assert not are_certain(some, other)
    assert not are_certain(other, some)


def grouped(*contacts: Contact, apart: tuple[tuple[int, int], ...] = ()) -> list[list[int]]:
    people = [replace(contact, id=number) for number, contact in enumerate(contacts, 1)]
    return [[one.id or 0 for one in group] for group in certain_groups(combinations(people, 2), frozenset(apart))]


ADA = person("Ada King", "ada@x.org")
ALSO = person("Ada King", "ada@x.org", "555 010 0123")
AND = person("Ada King", "", "555 010 0123")


def test_a_chain_is_one_group() -> None:
    assert grouped(ADA, person("Bob Ray", "ada@x.org"), AND, ALSO) == [[1, 3, 4]]


def test_a_group_that_was_told_apart_is_left_to_the_user() -> None:
    assert grouped(ADA, ALSO, AND, apart=((1, 3),)) == []


def test_a_group_that_speaks_against_itself_is_left_to_the_user() -> None:
    young, old = replace(ADA, birthday="1915-12-10"), replace(AND, birthday="1815-12-10")
    assert grouped(young, ALSO, old) == []


def test_the_one_that_says_most_is_kept() -> None:
    assert richest([replace(ADA, id=1), replace(ALSO, id=2), replace(ALSO, id=3)]).id == 2
