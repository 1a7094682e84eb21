"""Bulk actions in a real book: at once or contact by contact, the result is the same; one undo takes it back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coterie.core.book import Book
from coterie.core.bulk import make_action, make_plan, plan_each
from coterie.core.bulk.as_text import from_text, to_text
from coterie.core.bulk.merging import merge_plan
from coterie.core.changes import Create, Plan
from coterie.core.fields.attributes import ATTRIBUTES
from coterie.core.listing import Listing, View
from coterie.core.model import Contact, Email, Phone

PEOPLE = [
    Contact(name="Ada Lovelace", given_name="Ada", family_name="Lovelace", company="Engines", groups=("Friends",),
            emails=(Email("ada@example.org"),), phones=(Phone("020 7946"),)),
    Contact(name="Bob", emails=(Email("bob@example.org"),), favorite=True, notes="old"),
    Contact(company="Shop", groups=("Choir", "Friends")),
]  # fmt: skip


async def _fill(book: Book) -> None:
    await book.apply(Plan("add", "Add", [Create(one) for one in PEOPLE]))


async def _state(book: Book) -> list[dict[str, object]]:
    return [{name: getattr(one, name) for name in ATTRIBUTES} async for one in book.contacts(Listing())]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("set", {"field": "company", "value": "Acme"}),
        ("set", {"field": "title", "value": "CTO"}),
        ("set", {"field": "nickname", "value": "N"}),
        ("set", {"field": "name", "value": "New Name"}),
        ("set", {"field": "favorite", "value": "yes"}),
        ("clear", {"field": "notes"}),
        ("clear", {"field": "company"}),
        ("add-group", {"value": "choir"}),
        ("remove-group", {"value": "Friends"}),
        ("favorite", {}),
        ("no-favorite", {}),
        ("replace", {"field": "email", "value": "example", "new": "acme"}),
    ],
)
async def test_at_once_and_contact_by_contact_do_the_same(book: Book, name: str, values: dict[str, str]) -> None:
    await _fill(book)
    before = await _state(book)
    action = make_action(name, **values)
    await book.apply(await make_plan([action], Listing(), book.contacts))
    at_once = await _state(book)
    assert at_once != before
    await book.history.undo()
    assert await _state(book) == before
    await book.apply(plan_each([action], [one async for one in book.contacts(Listing())]))
    assert await _state(book) == at_once


async def test_a_new_group_from_what_a_search_finds(book: Book) -> None:
    await _fill(book)
    await book.apply(
        await make_plan([make_action("create-group", value="Org")], Listing(query="example.org"), book.contacts)
    )
    assert [(group.name, group.size) for group in await book.groups.all()] == [("Choir", 1), ("Friends", 2), ("Org", 2)]


async def test_to_the_bin_and_back(book: Book) -> None:
    await _fill(book)
    before = await _state(book)
    outcome = await book.apply(await make_plan([make_action("delete")], Listing(query="ada"), book.contacts))
    assert outcome.summary == "Moved Ada Lovelace to the Bin."
    assert await book.lists.count(Listing(View.BIN)) == 1
    await book.apply(await make_plan([make_action("restore")], Listing(View.BIN), book.contacts))
    assert await _state(book) == before


async def test_edited_as_text(book: Book) -> None:
    await _fill(book)
    contacts = [one async for one in book.contacts(Listing())]
    text = to_text(contacts).replace("company: Shop", "company: Store").replace("email: bob@", "email [work]: bob@")
    outcome = await book.apply(from_text(text, contacts))
    assert outcome.changed == 2
    after = {one.id: one async for one in book.contacts(Listing())}
    for one in contacts:
        expected = {
            "Shop": {"company": "Store"},
            "Bob": {"emails": (Email("bob@example.org", "work"),)},
        }.get(one.shown_name, {})
        assert replace(after[one.id], version=0, updated_at=None) == replace(
            one, version=0, updated_at=None, **expected
        )  # type: ignore[arg-type]


async def test_merged(book: Book) -> None:
    await _fill(book)
    ada, bob, *_ = [one async for one in book.contacts(Listing())]
    outcome = await book.apply(merge_plan([ada, bob]))
    assert outcome.summary == "Merged Bob into Ada Lovelace."
    merged = await book.contact(ada.id or 0)
    assert [email.address for email in merged.emails] == ["ada@example.org", "bob@example.org"]
    assert (await book.contact(bob.id or 0)).deleted_by == "merged into Ada Lovelace"
    await book.history.undo()
    assert await _state(book) == [{name: getattr(one, name) for name in ATTRIBUTES} for one in PEOPLE]


async def test_a_name_is_told_as_it_is_whatever_it_looks_like(book: Book) -> None:
    await _fill(book)
    outcome = await book.apply(
        await make_plan([make_action("add-group", value="{contacts}")], Listing(), book.contacts)
    )
    assert outcome.summary == "Added 3 contacts to {contacts}."
