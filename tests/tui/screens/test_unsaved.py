"""What was typed stays in its form until it is saved, whatever happens to the book meanwhile."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from textual.widgets import Input

from coterie.core.book import Book
from coterie.core.changes import Delete, Edit, Forget, Plan
from coterie.core.checks import Checks
from coterie.core.errors import CoterieError
from coterie.core.settings import Settings
from coterie.core.store.engine import sqlite
from coterie.tui.dialogs.bulk_edit import BulkEdit
from coterie.tui.dialogs.bulk_preview import BulkPreview
from coterie.tui.dialogs.contact_form import ContactForm
from coterie.tui.screens.all_contacts import AllContacts
from coterie.tui.screens.cell_editor import CellEditor
from tests.conftest import settings_in
from tests.tui.screens.conftest import Driver, running


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A book that is busy is said to be so soon."""
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.1)


class Busy:
    """Another program that is writing to the book."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)

    def __enter__(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, *_: object) -> None:
        self._connection.close()


@pytest.fixture
def busy(settings: Settings) -> Busy:
    assert settings.sqlite_path is not None
    settings.sqlite_path.parent.mkdir(parents=True, exist_ok=True)
    return Busy(settings.sqlite_path)


async def type_new(driver: Driver) -> None:
    await driver.press("n")
    await driver.opens(ContactForm)
    await driver.type("Zoe Zuse")
    await driver.press("tab")
    await driver.type("zoe@example.org")


def typed_name(driver: Driver) -> str:
    return driver.screen.query_one("#field-name Input", Input).value


async def test_a_new_contact_waits_for_a_busy_book(driver: Driver, busy: Busy) -> None:
    await type_new(driver)
    with busy:
        await driver.press("ctrl+s")
        await driver.sees("Another program is writing to")
        assert isinstance(driver.screen, ContactForm)
        assert typed_name(driver) == "Zoe Zuse"
    await driver.press("ctrl+s")
    await driver.opens(AllContacts)
    await driver.says("Added Zoe Zuse.")
    assert (await driver.names()).count("Zoe Zuse") == 1


async def test_pressed_twice_it_is_added_once(driver: Driver) -> None:
    await type_new(driver)
    await driver.press("ctrl+s", "ctrl+s", "ctrl+s")
    await driver.opens(AllContacts)
    await driver.says("Added Zoe Zuse.")
    assert (await driver.names()).count("Zoe Zuse") == 1


async def change_company(driver: Driver, text: str) -> None:
    await driver.press("e")
    await driver.opens(ContactForm)
    driver.screen.query_one("#field-company Input", Input).focus()
    await driver.press("ctrl+e")
    await driver.type(text)


async def test_a_contact_that_is_deleted_forever_meanwhile_leaves_its_form(driver: Driver) -> None:
    ada = driver.contacts.row
    assert ada is not None
    await change_company(driver, "x")
    chosen = Checks.of([ada.id])
    await driver.book.apply(Plan("forget", "Delete forever", [Delete(chosen), Forget(chosen)]))
    await driver.press("ctrl+s")
    await driver.sees("There is no contact", "Analyticalx")
    assert isinstance(driver.screen, ContactForm)


async def test_a_contact_that_is_binned_meanwhile_is_shown_again_with_what_was_typed(driver: Driver) -> None:
    ada = driver.contacts.row
    assert ada is not None
    await change_company(driver, "x")
    await driver.book.apply(Plan("delete", "Delete", [Delete(Checks.of([ada.id]))]))
    await driver.press("ctrl+s")
    await driver.sees("Somebody else has moved this contact to the Bin")
    await driver.opens(ContactForm)
    await driver.press("ctrl+s")
    await driver.opens(AllContacts)
    assert (await driver.book.contact(ada.id)).company == "Analyticalx"


async def test_the_form_of_many_waits_for_a_busy_book(driver: Driver, busy: Busy) -> None:
    await driver.press("space", "space", "e")
    await driver.opens(BulkEdit)
    await driver.type("Engines Ltd")
    await driver.press("enter")
    await driver.opens(BulkPreview)
    await driver.press("escape")
    await driver.opens(BulkEdit)
    with busy:
        await driver.press("enter")
        await driver.opens(BulkPreview)
        await driver.press("enter")
        await driver.opens(BulkEdit)
        await driver.sees("Another program is writing to", "Engines Ltd")
    await driver.press("enter")
    await driver.opens(BulkPreview)
    await driver.press("enter")
    await driver.opens(AllContacts)
    await driver.says("Set Company of 2 contacts.")


async def test_a_cell_shows_again_what_could_not_be_saved(driver: Driver, busy: Busy) -> None:
    row = driver.contacts.row
    assert row is not None
    await driver.press("c")
    await driver.opens(CellEditor)
    await driver.press("end")
    await driver.type("x")
    with busy:
        await driver.press("enter")
        await driver.sees("Another program is writing to")
        assert driver.screen.query_one("#cell", Input).value == "Ada Lovelacex"
    await driver.book.apply(Plan("edit", "Edit", [Edit(row.id, {"notes": "faster"})]))
    await driver.press("enter")
    await driver.sees("Somebody else has changed this contact meanwhile")
    await driver.press("enter")
    await driver.opens(AllContacts)
    contact = await driver.book.contact(row.id)
    assert (contact.name, contact.notes) == ("Ada Lovelacex", "faster")


# A server that is away ------------------------------------------------------------------------------------------------


class Server:
    """A database that lets nobody in, and then again."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._name = url.partition("?")[0].rpartition("/")[2]

    async def _run(self, *statements: str) -> None:
        other = self._url.replace(f"/{self._name}?", "/postgres?")
        connection = await asyncpg.connect(other)
        for statement in statements:
            await connection.execute(statement)
        await connection.close()

    async def leave(self) -> None:
        away = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self._name}'"
        await self._run(f"ALTER DATABASE {self._name} WITH ALLOW_CONNECTIONS false", away)

    async def come_back(self) -> None:
        await self._run(f"ALTER DATABASE {self._name} WITH ALLOW_CONNECTIONS true")


@pytest.fixture
async def distant(tmp_path: Path, postgresql_url: str) -> AsyncIterator[Driver]:
    async with await Book.open(settings_in(tmp_path, database_url=postgresql_url)) as book, running(book) as driver:
        yield driver


async def test_a_new_contact_waits_for_a_server_that_is_away(distant: Driver, postgresql_url: str) -> None:
    server = Server(postgresql_url)
    await type_new(distant)
    await server.leave()
    await distant.press("tab")
    await distant.press("ctrl+s")
    await distant.until(lambda: "database" in distant.text and isinstance(distant.screen, ContactForm))
    assert typed_name(distant) == "Zoe Zuse"
    await server.come_back()
    await distant.press("ctrl+s")
    await distant.opens(AllContacts)
    assert (await distant.names()).count("Zoe Zuse") == 1


async def test_a_contact_that_cannot_be_shown_is_not_added_again(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> None:
        raise CoterieError("The book cannot be read.")

    monkeypatch.setattr(driver.book.lists, "position", fails)
    await type_new(driver)
    await driver.press("ctrl+s")
    await driver.opens(AllContacts)
    monkeypatch.undo()
    assert (await driver.names(query="zoe@example.org")) == ["Zoe Zuse"]
