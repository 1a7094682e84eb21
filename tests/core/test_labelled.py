"""What is kept under well-known headings comes back from its field as it was, whatever it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coterie.core import labelled
from coterie.core.errors import InvalidValue
from coterie.core.fields import FIELDS
from coterie.core.fields.values import KEPT, with_value
from coterie.core.labelled import HEADINGS, Labelled
from coterie.core.merge import merge
from coterie.core.merge3 import merge3
from coterie.core.model import Contact
from tests.core.transfer.contact_strategies import contacts, filled

FAMILY = Contact(custom={"Spouse": "Bob", "Child": "Eve\nMax", "Related (Godmother)": "Ann", "Shoe size": "38"})


def test_well_known_headings_are_fields_with_labels() -> None:
    assert FIELDS["relations"].read(FAMILY) == "spouse: Bob; child: Eve; child: Max; Godmother: Ann"
    assert FIELDS["custom"].read(FAMILY) == "Shoe size: 38"
    days = Contact(
        custom={"Anniversary": "2001-05-20", "Date": "--02-03", "Moved in": "2020-01-01", "Birthday (2)": "1999-01-01"}
    )
    assert FIELDS["events"].read(days) == "anniversary: 2001-05-20; --02-03; Moved in: 2020-01-01"
    assert FIELDS["custom"].read(days) == "Birthday (2): 1999-01-01"
    services = Contact(custom={"IM": "ada", "IM (Skype)": "a", "Skype": "b", "IM (xmpp)": "xmpp:a@example.org"})
    assert FIELDS["ims"].read(services) == "ada; Skype: a; skype: b; xmpp: xmpp:a@example.org"


@pytest.mark.parametrize("key", HEADINGS)
@given(contact=contacts())
def test_writing_what_was_read_changes_nothing(key: str, contact: Contact) -> None:
    assert with_value(contact, key, getattr(contact, key)).custom == contact.custom


@pytest.mark.parametrize("key", HEADINGS)
@given(contact=contacts(), value=st.dates().map(str), label=filled)
def test_a_value_is_read_with_its_label_and_nothing_else_changes(
    key: str, contact: Contact, value: str, label: str
) -> None:
    after = with_value(contact, key, (*getattr(contact, key), Labelled(value, label)))
    assert value in [one.value for one in getattr(after, key)]
    assert len(getattr(after, key)) <= len(getattr(contact, key)) + 1
    assert labelled.others(after.custom) == labelled.others(contact.custom)
    for other in KEPT - {key}:
        assert getattr(after, other) == getattr(contact, other)


def test_a_date_must_be_one() -> None:
    write = FIELDS["events"].write
    assert write is not None
    with pytest.raises(InvalidValue, match="not a date"):
        write(Contact(), "anniversary: soon")


def test_values_of_two_contacts_are_united() -> None:
    other = Contact(custom={"Child": "Max\nZoe", "Spouse": "Bob"})
    merged = merge([FAMILY, other], FAMILY)
    assert FIELDS["relations"].read(merged) == "spouse: Bob; child: Eve; child: Max; child: Zoe; Godmother: Ann"


def test_values_that_came_and_went_on_two_sides_are_no_conflict() -> None:
    base, ours, theirs = (Contact(custom={"Child": text}) for text in ("Eve\nMax", "Eve\nMax\nZoe", "Eve\nTim"))
    merged, conflicts = merge3(base, ours, theirs, {"custom"})
    assert merged.custom == {"Child": "Eve\nZoe\nTim"}
    assert conflicts == []
