"""From History to the book as it was, and contacts back from there."""

from __future__ import annotations

from coterie.core.listing import View
from coterie.tui.dialogs.book_as_it_was import BookAsItWas, PastContact
from coterie.tui.dialogs.history import HistoryDialog
from coterie.tui.dialogs.prompt import Prompt
from tests.tui.screens.conftest import Driver


async def test_a_deleted_contact_is_put_back_from_the_book_before(driver: Driver) -> None:
    await driver.press("d")
    await driver.says("Moved Ada Lovelace to the Bin.")
    await driver.press("H")
    await driver.opens(HistoryDialog)
    await driver.sees("Ada Lovelace, Contact: in the book → in the Bin")
    await driver.press("b")
    await driver.opens(BookAsItWas)
    await driver.sees("The past, read only", "5 contacts, 1 of them differs from now", "Ada Lovelace", "Bob Babbage")
    await driver.press("d", "e", "space")
    assert len(await driver.names()) == 4
    await driver.press("c")
    await driver.misses("Bob Babbage")
    await driver.press("enter")
    await driver.opens(PastContact)
    await driver.sees("It is in the Bin now")
    await driver.press("enter")
    await driver.sees("Put back Ada Lovelace as it was.")
    await driver.press("escape")
    await driver.sees("5 contacts")
    assert await driver.names(View.BIN) == []


async def test_the_past_is_searched(driver: Driver) -> None:
    await driver.press("f", "H", "b")
    await driver.opens(BookAsItWas)
    await driver.press("slash")
    await driver.sees("esc end search")
    await driver.misses("p put back")
    await driver.type("bob")
    await driver.sees("(1 found)", "Bob Babbage")
    await driver.misses("Cleo Curie")
    await driver.press("enter", "p")
    await driver.sees("Bob Babbage is now as it was then.")
    await driver.press("c")
    await driver.sees("Nobody is found.", "(0 found, only those that differ are shown)")
    await driver.press("c", "slash")
    await driver.type(" company:x")
    await driver.sees("The past can be searched for words only.", "Leave out fields")
    await driver.press("escape")
    await driver.sees("Cleo Curie", "Bob Babbage")
    await driver.press("escape")
    await driver.misses("The past, read only")


async def test_q_leaves_the_past_also_from_what_was_found(driver: Driver) -> None:
    await driver.press("f", "H", "b")
    await driver.opens(BookAsItWas)
    await driver.press("slash")
    await driver.type("q")
    await driver.sees("(0 found)")
    await driver.press("enter", "q")
    await driver.misses("The past, read only")


async def test_the_book_of_a_day(driver: Driver) -> None:
    await driver.press("H", "t")
    await driver.opens(Prompt)
    await driver.type("2020-01-01")
    await driver.press("enter")
    await driver.opens(BookAsItWas)
    await driver.sees("as it was at 2020-01-02 00:00", "0 contacts", "5 contacts of now not there yet")
    await driver.press("j", "enter", "p", "c", "escape")
    await driver.sees("Bob Babbage")


async def test_who_did_not_change_is_not_put_back(driver: Driver) -> None:
    await driver.press("f", "H", "b")
    await driver.opens(BookAsItWas)
    await driver.press("j", "p")
    await driver.sees("Bob Babbage is now as it was then.")
