"""Checks survive searches and changes of view, and are never more than the contacts there are."""

from __future__ import annotations

from coterie.core.checks import Checks
from coterie.tui.screens.bin import Bin
from coterie.tui.screens.favorites import Favorites
from tests.tui.screens.conftest import Driver


async def test_space_checks_and_moves_down(driver: Driver) -> None:
    await driver.press("space", "space")
    await driver.sees("2 checked")
    assert driver.contacts.table.position == 2
    await driver.press("k", "space")
    await driver.sees("1 checked")


async def test_checks_survive_a_search_which_says_how_many_it_hides(driver: Driver) -> None:
    await driver.press("space", "j", "space", "/")
    await driver.type("ana")
    await driver.sees("2 checked (1 hidden here)")
    await driver.press("escape")
    await driver.misses("hidden here")


async def test_checks_survive_a_change_of_view_but_the_bin_has_its_own(driver: Driver) -> None:
    await driver.press("space", "2")
    await driver.opens(Favorites)
    await driver.sees("1 checked (1 hidden here)")
    await driver.press("4")
    await driver.opens(Bin)
    assert driver.contacts.checks == Checks()
    await driver.press("1")
    await driver.sees("1 checked")


async def test_a_range(driver: Driver) -> None:
    await driver.press("j", "v")
    await driver.says("other end of the range")
    await driver.press("j", "j", "v")
    await driver.sees("3 checked")
    await driver.press("v", "j", "escape")  # a range that was begun is given up first
    assert len(driver.contacts.checks) == 3


async def test_all_that_match_none_and_inverted(driver: Driver) -> None:
    await driver.press("/")
    await driver.type("ana")
    await driver.sees("2 found")
    await driver.press("enter", "a")
    await driver.sees("2 checked")
    await driver.press("escape", "!")
    await driver.sees("3 checked")
    await driver.press("A")
    await driver.misses("checked")
    assert not driver.app.state.checks


async def test_escape_ends_the_search_then_unchecks(driver: Driver) -> None:
    await driver.press("space", "/")
    await driver.type("bob")
    await driver.sees("1 found")
    await driver.press("escape")
    await driver.sees("5 contacts", "1 checked")
    await driver.press("escape")
    await driver.misses("checked")


async def test_what_is_deleted_elsewhere_is_unchecked(driver: Driver) -> None:
    await driver.press("space", "d")
    await driver.says("Moved Ada Lovelace to the Bin.")
    await driver.misses("1 checked")
    assert not driver.app.state.checks
