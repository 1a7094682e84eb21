"""F: the commonest values of what is shown; enter narrows, space checks all, esc closes."""

from __future__ import annotations

from coterie.core.book import Book
from tests.tui.screens.conftest import Driver, running


async def test_enter_narrows_to_a_value_and_the_facets_follow(driver: Driver) -> None:
    await driver.press("F")
    await driver.sees("Company", "Domain", "Group", "› Analytical", "F close")
    await driver.press("enter")
    await driver.sees("company:=Analytical", "2 found")
    await driver.misses("Radium")
    await driver.press("l", "enter")
    await driver.sees("company:=Analytical email:@example.org")
    await driver.press("escape")
    await driver.misses("Domain")
    await driver.press("escape")
    await driver.sees("5 contacts")


async def test_space_checks_all_who_have_a_value(driver: Driver) -> None:
    await driver.press("F")
    await driver.sees("› Analytical")
    await driver.press("space")
    await driver.says("Checked 2 contacts.")
    assert len(driver.contacts.checks) == 2
    await driver.press("f")
    await driver.says("acts on the list; F closes the facets.")


async def test_they_are_whole_in_a_small_terminal(book: Book) -> None:
    async with running(book, size=(40, 14)) as driver:
        await driver.press("F")
        await driver.sees("› Analytical", "Ada Lovelace")
        await driver.press("l", "l")
        await driver.sees("Group", "› Choir")
