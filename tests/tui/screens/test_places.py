"""Places on the screen: seen in the sidebar if there are several; what is checked is moved from one to another."""

from __future__ import annotations

from pathlib import Path

from coterie.core.book import Book
from coterie.core.changes import Create, Delete, Plan
from coterie.core.checks import Checks
from coterie.core.listing import Sort, View
from coterie.core.model import Contact, Email
from coterie.core.provider import Setup
from coterie.providers.memory import MemoryProvider, MemorySource
from coterie.tui.dialogs.pick import Pick
from coterie.tui.memory import Arrangement, Memory
from coterie.tui.state import Options
from tests.providers.prompter import MemoryTokens
from tests.providers.with_book import Synced
from tests.tui.screens.conftest import Driver, running


async def connect(book: Book, address: str, name: str) -> tuple[Synced, MemorySource]:
    source = MemorySource()
    source.put(Contact(name=name, emails=(Email("a@x.org"),)))
    synced = await Synced.of(book, MemoryProvider(Setup(MemoryTokens(), write=True), source), address)
    await synced.sync()
    return synced, source


def in_sidebar(driver: Driver) -> str:
    return "\n".join(line[:26] for line in driver.text.splitlines())


async def test_one_account_is_no_line_of_its_own(book: Book) -> None:
    await connect(book, "home", "Zoe Home")
    async with running(book) as driver:
        await driver.sees("Zoe Home")
        assert "Places" not in in_sidebar(driver)


async def test_several_places_are_opened_and_contacts_are_moved_between_them(book: Book) -> None:
    home, at_home = await connect(book, "home", "Zoe Home")
    work, at_work = await connect(book, "work", "Yan Work")
    async with running(book) as driver:
        await driver.until(lambda: "Places" in in_sidebar(driver))
        await driver.press("tab", "end", "k", "enter")
        await driver.until(lambda: "Zoe Home" not in driver.text and "Yan Work" in driver.text)
        assert driver.contacts.query_text == 'source:="memory:work"'
        driver.contacts.action_command("move_to_place")
        await driver.opens(Pick)
        await driver.type("home")
        await driver.press("enter")
        await driver.says("Moved Yan Work to home; the next sync does it there.")
    await home.sync()
    await work.sync()
    assert (len(at_home.contacts), len(at_work.contacts)) == (2, 0)


async def test_accounts_go_by_their_addresses_from_the_first_rows_on(book: Book, tmp_path: Path) -> None:
    await connect(book, "home@memory", "Zoe Home")
    gone = (await book.apply(Plan("add", "Add", [Create(Contact(name="Xan Gone"))]))).created_ids
    await book.apply(Plan("sync", "Sync", [Delete(Checks.of(gone), by="google:gone@example.org")]))
    remembered = tmp_path / "screen.json"
    Memory(remembered).arrange(View.ALL, Arrangement(Sort(), ("sources",)))
    async with running(book, size=(120, 30), people=(), memory=remembered) as driver:
        await driver.sees("Also in")
        assert driver.text.count("home@memory") == 2
        assert "memory:home" not in driver.text
        driver.contacts.action_command("show_bin")
        await driver.sees("Xan Gone", "gone@example.org")
        assert "google:" not in driver.text


async def test_without_an_account_it_is_said_what_to_do(driver: Driver) -> None:
    driver.contacts.action_command("copy_to_place")
    await driver.says("There is no account to move contacts to: connect one with s.")


async def test_the_users_own_key_is_named(book: Book) -> None:
    async with running(book, options=Options(keys={"sync": "f5"})) as driver:
        driver.contacts.action_command("copy_to_place")
        await driver.says("There is no account to move contacts to: connect one with f5.")
