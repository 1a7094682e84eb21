"""Choosing the places of an account on the screen: what is synced, what is read-only, and where new contacts go."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from coterie.core.book import Book
from coterie.core.errors import Unreachable
from coterie.core.model import Account, Contact, Email
from coterie.core.places import Place
from coterie.core.provider import ChangePage, Setup
from coterie.core.secrets import Secrets
from coterie.core.settings import Settings
from coterie.core.sync import Accounts
from coterie.core.sync.accounts import Options
from coterie.core.sync.places import PlaceChoices
from coterie.providers.memory import MemoryProvider, MemorySource
from coterie.tui.app import CoterieApp
from coterie.tui.dialogs.leave_places import LeavePlaces
from coterie.tui.dialogs.places import PlacesDialog
from coterie.tui.screens.all_contacts import AllContacts
from coterie.tui.screens.sync import Sync
from coterie.tui.state import State
from tests.providers.prompter import FakeUser
from tests.tui.screens.conftest import Driver

HOME, TEAM, HELD = Place("1", "Home"), Place("2", "Team"), Place("3", "Directory", writable=False)
NAME = "memory:me@memory"


class Shelf:
    """An account with places, of which a contact's company tells in which one it is."""

    def __init__(self) -> None:
        self.source = MemorySource()
        self.places: tuple[Place, ...] = (HOME, TEAM, HELD)
        self.is_reachable = True
        self.accounts: Accounts

    def put(self, name: str, place: Place) -> None:
        self.source.put(Contact(name=name, company=place.name, emails=(Email(f"{name.lower()}@x.org"),)))

    async def sync(self) -> None:
        async for _ in self.accounts.sync(await self.accounts.book.accounts.named(NAME)):
            pass

    async def account(self) -> Account:
        return await self.accounts.book.accounts.named(NAME)


@pytest.fixture
async def shelf(book: Book, settings: Settings, tmp_path: Path) -> Shelf:
    shelf = Shelf()

    class Shelved(MemoryProvider):
        def __init__(self, setup: Setup) -> None:
            super().__init__(setup, shelf.source)

        async def places(self) -> list[Place]:
            if not shelf.is_reachable:
                raise Unreachable("me@memory does not answer.", "Try again later.")
            return list(shelf.places)

        async def changes(self, cursor: str | None) -> AsyncIterator[ChangePage]:
            ids = {one.name: one.id for one in shelf.places}
            async for page in super().changes(cursor):
                here = [replace(one, place=ids.get(one.contact.company, "")) for one in page.changed]
                changed = tuple(one for one in here if self.setup.syncs(one.place))
                yield replace(page, changed=changed, places=shelf.places)

    shelf.accounts = Accounts(book, settings, Secrets(tmp_path / "tokens"), lambda _: Shelved, {"memory": "Memory"})
    shelf.put("Zoe", HOME)
    shelf.put("Yan", TEAM)
    await shelf.accounts.connect("memory", FakeUser(answers={"address": "me@memory"}))
    await shelf.sync()
    await shelf.accounts.choose(await shelf.account(), Options(write=True, new_contacts=True))
    return shelf


@asynccontextmanager
async def choosing(book: Book, shelf: Shelf, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Driver]:
    """The dialog, once the server has answered or not."""
    app = CoterieApp(book, State(None), lambda: shelf.accounts)
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        driver = Driver(app, pilot, book)
        await driver.opens(AllContacts)
        await driver.press("s")
        await driver.opens(Sync)
        await driver.until(lambda: driver.screen.query_one("#account_places").display)
        await driver.press("p")
        await driver.opens(PlacesDialog)
        await driver.misses("Asking the server")
        yield driver


async def chosen(shelf: Shelf) -> PlaceChoices:
    return PlaceChoices.of(await shelf.account())


async def test_what_is_chosen_is_saved_at_once(book: Book, shelf: Shelf) -> None:
    async with choosing(book, shelf) as driver:
        await driver.sees("Places of me@memory", "[x] Home", "new contacts", "1 contact", "read-only on the server")
        await driver.press("j", "n", "k", "r", "j", "j", "space")
        await driver.sees("[ ] Directory", "Places that are added on the server later are not synced.")
        assert await chosen(shelf) == PlaceChoices()
        await driver.press("ctrl+s")
        await driver.opens(Sync)
        await driver.says("Saved the places of me@memory.")
    assert await chosen(shelf) == PlaceChoices(frozenset({"1", "2"}), frozenset({"1"}), "2")


@pytest.mark.parametrize("remove", [False, True])
async def test_contacts_of_a_place_that_is_no_longer_synced_stay_or_go(book: Book, shelf: Shelf, remove: bool) -> None:
    async with choosing(book, shelf) as driver:
        await driver.press("j", "space", "ctrl+s")
        await driver.opens(LeavePlaces)
        await driver.sees("1 contact would no longer sync.", "Keep the 1 contact here", "Move the 1 contact")
        await driver.press("escape")
        await driver.opens(PlacesDialog)
        await driver.sees("[ ] Team")
        await driver.press("ctrl+s")
        await driver.opens(LeavePlaces)
        await driver.press(*(["j"] if remove else []), "enter")
        await driver.opens(Sync)
        await driver.says("moved Yan" if remove else "Saved the places")
        assert (await chosen(shelf)).synced == {"1", "3"}
        await driver.press("escape")
        await driver.sees("Zoe")
        if remove:
            await driver.misses("yan@x.org")
            await driver.press("u")
        await driver.sees("yan@x.org")


async def test_what_cannot_be_is_said(book: Book, shelf: Shelf) -> None:
    async with choosing(book, shelf) as driver:
        await driver.press("n", "space")
        await driver.sees("New contacts go to “Home”, so it must be synced.")
        await driver.press("r")
        await driver.sees("“Home” is read-only: new contacts cannot go there.")
        await driver.press("G", "r")
        await driver.sees("“Directory” is read-only on the server; that cannot be changed here.")
        await driver.press("n")
        await driver.sees("“Directory” is read-only: new contacts cannot go there.")


async def test_an_account_needs_a_place(book: Book, shelf: Shelf) -> None:
    async with choosing(book, shelf) as driver:
        await driver.press("space", "j", "space", "j", "space")
        await driver.sees("An account needs a place that is synced.", "[x] Directory")


async def test_the_server_tells_what_is_there_now(book: Book, shelf: Shelf) -> None:
    shelf.places = (HOME, TEAM, Place("4", "Choir"))
    async with choosing(book, shelf) as driver:
        await driver.sees("[x] Choir", "are synced, too")
        await driver.misses("Directory")


@pytest.mark.parametrize("size", [(40, 12), (80, 24)], ids=str)
async def test_without_the_server_its_places_are_as_it_told_them(
    book: Book, shelf: Shelf, size: tuple[int, int]
) -> None:
    shelf.is_reachable = False
    async with choosing(book, shelf, size) as driver:
        await driver.sees("As the server told them last", "[x] Home")
        await driver.press("r", "ctrl+s")
        await driver.opens(Sync)
        assert (await chosen(shelf)).read_only == {"1"}


async def test_an_account_without_places_offers_nothing(book: Book, shelf: Shelf) -> None:
    shelf.places = ()
    await shelf.sync()
    app = CoterieApp(book, State(None), lambda: shelf.accounts)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        driver = Driver(app, pilot, book)
        await driver.opens(AllContacts)
        await driver.press("s")
        await driver.opens(Sync)
        await driver.until(lambda: driver.screen.query_one("#account_options").display)
        assert not driver.screen.query_one("#account_places").display
        await driver.press("p")
        await driver.says("This account has no address books or folders to choose from.")
