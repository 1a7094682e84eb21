"""Groups as a whole: color and note, merging, deleting several, adding people, members without address, the filter."""

from __future__ import annotations

from coterie.core.book import Book
from coterie.core.changes import AddToGroup, CreateGroup, Plan
from coterie.core.checks import Checks
from coterie.core.listing import Listing, View
from coterie.tui.dialogs.add_people import AddPeople
from coterie.tui.dialogs.confirm import Confirm
from coterie.tui.dialogs.group_form import GroupForm
from coterie.tui.dialogs.pick import Pick
from coterie.tui.screens.groups import Groups
from coterie.tui.screens.members import Members
from tests.tui.screens.conftest import Driver, running


async def sizes(book: Book) -> dict[str, int]:
    return {group.name: group.size for group in await book.groups.all()}


async def test_a_group_gets_a_color_and_a_note_in_one_change(driver: Driver) -> None:
    await driver.press("3", "j", "e")
    await driver.opens(GroupForm)
    await driver.sees("Edit the group Choir", "by its name")
    await driver.press("ctrl+u")
    await driver.type("Chorus")
    await driver.press("tab", "right", "tab")
    await driver.type("Thursdays")
    await driver.press("ctrl+s")
    await driver.says("Changed the group Choir, now Chorus.")
    await driver.sees("Thursdays", "Changed today", "Changed the group Choir, now Chorus.")
    chorus = next(group for group in await driver.book.groups.all() if group.name == "Chorus")
    assert (chorus.color, chorus.note) == ("red", "Thursdays")
    await driver.press("u")
    await driver.until(lambda: "Thursdays" not in driver.text)
    assert "Choir" in await sizes(driver.book)


async def test_checked_groups_are_merged_into_one_of_them(driver: Driver) -> None:
    await driver.press("3")
    await driver.opens(Groups)
    await driver.press("space", "space")
    await driver.sees("2 of 3 groups checked", "☑")
    await driver.press("M")
    await driver.opens(Pick)
    await driver.sees("Merge 2 groups: which one stays?")
    await driver.type("board")
    await driver.press("enter")
    await driver.says("Merged the group Choir into Board.")
    assert set(await sizes(driver.book)) == {"Board", "Empty"}
    await driver.press("u")
    await driver.says("Undone")
    assert await sizes(driver.book) == {"Board": 1, "Choir": 2, "Empty": 0}


async def test_several_groups_are_deleted_after_one_question(driver: Driver) -> None:
    await driver.press("3")
    await driver.opens(Groups)
    await driver.press("space", "space", "d")
    await driver.opens(Confirm)
    await driver.sees("Delete 2 groups?", "All their members stay in your contacts.")
    await driver.press("enter")
    await driver.says("Deleted 2 groups: Board, Choir; their members stay.")
    assert await sizes(driver.book) == {"Empty": 0}
    assert len(await driver.names()) == 5


async def test_esc_unchecks_before_it_leaves(driver: Driver) -> None:
    await driver.press("3")
    await driver.opens(Groups)
    await driver.press("space", "escape")
    await driver.sees("3 groups")
    assert "☑" not in driver.text


async def test_people_are_added_one_after_the_other(driver: Driver) -> None:
    await driver.press("3", "j", "enter")
    await driver.opens(Members)
    await driver.press("p")
    await driver.opens(AddPeople)
    await driver.sees("Add people to Choir", "Bob Babbage")
    assert "Ada Lovelace" not in driver.text.split("Add people to Choir")[1]
    await driver.type("babb")
    await driver.until(lambda: driver.app.screen.query_one("#choices").option_count == 1)  # type: ignore[attr-defined]
    await driver.press("enter")
    await driver.sees("Added Bob Babbage; 1 contact so far.")
    await driver.until(lambda: driver.app.screen.query_one("#choices").option_count == 2)  # type: ignore[attr-defined]
    await driver.press("enter")
    await driver.sees("2 contacts so far.")
    await driver.press("escape")
    await driver.opens(Members)
    await driver.sees("4 contacts")
    await driver.press("u")
    await driver.sees("3 contacts")


async def test_a_search_that_cannot_be_read_is_said_in_the_dialog(driver: Driver) -> None:
    await driver.press("3", "j", "p")
    await driver.opens(AddPeople)
    await driver.type("nobody:x")
    await driver.sees("nobody")
    await driver.press("escape")
    await driver.opens(Groups)


async def test_members_without_an_address_are_counted_and_one_key_away(driver: Driver) -> None:
    nameless = (await driver.book.lists.ids(Listing(query="missing:email"))) or Checks()
    assert nameless
    await driver.book.apply(Plan("group", "Add", [AddToGroup(nameless, "Empty")]))
    await driver.press("3")
    await driver.opens(Groups)
    await driver.sees("No e-mail", f"{len(nameless)}")
    await driver.press("G", "@")
    await driver.opens(Members)
    await driver.sees("missing:email", f"{len(nameless)} found")
    await driver.press("@")
    await driver.sees(f"{len(nameless)} contact")
    assert await driver.book.lists.count(Listing(View.GROUP, 3)) == len(nameless)


async def test_the_groups_of_the_sidebar_are_filtered(book: Book) -> None:
    await book.apply(Plan("group", "Groups", [CreateGroup(f"Group {n:03}") for n in range(200)]))
    async with running(book, size=(80, 24)) as driver:
        await driver.press("tab", "slash", "1", "7", "backspace", "9", "9")
        await driver.sees("/199_", "Group 199")
        await driver.misses("Group 000")
        await driver.press("enter", "enter")
        await driver.opens(Members)
        await driver.sees("Group 199  0 contacts")
        await driver.press("escape", "escape", "1", "tab")
        await driver.press("escape")
        await driver.sees("Group 000")
