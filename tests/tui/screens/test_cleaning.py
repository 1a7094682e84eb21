"""`T` and `M` in the whole program: the desk, and merging what is checked."""

from __future__ import annotations

import pytest

from coterie.core.book import Book
from coterie.core.checks import Checks
from coterie.core.listing import Listing
from coterie.tui.dialogs.cleanup import CleanupDesk
from coterie.tui.dialogs.cleanup_preview import CleanupPreview
from coterie.tui.dialogs.duplicates import DuplicatesDialog
from coterie.tui.dialogs.merge_checked import MergeChecked
from coterie.tui.screens.all_contacts import AllContacts
from tests.tui.screens.conftest import Driver, running


async def names(driver: Driver) -> list[str]:
    return [one.name async for one in driver.book.contacts(Listing())]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_who_has_no_address_is_checked_and_shown(book: Book, size: tuple[int, int]) -> None:
    async with running(book, size=size) as driver:
        await driver.press("T")
        await driver.opens(CleanupDesk)
        await driver.sees("1 proposal")
        await driver.press("G", "k", "k", "enter")
        await driver.opens(CleanupPreview)
        await driver.sees("Cleo Curie")
        await driver.press("ctrl+s")
        await driver.opens(AllContacts)
        await driver.says("Checked 1 contact.")
        [cleo] = [one async for one in book.contacts(Listing(query="cleo"))]
        assert driver.app.state.checks == Checks.of([cleo.id or 0])
        await driver.sees("1 found")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_what_is_checked_is_merged_in_one_step(book: Book, size: tuple[int, int]) -> None:
    async with running(book, size=size) as driver:
        before = await names(driver)
        await driver.press("space", "space", "M")
        await driver.opens(MergeChecked)
        await driver.sees("Merge 2 contacts into one")
        await driver.press("2", "enter")
        await driver.opens(AllContacts)
        await driver.says("Merged Ada Lovelace into Bob Babbage.")
        assert await names(driver) == before[1:]
        assert not driver.app.state.checks
        await driver.press("u")
        await driver.says("Undone")
        assert await names(driver) == before


async def test_with_one_checked_duplicates_are_looked_for(driver: Driver) -> None:
    await driver.press("space", "M")
    await driver.opens(DuplicatesDialog)
    await driver.sees("There are no duplicates.")
