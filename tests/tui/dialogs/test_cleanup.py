"""The clean-up desk over a real book: counts, previews, applying, undoing, dismissing."""

from __future__ import annotations

from pathlib import Path

import pytest

from coterie.core.book import Book
from coterie.core.changes import Create, Edit, Plan
from coterie.core.listing import Listing
from coterie.core.model import Contact, Email, Phone
from coterie.tui.dialogs.cleanup import CleanedUp, CleanupDesk
from coterie.tui.files import Files
from tests.tui.dialogs.stage import EVIL, Stage, on_stage, until, whole

SHOUTED: list[Contact] = [
    Contact(name="ADA KING", emails=(Email("ada@example.org"),)),
    Contact(name="BOB RAY", emails=(Email("bob@example.org"),)),
]


async def opened(book: Book, *contacts: Contact) -> list[int]:
    outcome = await book.apply(Plan("add", "Add", [Create(contact) for contact in contacts]))
    return list(outcome.created_ids)


async def names(book: Book) -> list[str]:
    return [contact.name async for contact in book.contacts(Listing())]


async def shown(stage: Stage, words: str) -> None:
    await until(lambda: words in stage.seen())


def counted(stage: Stage, title: str) -> str:
    """What stands at the end of a line of the desk."""
    [line] = [line for line in stage.seen().splitlines() if title in line]
    return line.strip(" │▃▅▇█").split()[-1]


async def test_kinds_are_counted_opened_applied_and_undone(book: Book, tmp_path: Path) -> None:
    await opened(book, *SHOUTED)
    async with on_stage(lambda: CleanupDesk(book, Files(tmp_path))) as (stage, pilot):
        await shown(stage, "Clean up: 2 proposals")
        assert counted(stage, "Names in capitals") == "2"
        assert counted(stage, "Titles inside names") == "-"
        await pilot.press("j", "enter")
        await shown(stage, "Apply to 2")
        assert "Ada King" in stage.seen()
        await pilot.press("enter")
        await shown(stage, "Cleaned up 2 contacts")
        await until(lambda: counted(stage, "Names in capitals") == "-")
        assert await names(book) == ["Ada King", "Bob Ray"]
        await pilot.press("u")
        await until(lambda: counted(stage, "Names in capitals") == "2")
        assert await names(book) == ["ADA KING", "BOB RAY"]
        await pilot.press("escape")
        await until(lambda: stage.answer == CleanedUp(0))


async def test_space_leaves_one_out_for_now(book: Book, tmp_path: Path) -> None:
    await opened(book, *SHOUTED)
    async with on_stage(lambda: CleanupDesk(book, Files(tmp_path))) as (stage, pilot):
        await shown(stage, "2 proposals")
        await pilot.press("j", "enter")
        await shown(stage, "Apply to 2")
        await pilot.press("space")
        await shown(stage, "Apply to 1")
        await pilot.press("enter")
        await shown(stage, "Cleaned up Bob Ray")
        await until(lambda: counted(stage, "Names in capitals") == "1")
    assert await names(book) == ["ADA KING", "Bob Ray"]


async def test_what_is_dismissed_stays_dismissed(book: Book, tmp_path: Path) -> None:
    await opened(book, *SHOUTED)
    async with on_stage(lambda: CleanupDesk(book, Files(tmp_path))) as (stage, pilot):
        await shown(stage, "2 proposals")
        await pilot.press("j", "enter")
        await shown(stage, "Apply to 2")
        await pilot.press("n")
        await shown(stage, "ADA KING is not proposed again")
        await shown(stage, "Apply to 1")
        await pilot.press("escape")
        await until(lambda: "Apply" not in stage.seen() and counted(stage, "Names in capitals") == "1")
        await shown(stage, "1 dismissed")
        await pilot.press("R")
        await until(lambda: counted(stage, "Names in capitals") == "2")
        await pilot.press("n")
        await shown(stage, "Dismiss 2 proposals?")
        await pilot.press("enter")
        await until(lambda: counted(stage, "Names in capitals") == "-")
    assert await names(book) == ["ADA KING", "BOB RAY"]


async def test_n_and_space_take_a_dismissed_one_in_again(book: Book, tmp_path: Path) -> None:
    await opened(book, *SHOUTED)
    async with on_stage(lambda: CleanupDesk(book, Files(tmp_path))) as (stage, pilot):
        await shown(stage, "2 proposals")
        await pilot.press("j", "enter")
        await shown(stage, "Apply to 2")
        await pilot.press("n")
        await shown(stage, "Apply to 1")
        await pilot.press("g", "space")
        await shown(stage, "Apply to 2")
        await pilot.press("escape")
        await until(lambda: "Apply" not in stage.seen() and counted(stage, "Names in capitals") == "2")


async def test_contacts_without_an_address_are_checked(book: Book, tmp_path: Path) -> None:
    [one] = await opened(book, Contact(name="Kim Lee", phones=(Phone("+44 20 7946 0001"),)))
    async with on_stage(lambda: CleanupDesk(book, Files(tmp_path))) as (stage, pilot):
        await shown(stage, "1 proposal")
        await pilot.press("G", "k", "k", "enter")
        await shown(stage, "There is a phone number.")
        await pilot.press("ctrl+s")
        await until(lambda: isinstance(stage.answer, CleanedUp))
    assert list(stage.answer.check) == [one]
    assert stage.answer.query == "missing:email"


async def test_duplicates_are_opened(book: Book, tmp_path: Path) -> None:
    twin = Contact(name="Ada King", emails=(Email("ada@example.org"),))
    await opened(book, twin, twin)
    async with on_stage(lambda: CleanupDesk(book, Files(tmp_path))) as (stage, pilot):
        await shown(stage, "1 proposal")
        await pilot.press("enter")
        await shown(stage, "Same e-mail, same name")
        await pilot.press("m")
        await shown(stage, "That was the last pair.")
        await pilot.press("escape")
        await shown(stage, "there is nothing to do")
        await shown(stage, "Merged 1 pair of contacts.")
    assert await names(book) == ["Ada King"]


async def test_what_was_changed_meanwhile_is_left_as_it_is(book: Book, tmp_path: Path) -> None:
    first, _ = await opened(book, *SHOUTED)
    async with on_stage(lambda: CleanupDesk(book, Files(tmp_path))) as (stage, pilot):
        await shown(stage, "2 proposals")
        await pilot.press("j", "enter")
        await shown(stage, "Apply to 2")
        await book.apply(Plan("edit", "Edit", [Edit(first, {"notes": "new"})]))
        await pilot.press("enter")
        await shown(stage, "Cleaned up Bob Ray")
    assert await names(book) == ["ADA KING", "Bob Ray"]


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_it_fits_and_hostile_text_is_only_text(book: Book, tmp_path: Path, size: tuple[int, int]) -> None:
    evil = EVIL.replace("\x1b", "").replace("\x07", "")
    await opened(book, Contact(name=evil, company=evil, emails=(Email("a@gmial.com", evil),), custom={"Firma": evil}))
    async with on_stage(lambda: CleanupDesk(book, Files(tmp_path)), size) as (stage, pilot):
        await shown(stage, "Clean up: 2 proposals")
        await until(lambda: whole(stage))
        await pilot.press(*"jjjjj", "enter")
        await shown(stage, "Apply")
        await until(lambda: whole(stage))
        assert not set(stage.seen()) & set("\x1b\x07\u202e")
