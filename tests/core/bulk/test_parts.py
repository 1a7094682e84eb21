"""Setting and clearing parts of addresses and custom fields: any text comes through as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coterie.core.bulk import make_action
from coterie.core.bulk.parts import clearing, setting
from coterie.core.errors import InvalidValue
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
