"""The JSON of interface.md, section 1."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coterie.core.errors import InvalidValue
from coterie.core.jsonform import as_json, from_json, json_text
from coterie.core.model import Address, Contact, Email, Phone, RemoteRef, Url
from tests.core.transfer.contact_strategies import contacts

KEYS = {
    *("id", "name", "given_name", "family_name", "emails", "phones", "company", "job_title", "groups", "favorite"),
    *("notes", "birthday", "addresses", "urls", "custom", "sources", "created_at", "updated_at", "deleted_at"),
    "deleted_by",
}


def test_keys_never_vanish_and_absent_values_are_null_or_empty() -> None:
    value = as_json(Contact())
    assert set(value) >= KEYS
    assert value["id"] is value["created_at"] is value["deleted_by"] is None
    assert value["emails"] == value["groups"] == []
    assert (value["name"], value["custom"], value["favorite"]) == ("", {}, False)


def test_values_have_the_names_of_the_interface() -> None:
    moment = datetime(2026, 11, 23, 9, 30, 0, 250000, tzinfo=timezone(timedelta(hours=1)))
    value = as_json(
        Contact(
            id=7,
            emails=(Email("a@b.c", "work", primary=True),),
            phones=(Phone("1", "home"),),
            addresses=(Address("S", "C", label="home"),),
            urls=(Url("u", "w"),),
            sources=(RemoteRef("google:a@b.c", "people/c1", "etag"),),
            updated_at=moment,
        )
    )
    assert value["emails"] == [{"address": "a@b.c", "label": "work", "primary": True}]
    assert value["phones"] == [{"number": "1", "label": "home"}]
    empty = dict.fromkeys(["region", "postal_code", "country", "po_box", "extended"], "")
    assert value["addresses"] == [{"street": "S", "city": "C", "label": "home", **empty}]
    assert value["urls"] == [{"url": "u", "label": "w"}]
    assert value["sources"] == [{"account": "google:a@b.c", "remote_id": "people/c1", "place": None}]
    assert value["updated_at"] == "2026-11-23T08:30:00.250000Z"


@given(contacts(), st.none() | st.integers(1), st.none() | st.datetimes(timezones=st.just(UTC)))
def test_what_we_write_we_read(contact: Contact, number: int | None, moment: datetime | None) -> None:
    contact = replace(contact, id=number, created_at=moment, deleted_at=moment, sources=(RemoteRef("google:x", "y"),))
    assert from_json(json.loads(json_text(contact))) == contact


@given(contacts())
def test_the_text_is_one_line_that_cannot_act_on_a_terminal(contact: Contact) -> None:
    text = json_text(contact)
    text.encode()
    assert len(text.splitlines()) == 1
    assert not any(ord(char) < 0x20 or 0x7F <= ord(char) <= 0x9F for char in text)
    assert not set(text) & set("\u202a\u202e\u2066\u2069\u200e\u200f\u061c\ufeff\U000e0041")


def test_escapes_mean_the_same_text() -> None:
    name = "a\x9b31m\u202e\ud800\U000e0041\x7f"
    assert json.loads(json_text(Contact(name=name)))["name"] == name
    assert "é名🙂" in json_text(Contact(name="é名🙂"))


def test_json_written_by_hand_may_be_short() -> None:
    assert from_json({"name": " Ada ", "emails": [{"address": "a@b.c"}], "extra": 1}) == Contact(
        name="Ada", emails=(Email("a@b.c"),)
    )


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ([], "contact"),
        ({"name": 1}, "name"),
        ({"emails": {}}, "emails"),
        ({"emails": ["a@b.c"]}, "emails"),
        ({"favorite": "yes"}, "favorite"),
        ({"id": "7"}, "id"),
        ({"id": True}, "id"),
        ({"created_at": "soon"}, "created_at"),
        ({"custom": {"a": 1}}, "custom"),
        ({"groups": [1]}, "groups"),
    ],
)
def test_json_of_another_kind_is_refused_by_the_name_of_its_key(value: object, field: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        from_json(value)
    assert caught.value.field == field
