"""Swapping two fields: each value is in the place of the other, or the contact stays as it is."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coterie.core.bulk import make_action, plan_each
from coterie.core.bulk.swap_fields import OFFERED, SwapFields
from coterie.core.changes import Edit, Skip
from coterie.core.errors import InvalidValue
from coterie.core.model import Address, Contact, Email, Phone

ADA = Contact(
    id=1, name="Ada King", given_name="Ada", family_name="King", company="Programmer", job_title="Engines Ltd",
    emails=(Email("ada@example.org"),), addresses=(Address(city="Surrey", region="Ockham"),), notes="two\nlines",
    custom={"Size": "38"}, version=4,
)  # fmt: skip


@pytest.mark.parametrize(
    ("field", "other", "changed"),
    [
        ("company", "job title", {"company": "Engines Ltd", "job_title": "Programmer"}),
        ("Company", "title", {"company": "Engines Ltd", "job_title": "Programmer"}),
        ("company", "nickname", {"company": "", "nickname": "Programmer"}),
        ("custom.size", "company", {"company": "38", "custom": {"Size": "Programmer"}}),
        ("custom.Colour", "company", {"company": "", "custom": {"Size": "38", "Colour": "Programmer"}}),
        ("city", "region", {"addresses": (Address(city="Ockham", region="Surrey"),)}),
        ("city", "company", {"company": "Surrey", "addresses": (Address(city="Programmer", region="Ockham"),)}),
        ("given-name", "family_name", {"name": "King Ada", "given_name": "King", "family_name": "Ada"}),
        ("nickname", "department", {}),
    ],
)
def test_each_value_is_in_the_place_of_the_other(field: str, other: str, changed: dict[str, object]) -> None:
    plan = plan_each([make_action("swap", field=field, other=other)], [ADA])
    assert list(plan.changes) == ([Edit(1, changed, 4)] if changed else [])  # type: ignore[arg-type]
    assert not plan.skipped


def test_each_address_is_swapped_in_itself() -> None:
    two = replace(ADA, addresses=(Address(city="A", region="B", label="home"), Address(city="C")))
    swapped = make_action("swap", field="city", other="region").apply(two)
    assert swapped.addresses == (Address(city="B", region="A", label="home"), Address(region="C"))


@pytest.mark.parametrize(
    ("field", "other", "contact"),
    [
        ("notes", "company", ADA),  # its line ends would go
        ("city", "company", replace(ADA, addresses=(Address(city="A"), Address(city="B")))),
        ("company", "department", Contact(id=1, company="Shop")),  # it would have no name
    ],
)
def test_what_would_lose_something_stays_as_it_is(field: str, other: str, contact: Contact) -> None:
    plan = plan_each([make_action("swap", field=field, other=other)], [contact])
    assert not list(plan.changes)  # type: ignore[arg-type]
    assert [type(skip) for skip in plan.skipped] == [Skip]


@pytest.mark.parametrize(
    ("field", "other"),
    [("company", "organization"), ("email", "company"), ("favorite", "notes"), ("city", "City"), ("shoe", "company"),
     ("groups", "company"), ("created", "company"), ("custom.A", "custom.a"), ("name", "given name")],
)  # fmt: skip
def test_fields_that_cannot_be_swapped_are_refused_at_once(field: str, other: str) -> None:
    with pytest.raises(InvalidValue):
        make_action("swap", field=field, other=other)


@pytest.mark.parametrize("label", OFFERED)
def test_what_is_offered_can_be_swapped(label: str) -> None:
    assert make_action("swap", field=label, other="custom.X").title == f"Swap {label} and X"


_FIELDS = st.sampled_from([label for label in OFFERED if label != "Name"])  # of a new name the parts are guessed


@given(_FIELDS, _FIELDS, st.text(max_size=5), st.text(max_size=5))
def test_swapping_twice_changes_nothing(field: str, other: str, company: str, notes: str) -> None:
    contact = replace(ADA, company=company.strip(), notes=notes.strip(), phones=(Phone("1"),))
    with suppress(InvalidValue):
        action = make_action("swap", field=field, other=other)
        assert action.apply(action.apply(contact)) == contact


def test_the_option_names_both() -> None:
    assert SwapFields.parse("company=job_title") == SwapFields("company", "job_title")
    with pytest.raises(InvalidValue, match="FIELD=OTHER"):
        SwapFields.parse("company")
