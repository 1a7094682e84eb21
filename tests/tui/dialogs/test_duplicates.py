"""The duplicates dialog over a real book: pairs, what is kept, merging, skipping, chains."""

from __future__ import annotations

import pytest

from core.book import Book
from core.change import Create, Plan
from core.listing import Listing
from core.model import Contact, Email, Phone
from tests.tui.dialogs.stage import EVIL, Stage, on_stage, until, whole
from tui.dialogs.duplicates import DuplicatesDialog, merged_with

ADA = Contact(name="Ada King", company="Engines", emails=(Email("ada@example.org"),), groups=("Choir",))
LOVELACE = Contact(
    name="Ada Lovelace",
    company="Analysts",
    emails=(Email("ADA@example.org"), Email("x@example.org")),
    groups=("Chess",),
)
ALSO = Contact(name="Ada King", phones=(Phone("+44 20 7946 0001"),), emails=(Email("x@example.org"),))


async def opened(book: Book, *contacts: Contact) -> list[int]:
    outcome = await book.apply(Plan("add", "Add", [Create(contact) for contact in contacts]))
    return list(outcome.created_ids)


async def everybody(book: Book) -> list[Contact]:
    return [contact async for contact in book.contacts(Listing())]


async def shown(stage: Stage, words: str) -> None:
    await until(lambda: words in stage.seen())


async def test_both_are_shown_side_by_side_with_the_reason(book: Book) -> None:
    await opened(book, ADA, LOVELACE)
    async with on_stage(lambda: DuplicatesDialog(book)) as (stage, _):
        await shown(stage, "Same e-mail")
        assert "Duplicates: 1 of 1" in stage.seen()
        assert "Ada King" in stage.seen()
        assert "Ada Lovelace" in stage.seen()


async def test_merging_keeps_everything_and_is_one_undo(book: Book) -> None:
    await opened(book, ADA, LOVELACE)
    async with on_stage(lambda: DuplicatesDialog(book)) as (stage, pilot):
        await shown(stage, "Same e-mail")
        await pilot.press("enter")
        await shown(stage, "That was the last pair.")
        await pilot.press("enter")
        await until(lambda: stage.answer == 1)
    (merged,) = await everybody(book)
    assert merged.name == "Ada King"
    assert merged.company == "Engines"
    assert [email.address for email in merged.emails] == ["ada@example.org", "x@example.org"]
    assert set(merged.groups) == {"Choir", "Chess"}
    assert "Analysts" in merged.custom.values()
    await book.undo()
    assert len(await everybody(book)) == 2


async def test_the_value_that_stands_is_chosen(book: Book) -> None:
    await opened(book, ADA, LOVELACE)
    async with on_stage(lambda: DuplicatesDialog(book)) as (stage, pilot):
        await shown(stage, "Same e-mail")
        await pilot.press("right", "m")
        await shown(stage, "That was the last pair.")
    (merged,) = await everybody(book)
    assert (merged.name, merged.company) == ("Ada Lovelace", "Engines")
    assert "Ada King" in merged.custom.values()


async def test_swapping_keeps_the_other(book: Book) -> None:
    _, second = await opened(book, ADA, LOVELACE)
    async with on_stage(lambda: DuplicatesDialog(book)) as (stage, pilot):
        await shown(stage, "Same e-mail")
        await pilot.press("x", "enter")
        await shown(stage, "That was the last pair.")
    (merged,) = await everybody(book)
    assert (merged.id, merged.name) == (second, "Ada Lovelace")


async def test_skipping_changes_nothing(book: Book) -> None:
    await opened(book, ADA, LOVELACE)
    async with on_stage(lambda: DuplicatesDialog(book)) as (stage, pilot):
        await shown(stage, "Same e-mail")
        await pilot.press("s")
        await shown(stage, "That was the last pair.")
        await pilot.press("b")
        await shown(stage, "Duplicates: 1 of 1")
        await pilot.press("escape")
        await until(lambda: stage.answer == 0)
    assert len(await everybody(book)) == 2


async def test_three_that_are_one_become_one(book: Book) -> None:
    await opened(book, ADA, LOVELACE, ALSO)
    async with on_stage(lambda: DuplicatesDialog(book)) as (stage, pilot):
        for _ in range(2):
            await until(lambda: "keep" in stage.seen())
            await pilot.press("enter")
            await pilot.pause()
        await shown(stage, "That was the last pair.")
    (merged,) = await everybody(book)
    assert len(merged.emails) == 2
    assert len(merged.phones) == 1


async def test_no_duplicates_are_said(book: Book) -> None:
    async with on_stage(lambda: DuplicatesDialog(book)) as (stage, pilot):
        await shown(stage, "No two contacts seem to be the same.")
        await pilot.press("enter")
        await until(lambda: stage.answer == 0)


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_it_fits_and_hostile_text_is_only_text(book: Book, size: tuple[int, int]) -> None:
    one = Contact(name=EVIL, company=EVIL, notes=EVIL, emails=(Email("a@example.org", EVIL),), custom={EVIL: EVIL})
    await opened(book, one, Contact(name=f"2 {EVIL}", company=f"2 {EVIL}", emails=one.emails))
    async with on_stage(lambda: DuplicatesDialog(book), size) as (stage, _):
        await shown(stage, "Same e-mail")
        assert whole(stage)
        assert not set(stage.seen()) & set("\x1b\x07\u202e")


def test_what_loses_is_kept_aside() -> None:
    merged = merged_with(ADA, LOVELACE, ["company"])
    assert merged.company == "Analysts"
    assert "Engines" in merged.custom.values()
