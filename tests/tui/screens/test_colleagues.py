"""Two people in one book on PostgreSQL: whatever one of them does, the screen of the other goes on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from coterie.core.book import Book
from coterie.core.changes import Assign, Change, Delete, DeleteGroup, Forget, Plan, RenameGroup
from coterie.core.checks import Checks
from coterie.core.listing import Listing, View
from coterie.tui.screens.all_contacts import AllContacts
from coterie.tui.screens.details import Details
from coterie.tui.screens.members import Members
from tests.conftest import settings_in
from tests.tui.screens.conftest import Driver, running


@pytest.fixture
async def colleague(tmp_path: Path, postgresql_url: str) -> AsyncIterator[Book]:
    async with await Book.open(settings_in(tmp_path, database_url=postgresql_url)) as book:
        book._actor = "grace"
        yield book


@pytest.fixture
async def driver(colleague: Book, tmp_path: Path, postgresql_url: str) -> AsyncIterator[Driver]:
    async with await Book.open(settings_in(tmp_path, database_url=postgresql_url)) as book, running(book) as one:
        yield one


async def change(book: Book, *changes: Change) -> None:
    await book.apply(Plan("edit", "Change", list(changes)))


EVERYBODY = Listing()
GONE: Sequence[Change] = (Delete(EVERYBODY), Forget(Listing(View.BIN)))


async def test_a_contact_that_is_open_is_deleted_forever(driver: Driver, colleague: Book) -> None:
    await driver.press("enter")
    await driver.opens(Details)
    await change(colleague, *GONE)
    for key in ("e", "f", "d", "J", "H", "escape", "r"):
        await driver.press(key)
    while not isinstance(driver.screen, AllContacts):
        await driver.press("escape")
    await driver.press("space", "a", "f", "e", "escape", "slash", "x", "escape", "escape")
    await driver.opens(AllContacts)
    await driver.sees("0 contacts")


async def test_a_group_that_is_open_is_renamed_and_deleted(driver: Driver, colleague: Book) -> None:
    await driver.press("3")
    await driver.until(lambda: driver.app.current_mode == "groups")
    await driver.press("enter")
    await driver.opens(Members)
    group = next(one for one in await colleague.groups.all() if one.name == "Board")
    await change(colleague, RenameGroup(group.id, "Council"))
    await driver.press("space", "f")
    await change(colleague, DeleteGroup(group.id))
    await driver.press("j", "space", "f", "n", "escape")
    await driver.press("1")
    await driver.opens(AllContacts)
    await driver.sees("5 contacts")


async def test_what_is_checked_is_changed_and_undone_by_two(driver: Driver, colleague: Book) -> None:
    await driver.press("a", "f")
    await driver.says("4 contacts")
    await change(colleague, Assign(EVERYBODY, "favorite", False))
    await driver.press("u")
    await driver.until(lambda: "ndo" in driver.said)
    await colleague.history.undo()
    await change(colleague, Delete(Checks.of([row.id for row in await colleague.lists.rows(EVERYBODY, 0, 2)])))
    await driver.sees("3 contacts")
