"""What differs between a file and the book is asked value by value, and nothing is stored before the last answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from coterie.core.book import Book
from coterie.core.changes import Create, Plan
from coterie.core.listing import Listing
from coterie.core.merge import Keep
from coterie.core.model import Contact, Email
from coterie.core.transfer.choices import Clash
from coterie.tui.dialogs.clashes import ClashesDialog
from coterie.tui.dialogs.import_contacts import ImportDialog
from coterie.tui.files import Files
from coterie.tui.memory import Memory
from tests.tui.dialogs.stage import EVIL, WAITING, on_stage, until, whole

CLASHES = [Clash(n, f"Person {n}", "Company", f"Book {n}", f"File {n}") for n in range(5)]


async def test_each_value_is_settled_by_a_key() -> None:
    async with on_stage(lambda: ClashesDialog(CLASHES)) as (stage, pilot):
        await until(lambda: "What differs: 1 of 5" in stage.seen())
        await until(lambda: "Person 0: Company" in stage.seen())
        await until(lambda: "Book 0" in stage.seen())
        await until(lambda: "File 0" in stage.seen())
        await pilot.press("f", "b", "backspace", "k", "enter", "ctrl+s")
        await until(lambda: "What differs: 5 of 5" in stage.seen())
        await pilot.press("b")
        await until(lambda: stage.answer is not WAITING)
    assert list(stage.answer.values()) == [Keep.THEIRS, Keep.BOTH, Keep.BOTH, Keep.BOTH, Keep.OURS]


async def test_one_answer_serves_for_all_that_follow() -> None:
    async with on_stage(lambda: ClashesDialog(CLASHES)) as (stage, pilot):
        await pilot.press("b", "a", "f")
        await until(lambda: stage.answer is not WAITING)
    assert list(stage.answer.values()) == [Keep.OURS, *[Keep.THEIRS] * 4]


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (40, 12)])
async def test_a_value_of_any_kind_fits(size: tuple[int, int]) -> None:
    long = Clash(1, EVIL, EVIL, f"{EVIL}\n" * 9, "x" * 5000)
    async with on_stage(lambda: ClashesDialog([long]), size) as (stage, pilot):
        await until(lambda: whole(stage))
        await pilot.press("escape")
        await until(lambda: stage.answer is not WAITING)
    assert stage.answer is None


@pytest.fixture
async def newer(book: Book, tmp_path: Path) -> Path:
    """A file that says something else than the book of a contact, and has a new one."""
    ada = Contact(name="Ada King", emails=(Email("ada@example.org"),), company="Acme", job_title="Analyst")
    await book.apply(Plan("add", "Add", [Create(ada)]))
    path = tmp_path / "newer.csv"
    path.write_text("Name,E-mail,Company,Job Title\nAda King,ada@example.org,Acme,Countess\nBob Ash,bob@x.org,,\n")
    return path


async def test_an_import_asks_before_it_stores(book: Book, newer: Path) -> None:
    def dialog() -> ImportDialog:
        return ImportDialog(book, Files(newer.parent), [], Memory(), path=newer.name)

    async with on_stage(dialog) as (stage, pilot):
        await until(lambda: "1  value differs from what the book has" in stage.seen())
        stage.screen.query_one("#duplicates").focus()
        await pilot.press("left", "ctrl+s")
        await until(lambda: "Ada King: Job title" in stage.seen())
        await pilot.press("escape")
        await until(lambda: "Nothing was imported." in stage.seen())
        assert await book.lists.count(Listing()) == 1
        await pilot.press("ctrl+s")
        await until(lambda: "Ada King: Job title" in stage.seen())
        await pilot.press("f")
        await until(lambda: "Imported 2 contacts" in stage.seen())
        await pilot.press("enter")
        await until(lambda: stage.answer is not WAITING)
    assert (await book.find("ada@example.org")).job_title == "Countess"
    await book.history.undo()
    assert (await book.find("ada@example.org")).job_title == "Analyst"
    assert await book.lists.count(Listing()) == 1
