"""Setting and clearing parts of addresses and custom fields: any text comes through as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coterie.core.bulk import make_action
from coterie.core.bulk.parts import clearing, replacing, setting
from coterie.core.errors import InvalidInput, InvalidValue
from coterie.core.model import Address, Contact
from coterie.core.text import clean_lines

ADA = Contact(id=1, name="Ada", given_name="Ada", custom={"Size": "38"}, addresses=(Address("1 High St", "Paris"),))


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.sampled_from(["a\\", '"{name}"', "\\n", "“x”"])
)
def test_any_text_is_set_as_it_is(text: str) -> None:
    expected = {"Shoe size": clean_lines(text)} if clean_lines(text) else {}
    assert setting("custom.Shoe size", text).apply(Contact(id=1, name="Ada")).custom == expected


def test_parts_and_custom_fields_are_set_and_cleared() -> None:
    assert setting("city", "London").apply(ADA).addresses == (Address("1 High St", "London"),)
    assert setting("postal code", "1").apply(ADA).addresses == (Address("1 High St", "Paris", postal_code="1"),)
    assert clearing("custom.SIZE").apply(ADA).custom == {}
    assert clearing("street").apply(ADA).addresses == (Address(city="Paris"),)
    assert setting("company", "Acme") == make_action("set", field="company", value="Acme")
    for name in ("custom", "sources", "nothing"):
        with pytest.raises(InvalidValue):
            setting(name, "x")


@pytest.mark.parametrize("heading", ["Size", "Shoe size", 'a"b', "x]y", "a\\b", "{z}", "a.b", "größe", 'a"] = "x'])
def test_a_field_of_any_name_is_set_replaced_and_cleared(heading: str) -> None:
    bob = Contact(id=1, name="Bob", custom={heading: "v 1"})
    name = f"custom.{heading}"
    assert setting(name, "new").apply(bob).custom == {heading: "new"}
    assert replacing(name, r"\d", '<"{name}">').apply(bob).custom == {heading: 'v <"{name}">'}
    assert clearing(name).apply(bob).custom == {}


def test_a_part_is_replaced_as_a_field_is() -> None:
    assert replacing("city", "^P(.)", r"L\1").apply(ADA).addresses == (Address("1 High St", "Laris"),)
    assert replacing("city", '\\"|"', "").apply(ADA) == ADA
    assert replacing("company", "a", "b") == make_action("replace", field="company", value="a", new="b")
    with pytest.raises(InvalidInput):
        replacing("city", "(", "x")
