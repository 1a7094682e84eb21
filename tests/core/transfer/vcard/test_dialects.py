"""One field of a contact is changed: every other line of its card stays byte for byte, in its order."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from coterie.core.model import Address, Contact, Email, Phone
from coterie.core.transfer.vcard import parse_card, write_card
from tests.core.transfer.dialects import DIALECTS

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
EDITS: Mapping[str, Any] = {
    "name": lambda _: "Ada Byron",
    "family_name": lambda _: "Byron",
    "nickname": lambda _: "Lady Ada",
    "company": lambda _: "Looms",
    "job_title": lambda _: "Poet",
    "notes": lambda _: "Changed; all of it",
    "birthday": lambda _: "1815-12-11",
    "groups": lambda before: ("Chess", *before),
    "emails": lambda before: (*before[:-1], replace(before[-1], address="new@example.org")),
    "phones": lambda before: (replace(before[0], number="+44 99"), *before[1:]),
    "addresses": lambda before: (
        Address("1 New Road", "Paris", label=before[0].label if before else "home"),
        *before[1:],
    ),
    "custom": lambda before: {**before, "Pet": "Puff"},
}
OWN = {
    "name": ("FN",), "family_name": ("N",), "nickname": ("NICKNAME",), "company": ("ORG",), "job_title": ("TITLE",),
    "notes": ("NOTE",), "birthday": ("BDAY",), "groups": ("CATEGORIES",), "emails": ("EMAIL",), "phones": ("TEL",),
    "addresses": ("ADR", "LABEL", "X-ABADR"), "custom": ("X-COTERIE-FIELD", "X-ABLABEL"),
}  # fmt: skip


def logical(card: str) -> list[str]:
    """The lines of a card with their folds, each as one text."""
    found: list[str] = []
    for line in card.split("\r\n"):
        if line.startswith(" "):
            found[-1] += f"\r\n{line}"
        else:
            found.append(line)
    return found


def property_of(line: str) -> str:
    return line.partition(":")[0].partition(";")[0].rpartition(".")[2].upper()


@pytest.mark.parametrize("field", EDITS)
@pytest.mark.parametrize("server", DIALECTS)
def test_one_edit_leaves_every_other_line_as_it_stands(server: str, field: str) -> None:
    card = DIALECTS[server]
    before = parse_card(card)
    wanted = replace(before, updated_at=NOW, **{field: EDITS[field](getattr(before, field))})
    after = write_card(wanted, keep=card, fields={field, "custom"})
    changed = [line for line in difflib.ndiff(logical(card), logical(after)) if line[:2] in {"- ", "+ "}]
    assert {property_of(line[2:]) for line in changed} <= {*OWN[field], "REV"}
    assert sum(line[:2] == "- " and property_of(line[2:]) == OWN[field][0] for line in changed) <= 1
    assert getattr(parse_card(after), field) == getattr(wanted, field)
    assert [line for line in changed if property_of(line[2:]) != "REV"], "the edit itself is there"
    if any(property_of(line) == "REV" for line in logical(card)):
        assert [line for line in logical(after) if property_of(line) == "REV"] in (
            ["REV:2026-11-28T12:00:00Z"], ["REV:20261128T120000Z"],
        )  # fmt: skip


@pytest.mark.parametrize("server", DIALECTS)
def test_a_card_that_says_all_of_a_contact_is_left_alone(server: str) -> None:
    card = DIALECTS[server]
    assert write_card(replace(parse_card(card), updated_at=NOW), keep=card) == card


@pytest.mark.parametrize("server", DIALECTS)
def test_line_ends_that_xml_has_changed_are_put_right(server: str) -> None:
    card = DIALECTS[server].replace("\r\n", "\n")
    after = write_card(replace(parse_card(card), notes="Changed", updated_at=NOW), keep=card)
    assert "\n" not in after.replace("\r\n", "")
    assert after == write_card(replace(parse_card(card), notes="Changed", updated_at=NOW), keep=DIALECTS[server])


def test_a_value_of_a_list_goes_with_what_belongs_to_it_and_the_others_stay() -> None:
    card = DIALECTS["Google"]
    ada = parse_card(card)
    after = write_card(replace(ada, emails=ada.emails[:1], phones=()), keep=card)
    gone = [line for line in logical(card) if line not in logical(after)]
    assert [line.partition(":")[0] for line in gone] == [
        "REV", "item1.EMAIL;TYPE=INTERNET", "item1.X-ABLabel", "TEL;TYPE=CELL", "item2.TEL", "item2.X-ABLabel",
    ]  # fmt: skip


def test_a_changed_address_takes_its_own_label_along_and_no_other() -> None:
    card = DIALECTS["Google"]
    ada = parse_card(card)
    home, work = ada.addresses
    after = logical(write_card(replace(ada, addresses=(home, replace(work, city="Ely"))), keep=card))
    assert next(line for line in logical(card) if line.startswith("LABEL")) in after
    assert any(";Ely;" in line for line in after)
    after = logical(write_card(replace(ada, addresses=(replace(home, city="Ely"), work)), keep=card))
    assert not any(line.startswith("LABEL") for line in after)


def test_other_languages_of_a_title_stay() -> None:
    card = DIALECTS["Nextcloud"]
    after = logical(write_card(replace(parse_card(card), job_title="Poet"), keep=card))
    assert "TITLE;LANGUAGE=en;ALTID=1:Poet" in after
    assert "TITLE;LANGUAGE=fr;ALTID=1:Programmeuse" in after


def test_lists_in_another_order_are_written_in_that_order() -> None:
    card = DIALECTS["iCloud"]
    ada = parse_card(card)
    phones = (*reversed(ada.phones), Phone("+1", "work"))
    after = write_card(replace(ada, phones=phones, emails=(*ada.emails, Email("z@example.org"))), keep=card)
    assert parse_card(after).phones == phones
    assert parse_card(after).emails == (*ada.emails, Email("z@example.org"))


def test_a_contact_without_anything_keeps_what_is_no_field_of_ours() -> None:
    for card in DIALECTS.values():
        after = logical(write_card(Contact(name="Nobody"), keep=card))
        assert [line for line in after if line.startswith(("UID", "PHOTO"))] == [
            line for line in logical(card) if line.startswith(("UID", "PHOTO"))
        ]
