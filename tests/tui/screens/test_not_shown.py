"""What is checked but not shown is never changed unasked; what is asked has numbers."""

from __future__ import annotations

import pytest

from coterie.core.book import Book
from coterie.core.listing import Listing, View
from coterie.tui.dialogs.confirm import Confirm
from coterie.tui.dialogs.export_contacts import ExportDialog
from coterie.tui.dialogs.group_picker import GroupPicker
from coterie.tui.dialogs.not_shown import NotShown
from coterie.tui.dialogs.set_field import SetForAll
from coterie.tui.screens.all_contacts import AllContacts
from coterie.tui.screens.bin import Bin
from coterie.tui.screens.cell_editor import CellEditor
from coterie.tui.screens.details import Details
from coterie.tui.screens.write_to import WriteTo
from tests.tui.screens.conftest import Driver, running

CHANGING = ("d", "e", "E", "c", ".", "f", "+", "-", "C")


async def with_hidden(driver: Driver) -> None:
    """Ada, Bob and Émile are checked; the search shows Ada and Émile, with the cursor on Ada."""
    await driver.press("f", "f")  # so that there is something to repeat
    await driver.press("space", "space", "G", "space", "g", "/")
    await driver.type("analytical")
    await driver.sees("2 found")
    await driver.press("enter")
    await driver.sees("3 checked (1 hidden here)")


async def everything(book: Book) -> list[object]:
    return [one async for one in book.contacts(Listing())]


@pytest.mark.parametrize("key", CHANGING)
async def test_every_change_asks_before_it_reaches_what_is_not_shown(driver: Driver, key: str) -> None:
    await with_hidden(driver)
    before = await everything(driver.book)
    await driver.press(key)
    await driver.opens(NotShown)
    await driver.sees(
        "1 checked contact is not shown here", "Those too: all 3 contacts", "Only what is shown: 2 contacts",
        "This row: Ada Lovelace",
    )  # fmt: skip
    await driver.press("escape")
    await driver.opens(AllContacts)
    assert await everything(driver.book) == before


@pytest.mark.parametrize(
    ("keys", "deleted"),
    [
        ((), ["Ada Lovelace", "Émile Euler"]),
        (("up",), ["Ada Lovelace", "Bob Babbage", "Émile Euler"]),
        (("down",), ["Ada Lovelace"]),
    ],
)
async def test_what_is_chosen_is_what_is_deleted(driver: Driver, keys: tuple[str, ...], deleted: list[str]) -> None:
    await with_hidden(driver)
    await driver.press("d")
    await driver.opens(NotShown)
    await driver.press(*keys, "enter")
    await driver.says("to the Bin.")
    assert sorted(await driver.names(View.BIN)) == deleted


async def test_what_changes_nothing_says_how_much_is_not_shown(driver: Driver) -> None:
    await with_hidden(driver)
    await driver.press("y")
    await driver.says("Copied 3 e-mail addresses to the clipboard. 1 contact of these is not shown here.")
    await driver.press("w")
    await driver.opens(WriteTo)
    await driver.sees("Write to 3 contacts (1 not shown here)")
    await driver.press("escape", "x")
    await driver.opens(ExportDialog)
    await driver.sees("3 contacts that are checked (1 not shown here)")


async def test_the_bin_asks_too(driver: Driver) -> None:
    await driver.press("a", "d", "4")
    await driver.opens(Bin)
    await driver.press("a", "/")
    await driver.type("analytical")
    await driver.press("enter")
    await driver.sees("5 checked (3 hidden here)")
    for key, title in (("r", "3 checked contacts are not"), ("d", "3 checked"), ("R", "3 deleted contacts are not")):
        await driver.press(key)
        await driver.opens(NotShown)
        await driver.sees(title, "Only what is shown: 2 contacts")
        await driver.press("escape")
        await driver.opens(Bin)
    await driver.press("D")
    await driver.opens(Confirm)
    await driver.sees("5 contacts would be deleted forever", "3 of them are not shown here")
    await driver.press("enter")
    await driver.opens(Bin)
    await driver.press("R")
    await driver.opens(NotShown)
    await driver.press("enter")
    await driver.says("Restored 2 contacts.")


async def test_c_changes_all_that_is_checked_and_says_how_many(driver: Driver) -> None:
    await driver.press("space", "space", "l", "l", "c")
    await driver.opens(SetForAll)
    await driver.sees("Change Company of 2 checked contacts", "2 different values")
    await driver.press("enter")
    await driver.sees("Type something first")
    await driver.type("Engines")
    await driver.press("enter")
    await driver.says("Set Company of 2 contacts.")
    assert await driver.names(query="company:=engines") == ["Ada Lovelace", "Bob Babbage"]


async def test_c_can_still_mean_only_the_row(driver: Driver) -> None:
    await driver.press("space", "space", "l", "l", "c")
    await driver.opens(SetForAll)
    await driver.press("tab", "tab", "enter")
    await driver.opens(CellEditor)
    await driver.press("ctrl+u")
    await driver.type("Engines")
    await driver.press("enter")
    await driver.says("Changed Cleo Curie.")
    assert await driver.names(query="company:=engines") == ["Cleo Curie"]


async def test_c_on_the_only_checked_row_needs_no_question(driver: Driver) -> None:
    await driver.press("space", "k", "c")
    await driver.opens(CellEditor)


async def test_minus_lists_only_groups_that_somebody_is_in(driver: Driver) -> None:
    await driver.press("a", "-")
    await driver.opens(GroupPicker)
    await driver.sees("Board", "1 of 5", "Choir", "2 of 5")
    assert "[ ] Empty" not in driver.text
    await driver.press("escape", "A", "j", "-")
    await driver.says("Bob Babbage is in no group.")
    await driver.press("g", "space", "j", "space", "-")
    await driver.sees("2 of 2")


async def test_plus_shows_who_is_in_each_group_already(driver: Driver) -> None:
    await driver.press("space", "j", "space", "+")  # Ada and Cleo
    await driver.opens(GroupPicker)
    for figure in ("2 of 2", "1 of 2", "none"):
        await driver.sees(figure)


@pytest.mark.parametrize(("width", "words"), [(60, "3 checked"), (80, "3 checked (1 hidden here)")])
async def test_the_bar_of_what_is_checked_shows_delete(book: Book, width: int, words: str) -> None:
    async with running(book, size=(width, 24)) as driver:
        await driver.press("space", "space", "G", "space", "g", "/")
        await driver.type("analytical")
        await driver.press("enter")
        await driver.sees(words if width > 60 else "hidden", "d delete", "m more")
        bar = driver.text.splitlines()[2]
        assert "hidden" in bar
        assert "d delete" in bar


async def test_details_of_a_contact_in_the_bin(driver: Driver) -> None:
    await driver.press("d", "4", "enter")
    await driver.opens(Details)
    await driver.sees("Ada Lovelace", "deleted on", "by you", "30 days", "r restore", "d delete")
    for word in ("e edit", "f star"):
        assert word not in driver.text
    for key in ("e", "f", "+", "-"):
        await driver.press(key)
        await driver.says("This contact is in the Bin; r restores it.")
    await driver.press("d")
    await driver.opens(Confirm)
    await driver.press("escape", "r")
    await driver.says("Restored Ada Lovelace.")
    await driver.sees("e edit")
    assert "deleted on" not in driver.text
    await driver.press("r")
    await driver.says("This contact is not in the Bin.")
    await driver.press("d")
    await driver.opens(Bin)
    await driver.press("enter")
    await driver.opens(Details)
    await driver.press("d", "y")
    await driver.opens(Bin)
    await driver.says("Deleted 1 contact forever.")
