"""Saved searches on the screen: saved from the search line, in the sidebar with live counts, opened, ordered."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from textual.widgets import Input

from coterie.core.book import Book
from coterie.core.changes import CreateGroup, DeleteSearch, Plan, SaveSearch
from coterie.core.model import SavedSearch
from coterie.tui.dialogs.prompt import Prompt
from coterie.tui.screens.all_contacts import AllContacts
from coterie.tui.widgets.search_bar import SearchBar
from coterie.tui.widgets.sidebar import Sidebar
from tests.tui.screens.conftest import Driver, running

ANALYTICAL = SaveSearch("analysts", "company:analytical")
NO_COMPANY = SaveSearch("no company", "missing:company")


async def save(book: Book, *searches: SaveSearch) -> Sequence[SavedSearch]:
    await book.apply(Plan("search", "Save searches", searches))
    return await book.searches.all()


def line(driver: Driver, name: str) -> str:
    """The sidebar's line of a saved search."""
    return next((text[:20].strip() for text in driver.text.splitlines() if f"⌕ {name}" in text[:20]), "")


async def go_to(driver: Driver, name: str) -> None:
    """Put the sidebar's cursor on a saved search."""
    if not driver.contacts.in_sidebar:
        await driver.press("tab")
    await driver.press("home")
    sidebar = driver.contacts.sidebar
    while sidebar.search is None or sidebar.search.name != name:
        await driver.press("j")


async def test_a_search_is_saved_from_the_search_line_with_one_key(driver: Driver) -> None:
    await driver.press("slash")
    await driver.type("company:analytical")
    await driver.press("ctrl+n")
    await driver.opens(Prompt)
    await driver.type("analysts")
    await driver.press("enter")
    await driver.says("Saved the search analysts.")
    await driver.until(lambda: line(driver, "analysts").endswith(" 2"))
    assert [(one.name, one.query) for one in await driver.book.searches.all()] == [("analysts", "company:analytical")]
    await driver.press("u")
    await driver.until(lambda: not line(driver, "analysts"))


@pytest.mark.parametrize(
    ("keys", "query"),
    [
        (("2",), "is:favorite (bob OR ada)"),
        (("4",), "in:bin (bob OR ada)"),
        (("3", "j", "enter"), "group:=Choir (bob OR ada)"),
    ],
)
async def test_what_is_saved_elsewhere_finds_the_same_in_all_contacts(
    driver: Driver, keys: Sequence[str], query: str
) -> None:
    await driver.press(*keys)
    await driver.press("slash")
    await driver.type("bob OR ada")
    await driver.press("enter", "ctrl+n")
    await driver.opens(Prompt)
    await driver.type("some")
    await driver.press("enter")
    await driver.says("Saved the search some.")
    assert [one.query for one in await driver.book.searches.all()] == [query]


async def test_nothing_unfinished_is_saved_and_nothing_at_all(driver: Driver) -> None:
    await driver.press("ctrl+n")
    await driver.says("Nothing is searched for.")
    await driver.press("slash", "ctrl+n")
    await driver.says("Nothing is searched for.")
    await driver.type("ada name:")
    await driver.press("ctrl+n")
    await driver.sees("There is nothing after “name:”")
    assert await driver.book.searches.all() == []


async def test_enter_opens_a_saved_search_in_all_contacts(driver: Driver) -> None:
    await save(driver.book, ANALYTICAL, NO_COMPANY)
    await driver.press("2")
    await driver.until(lambda: line(driver, "analysts").endswith(" 2") and line(driver, "no company").endswith(" 2"))
    await go_to(driver, "analysts")
    await driver.press("enter")
    await driver.opens(AllContacts)
    await driver.sees("2 found", "Émile Euler")
    assert driver.contacts.query_one(SearchBar).text == "company:analytical"
    assert driver.contacts.sidebar_place == "@analysts"
    await driver.press("slash", "space", "a", "d", "a", "enter")
    await driver.sees("1 found")
    assert driver.contacts.sidebar_place == "show_all"
    await driver.press("escape")
    await driver.sees("5 contacts")


async def test_counts_follow_changes_and_what_cannot_be_read_says_so(driver: Driver) -> None:
    await save(driver.book, ANALYTICAL, SaveSearch("both", "@analysts OR missing:company"))
    await driver.until(lambda: line(driver, "both").endswith(" 4"))
    await driver.press("d")  # Ada, of Analytical
    await driver.until(lambda: line(driver, "analysts").endswith(" 1") and line(driver, "both").endswith(" 3"))
    async with driver.book._database.writing() as connection:  # as an undo of another program may leave it
        await connection.run("DELETE FROM saved_search WHERE name = 'analysts'")
    await driver.press("u")
    await driver.until(lambda: line(driver, "both").endswith(" !"))


async def test_searches_are_renamed_ordered_and_deleted_in_the_sidebar(driver: Driver) -> None:
    await save(driver.book, ANALYTICAL, NO_COMPANY)
    await driver.sees("⌕ no company")
    await go_to(driver, "no company")
    await driver.press("K")
    await driver.says("Moved the search no company up.")
    await driver.until(lambda: driver.contacts.sidebar.search and driver.contacts.sidebar.search.name == "no company")
    await driver.press("e")
    await driver.opens(Prompt)
    await driver.press("ctrl+u")
    await driver.type("Analysts")
    await driver.press("enter")
    await driver.sees("There is already a saved search @analysts.")
    await driver.type(" 2")
    await driver.press("enter")
    await driver.says("Renamed the search no company to Analysts 2.")
    assert [one.name for one in await driver.book.searches.all()] == ["Analysts 2", "analysts"]
    await driver.press("d")
    await driver.says("Deleted the search Analysts 2; the contacts stay.")
    assert [one.name for one in await driver.book.searches.all()] == ["analysts"]


async def test_many_groups_and_searches_share_the_sidebar(book: Book) -> None:
    await book.apply(Plan("group", "Groups", [CreateGroup(f"Group {n:03}") for n in range(200)]))
    await save(book, *(SaveSearch(f"search {n:03}", f"name:a{n}") for n in range(40)))
    async with running(book, size=(80, 24)) as driver:
        await driver.sees("⌕ search 000")
        seen = [text[:20] for text in driver.text.splitlines()]
        groups, searches = (sum(word in text for text in seen) for word in ("Group ", "⌕ search"))
        assert groups > searches >= 3
        await driver.press("tab", "end", "k")
        await driver.sees("⌕ search 039")
        for _ in range(40):
            await driver.press("k")
        assert driver.contacts.sidebar.group is not None
        await driver.sees("Group 199")


async def test_the_cursor_stays_on_its_search_while_others_change(book: Book) -> None:
    first, second = await save(book, ANALYTICAL, NO_COMPANY)
    async with running(book) as driver:
        await driver.sees("⌕ no company")
        await go_to(driver, second.name)
        await book.apply(Plan("search", "Delete", [DeleteSearch(first.id)]))
        await driver.misses("⌕ analysts")
        assert driver.contacts.sidebar.search == second
        await driver.press("enter", "slash")
        assert driver.contacts.query_one(Input).value == "missing:company"


async def test_a_narrow_terminal_counts_nothing(book: Book) -> None:
    await save(book, ANALYTICAL)
    async with running(book, size=(40, 12)) as driver:
        await driver.until(lambda: driver.contacts.figures.searches)
        await driver.until(lambda: not any(one.group == "saved searches" for one in driver.app.workers))
        assert driver.app.state.search_counts.counts == {}
        assert not driver.contacts.query_one(Sidebar).display
