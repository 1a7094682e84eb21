"""A folder of vCards is synced while the screen is open, as soon as another program has changed it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from textual.widgets import Input

from coterie.core.book import Book
from coterie.core.listing import Listing
from coterie.core.secrets import Secrets
from coterie.core.settings import Settings
from coterie.core.sync import Accounts
from coterie.providers.vdir.provider import VdirProvider
from coterie.tui import syncing
from coterie.tui.app import CoterieApp
from coterie.tui.dialogs.contact_form import ContactForm
from coterie.tui.screens.all_contacts import AllContacts
from coterie.tui.state import State
from tests.providers.prompter import FakeUser
from tests.tui.screens.conftest import Driver

CARD = "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:{0}\r\nFN:{0}\r\nEMAIL:{0}@example.org\r\nEND:VCARD\r\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "cards").mkdir()
    (tmp_path / "cards" / "ada.vcf").write_text(CARD.format("Ada"))
    return tmp_path / "cards"


@pytest.fixture
async def driver(
    book: Book, settings: Settings, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Driver]:
    for name in ("FIRST_LOOK", "GLANCE"):
        monkeypatch.setattr(syncing, name, 0.05)
    accounts = Accounts(
        book, settings, Secrets(tmp_path / "tokens"), lambda _: VdirProvider, {"vdir": "Folder"}, watched={"vdir"}
    )
    account = await accounts.connect("vdir", FakeUser(answers={"folder": str(folder)}))
    async for _ in accounts.sync(account):
        pass
    app = CoterieApp(book, State(None), lambda: accounts)
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        driver = Driver(app, pilot, book)
        await driver.opens(AllContacts)
        await driver.sees("Ada")
        state = app.state.syncing
        assert state is not None
        await driver.until(lambda: state._watching._synced, "the first look")
        yield driver


async def test_what_another_program_writes_comes_by_itself(driver: Driver, folder: Path) -> None:
    (folder / "bob.vcf").write_text(CARD.format("Bob"))
    await driver.sees("Bob")
    (folder / "ada.vcf").write_text(CARD.format("Ada").replace("FN:Ada", "FN:Adelaide"))
    await driver.sees("Adelaide")
    (folder / "bob.vcf").unlink()
    await driver.misses("Bob ")
    assert await driver.names() == ["Adelaide"]


async def test_who_is_typing_goes_on_typing(driver: Driver, folder: Path) -> None:
    await driver.press("n")
    await driver.opens(ContactForm)
    await driver.type("Cle")
    focused = driver.screen.focused
    (folder / "bob.vcf").write_text(CARD.format("Bob"))
    while await driver.book.lists.count(Listing()) < 2:
        await driver.pilot.pause(0.01)
    await driver.type("o")
    assert isinstance(driver.screen, ContactForm)
    assert driver.screen.focused is focused
    assert isinstance(focused, Input)
    assert focused.value == "Cleo"


async def test_a_folder_that_goes_away_and_comes_back_changes_nothing(driver: Driver, folder: Path) -> None:
    away = folder.with_name("away")
    await asyncio.to_thread(folder.rename, away)
    await driver.pilot.pause(0.3)
    await asyncio.to_thread(away.rename, folder)
    (folder / "bob.vcf").write_text(CARD.format("Bob"))
    await driver.sees("Bob")
    assert await driver.names() == ["Ada", "Bob"]
