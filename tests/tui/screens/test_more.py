"""More actions: in groups, at most 18 lines at 80x24, and what cannot be done now says why."""

from __future__ import annotations

import pytest

from coterie.core.book import Book
from coterie.tui.actions.command import Place, Situation
from coterie.tui.commands import commands_in
from coterie.tui.dialogs.contact_form import ContactForm
from coterie.tui.screens.more import _GROUPS, MoreActions
from tests.tui.screens.conftest import Driver, running


async def test_every_command_of_the_menu_has_a_heading() -> None:
    sections = {section for _, listed in _GROUPS for section in listed}
    assert {command.section for place in Place for command in commands_in(place) if command.menu} <= sections


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (120, 40)], ids=str)
async def test_it_is_in_groups_and_leaves_some_of_the_list_in_sight(book: Book, size: tuple[int, int]) -> None:
    async with running(book, size=size) as driver:
        await driver.press("m")
        await driver.opens(MoreActions)
        await driver.sees("This contact", "New contact", "Add a contact.")
        assert driver.screen.query_one("#menu").region.height <= max(18, size[1] - 6)
        assert size[0] < 80 or "The book" in driver.text
        await driver.press("down", "enter")
        await driver.opens(ContactForm)


async def test_what_cannot_be_done_says_why_and_stays(driver: Driver) -> None:
    await driver.press("m")
    await driver.opens(MoreActions)
    await driver.press("right", "G")
    menu = driver.screen.focused
    assert menu is driver.screen.query("_Menu").last()
    search_all = next(command for command in commands_in(Place.ALL) if command.id == "save_search")
    reason = search_all.reason(Situation(Place.ALL))
    for _ in range(30):
        await driver.press("k")
        if reason in driver.text:
            break
    await driver.press("enter")
    assert isinstance(driver.screen, MoreActions)
    await driver.sees(reason)
    await driver.press("escape")
