"""The import dialog over a real book: from a path, a drop, pasted rows; preview, mapping, choices, cancel, rejects."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from textual.events import Paste
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from coterie.core.book import Book
from coterie.core.changes import Create, Delete, Plan
from coterie.core.listing import Listing, View
from coterie.core.model import Contact, Email
from coterie.core.transfer import importing
from coterie.core.transfer.importing import ImportReport
from coterie.tui.dialogs import import_contacts
from coterie.tui.dialogs.file_picker import FilePicker
from coterie.tui.dialogs.import_contacts import ImportDialog
from coterie.tui.files import Files
from coterie.tui.memory import Memory
from tests.core.transfer.test_readers import xlsx
from tests.tui.dialogs.all_dialogs import bottom
from tests.tui.dialogs.stage import EVIL, WAITING, Stage, on_stage, type_text, until, whole

PEOPLE = "Name;E-Mail;Firma\r\nAda King;ada@example.org;Engines\r\nBob Stone;bob@example.org;Quarry\r\n;;\r\n"


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "my people.csv"
    path.write_text(PEOPLE, newline="")
    return path


def dialog(book: Book, folder: Path, path: str = "", memory: Memory | None = None) -> ImportDialog:
    return ImportDialog(book, Files(folder), ["Choir"], memory or Memory(), path=path)


async def ready(stage: Stage, words: str = "2 contacts") -> None:
    await until(lambda: f"Import {words}" in stage.seen())


def paste(stage: Stage, text: str) -> None:
    assert stage.screen.focused is not None
    stage.screen.focused.post_message(Paste(text))


async def test_a_path_becomes_contacts(book: Book, people: Path) -> None:
    async with on_stage(lambda: dialog(book, people.parent)) as (stage, pilot):
        await until(lambda: "scp people.csv" in stage.seen())
        await type_text(pilot, "my")
        await until(lambda: "my people.csv" in stage.seen())
        await pilot.press("tab", "enter")
        await ready(stage)
        await until(lambda: "Plain table" in stage.seen())
        await until(lambda: "semicolons" in stage.seen())
        await pilot.press("enter")
        await until(lambda: "Imported 2 contacts" in stage.seen())
        await until(lambda: "2  new" in stage.seen())
        await until(lambda: "u undoes all of it." in stage.seen())
        await pilot.press("enter")
        await until(lambda: stage.answer is not WAITING)
    assert (stage.answer.created, stage.answer.total) == (2, stage.answer.total)
    assert await book.lists.count(Listing()) == 2
    await book.history.undo()
    assert await book.lists.count(Listing()) == 0


async def test_a_second_import_changes_nothing(book: Book, people: Path) -> None:
    for words in ("2 contacts", ""):
        async with on_stage(lambda: dialog(book, people.parent, people.name)) as (stage, pilot):
            await until(lambda stage=stage, words=words: words in stage.seen() and "2  " in stage.seen())
            await pilot.press("ctrl+s")
            await until(lambda stage=stage: "Imported" in stage.seen())
            await pilot.press("enter")
            await until(lambda stage=stage: stage.answer is not WAITING)
    assert stage.answer.unchanged == 2
    assert stage.answer.outcome.operation_id is None
    assert await book.lists.count(Listing()) == 2


@pytest.mark.parametrize("form", ["'{}'", "file://{}", "{}"])
async def test_a_dropped_file_is_taken(book: Book, people: Path, form: str) -> None:
    text = form.format(str(people) if form[0] == "'" else str(people).replace(" ", "%20" if form[0] == "f" else "\\ "))
    async with on_stage(lambda: dialog(book, people.parent)) as (stage, pilot):
        paste(stage, text)
        await pilot.pause()
        await pilot.press("enter")
        await ready(stage)


async def test_a_part_of_a_path_is_pasted_once(book: Book, people: Path) -> None:
    async with on_stage(lambda: dialog(book, people.parent)) as (stage, pilot):
        paste(stage, people.name)
        await pilot.pause()
        assert stage.screen.query_one("#path Input", Input).value == people.name


@pytest.mark.parametrize("field", ["#path Input", "#rows"])
async def test_rows_are_pasted_from_a_spreadsheet(book: Book, tmp_path: Path, field: str) -> None:
    async with on_stage(lambda: dialog(book, tmp_path)) as (stage, pilot):
        stage.screen.query_one(field).focus()
        await pilot.pause()
        paste(stage, "Name\tE-mail\rAda King\tada@example.org\rBob Stone\tbob@example.org\r")
        await until(lambda: "Ada King" in stage.seen())
        await pilot.press("ctrl+s")
        await ready(stage)
        await pilot.press("enter")
        await until(lambda: "Imported 2 contacts" in stage.seen())


async def test_a_long_paste_is_imported_whole(book: Book, tmp_path: Path) -> None:
    rows = "Name,E-mail\n" + "".join(f"Person {n},p{n}@example.org\n" for n in range(3000))
    async with on_stage(lambda: dialog(book, tmp_path)) as (stage, pilot):
        paste(stage, rows)
        await until(lambda: "Person 1" in stage.seen())
        await pilot.press("ctrl+s")
        await ready(stage, "3,000 contacts")


async def test_a_pasted_vcard_is_recognized(book: Book, tmp_path: Path) -> None:
    card = "BEGIN:VCARD\nVERSION:4.0\nFN:Ada King\nEMAIL:ada@example.org\nEND:VCARD\n"
    async with on_stage(lambda: dialog(book, tmp_path)) as (stage, pilot):
        paste(stage, card)
        await pilot.pause()
        await pilot.press("ctrl+s")
        await ready(stage, "1 contact")
        await until(lambda: "vCard" in stage.seen())
        await pilot.press("pagedown")
        await until(lambda: "This file has no columns." in stage.seen())


async def change_column(stage: Stage, pilot: Pilot[None], place: int, word: str) -> None:
    await pilot.press("pagedown")
    columns = stage.screen.query_one("#columns", OptionList)
    columns.focus()
    columns.highlighted = place
    await pilot.press("enter")
    await until(lambda: "What is in" in stage.seen())
    await type_text(pilot, word)
    await pilot.press("enter")
    await until(lambda: "What is in" not in stage.seen())


async def test_a_column_is_changed_and_remembered(book: Book, people: Path) -> None:
    memory = Memory()
    async with on_stage(lambda: dialog(book, people.parent, people.name, memory)) as (stage, pilot):
        await ready(stage)
        await change_column(stage, pilot, 2, "nickn")
        await until(lambda: "Nickname" in stage.seen())
        await ready(stage)
        await pilot.press("ctrl+s")
        await until(lambda: "Imported 2 contacts" in stage.seen())
    assert [one.nickname async for one in book.contacts(Listing())] == ["Engines", "Quarry"]
    async with on_stage(lambda: dialog(book, people.parent, people.name, memory)) as (stage, pilot):
        await until(lambda: "as you chose for these headings last time" in stage.seen())


async def test_the_first_rows_are_shown_as_contacts(book: Book, people: Path) -> None:
    async with on_stage(lambda: dialog(book, people.parent, people.name)) as (stage, pilot):
        await ready(stage)
        await pilot.press("pagedown")
        await until(lambda: "Family name" in stage.seen() or "Company" in stage.seen())
        await until(lambda: "Engines" in stage.seen())
        await pilot.press("right")
        await until(lambda: "ada@example.org" in stage.seen())


async def test_the_bottom_line_says_what_the_keys_do_to_a_list_of_completions(book: Book, people: Path) -> None:
    async with on_stage(lambda: dialog(book, people.parent, "")) as (stage, pilot):
        await type_text(pilot, "my")
        await until(lambda: "enter next  ↓ ↑ move  tab complete  esc close list" in bottom(stage))
        await pilot.press("down")
        await until(lambda: "enter choose" in bottom(stage))
        await pilot.press("escape")
        await until(lambda: "enter next  tab next  esc cancel" in bottom(stage))
        assert stage.answers == 0


async def test_known_addresses_merge_skip_or_make_another(book: Book, people: Path) -> None:
    await book.apply(Plan("add", "Add", [Create(Contact(name="Ada", emails=(Email("ADA@example.org"),)))]))
    async with on_stage(lambda: dialog(book, people.parent, people.name)) as (stage, pilot):
        await until(lambda: "1  merged into contacts that are already here" in stage.seen())
        stage.screen.query_one("#duplicates").focus()
        await pilot.press("right")
        await until(lambda: "skipped: is in the book already" in stage.seen())
        await pilot.press("right")
        await until(lambda: "2  new" in stage.seen())


async def test_the_first_page_tells_what_the_file_holds(book: Book, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(
        "Name,E-mail,Phone\nJohn Smith,smiths@example.org,0111\nMary Smith,smiths@example.org,0222\n"
        "Kim Noe,kim at example,0333\nLee Moe,,0444\n"
    )
    async with on_stage(lambda: dialog(book, tmp_path, path.name)) as (stage, _):
        await ready(stage, "4 contacts")
        for words in (
            "2  of them without a usable e-mail address",
            "1  of them with text that is not an address, kept as “E-mail”",
            "1  of them shares an address with somebody else: see Duplicates",
            "Mary Smith", "0222", "Columns 3", "First 4 contacts", "If the contact is already here",
        ):  # fmt: skip
            await until(lambda words=words: words in stage.seen())
        await until(lambda: whole(stage))


async def test_a_file_may_win(book: Book, people: Path) -> None:
    ada = Contact(name="Ada King", emails=(Email("ada@example.org"),), company="Acme")
    await book.apply(Plan("add", "Add", [Create(ada)]))
    async with on_stage(lambda: dialog(book, people.parent, people.name)) as (stage, pilot):
        await until(lambda: "1  value differs from what the book has" in stage.seen())
        stage.screen.query_one("#duplicates").focus()
        await pilot.press("right", "right", "right")
        await ready(stage)
        await pilot.press("ctrl+s")
        await until(lambda: "Imported 2 contacts" in stage.seen())
    assert (await book.find("ada@example.org")).company == "Engines"


async def test_another_sheet_is_chosen_and_one_without_contacts_passed_over(book: Book, tmp_path: Path) -> None:
    path = tmp_path / "club.xlsx"
    path.write_bytes(xlsx({
        "Members": [["Name", "E-mail"], ["Ann Ash", "ann@x.org"], ["Bob Birch", "bob@x.org"]],
        "Sums": [["1"]],
        "Guests": [["Name", "E-mail"], ["Cy Cedar", "cy@x.org"]],
    }))  # fmt: skip
    async with on_stage(lambda: dialog(book, tmp_path, path.name)) as (stage, pilot):
        await ready(stage)
        await until(lambda: "< Members >" in stage.seen())
        stage.screen.query_one("#sheet").focus()
        await pilot.press("right")
        await ready(stage, "1 contact")
        await until(lambda: "< Guests >" in stage.seen())
        await until(lambda: "no contacts on the sheet “Sums”" in stage.seen())
        await pilot.press("ctrl+s")
        await until(lambda: "Imported 1 contact" in stage.seen())
    assert [one.name async for one in book.contacts(Listing())] == ["Cy Cedar"]


async def test_who_shares_an_address_is_named(book: Book, tmp_path: Path) -> None:
    path = tmp_path / "smiths.csv"
    path.write_text("Name,E-mail\nJohn Smith,s@example.org\nMary Smith,s@example.org\n")
    async with on_stage(lambda: dialog(book, tmp_path, path.name)) as (stage, pilot):
        await ready(stage)
        await pilot.press("ctrl+s")
        await until(lambda: "Mary Smith and John Smith: s@example.org" in stage.seen())


async def test_one_key_asks_for_what_was_imported(book: Book, people: Path) -> None:
    async with on_stage(lambda: dialog(book, people.parent, people.name)) as (stage, pilot):
        await ready(stage)
        shown = stage.screen
        assert isinstance(shown, ImportDialog)
        await pilot.press("ctrl+s")
        await until(lambda: "View them" in stage.seen())
        await pilot.press("v")
        await until(lambda: stage.answer is not WAITING)
    assert shown.is_list_wanted
    found = await book.lists.rows(Listing(query=f"change:{stage.answer.outcome.operation_id}"), 0, 9)
    assert [row.name for row in found] == ["Ada King", "Bob Stone"]


async def test_what_is_in_the_bin_comes_back_when_asked(book: Book, people: Path) -> None:
    plan = Plan("add", "Add", [Create(Contact(name="Ada King", emails=(Email("ada@example.org"),)))])
    await book.apply(plan)
    await book.apply(Plan("delete", "Delete", [Delete(await book.lists.ids(Listing()))]))
    async with on_stage(lambda: dialog(book, people.parent, people.name)) as (stage, pilot):
        await until(lambda: "1  of them in the Bin" in stage.seen())
        stage.screen.query_one("#restore").focus()
        await pilot.press("space")
        await ready(stage)
        await pilot.press("ctrl+s")
        await until(lambda: "Restored 1 contact from the Bin." in stage.seen())
    assert await book.lists.count(Listing(View.BIN)) == 0


async def test_all_can_join_a_group(book: Book, people: Path) -> None:
    async with on_stage(lambda: dialog(book, people.parent, people.name)) as (stage, pilot):
        await ready(stage)
        stage.screen.query_one("#group Input").focus()
        await type_text(pilot, "Conference")
        await ready(stage)
        await pilot.press("ctrl+s")
        await until(lambda: "New groups: Conference." in stage.seen())
    assert [(group.name, group.size) for group in await book.groups.all()] == [("Conference", 2)]


async def test_cancelling_leaves_nothing(book: Book, people: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    going_on = asyncio.Event()

    async def slowly(*arguments: Any, **named: Any) -> ImportReport:
        await going_on.wait()
        return await importing.run(*arguments, **named)

    monkeypatch.setattr(import_contacts, "run", slowly)
    async with on_stage(lambda: dialog(book, people.parent, people.name)) as (stage, pilot):
        await ready(stage)
        await pilot.press("enter", "escape")
        await until(lambda: "Stopping" in stage.seen())
        going_on.set()
        await until(lambda: "You stopped the import." in stage.seen())
        await pilot.press("escape")
        await until(lambda: stage.answer is None)
    assert await book.lists.count(Listing()) == 0
    assert await book.history.latest() == []


async def test_rejects_are_written_beside_the_file_and_never_over_another(book: Book, tmp_path: Path) -> None:
    (tmp_path / "people-rejects.csv").write_text("mine")
    path = tmp_path / "people.csv"
    path.write_text("Name,E-mail,Notes\nAda,ada@example.org,\n,,nobody\n")
    async with on_stage(lambda: dialog(book, tmp_path, path.name)) as (stage, pilot):
        await ready(stage, "1 contact")
        await pilot.press("ctrl+s")
        await until(lambda: "~/people-rejects-2.csv" in stage.seen())
        await pilot.click("#show-rejects")
        await until(lambda: "1 rejected" in stage.seen())
        await pilot.press("escape", "enter")
        await until(lambda: stage.answer is not WAITING)
    assert stage.answer.rejected == 1
    assert "nobody" in (tmp_path / "people-rejects-2.csv").read_text()
    assert (tmp_path / "people-rejects.csv").read_text() == "mine"


@pytest.mark.parametrize(
    ("path", "sentence"),
    [("nothing.csv", "nothing.csv"), ("/etc/passwd", "outside the folder"), ("empty.csv", "empty")],
)
async def test_what_cannot_be_read_is_said(book: Book, tmp_path: Path, path: str, sentence: str) -> None:
    (tmp_path / "empty.csv").write_text("")
    async with on_stage(lambda: dialog(book, tmp_path)) as (stage, pilot):
        await type_text(pilot, path)
        await pilot.press("escape" if "Choose" in stage.seen() else "end", "ctrl+s")
        await until(lambda: sentence in str(stage.screen.query_one("#dialog-message").render()))
        assert stage.answers == 0


async def test_nothing_typed_is_said(book: Book, tmp_path: Path) -> None:
    async with on_stage(lambda: dialog(book, tmp_path)) as (stage, pilot):
        await pilot.press("enter")
        await until(lambda: "Type the path of a file, choose one, or paste rows." in stage.seen())


async def test_browsing_chooses_a_file(book: Book, people: Path) -> None:
    async with on_stage(lambda: dialog(book, people.parent)) as (stage, pilot):
        await pilot.press("ctrl+o")
        await until(lambda: "my people.csv" in stage.seen())
        await type_text(pilot, "my")
        await pilot.press("enter")
        await ready(stage)


async def test_back_leads_to_another_file(book: Book, people: Path) -> None:
    async with on_stage(lambda: dialog(book, people.parent, people.name)) as (stage, pilot):
        await ready(stage)
        await pilot.click("#back")
        await until(lambda: "Next" in stage.seen())
        await pilot.press("escape")
        await until(lambda: stage.answer is None)


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_every_step_fits_and_hostile_text_is_only_text(book: Book, tmp_path: Path, size: tuple[int, int]) -> None:
    evil = EVIL.replace('"', "").replace("\n", " ")
    path = tmp_path / "evil [b].csv"
    path.write_text(f'Name,E-mail,{evil}\n"{evil}",a@example.org,"{evil}"\n,,"{evil}"\n', newline="")
    async with on_stage(lambda: dialog(book, tmp_path, path.name), size) as (stage, pilot):
        await until(lambda: "Import 1" in stage.seen())
        for _ in range(4):
            await until(lambda: whole(stage))
            assert not set(stage.seen()) & set("\x1b\x07\u202e")
            await pilot.press("ctrl+pagedown")
            await pilot.pause()
        await pilot.press("ctrl+s")
        await until(lambda: "Imported 1" in stage.seen())
        await until(lambda: whole(stage))


@pytest.mark.parametrize("typed", ["x" * 300, "nowhere/" * 700, "nobody's/place/", "\x00"])
async def test_whatever_was_typed_a_file_can_be_chosen(book: Book, people: Path, typed: str) -> None:
    async with on_stage(lambda: dialog(book, people.parent)) as (stage, pilot):
        paste(stage, typed)
        await pilot.press("ctrl+s", "ctrl+o")
        await until(lambda: isinstance(stage.screen, FilePicker))
        await pilot.press("escape")
        await until(lambda: isinstance(stage.screen, ImportDialog))
