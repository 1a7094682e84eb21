from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coterie.core.base import Base
from coterie.core.model import Address, Contact, Email, Phone, Url
from coterie.core.provider import RemoteContact, Tombstone, Unreadable
from coterie.core.sync.writes import created
from coterie.providers.microsoft.mapping import PROPERTIES, contact_of, read_cards, remote_contact
from coterie.providers.microsoft.writing import FIELDS, KEPT, create_body, update_body

FULL: dict[str, Any] = {
    "@odata.etag": 'W/"EQAAB"',
    "id": "AAMk=",
    "parentFolderId": "AQMk=",
    "changeKey": "EQAAB",
    "displayName": "Dr. Ada King Lovelace Jr.",
    "title": "Dr.",
    "givenName": "Ada",
    "middleName": "King",
    "surname": "Lovelace",
    "generation": "Jr.",
    "nickName": "Enchantress",
    "emailAddresses": [
        {"name": "Ada at home", "address": "ada@example.org"},
        {"name": "again", "address": "ADA@example.org"},
        {"name": "Ada at work", "address": "ada@work.example"},
        {"name": "nothing", "address": None},
    ],
    "businessPhones": ["+44 1", None, "+44 2"],
    "homePhones": ["+44 3"],
    "mobilePhone": "+44 4",
    "companyName": "Analytical Engines",
    "department": "Research",
    "jobTitle": "Programmer",
    "categories": ["zebra", "Choir", "choir ", ""],
    "personalNotes": "First line\r\nsecond line",
    "birthday": "1815-12-10T11:59:00Z",
    "homeAddress": {"street": "12 St James’s Square\r\nFlat 2", "city": "London", "countryOrRegion": "UK"},
    "businessAddress": {"state": "Kent", "postalCode": "SW1Y"},
    "otherAddress": {},
    "businessHomePage": "https://example.org/ada",
    "spouseName": "William",
}


def test_every_field_is_read() -> None:
    contact = contact_of(FULL)
    assert contact == Contact(
        name="Dr. Ada King Lovelace Jr.",
        prefix="Dr.",
        given_name="Ada",
        additional_names="King",
        family_name="Lovelace",
        suffix="Jr.",
        nickname="Enchantress",
        emails=(Email("ada@example.org"), Email("ada@work.example")),
        phones=(Phone("+44 1", "work"), Phone("+44 2", "work"), Phone("+44 4", "mobile"), Phone("+44 3", "home")),
        company="Analytical Engines",
        department="Research",
        job_title="Programmer",
        groups=("Choir", "zebra"),
        notes="First line\nsecond line",
        birthday="1815-12-10",
        addresses=(
            Address("12 St James’s Square\nFlat 2", "London", country="UK", label="home"),
            Address(region="Kent", postal_code="SW1Y", label="work"),
        ),
        urls=(Url("https://example.org/ada"),),
        custom={"Spouse": "William"},
    )


def test_the_raw_record_is_whole() -> None:
    remote = remote_contact(FULL)
    assert json.loads(remote.raw) == FULL
    assert remote.etag == 'W/"EQAAB"'
    assert remote_contact({"id": "x", "changeKey": "k"}).etag == 'W/"k"'
    assert json.loads(remote_contact({"id": "x", "displayName": "\ud83d"}).raw.encode())["displayName"] == "\ud83d"


def test_empty_properties_are_nothing() -> None:
    assert contact_of(dict.fromkeys(PROPERTIES)) == Contact()
    assert contact_of({}) == Contact()


def test_a_contact_without_a_display_name_is_called_by_its_parts() -> None:
    assert contact_of({"givenName": "Ada", "surname": "Lovelace"}).name == "Ada Lovelace"


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("1815-12-10T00:00:00Z", "1815-12-10"),
        ("1815-12-10T11:59:00.0000000Z", "1815-12-10"),
        ("1815-12-10", "1815-12-10"),
        ("1604-02-29T00:00:00Z", "--02-29"),
        ("0001-01-01T00:00:00Z", ""),
        ("4501-01-01T00:00:00Z", ""),
        ("spring", "spring"),
        (None, ""),
    ],
)
def test_birthdays(theirs: str | None, ours: str) -> None:
    assert contact_of({"birthday": theirs}).birthday == ours


@pytest.mark.parametrize(
    "card",
    [
        None, 7, "text", [], {}, {"id": "x", "emailAddresses": "a"}, {"id": "x", "emailAddresses": ["a"]},
        {"id": "x", "displayName": {"a": 1}}, {"id": "x", "businessPhones": {"a": 1}}, {"id": "x", "homeAddress": "a"},
        {"id": "x", "personalNotes": 3}, {"id": "x", "categories": [[]]}, {"@removed": {}},
    ],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_read_is_set_aside_and_the_rest_goes_on(card: object) -> None:
    strange, fine = read_cards([card, {"id": "AAMk="}])
    assert isinstance(strange, Unreadable)
    assert "Microsoft" in strange.reason
    assert isinstance(fine, RemoteContact)


def test_removals_are_tombstones() -> None:
    assert read_cards([{"id": "AAMk=", "@removed": {"reason": "deleted"}}]) == [Tombstone("AAMk=")]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*PROPERTIES, "@removed", "@odata.etag"]), json_values))
def test_no_answer_whatever_breaks_the_reading(card: dict[str, Any]) -> None:
    (one,) = read_cards([card])
    assert isinstance(one, RemoteContact | Unreadable | Tombstone)


# Writing --------------------------------------------------------------------------------------------------------------

KNOWN = remote_contact(FULL)


def sent(contact: Contact, *fields: str) -> dict[str, Any]:
    return update_body(KNOWN, contact, fields)


def test_an_update_sends_its_field_and_the_display_name_only() -> None:
    assert sent(replace(KNOWN.contact, company="Elsewhere", name="not to be sent"), "company") == {
        "companyName": "Elsewhere",
        "displayName": "Dr. Ada King Lovelace Jr.",
    }
    assert sent(replace(KNOWN.contact, given_name="Eva", name="Eva"), "given_name", "name") == {
        "givenName": "Eva",
        "displayName": "Eva",
    }
    assert sent(KNOWN.contact, "favorite", "custom") == {}


def test_what_has_no_place_there_is_not_sent_again_and_again() -> None:
    ours = replace(
        KNOWN.contact,
        emails=tuple(replace(email, label="work", primary=True) for email in KNOWN.contact.emails),
        urls=(*KNOWN.contact.urls, Url("https://second.example")),
        notes="First line\nsecond line",
    )
    assert update_body(KNOWN, ours, FIELDS.keys()) == {}
    assert update_body(replace(KNOWN, raw=""), Contact(), {"notes"}) == {
        "personalNotes": None,
        "displayName": KNOWN.contact.name,
    }


@pytest.mark.parametrize("field", sorted(FIELDS))
def test_each_field_comes_back_as_it_was_sent(field: str) -> None:
    ada = replace(KNOWN.contact, emails=KNOWN.contact.emails[:2])
    for known in (KNOWN, remote_contact({"id": "AAMk=", "displayName": ada.name})):
        body = update_body(known, ada, {field})
        assert getattr(contact_of({**json.loads(known.raw), **body}), field) == getattr(ada, field)
        cleared = update_body(known, Contact(name=ada.name), {field})
        back = contact_of({**json.loads(known.raw), **cleared})
        assert getattr(back, field) == getattr(Contact(name=ada.name), field)


def test_a_created_contact_comes_back_as_it_was_sent() -> None:
    ada = KNOWN.contact
    assert contact_of(create_body(ada)) == ada
    assert create_body(Contact(name="Ada")) == {"displayName": "Ada"}


def test_addresses_that_stay_keep_the_name_that_outlook_shows() -> None:
    emails = (Email("ada@work.example"), Email("new@example.org"))
    assert sent(replace(KNOWN.contact, emails=emails), "emails")["emailAddresses"] == [
        {"name": "Ada at work", "address": "ada@work.example"},
        {"name": "Dr. Ada King Lovelace Jr.", "address": "new@example.org"},
    ]


def test_numbers_go_where_their_labels_say() -> None:
    phones = (
        Phone("1", "Cell"), Phone("2", "mobile"), Phone("3", "home fax"), Phone("4", "main"), Phone("+44 3", ""),
    )  # fmt: skip
    body = sent(replace(KNOWN.contact, phones=phones), "phones")
    assert (body["mobilePhone"], body["homePhones"], body["businessPhones"]) == ("1", ["3", "+44 3"], ["2", "4"])


def test_postal_addresses_find_a_place() -> None:
    addresses = (
        Address("1", label="home"), Address("2", label="home"), Address("3", po_box="7", extended="Flat 4"),
        Address("4", label="work"),
    )  # fmt: skip
    body = sent(replace(KNOWN.contact, addresses=addresses), "addresses")
    streets = {key: body[key]["street"] for key in ("homeAddress", "businessAddress", "otherAddress")}
    assert streets == {"homeAddress": "1", "businessAddress": "4", "otherAddress": "2"}
    lone = sent(replace(KNOWN.contact, addresses=addresses[2:3]), "addresses")
    assert lone["otherAddress"]["street"] == "3\nFlat 4\nPO Box 7"
    assert lone["homeAddress"] == {"street": None, "city": None, "state": None, "postalCode": None,
                                   "countryOrRegion": None}  # fmt: skip


@pytest.mark.parametrize(
    ("ours", "body"),
    [
        ("1816-01-02", {"birthday": "1816-01-02T11:59:00Z"}),
        ("--02-29", {"birthday": "1604-02-29T11:59:00Z"}),
        ("", {"birthday": None}),
        ("1816", {}),
        ("in spring", {}),
    ],
)
def test_birthdays_that_fit_are_sent(ours: str, body: dict[str, Any]) -> None:
    sent_body = sent(replace(KNOWN.contact, birthday=ours), "birthday")
    sent_body.pop("displayName", None)
    assert sent_body == body


def test_the_page_that_is_there_stays_if_it_is_one_of_ours() -> None:
    urls = (Url("https://new.example"), Url("https://example.org/ada"))
    assert sent(replace(KNOWN.contact, urls=urls), "urls") == {}
    assert sent(replace(KNOWN.contact, urls=urls[:1]), "urls")["businessHomePage"] == "https://new.example"


def test_people_messengers_and_phonetic_names_are_kept_under_headings() -> None:
    card = {
        "displayName": "Ada", "spouseName": "William", "children": ["Anne", "Byron"], "manager": "Charles",
        "assistantName": None, "imAddresses": ["ada@example.org"], "yomiGivenName": "Eida", "yomiSurname": "Kingu",
        "yomiCompanyName": "Enjinzu",
    }  # fmt: skip
    assert contact_of(card).custom == {
        "Spouse": "William", "Child": "Anne\nByron", "Manager": "Charles", "IM": "ada@example.org",
        "Phonetic first name": "Eida", "Phonetic last name": "Kingu", "Phonetic company": "Enjinzu",
    }  # fmt: skip


def test_what_changed_under_headings_is_sent_and_nothing_else() -> None:
    card = {"displayName": "Ada", "spouseName": "William", "children": ["Anne"], "imAddresses": ["ada"]}
    known = RemoteContact("AAMk=", Contact(name="Ada", custom={"Child": "Anne"}), raw=json.dumps(card))
    wanted = Contact(name="Ada", custom={"Child": "Anne\nByron", "Assistant": "Eve\nMax", "Shoe size": "38"})
    body = update_body(known, wanted, {"custom"})
    assert body == {"children": ["Anne", "Byron"], "assistantName": "Eve", "displayName": "Ada"}
    known = RemoteContact("AAMk=", contact_of(card), raw=json.dumps(card))
    assert update_body(known, replace(known.contact, custom={"Spouse": "Bob\nWilliam"}), {"custom"}) == {
        "spouseName": "William", "children": [], "imAddresses": [], "displayName": "Ada",
    }  # fmt: skip


def test_of_custom_fields_only_those_with_a_place_are_sent() -> None:
    base = Base(Contact(name="Ada"))
    ours = Contact(name="Ada", custom={"Shoe size": "38", "Spouse": "William", "Related (Patron)": "Eve"})
    assert base.edits(ours, KEPT) == {("custom", "Spouse")}
    assert [one.new for one in created("create", ours, KEPT).fields] == ["Ada", "spouse: William"]


def test_categories_that_stay_keep_their_spelling() -> None:
    assert sent(replace(KNOWN.contact, groups=("CHOIR", "New")), "groups")["categories"] == ["Choir", "New"]
    assert sent(replace(KNOWN.contact, groups=("ZEBRA",)), "groups")["categories"] == ["zebra"]
