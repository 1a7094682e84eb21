"""Merging what is checked, value by value."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coterie.core.book import Book
from coterie.core.changes import Create, Plan
from coterie.core.listing import Listing
from coterie.core.model import Contact, Email
from coterie.core.names import as_named
from coterie.tui.dialogs.merge_checked import MergeChecked
from tests.tui.dialogs.stage import HOSTILE, on_stage, until, whole

PEOPLE = [
    Contact(name="Ada King", company="Engines", emails=(Email("ada@example.org"), Email("old@example.org"))),
    Contact(name="Ada Lovelace", company="Analysts", emails=(Email("ada@example.org"),)),
    Contact(name="A. King", groups=("Chess",)),
]


async def stored(book: Book) -> list[Contact]:
    outcome = await book.apply(Plan("add", "Add", [Create(contact) for contact in PEOPLE]))
    return [await book.contact(one) for one in outcome.created_ids]


async def test_the_user_sees_each_value_and_chooses(book: Book) -> None:
    contacts = await stored(book)
    async with on_stage(lambda: MergeChecked(contacts, as_named)) as (stage, pilot):
        assert "Merge 3 contacts into one" in stage.seen()
        assert "1 Ada King   2 Ada Lovelace   3 A. King" in stage.seen()
        await pilot.press("down", "space")  # Ada Lovelace
        await until(lambda: "(*) Ada Lovelace" in stage.seen() and "( ) Ada King" in stage.seen())
        await pilot.press(*["j"] * 5, "space")  # old@example.org
        await until(lambda: "[ ] old@example.org" in stage.seen())
        await pilot.press("enter")
        await until(lambda: isinstance(stage.answer, Plan))
    await book.apply(stage.answer)
    [merged] = [contact async for contact in book.contacts(Listing())]
    assert (merged.id, merged.name, merged.company) == (contacts[0].id, "Ada Lovelace", "Engines")
    assert [email.address for email in merged.emails] == ["ada@example.org"]
    assert merged.groups == ("Chess",)
    assert {"Ada King", "A. King", "Analysts"} == set(merged.custom.values())


async def test_a_digit_takes_all_of_one_contact(book: Book) -> None:
    contacts = await stored(book)
    async with on_stage(lambda: MergeChecked(contacts, as_named)) as (stage, pilot):
        await pilot.press("2")
        await until(lambda: "(*) Analysts" in stage.seen())
        await pilot.press("9", "ctrl+s")
        await until(lambda: isinstance(stage.answer, Plan))
    outcome = await book.apply(stage.answer)
    assert outcome.summary == "Merged 3 contacts into Ada Lovelace."
    await book.history.undo()
    assert await book.lists.count(Listing()) == 3


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_it_fits_and_hostile_text_is_only_text(size: tuple[int, int]) -> None:
    contacts = [replace(HOSTILE, id=number) for number in (1, 2)]
    async with on_stage(lambda: MergeChecked(contacts, as_named), size) as (stage, _):
        await until(lambda: whole(stage))
        assert not set(stage.seen()) & set("\x1b\x07\u202e")
