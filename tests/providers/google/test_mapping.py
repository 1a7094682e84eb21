from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coterie.core.fields import name_from_parts
from coterie.core.model import Address, Contact, Email, Phone, Url
from coterie.core.provider import RemoteContact
from coterie.core.text import clean_line, clean_lines, email_key
from coterie.providers.google.mapping import Labels, contact_of, phone_identity, read_people
from coterie.providers.google.writing import FIELDS, changed_fields, create_body, update_body

LABELS = Labels({"contactGroups/1": "Choir", "contactGroups/2": "Work"})


def test_the_primary_entry_counts_wherever_it_stands() -> None:
    person = {
        "names": [
            {"displayName": "Ada (profile)", "metadata": {"source": {"type": "PROFILE"}}},
            {"displayName": "Ada Lovelace", "metadata": {"primary": True, "source": {"type": "CONTACT"}}},
        ],
        "emailAddresses": [
            {"value": "a@example.org"},
            {"value": "b@example.org", "metadata": {"primary": True}},
            {"value": "A@example.org", "metadata": {"source": {"type": "PROFILE"}}},
        ],
        "biographies": [
            {"value": "public", "metadata": {"primary": True, "source": {"type": "PROFILE"}}},
            {"value": "mine", "metadata": {"source": {"type": "CONTACT"}}},
        ],
        "organizations": [{"name": "Past"}, {"name": "Present", "current": True, "title": "Boss"}],
    }
    contact = contact_of(person, LABELS)
    assert contact.name == "Ada Lovelace"
    assert contact.emails == (Email("a@example.org"), Email("b@example.org", primary=True))
    assert (contact.notes, contact.company, contact.job_title) == ("mine", "Present", "Boss")


@pytest.mark.parametrize(
    ("birthday", "text"),
    [
        ({"date": {"year": 1815, "month": 12, "day": 10}}, "1815-12-10"),
        ({"date": {"month": 12, "day": 10}}, "--12-10"),
        ({"date": {"year": 0, "month": 2, "day": 29}}, "--02-29"),
        ({"date": {"year": 1815, "month": 12}}, "1815-12"),
        ({"date": {"year": 1815}}, "1815"),
        ({"text": "in winter"}, "in winter"),
        ({"text": "12/10/1815", "date": {"year": 1815, "month": 12, "day": 10}}, "1815-12-10"),
    ],
)
def test_birthdays_go_both_ways(birthday: dict[str, Any], text: str) -> None:
    contact = contact_of({"birthdays": [birthday]}, LABELS)
    assert contact.birthday == text
    assert contact_of(create_body(contact, LABELS), LABELS).birthday == text


def test_what_acts_on_terminals_is_cleaned_and_an_address_may_be_one_text() -> None:
    person = {
        "names": [{"displayName": "A\x1b[31mda\n"}],
        "addresses": [{"formattedValue": "1 Street\nTown"}],
        "biographies": [{"value": "one\r\ntwo\x07"}],
    }
    contact = contact_of(person, LABELS)
    assert (contact.name, contact.addresses[0].street, contact.notes) == ("A [31mda", "1 Street\nTown", "one\ntwo")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 3000) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(
        ("metadata", "primary", "source", "type", "value", "date", "year", "month", "day", "displayName", "current",
         "contactGroupMembership", "contactGroupResourceName", "key", "deleted", "previousResourceNames", "sources")
    ), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
people = st.dictionaries(st.sampled_from(("resourceName", "etag", "metadata", *FIELDS.values())), json_values)


@given(people | json_values)
def test_whatever_comes_is_read_or_put_aside(person: Any) -> None:
    read = read_people([person], LABELS)
    assert [bool(read.changed), bool(read.deleted), bool(read.unreadable)].count(True) == 1
    assert all(one.reason for one in read.unreadable)


lines = st.text(st.characters(codec="utf-8"), max_size=12).map(clean_line)
words = lines.filter(bool)
addresses = st.builds(
    Address, street=words, city=lines, region=lines, postal_code=lines, country=lines, po_box=lines, label=lines
)
parts = dict.fromkeys(("prefix", "given_name", "additional_names", "family_name", "suffix"), lines)


def _unique(key: Any) -> Any:
    return lambda values: tuple({key(value): value for value in values}.values())


contacts = st.builds(
    Contact,
    **parts,
    nickname=lines,
    emails=st.lists(st.builds(Email, address=words, label=lines)).map(_unique(lambda one: email_key(one.address))),
    phones=st.lists(st.builds(Phone, number=words, label=lines)).map(_unique(lambda one: phone_identity(one.number))),
    company=lines,
    department=lines,
    job_title=lines,
    groups=st.sampled_from(((), ("Choir",), ("Choir", "Work"))),
    favorite=st.booleans(),
    notes=st.text(st.characters(codec="utf-8"), max_size=12).map(clean_lines),
    birthday=st.sampled_from(("", "1999-12-31", "--02-29", "1999", "unknown")),
    addresses=st.lists(addresses, max_size=2).map(_unique(lambda one: one)),
    urls=st.lists(st.builds(Url, url=words, label=lines), max_size=2).map(_unique(lambda one: one.url)),
    custom=st.dictionaries(words, st.text(max_size=8).map(clean_lines).filter(bool), max_size=2),
).map(lambda contact: replace(contact, name=name_from_parts(contact)))


@given(contacts)
def test_what_is_created_comes_back(contact: Contact) -> None:
    assert contact_of(create_body(contact, LABELS), LABELS) == contact


@given(contacts, contacts, st.sets(st.sampled_from(sorted(FIELDS.keys() - {"name"}))))
def test_an_update_changes_its_fields_and_nothing_else(before: Contact, after: Contact, fields: set[str]) -> None:
    person = create_body(before, LABELS)
    body, mask = changed_fields(person, after, fields, LABELS)
    assert body.keys() == set(mask)
    now = contact_of({**person, **body}, LABELS)
    wanted = replace(before, **{key: getattr(after, key) for key in fields})
    if "names" in mask:
        wanted = replace(wanted, name=name_from_parts(wanted))
    assert now == wanted


@given(contacts, words)
def test_a_display_name_alone_can_be_written(contact: Contact, name: str) -> None:
    person = create_body(contact, LABELS)
    body, _ = changed_fields(person, replace(contact, name=name), {"name"}, LABELS)
    assert contact_of({**person, **body}, LABELS).name == name


def test_an_update_is_guarded_by_both_etags() -> None:
    raw = '{"etag": "%a", "metadata": {"sources": [{"type": "CONTACT", "id": "5", "etag": "#a"}]}}'
    body, mask = update_body(RemoteContact("people/c5", Contact(), "%a", raw), Contact(notes="x"), {"notes"}, LABELS)
    assert (body["etag"], mask) == ("%a", "biographies")
    assert body["metadata"] == {"sources": [{"type": "CONTACT", "id": "5", "etag": "#a"}]}


def test_entries_of_a_linked_profile_stay_marked_as_such() -> None:
    profile = {"metadata": {"source": {"type": "PROFILE", "id": "1"}}, "value": "p@example.org"}
    person = {"emailAddresses": [{"value": "a@example.org"}, profile]}
    contact = contact_of(person, LABELS)
    body, _ = changed_fields(person, replace(contact, emails=contact.emails[::-1]), {"emails"}, LABELS)
    assert body["emailAddresses"] == [profile, {"value": "a@example.org"}]
