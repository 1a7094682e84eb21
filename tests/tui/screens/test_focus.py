"""Keys act where the focus is: in the list, in the sidebar, in the search field."""

from __future__ import annotations

import pytest

from coterie.core.book import Book
from coterie.core.listing import View
from coterie.tui.actions.command import Place
from coterie.tui.dialogs.confirm import Confirm
from coterie.tui.dialogs.contact_form import ContactForm
from coterie.tui.dialogs.export_contacts import ExportDialog
from coterie.tui.dialogs.prompt import Prompt
from coterie.tui.screens.groups import Groups
from coterie.tui.screens.help import HelpScreen
from coterie.tui.screens.measures import WIDE
from coterie.tui.screens.more import MoreActions
from coterie.tui.screens.write_to import WriteTo
from coterie.tui.widgets.key_footer import KeyFooter
from coterie.tui.widgets.selection_bar import SelectionBar
from coterie.tui.widgets.sidebar import Sidebar
from tests.tui.screens.conftest import Driver, running

CHOIR = ("tab", "j", "j", "j", "j", "j")
"""From the list to the second group in the sidebar."""
ON_CONTACTS = (".", "+", "-", "f", "E", "space", "v", "a", "A", "!", "o", "h", "l")


async def groups(driver: Driver) -> list[str]:
    return [group.name for group in await driver.book.groups.all()]


def footer(driver: Driver) -> str:
    return driver.text.splitlines()[-1]


async def test_in_the_sidebar_d_deletes_the_group_and_nobody_else(driver: Driver) -> None:
    await driver.press(*CHOIR, "d")
    await driver.opens(Confirm)
    await driver.sees("Delete the group Choir?", "Its 2 members stay")
    await driver.press("enter")
    await driver.says("Deleted the group Choir; its members stay.")
    assert await groups(driver) == ["Board", "Empty"]
    assert len(await driver.names()) == 5


async def test_in_the_sidebar_e_renames_the_group(driver: Driver) -> None:
    await driver.press(*CHOIR, "e")
    await driver.opens(Prompt)
    await driver.press("ctrl+u")
    await driver.type("Chorus")
    await driver.press("enter")
    await driver.says("Renamed the group Choir to Chorus.")
    await driver.sees("Chorus")


@pytest.mark.parametrize("key", ["d", "e", "y", "w"])
async def test_on_a_view_of_the_sidebar_they_say_why_not(driver: Driver, key: str) -> None:
    await driver.press("tab", key)
    await driver.says("The cursor is not on a group.")
    assert len(await driver.names()) == 5


@pytest.mark.parametrize("checked", [False, True])
@pytest.mark.parametrize("key", ON_CONTACTS)
async def test_what_acts_on_contacts_does_nothing_in_the_sidebar(driver: Driver, key: str, checked: bool) -> None:
    if checked:
        await driver.press("space", "k")
    before = driver.contacts.checks
    await driver.press(*CHOIR, key)
    await driver.says("acts on the list; tab leads back there.")
    assert driver.contacts.checks == before
    assert await driver.names(View.FAVORITES) == ["Bob Babbage"]


async def test_other_verbs_of_the_sidebar_are_about_the_group(driver: Driver) -> None:
    await driver.press("space", *CHOIR, "y")
    await driver.says("Copied 1 e-mail address")
    assert driver.app.clipboard == "ada@example.org"
    await driver.press("w")
    await driver.opens(WriteTo)
    await driver.sees("Write to Choir")
    await driver.press("escape", "x")
    await driver.opens(ExportDialog)
    await driver.sees("the group Choir")
    await driver.press("escape", "n")
    await driver.opens(ContactForm)
    await driver.sees("Choir")
    await driver.press("escape", "m")
    await driver.opens(MoreActions)
    await driver.sees("Edit the group")
    assert "Favorite  " not in driver.text


async def test_the_list_of_groups_and_the_sidebar_have_one_live_cursor(driver: Driver) -> None:
    await driver.press("3")
    await driver.opens(Groups)
    await driver.press("tab", "j", "j", "j", "j", "j", "j", "d")  # Empty, in the sidebar; Board, in the list
    await driver.says("Deleted the group Empty")
    await driver.press("tab", "d")
    await driver.sees("Delete the group Board?")


async def test_a_click_in_a_bar_acts_on_the_list_wherever_the_focus_is(driver: Driver) -> None:
    await driver.press("space", *CHOIR)
    bar = driver.contacts.query_one(SelectionBar)
    at = next(start for start, _, entry in bar._spans if entry.command == "delete")
    await driver.pilot.click(SelectionBar, offset=(at + 1, 0))
    await driver.says("Moved Ada Lovelace to the Bin.")


async def test_without_room_for_the_sidebar_the_list_has_the_focus(driver: Driver) -> None:
    await driver.press(*CHOIR)
    await driver.pilot.resize_terminal(50, 20)
    await driver.until(lambda: driver.contacts.where is Place.ALL)
    await driver.press("d")
    await driver.says("Moved Ada Lovelace to the Bin.")


@pytest.mark.parametrize("width", [60, 80, 120])
async def test_footers_show_what_works_where_the_focus_is(book: Book, width: int) -> None:
    async with running(book, size=(width, 24)) as driver:
        assert "space check" in footer(driver)
        await driver.press(*(("tab",) if width >= WIDE else ()), *CHOIR)  # the inspector comes first
        await driver.until(lambda: "e edit  d delete" in footer(driver))
        assert "enter open" in footer(driver)
        assert "check" not in footer(driver)
        await driver.press("g")
        await driver.until(lambda: "edit" not in footer(driver))
        await driver.press("tab", "/")
        await driver.until(lambda: "enter to the list  esc back" in footer(driver))
        assert "f1 help" in footer(driver)
        assert "q quit" not in footer(driver)
        await driver.press("enter")
        await driver.until(lambda: "space check" in footer(driver))


@pytest.mark.parametrize("width", [40, 60, 80, 120])
async def test_the_footer_of_the_bin_names_its_ways_out(book: Book, width: int) -> None:
    async with running(book, size=(width, 24)) as driver:
        await driver.press("d", "4")
        await driver.until(lambda: "r restore  d delete  D empty" in footer(driver))
        await driver.press("r")
        await driver.sees("The Bin is empty.")
        await driver.until(lambda: not any(word in footer(driver) for word in ("restore", "delete", "empty")))
        for key in "RD":
            await driver.press(key)
            await driver.says("The Bin is empty.")


async def test_every_word_of_the_footer_is_a_command_of_the_place(driver: Driver) -> None:
    for keys in ((), CHOIR, ("tab",), ("/",)):
        await driver.press(*keys)
        place = driver.contacts.key_place
        await driver.until(lambda place=place: driver.contacts._footer_for[1] is place)  # type: ignore[index]
        for _, _, entry in driver.screen.query_one(KeyFooter)._spans:
            assert entry.key
            assert place is not Place.SEARCH or len(entry.key) > 1 or entry.key in "↓↑"
    assert not driver.contacts.query_one(Sidebar).has_focus


async def test_the_help_over_the_menu_is_about_it_and_leads_back(driver: Driver) -> None:
    await driver.press("m", "f1")
    await driver.opens(HelpScreen)
    await driver.sees("More actions", "Do what is highlighted.")
    await driver.press("escape")
    await driver.opens(MoreActions)


async def test_the_key_that_undoes_is_shown_only_where_it_works(driver: Driver) -> None:
    await driver.press("d")
    await driver.sees("to the Bin.  u undo")
    await driver.press("slash")
    await driver.misses("u undo")
    await driver.press("escape")
    await driver.sees("to the Bin.  u undo")
    await driver.press("n")
    await driver.opens(ContactForm)
    await driver.misses("u undo")
    await driver.press("escape")
    await driver.sees("to the Bin.  u undo")
