"""After a change the book tells, whoever made it, and the lists follow: each once, those that are seen at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from coterie.core.bulk import make_plan
from coterie.core.bulk.favorite import Star
from coterie.core.changes import Create, Plan
from coterie.core.checks import Checks
from coterie.core.model import Contact
from coterie.tui.screens.details import Details
from coterie.tui.widgets.contact_table import ContactTable
from tests.tui.screens.conftest import Driver


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[ContactTable]:
    """The tables that fetched their rows anew, in that order."""
    tables: list[ContactTable] = []
    reload: Callable[[ContactTable], Awaitable[None]] = ContactTable.reload

    async def note(table: ContactTable) -> None:
        tables.append(table)
        await reload(table)

    monkeypatch.setattr(ContactTable, "reload", note)
    return tables


@pytest.mark.parametrize("keys", [("f",), ("space", "space", "f"), ("d",), ("d", "u")])
async def test_what_a_key_changes_is_fetched_once(driver: Driver, fetched: list[ContactTable], keys: list[str]) -> None:
    await driver.press(*keys[:-1])
    await driver.until(lambda: not driver.contacts.state.is_busy(driver.screen))
    fetched.clear()
    before = driver.book.revision
    await driver.press(keys[-1])
    await driver.until(lambda: fetched)
    await driver.contacts.shown()
    await driver.pilot.pause()
    assert driver.book.revision == before + 1
    assert fetched == [driver.contacts.table]


async def test_a_change_that_no_key_made_is_followed_too(driver: Driver) -> None:
    await driver.book.apply(Plan("add", "Add somebody", [Create(Contact(name="Zoe Zuse"))]))
    await driver.sees("Zoe Zuse", "6 contacts")


async def test_changes_that_come_together_are_all_shown(driver: Driver) -> None:
    for name in ("Fay", "Gil", "Hal"):
        await driver.book.apply(Plan("add", "Add somebody", [Create(Contact(name=name))]))
    await driver.sees("Fay", "Gil", "Hal", "8 contacts")


async def test_a_list_that_nobody_sees_waits_until_it_is_opened(driver: Driver, fetched: list[ContactTable]) -> None:
    await driver.press("2")
    await driver.sees("Bob Babbage")
    favorites = driver.contacts.table
    await driver.press("1")
    await driver.sees("Ada Lovelace")
    ada = await driver.book.find("ada@example.org")
    await driver.book.apply(await make_plan([Star()], Checks.of([ada.id or 0]), driver.book.contacts))
    await driver.until(lambda: fetched)
    assert fetched == [driver.contacts.table]
    await driver.press("2")
    await driver.sees("Ada Lovelace", "2 contacts")
    assert favorites in fetched


async def test_one_contact_follows_and_so_does_the_list_beneath(driver: Driver, fetched: list[ContactTable]) -> None:
    table = driver.contacts.table
    await driver.press("enter")
    await driver.opens(Details)
    await driver.press("f")
    await driver.says("Ada Lovelace")
    assert isinstance(driver.screen, Details)
    assert driver.screen.contact.favorite
    await driver.until(lambda: fetched == [table])
