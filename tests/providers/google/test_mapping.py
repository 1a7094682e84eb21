from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coterie.core.fields.name_parts import name_from_parts
from coterie.core.model import Address, Contact, Email, Phone, Url
from coterie.core.provider import RemoteContact
from coterie.core.text import clean_line, clean_lines, email_key, phone_identity
from coterie.providers.google.mapping import Labels, contact_of, read_people
from coterie.providers.google.writing import FIELDS, changed_fields, create_body, update_body
from tests.core.transfer import contact_strategies as strategies

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


PERSON: dict[str, Any] = {
    "names": [{"displayName": "Ada King", "givenName": "Ada", "familyName": "King", "phoneticGivenName": "Eida"}],
    "organizations": [{"name": "Engines", "phoneticName": "Enjinzu", "costCenter": "7"}],
    "relations": [
        {"person": "William", "type": "spouse", "formattedType": "Spouse"},
        {"person": "Eve", "type": "domesticPartner"},
        {"person": "Annabella", "type": "Patron"},
        {"person": "Profile's", "type": "friend", "metadata": {"source": {"type": "PROFILE"}}},
    ],
    "events": [
        {"date": {"year": 1835, "month": 7, "day": 8}, "type": "anniversary"},
        {"date": {"year": 1840}, "type": "Moved"},
    ],
    "imClients": [
        {"username": "ada", "protocol": "skype", "type": "home", "formattedProtocol": "Skype"},
        {"username": "king", "protocol": "Signal"},
    ],
    "userDefined": [{"key": "Shoe size", "value": "38"}, {"key": "Child", "value": "Byron"}],
    "externalIds": [{"value": "17", "type": "account"}],
}  # fmt: skip
SAID = {
    "Spouse": "William", "Domestic partner": "Eve", "Related (Patron)": "Annabella", "Anniversary": "1835-07-08",
    "Moved": "1840", "Skype": "ada", "IM (Signal)": "king", "Shoe size": "38", "Child": "Byron",
    "Phonetic first name": "Eida", "Phonetic company": "Enjinzu",
}  # fmt: skip


def changed(**custom: str) -> tuple[dict[str, Any], list[str]]:
    """What is sent for PERSON if these custom fields are others than it says; empty ones go."""
    texts = {heading.replace("_", " "): text for heading, text in custom.items()}
    wanted = {heading: text for heading, text in (SAID | texts).items() if text}
    known = RemoteContact("people/c1", contact_of(PERSON, LABELS), raw=json.dumps(PERSON))
    body, mask = update_body(known, Contact(custom=wanted), {"custom"}, LABELS)
    assert dict(contact_of({**PERSON, **body}, LABELS).custom) == wanted
    return body, mask.split(",")


def test_what_has_lists_of_its_own_is_read_under_headings() -> None:
    assert contact_of(PERSON, LABELS).custom == SAID


def test_a_value_is_written_where_google_has_it_and_all_others_stay() -> None:
    body, mask = changed(Spouse="William\nBob", Child="Byron\nZoe", Anniversary="")
    assert mask == ["events", "relations", "userDefined"]
    assert body["relations"] == [
        {"person": "William", "type": "spouse"},
        *PERSON["relations"][1:],
        {"person": "Bob", "type": "spouse"},
        {"person": "Zoe", "type": "child"},
    ]
    assert body["events"] == PERSON["events"][1:]
    assert body["userDefined"] == PERSON["userDefined"]
    body, mask = changed(Skype="ada.king", Name_day="--05-02", Moved="")
    assert body["imClients"] == [PERSON["imClients"][1], {"username": "ada.king", "protocol": "skype"}]
    assert body["events"][1:] == [{"date": {"month": 5, "day": 2}, "type": "Name day"}]


def test_phonetic_names_are_part_of_the_name_and_the_organization() -> None:
    body, mask = changed(Phonetic_first_name="Ei", Phonetic_last_name="Kingu", Phonetic_company="")
    assert mask == ["names", "organizations", "userDefined"]
    name = {"givenName": "Ada", "familyName": "King", "phoneticGivenName": "Ei", "phoneticFamilyName": "Kingu"}
    assert body["names"] == [name]
    assert body["organizations"] == [{"name": "Engines", "costCenter": "7"}]


def test_what_was_not_known_before_is_not_taken_away() -> None:
    """A base of an earlier version does not tell of relations: a change of another custom field leaves them."""
    known = RemoteContact("people/c1", Contact(custom={"Shoe size": "38"}), raw=json.dumps(PERSON))
    body, _ = update_body(known, Contact(custom={"Shoe size": "39"}), {"custom"}, LABELS)
    assert contact_of({**PERSON, **body}, LABELS).custom == SAID | {"Shoe size": "39"}


@pytest.mark.parametrize(
    ("heading", "text"),
    [("Anniversary", "2001-02-30"), ("Anniversary", "in May"), ("Birthday (2)", "2001-02-03"), ("Hobby", "2001-02-03")],
)
def test_what_its_list_does_not_take_is_a_field_of_the_user(heading: str, text: str) -> None:
    body = create_body(Contact(name="Ada", custom={heading: text}), LABELS)
    assert body["userDefined"] == [{"key": heading, "value": text}]


@given(strategies.contacts(), strategies.contacts())
def test_everything_under_headings_comes_back(before: Contact, after: Contact) -> None:
    person = create_body(Contact(custom=before.custom), LABELS)
    assert contact_of(person, LABELS).custom == before.custom
    known = RemoteContact("people/c1", contact_of(person, LABELS), raw=json.dumps(person))
    body, _ = update_body(known, Contact(custom=after.custom), {"custom"}, LABELS)
    assert contact_of({**person, **body}, LABELS).custom == after.custom
