"""The codec of each kind of field: what is stored, or written as JSON, comes back."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from coterie.core.errors import InvalidValue
from coterie.core.fields import FIELDS
from coterie.core.fields.attributes import ATTRIBUTES
from coterie.core.fields.values import KEPT
from coterie.core.model import Contact
from tests.core.transfer.contact_strategies import contacts


@given(contacts())
def test_a_value_comes_back_from_its_column(contact: Contact) -> None:
    for name in ATTRIBUTES:
        kind, value = FIELDS[name].kind, getattr(contact, name)
        assert kind.decode(str(kind.encode(value))) == value, name


@given(contacts())
def test_a_value_comes_back_from_json(contact: Contact) -> None:
    for name in (*ATTRIBUTES, *KEPT):
        kind, value = FIELDS[name].kind, getattr(contact, name)
        assert kind.from_json(name, json.loads(json.dumps(kind.to_json(value)))) == value, name


@given(contacts())
def test_a_clean_value_stays_as_it_is(contact: Contact) -> None:
    for name in ATTRIBUTES:
        assert FIELDS[name].kind.clean(getattr(contact, name)) == getattr(contact, name), name


@pytest.mark.parametrize("name", sorted({*ATTRIBUTES, *KEPT}))
def test_json_of_another_form_is_refused_by_the_name_of_its_key(name: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        FIELDS[name].kind.from_json(name, 7)
    assert refused.value.field == name


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_an_empty_contact_reads_as_nothing_and_takes_an_empty_text(name: str) -> None:
    spec = FIELDS[name]
    assert spec.read(Contact()) == ("no" if name == "favorite" else "")
    assert spec.write is None or spec.write(Contact(), "") == Contact()
