"""Views, moving, searching, sorting: what is shown."""

from __future__ import annotations

from pathlib import Path

from coterie.core.book import Book
from coterie.core.changes import Create, Plan
from coterie.core.listing import View
from coterie.core.model import Contact
from coterie.tui.actions.command import Place
from coterie.tui.commands import commands_in
from coterie.tui.screens.all_contacts import AllContacts
from coterie.tui.screens.bin import Bin
from coterie.tui.screens.details import Details
from coterie.tui.screens.favorites import Favorites
from coterie.tui.screens.groups import Groups
from coterie.tui.screens.help import HelpScreen
from coterie.tui.screens.members import Members
from coterie.tui.screens.sync import Sync
from coterie.tui.widgets.choice import Choice
from coterie.tui.widgets.search_bar import SearchBar
from coterie.tui.widgets.sidebar import Sidebar
from tests.tui.screens.conftest import Driver, running


async def test_the_first_view_shows_all_with_counts_and_groups(driver: Driver) -> None:
    await driver.sees("All contacts", "5 contacts", "Ada Lovelace", "Favorites", "Choir", "Sync contacts", "1 of 5")


async def test_number_keys_open_the_views(driver: Driver) -> None:
    for key, screen in (("2", Favorites), ("3", Groups), ("4", Bin), ("1", AllContacts)):
        await driver.press(key)
        await driver.opens(screen)


async def test_moving(driver: Driver) -> None:
    table = driver.contacts.table
    for key, position in (("j", 1), ("down", 2), ("k", 1), ("up", 0), ("G", 4), ("g", 0), ("end", 4), ("home", 0),
                          ("pagedown", 4), ("pageup", 0), ("ctrl+d", 4), ("ctrl+u", 0)):  # fmt: skip
        await driver.press(key)
        assert table.position == position, key


async def test_columns_are_reached_with_h_and_l(driver: Driver) -> None:
    await driver.press("l")
    assert driver.contacts.table.column == "emails"
    await driver.press("right", "h", "left")
    assert driver.contacts.table.column == "name"


async def test_search_follows_the_typing(driver: Driver) -> None:
    await driver.press("/")
    await driver.type("ana")
    await driver.sees("2 found", "Ada Lovelace", "Émile Euler")
    await driver.press("enter", "j")
    assert driver.contacts.row is not None
    assert driver.contacts.row.name == "Émile Euler"
    await driver.press("escape")
    await driver.sees("5 contacts", "Dora Darwin")
    assert driver.contacts.row is not None
    assert driver.contacts.row.name == "Émile Euler"  # the cursor stays on what was found


async def test_a_search_that_cannot_be_read_says_so_beside_the_field_and_keeps_the_list(driver: Driver) -> None:
    await driver.press("/")
    driver.contacts.query_one(SearchBar).text = "is:green"
    await driver.sees("cannot be “green”", "Choose one of: favorite")
    await driver.sees("Ada Lovelace", "5 contacts")
    await driver.press("escape")
    await driver.until(lambda: not str(driver.contacts.query_one("#problem").render()))


async def test_nothing_found_says_how_to_go_on(driver: Driver) -> None:
    await driver.press("/")
    await driver.type("zzz")
    await driver.sees("Nothing matches “zzz”.", "clears the search", "0 found")


async def test_letters_in_the_search_field_are_letters(driver: Driver) -> None:
    await driver.press("/")
    await driver.type("dq1")
    assert driver.contacts.query_one(SearchBar).text == "dq1"
    assert (await driver.names(View.BIN)) == []


async def test_sorting_and_columns_are_remembered(book: Book, tmp_path: Path) -> None:
    memory = tmp_path / "state" / "screen.json"
    async with running(book, memory=memory) as driver:
        await driver.pilot.click(driver.contacts.table, offset=(10, 0))  # the heading Name, again: descending
        await driver.until(lambda: driver.contacts.row and driver.contacts.listing.sort.descending)
        await driver.press("g")
        await driver.until(lambda: driver.contacts.row and driver.contacts.row.name == "Émile Euler")
    async with running(book, memory=memory, people=()) as driver:
        assert driver.contacts.listing.sort.descending


async def test_the_sort_dialog_changes_the_order(driver: Driver) -> None:
    await driver.press("o")
    await driver.sees("Sort order and columns")
    await driver.press("escape")
    await driver.misses("Sort order and columns")


async def test_a_list_is_sorted_by_what_the_dialog_offers(book: Book) -> None:
    people = [
        Contact(name="Ada Lovelace", given_name="Ada", family_name="Lovelace", birthday="1990-02-01"),
        Contact(name="Zoe Abel", given_name="Zoe", family_name="Abel", birthday="1980-03-01"),
        Contact(name="Acme"),
    ]
    async with running(book, people=people, size=(80, 24)) as driver:
        await driver.press("o")
        orders = driver.screen.query_one("#order", Choice)
        await driver.until(lambda: orders.has_focus)
        while orders.value != "family_name":
            await driver.press("right")
        await driver.press("enter")
        await driver.sees("Family name ▲")
        await driver.press("g")
        await driver.until(lambda: driver.contacts.row and driver.contacts.row.name == "Zoe Abel")
        await driver.press("G")
        await driver.until(lambda: driver.contacts.row and driver.contacts.row.name == "Acme")


async def test_tab_leads_into_the_sidebar_and_enter_opens_a_group(driver: Driver) -> None:
    await driver.press("tab")
    assert driver.contacts.query_one(Sidebar).has_focus
    await driver.press("j", "j", "j", "j", "j", "enter")  # four views, then Board, Choir
    await driver.opens(Members)
    await driver.sees("Choir", "2 contacts", "Cleo Curie")
    await driver.press("escape")
    await driver.opens(Groups)


async def test_the_sidebar_gives_way_on_a_narrow_terminal(book: Book) -> None:
    async with running(book, size=(40, 12)) as driver:
        await driver.sees("Ada Lovelace")
        assert "Sync contacts" not in driver.text
        await driver.pilot.resize_terminal(100, 30)
        await driver.sees("Sync contacts")


async def test_clicks_in_the_sidebar(driver: Driver) -> None:
    await driver.pilot.click(Sidebar, offset=(5, 1))
    await driver.opens(Favorites)
    await driver.sees("Bob Babbage", "1 contact")
    await driver.pilot.click(Sidebar, offset=(5, driver.screen.query_one(Sidebar).size.height - 1))
    await driver.opens(Sync)
    await driver.sees("No account is connected.")
    await driver.press("escape")
    await driver.opens(Favorites)


async def test_an_empty_book_tells_a_newcomer_what_to_press(book: Book) -> None:
    async with running(book, people=(), size=(80, 24)) as driver:
        await driver.sees("Your address book is empty.", "add a contact", "scp contacts.csv", "coterie import -")
        await driver.press("2")
        await driver.sees("There are no favorites yet.")
        await driver.press("3")
        await driver.sees("There are no groups yet.")
        await driver.press("4")
        await driver.sees("The Bin is empty.", "30 days")


async def test_changes_by_others_appear(driver: Driver) -> None:
    await driver.book.apply(Plan("add", "Add Zoe", [Create(Contact(name="Aaron Aardvark"))]))
    await driver.sees("6 contacts", "Aaron Aardvark")


async def test_help_shows_first_what_works_here_and_then_why_the_rest_does_not(driver: Driver) -> None:
    await driver.press("?")
    await driver.opens(HelpScreen)
    await driver.sees("What works here now")
    lines = driver.text.splitlines()
    first = next(place for place, line in enumerate(lines) if "What works here now" in line)
    assert "Add a contact." in lines[first + 1]
    await driver.press("/")
    await driver.type("save this search")
    await driver.sees("Nothing is searched for.")


async def test_help_lists_every_key_and_finds_some(driver: Driver) -> None:
    await driver.press("?")
    await driver.opens(HelpScreen)
    await driver.press("/")
    await driver.type("duplicates")
    await driver.sees("Find contacts that may be duplicates")
    assert "Half a page" not in driver.text
    await driver.press("escape", "escape")
    await driver.opens(AllContacts)


async def test_quit(driver: Driver) -> None:
    await driver.press("q")
    await driver.until(lambda: not driver.app.is_running)


async def test_a_hint_goes_with_the_next_key_and_an_outcome_stays(driver: Driver) -> None:
    await driver.press("v")
    await driver.says("other end of the range")
    await driver.press("escape", "3", "1")
    await driver.until(lambda: not driver.said)
    await driver.press("d")
    await driver.sees("Moved Ada Lovelace to the Bin.  u undo")
    await driver.press("j", "4")
    await driver.sees("Bin  1 contact", "Moved Ada Lovelace to the Bin.  u undo")
    await driver.press("u")
    await driver.sees("ctrl+r redo")


async def test_what_finds_no_room_in_the_bar_is_in_more_actions(book: Book) -> None:
    async with running(book, size=(40, 12)) as driver:
        await driver.press("space")
        await driver.sees("1 checked", "m more")
        await driver.press("m")
        offered = {command.id for command in commands_in(Place.ALL) if command.menu}
        assert {command.id for command in commands_in(Place.ALL) if command.bar} <= offered


async def test_the_key_of_a_view_leads_to_its_list_from_whatever_is_open_there(driver: Driver) -> None:
    await driver.press("enter")
    await driver.opens(Details)
    await driver.press("1")
    await driver.opens(AllContacts)
    await driver.press("enter")
    await driver.opens(Details)
    await driver.press("2")
    await driver.opens(Favorites)
    await driver.press("1")
    await driver.opens(AllContacts)
    await driver.press("j")
    await driver.until(lambda: driver.contacts.table.position == 1)
