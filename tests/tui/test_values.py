"""One value of a contact: changed alone, and opened by what it is for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.content import Content

from coterie.core.errors import InvalidValue
from coterie.core.model import Address, Contact, Email, Phone, Url
from coterie.tui.values import can_be_changed, link_of, opener, text_of, with_text
from coterie.tui.widgets.contact_page import Item, items

ADA = Contact(
    id=1,
    name="Ada King",
    given_name="Ada",
    family_name="King",
    emails=(Email("a@x.org", "work", primary=True), Email("b@x.org", "home")),
    phones=(Phone("1", "mobile"), Phone("2", "home")),
    urls=(Url("https://x.org/a b", "blog"), Url("javascript:alert(1)")),
    addresses=(Address(street="1 Main St", city="Bath"),),
    company="X",
    groups=("Board", "Choir"),
    notes="one\ntwo",
    custom={"Size": "L", "Hat": "M"},
)
SHOWN = items(ADA, Content)


def item(field: str, place: int = 0) -> Item:
    return next(one for one in SHOWN if (one.field, one.place) == (field, place))


@pytest.mark.parametrize("one", [one for one in SHOWN if one.field], ids=lambda one: f"{one.field}-{one.place}")
def test_the_same_text_changes_nothing(one: Item) -> None:
    if can_be_changed(ADA, one):
        assert with_text(ADA, one, text_of(ADA, one)) == ADA


def test_another_text_keeps_the_label_and_the_other_values() -> None:
    assert with_text(ADA, item("emails", 1), "c@x.org").emails == (ADA.emails[0], Email("c@x.org", "home"))
    assert with_text(ADA, item("phones"), "3").phones == (Phone("3", "mobile"), ADA.phones[1])
    assert with_text(ADA, item("custom", 1), "S").custom == {"Size": "L", "Hat": "S"}
    assert with_text(ADA, item("company"), "Y").company == "Y"
    assert with_text(ADA, item("groups"), "Choir").groups == ("Choir",)


def test_a_relation_and_a_day_change_alone() -> None:
    ada = Contact(custom={"Child": "Anne\nByron", "Anniversary": "in May", "Hat": "M"})
    shown = {(one.field, one.place): one for one in items(ada, Content)}
    assert with_text(ada, shown["relations", 1], "Ralph: Lord King").custom["Child"] == "Anne\nRalph: Lord King"
    assert with_text(ada, shown["relations", 0], "").custom["Child"] == "Byron"
    assert with_text(ada, shown["events", 0], "in May") == ada
    assert with_text(ada, shown["events", 0], "--05-20").custom["Anniversary"] == "--05-20"
    with pytest.raises(InvalidValue, match="is not a date"):
        with_text(ada, shown["events", 0], "in June")


def test_an_empty_text_takes_the_value_away_and_no_other() -> None:
    assert with_text(ADA, item("emails"), "").emails == (ADA.emails[1],)
    assert with_text(ADA, item("custom"), " ").custom == {"Hat": "M"}


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(InvalidValue):
        with_text(ADA, item("emails"), "nobody")


def test_what_has_several_parts_is_left_to_the_form() -> None:
    assert not can_be_changed(ADA, item("addresses"))
    assert not can_be_changed(ADA, item("notes"))


def test_each_kind_is_opened_by_its_own_program_and_nothing_else_is() -> None:
    assert link_of(item("emails")) == "mailto:a@x.org"
    assert link_of(item("phones")) == "tel:1"
    assert link_of(item("addresses")).startswith("https://www.openstreetmap.org/search?query=1%20Main%20St")
    assert link_of(item("urls", 1)) == ""
    assert link_of(item("company")) == ""


@given(
    text=st.text(max_size=40), field=st.sampled_from(["emails", "phones", "urls", "addresses", "notes", "custom", ""])
)
def test_a_link_never_holds_what_acts_on_a_terminal_or_a_program(text: str, field: str) -> None:
    link = link_of(Item("", Content(), field, 0, text))
    assert link.isprintable()
    assert " " not in link
    assert not link or link.partition(":")[0] in {"mailto", "tel", "http", "https", "HTTP", "HTTPS"} or field == "urls"
    assert "?" not in link or not link.startswith("mailto:")


def test_links_are_opened_on_the_own_screen_only() -> None:
    assert opener({"SSH_CONNECTION": "1", "DISPLAY": ":0"}) == ""
    assert opener({}) == "" or opener({}).endswith("open")
