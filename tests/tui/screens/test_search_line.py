"""The search line: completion, searches of before, the error at its place, and what All contacts has instead."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input

from coterie.core.book import Book
from coterie.tui.screens.all_contacts import AllContacts
from coterie.tui.widgets.search_bar import SearchBar
from tests.tui.screens.conftest import Driver, running


def typed(driver: Driver) -> str:
    return driver.contacts.query_one(SearchBar).text


def underlined(driver: Driver, line: int) -> str:
    """What is underlined on a line of the screen."""
    strip = driver.screen._compositor.render_strips()[line]
    return "".join(segment.text for segment in strip if segment.style and segment.style.underline)


async def test_what_a_search_could_become_is_shown_and_tab_takes_the_first(driver: Driver) -> None:
    await driver.press("slash")
    await driver.type("co")
    await driver.sees("tab company:  country:")
    await driver.press("enter")
    await driver.misses("tab company:")  # tab goes to the sidebar now
    await driver.press("slash")
    await driver.sees("tab company:  country:")
    await driver.press("tab")
    assert typed(driver) == "company:"
    await driver.sees("tab Analytical  Radium")
    await driver.type("ra")
    await driver.press("tab", "enter")
    await driver.sees("1 found", "Cleo Curie")
    assert typed(driver) == "company:Radium"


async def test_keys_typed_ahead_go_where_they_went_before(driver: Driver) -> None:
    await driver.type("/com")
    await driver.press("tab")
    await driver.type("rad")
    await driver.press("tab", "enter", "space", "A")
    assert typed(driver) == "company:Radium"
    await driver.press("escape")
    await driver.type("/ada")
    await driver.press("enter", "f")
    await driver.until(lambda: "star" in driver.said or "favorite" in driver.said.lower())
    assert (await driver.names(query="is:favorite")) == ["Ada Lovelace", "Bob Babbage"]


async def test_tab_leads_to_the_sidebar_where_nothing_can_be_completed(driver: Driver) -> None:
    await driver.press("slash")
    await driver.type("ada")
    await driver.press("tab")
    await driver.until(lambda: driver.contacts.in_sidebar)


async def test_up_in_the_empty_field_brings_searches_of_before_back(book: Book, tmp_path: Path) -> None:
    memory = tmp_path / "screen.json"
    async with running(book, memory=memory) as driver:
        for query in ("ada", "company:radium", "ada"):
            await driver.press("slash")
            await driver.type(query)
            await driver.press("enter", "escape")
    async with running(book, memory=memory, people=()) as driver:
        await driver.press("slash", "up")
        assert typed(driver) == "ada"
        await driver.press("up", "up")
        assert typed(driver) == "company:radium"
        await driver.press("down", "down")
        assert typed(driver) == ""
        await driver.type("b")
        await driver.sees("found")
        await driver.press("down")  # moves in the list, as ever
        assert driver.contacts.table.position == 1
        await driver.press("up")
        assert (typed(driver), driver.contacts.table.position) == ("b", 0)


async def test_what_is_wrong_is_marked_where_it_stands(driver: Driver) -> None:
    await driver.press("slash")
    await driver.type("ada colour:red bob")
    await driver.sees("There is no field “colour”")
    assert underlined(driver, 1).startswith("colour:")
    for _ in range(len("our:red bob")):
        await driver.press("backspace")
    await driver.misses("There is no field")
    await driver.until(lambda: "col" not in underlined(driver, 1))


async def test_enter_says_what_is_not_finished(driver: Driver) -> None:
    await driver.press("slash")
    await driver.type('ada "bab')
    await driver.press("enter")
    await driver.sees("This quotation mark is not closed (character 5).")
    await driver.says("Finish the search")


@pytest.mark.parametrize("way", ["enter", "asterisk"])
async def test_a_list_without_a_match_says_what_all_contacts_has(driver: Driver, way: str) -> None:
    await driver.press("2", "slash")
    await driver.type("company:analytical")
    await driver.press("enter")
    await driver.sees("Nothing matches “company:analytical” here.", "2 in All contacts")
    await driver.press(way)
    await driver.opens(AllContacts)
    await driver.sees("2 found", "Ada Lovelace")
    assert typed(driver) == "company:analytical"


async def test_matches_are_marked_once_the_typing_rests(driver: Driver) -> None:
    await driver.press("slash")
    await driver.type("eul")
    await driver.sees("1 found")
    await driver.press("enter", "escape", "slash")
    await driver.type("ada")
    await driver.press("enter")
    await driver.until(lambda: any("ada" in underlined(driver, line) for line in range(3, 6)))
    await driver.press("escape")
    await driver.until(lambda: not driver.contacts.table.marks)
    assert driver.contacts.query_one(Input).value == ""
