"""Where else a contact is, taking a link apart, and what an undo left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from coterie.core.book import Book
from coterie.core.listing import Listing
from coterie.core.model import Contact, Email, Phone
from coterie.tui.dialogs.pick import Pick
from coterie.tui.screens.details import Details
from tests.core.sync.test_sync import Pair
from tests.tui.screens.conftest import Driver, running

NIA = Contact(name="Nia Okafor", emails=(Email("nia@example.org"),), company="Library")


async def both(book: Book) -> None:
    """Two accounts that know Nia."""
    home = Pair(book, await book.accounts.add("memory", "home@memory"))
    work = Pair(book, await book.accounts.add("memory", "work@memory"))
    home.source.put(NIA)
    work.source.put(Contact(name="Nia Okafor", emails=NIA.emails, phones=(Phone("4711"),)))
    for pair in (home, work):
        await pair.sync()


async def opened(driver: Driver) -> None:
    await driver.press("enter")
    await driver.opens(Details)


async def test_a_link_is_seen_and_taken_apart(book: Book) -> None:
    await both(book)
    async with running(book, people=()) as driver:
        await opened(driver)
        await driver.sees("Also in", "home@memory", "work@memory", "4711")
        await driver.press("t")
        await driver.opens(Pick)
        await driver.type("work")
        await driver.press("enter")
        await driver.says("Made a contact of its own of what work@memory says of Nia Okafor.")
        await driver.misses("4711")
        assert driver.text.count("work@memory") == 1  # in the status bar
        phones = [one.phones async for one in book.contacts(Listing())]
        assert sorted(map(len, phones)) == [0, 1]


async def test_what_came_from_one_account_alone_is_not_taken_apart(book: Book) -> None:
    home = Pair(book, await book.accounts.add("memory", "home@memory"))
    home.source.put(NIA)
    await home.sync()
    async with running(book, people=()) as driver:
        await opened(driver)
        await driver.press("t")
        await driver.says("This contact came from home@memory, and from nowhere else.")


async def test_a_contact_of_no_account_says_so(driver: Driver) -> None:
    await opened(driver)
    assert "Also in" not in driver.text
    await driver.press("t")
    await driver.says("No account knows this contact.")


async def test_what_an_undo_left_out_is_said_and_restored(book: Book) -> None:
    home = Pair(book, await book.accounts.add("memory", "home@memory"))
    home.source.put(NIA)
    await home.sync()
    await book.history.undo()
    async with running(book, people=()) as driver:
        await driver.press("s")
        await driver.sees("1 left out, as their arrival was undone.")
        await driver.press("b")
        await driver.says("Restored Nia Okafor.")
        await driver.misses("left out")
        assert await driver.names() == ["Nia Okafor"]


async def test_the_sidebar_says_when_the_accounts_were_synced_last(book: Book) -> None:
    account = await book.accounts.add("memory", "home@memory")
    async with running(book) as driver:
        assert "Sync contacts" in driver.text
    await book.accounts.update(replace(account, last_sync=book.now() - timedelta(minutes=2)))
    async with running(book, people=()) as driver:
        await driver.sees("Sync", "2 min ago")
        await driver.misses("Sync contacts")
