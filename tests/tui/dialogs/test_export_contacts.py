"""The export dialog over a real book: formats, paths, overwriting, the clipboard and its limit, cancelling."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input

from coterie.core.book import Book
from coterie.core.changes import Create, Plan
from coterie.core.listing import Listing, View
from coterie.core.model import Contact, Email
from coterie.core.transfer import export
from coterie.tui.dialogs import export_contacts
from coterie.tui.dialogs.export_contacts import Exportable, ExportDialog, Exported
from coterie.tui.files import Files
from tests.tui.dialogs.stage import EVIL, HOSTILE, WAITING, Stage, on_stage, type_text, until, whole

PEOPLE = [
    Contact(name="Ada King", emails=(Email("ada@example.org"),), favorite=True),
    Contact(name="Bob Stone", emails=(Email("bob@example.org"),)),
]


@pytest.fixture
async def people(book: Book) -> Book:
    await book.apply(Plan("add", "Add", [Create(contact) for contact in PEOPLE]))
    return book


def dialog(book: Book, folder: Path, *, clipboard: bool = True) -> ExportDialog:
    choices = [
        Exportable("this list", Listing(), 2),
        Exportable("favorites", Listing(View.FAVORITES), 1, "favorites"),
    ]
    return ExportDialog(book, Files(folder), choices, clipboard=clipboard)


def path_of(stage: Stage) -> str:
    return stage.screen.query_one("#path Input", Input).value


async def test_enter_exports_to_the_proposed_path(people: Book, tmp_path: Path) -> None:
    async with on_stage(lambda: dialog(people, tmp_path)) as (stage, pilot):
        await pilot.press("enter")
        await until(lambda: stage.answer is not WAITING)
    assert stage.answer == Exported(2, "~/contacts.csv")
    assert stage.answer.sentence == "Exported 2 contacts to ~/contacts.csv."
    text = (tmp_path / "contacts.csv").read_text()
    assert "ada@example.org" in text
    assert "bob@example.org" in text


async def test_format_and_contacts_change_the_proposed_path(people: Book, tmp_path: Path) -> None:
    async with on_stage(lambda: dialog(people, tmp_path)) as (stage, pilot):
        stage.screen.query_one("#what").focus()
        await pilot.press("right", "down", "right", "right", "right")
        await until(lambda: path_of(stage) == "~/favorites.vcf")
        await until(lambda: "vCard 4.0" in stage.seen())
        assert "formulas" not in stage.seen()
        await pilot.press("enter")
        await until(lambda: stage.answer is not WAITING)
    assert stage.answer == Exported(1, "~/favorites.vcf")
    assert (tmp_path / "favorites.vcf").read_text().count("BEGIN:VCARD") == 1


async def test_an_ending_that_the_chosen_format_has_too_changes_no_choice(people: Book, tmp_path: Path) -> None:
    async with on_stage(lambda: dialog(people, tmp_path)) as (stage, pilot):
        stage.screen.query_one("#format").focus()
        await pilot.press("right", "right", "right", "right")
        await until(lambda: "< vCard 3.0 >" in stage.seen())
        stage.screen.query_one("#path Input").focus()
        await pilot.press("end", "ctrl+u")
        await type_text(pilot, "all.vcf")
        await until(lambda: path_of(stage) == "all.vcf")
        await until(lambda: "< vCard 3.0 >" in stage.seen())


async def test_the_ending_that_is_typed_tells_the_format(people: Book, tmp_path: Path) -> None:
    async with on_stage(lambda: dialog(people, tmp_path)) as (stage, pilot):
        await pilot.press("ctrl+u")
        await type_text(pilot, "all.json")
        await until(lambda: "< JSON >" in stage.seen())
        await pilot.press("enter")
        await until(lambda: stage.answer is not WAITING)
    assert (tmp_path / "all.json").read_text().startswith("[")


async def test_a_file_is_replaced_only_when_told(people: Book, tmp_path: Path) -> None:
    path = tmp_path / "contacts.csv"
    path.write_text("mine")
    async with on_stage(lambda: dialog(people, tmp_path)) as (stage, pilot):
        await pilot.press("enter")
        await until(lambda: "Replace contacts.csv?" in stage.seen())
        await pilot.press("escape")
        await until(lambda: "Replace contacts.csv?" not in stage.seen())
        assert path.read_text() == "mine"
        await pilot.press("enter")
        await until(lambda: "Replace contacts.csv?" in stage.seen())
        await pilot.press("ctrl+s")
        assert path.read_text() == "mine"
        await pilot.press("shift+tab", "enter")
        await until(lambda: stage.answer is not WAITING)
    assert "ada@example.org" in path.read_text()


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/etc/passwd", "outside the folder"),
        ("nowhere/x.csv", "be written"),
        ("~", "name of the file"),
        ("x" * 300, "be written"),
    ],
)
async def test_what_cannot_be_written_is_said(people: Book, tmp_path: Path, path: str, words: str) -> None:
    async with on_stage(lambda: dialog(people, tmp_path)) as (stage, pilot):
        await pilot.press("ctrl+u")
        await type_text(pilot, path)
        await pilot.press("ctrl+s")
        await until(lambda: words in stage.seen())
        assert stage.answers == 0


async def test_the_clipboard_gets_the_text(people: Book, tmp_path: Path) -> None:
    async with on_stage(lambda: dialog(people, tmp_path)) as (stage, pilot):
        stage.screen.query_one("#where").focus()
        await pilot.press("right")
        await pilot.pause()
        assert "Path" not in stage.seen()
        await pilot.press("enter")
        await until(lambda: stage.answer is not WAITING)
        assert "ada@example.org" in stage.clipboard
    assert stage.answer == Exported(2, "the clipboard")


async def test_too_much_for_the_clipboard_is_said(book: Book, tmp_path: Path) -> None:
    await book.apply(Plan("add", "Add", [Create(Contact(name=f"Person {n}", notes="x" * 1000)) for n in range(100)]))
    async with on_stage(lambda: dialog(book, tmp_path)) as (stage, pilot):
        stage.screen.query_one("#where").focus()
        await pilot.press("right", "enter")
        await until(lambda: "too much for a terminal's clipboard" in stage.seen())
        assert stage.clipboard == ""
        assert stage.answers == 0


async def test_without_a_clipboard_only_files_are_offered(people: Book, tmp_path: Path) -> None:
    async with on_stage(lambda: dialog(people, tmp_path, clipboard=False)) as (stage, pilot):
        stage.screen.query_one("#where").focus()
        await pilot.press("right")
        await pilot.pause()
        assert "clipboard" not in stage.seen()


async def test_cancelling_leaves_no_file(people: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    going_on = asyncio.Event()

    async def slowly(*arguments: Any, **named: Any) -> int:
        await going_on.wait()
        return await export.write(*arguments, **named)

    monkeypatch.setattr(export_contacts, "write", slowly)
    async with on_stage(lambda: dialog(people, tmp_path)) as (stage, pilot):
        await pilot.press("enter")
        await until(lambda: stage.screen.query_one("#running").display)
        await pilot.press("escape")
        going_on.set()
        await until(lambda: "You stopped the export." in stage.seen())
        assert stage.answers == 0
    assert not list(tmp_path.glob("*.csv*"))  # noqa: ASYNC240 - a look at the end of a test


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_it_fits_and_hostile_text_is_only_text(book: Book, tmp_path: Path, size: tuple[int, int]) -> None:
    await book.apply(Plan("add", "Add", [Create(HOSTILE)]))
    choices = [Exportable(EVIL, Listing(), 1, "x")] * 5
    async with on_stage(lambda: ExportDialog(book, Files(tmp_path), choices), size) as (stage, pilot):
        await until(lambda: whole(stage))
        assert not set(stage.seen()) & set("\x1b\x07\u202e")
        await pilot.press("ctrl+t")
        await until(lambda: "Type to search" in stage.seen())
        await until(lambda: whole(stage))
