"""What the keys change: one sentence, one undo each, on what is checked or else on the row under the cursor."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events

from coterie.core.book import Book
from coterie.core.bulk import make_plan
from coterie.core.bulk.favorite import Star
from coterie.core.changes import Assign, Create, Plan
from coterie.core.checks import Checks
from coterie.core.listing import Listing, View
from coterie.core.model import Contact, Phone
from coterie.tui.dialogs.bulk_edit import BulkEdit
from coterie.tui.dialogs.bulk_preview import BulkPreview
from coterie.tui.dialogs.confirm import Confirm
from coterie.tui.dialogs.contact_form import ContactForm
from coterie.tui.dialogs.contact_history import ContactHistory
from coterie.tui.dialogs.duplicates import DuplicatesDialog
from coterie.tui.dialogs.export_contacts import ExportDialog
from coterie.tui.dialogs.group_picker import GroupPicker
from coterie.tui.dialogs.history import HistoryDialog
from coterie.tui.dialogs.import_contacts import ImportDialog
from coterie.tui.dialogs.prompt import Prompt
from coterie.tui.screens.all_contacts import AllContacts
from coterie.tui.screens.bin import Bin
from coterie.tui.screens.cell_editor import CellEditor
from coterie.tui.screens.details import Details
from coterie.tui.screens.groups import Groups
from coterie.tui.screens.members import Members
from coterie.tui.screens.more import MoreActions
from coterie.tui.screens.write_to import WriteTo
from coterie.tui.state import Options
from tests.conftest import Clock
from tests.tui.screens.conftest import PEOPLE, Driver, running


async def members(driver: Driver, name: str) -> list[str]:
    [group] = [group for group in await driver.book.groups.all() if group.name == name]
    return [row.name for row in await driver.book.lists.rows(Listing(View.GROUP, group.id), 0, 100)]


async def test_new_contact(driver: Driver) -> None:
    await driver.press("n")
    await driver.opens(ContactForm)
    await driver.type("Zoe Zuse")
    await driver.press("tab")
    await driver.type("zoe@example.org")
    await driver.press("enter")
    await driver.opens(AllContacts)
    await driver.says("Added Zoe Zuse.")
    await driver.sees("6 contacts", "u undo", "6 of 6")  # the cursor is on the new one
    await driver.press("u")
    await driver.sees("5 contacts")
    assert "Zoe Zuse" not in await driver.names()
    await driver.press("ctrl+r")
    await driver.sees("6 contacts")


async def test_edit_in_the_form(driver: Driver) -> None:
    await driver.press("e")
    await driver.opens(ContactForm)
    await driver.press("end")
    await driver.type(" King")
    await driver.press("enter")
    await driver.says("Changed Ada Lovelace King.")
    assert "Ada Lovelace King" in await driver.names()


async def test_an_edit_after_somebody_elses_keeps_both(driver: Driver) -> None:
    await driver.press("e")
    await driver.opens(ContactForm)
    await driver.press("end")
    await driver.type(" King")
    ada = await driver.book.find("ada@example.org")
    assert ada.id is not None
    await driver.book.apply(await make_plan([Star()], Checks.of([ada.id]), driver.book.contacts))
    await driver.press("enter")
    await driver.sees("Somebody else has changed this contact")
    await driver.press("enter")
    await driver.says("Changed Ada Lovelace King.")
    ada = await driver.book.find("ada@example.org")
    assert (ada.name, ada.favorite) == ("Ada Lovelace King", True)


async def test_favorite_stars_all_unless_all_have_one(driver: Driver) -> None:
    await driver.press("space", "space", "f")
    await driver.says("Added a star to")
    assert await driver.names(View.FAVORITES) == ["Ada Lovelace", "Bob Babbage"]
    await driver.press("f")
    await driver.says("Removed the star from 2 contacts.")
    assert await driver.names(View.FAVORITES) == []


async def test_a_click_on_the_star(driver: Driver) -> None:
    await driver.pilot.click(driver.contacts.table, offset=(3, 1))
    await driver.says("Added a star to Ada Lovelace.")


async def test_add_to_a_new_group_and_remove_from_it(driver: Driver) -> None:
    await driver.press("space", "space", "+")
    await driver.opens(GroupPicker)
    await driver.type("Travel")
    await driver.press("enter")
    await driver.says("Added 2 contacts to Travel.")
    assert await members(driver, "Travel") == ["Ada Lovelace", "Bob Babbage"]
    await driver.press("A", "g", "-")
    await driver.opens(GroupPicker)
    await driver.type("Travel")
    await driver.press("enter")
    await driver.says("Removed Ada Lovelace from Travel.")
    assert await members(driver, "Travel") == ["Bob Babbage"]


async def test_create_a_group_from_what_is_checked(driver: Driver) -> None:
    await driver.press("a", "C")
    await driver.opens(Prompt)
    await driver.type("Everybody")
    await driver.press("enter")
    await driver.says("Created the group Everybody with 5 contacts.")
    await driver.sees("Everybody")


async def test_repeat_makes_the_last_change_again(driver: Driver) -> None:
    await driver.press(".")
    await driver.says("no change to repeat")
    await driver.press("+")
    await driver.opens(GroupPicker)
    await driver.type("Board")
    await driver.press("enter")
    await driver.says("Added Ada Lovelace to Board.")
    await driver.press("j", ".")
    await driver.says("Added Bob Babbage to Board.")
    assert await members(driver, "Board") == ["Ada Lovelace", "Bob Babbage", "Cleo Curie"]


async def test_change_the_cell_in_place_and_repeat_it(driver: Driver) -> None:
    await driver.press("l", "l", "c")
    await driver.opens(CellEditor)
    await driver.press("ctrl+u")
    await driver.type("Engines")
    await driver.press("enter")
    await driver.says("Changed Ada Lovelace.")
    await driver.press("j", "j", ".")
    await driver.says("Set Company of Cleo Curie.")
    assert await driver.names(query="company:=engines") == ["Ada Lovelace", "Cleo Curie"]


async def test_a_cell_says_what_is_wrong_and_escape_leaves_it_alone(driver: Driver) -> None:
    await driver.press("l", "c")
    await driver.opens(CellEditor)
    await driver.type("@@")
    await driver.press("enter")
    await driver.sees("is not an e-mail address")
    await driver.press("escape")
    await driver.opens(AllContacts)
    assert (await driver.book.find("ada@example.org")).emails == PEOPLE[0].emails


async def test_delete_restore_and_for_ever(driver: Driver) -> None:
    await driver.press("space", "space", "d")
    await driver.says("Moved 2 contacts to the Bin.")
    await driver.press("4")
    await driver.opens(Bin)
    await driver.sees("Days left", "Ada Lovelace", "you")
    await driver.press("r")
    await driver.says("Restored Ada Lovelace.")
    await driver.press("d")
    await driver.opens(Confirm)
    await driver.sees("forever", "cannot be undone")
    await driver.press("escape")
    await driver.opens(Bin)
    assert await driver.names(View.BIN) == ["Bob Babbage"]
    await driver.press("d")
    await driver.opens(Confirm)
    await driver.press("enter")  # Cancel has the focus
    await driver.opens(Bin)
    assert await driver.names(View.BIN) == ["Bob Babbage"]
    await driver.press("d")
    await driver.opens(Confirm)
    await driver.press("y")
    await driver.says("Deleted 1 contact forever.")
    await driver.misses("undo")
    assert await driver.names(View.BIN) == []


async def test_the_whole_bin_at_once(driver: Driver) -> None:
    await driver.press("a", "d")
    await driver.says("Moved 5 contacts to the Bin.")
    await driver.press("4", "R")
    await driver.says("Restored 5 contacts.")
    await driver.press("R")
    await driver.says("The Bin is empty.")
    await driver.press("1", "d", "4", "D")
    await driver.opens(Confirm)
    await driver.sees("Empty the Bin? 1 contact would be deleted forever.")


async def test_what_an_undo_moved_to_the_bin_stays_there(driver: Driver, book: Book) -> None:
    await book.apply(Plan("add", "Add", [Create(Contact(name="Zoe Zed"))]))
    await book.history.undo()
    await driver.press("4", "R")
    await driver.says("All of these are here because they were undone. r restores what is checked.")
    await driver.press("1", "d")
    await driver.says("Moved Ada Lovelace to the Bin.")
    await driver.press("4", "R")
    await driver.says("Restored Ada Lovelace.")
    assert await driver.names(View.BIN) == ["Zoe Zed"]


async def test_delete_thrice_in_one_go_deletes_three(driver: Driver) -> None:
    await driver.press("d", "d", "d")
    await driver.until(lambda: driver.contacts.table.total == 2)
    assert await driver.names() == ["Dora Darwin", "Émile Euler"]


async def test_copy_puts_the_addresses_on_the_clipboard(driver: Driver) -> None:
    await driver.press("a", "y")
    await driver.says("Copied 4 e-mail addresses to the clipboard. 1 contact without one left out.")
    assert driver.app.clipboard == "ada@example.org, bob@example.org, dora@example.org, emile@example.org"


async def test_copying_can_be_switched_off(book: Book) -> None:
    async with running(book, options=Options(clipboard=False)) as driver:
        await driver.press("y")
        await driver.says("The clipboard is turned off")
        assert driver.app.clipboard == ""


async def test_write_to_shows_links_and_copies_with_names(driver: Driver) -> None:
    await driver.press("a", "w")
    await driver.opens(WriteTo)
    await driver.sees(
        "4 e-mail addresses", "Ada Lovelace <ada@example.org>", "mailto:?bcc=ada@example.org,bob@example.org"
    )
    await driver.press("tab", "enter")
    await driver.says("Copied 4")
    assert driver.app.clipboard.startswith("Ada Lovelace <ada@example.org>, Bob Babbage <bob@example.org>")


async def test_details_and_the_way_back(driver: Driver) -> None:
    await driver.press("G", "k", "enter")
    await driver.opens(Details)
    await driver.sees("Dora Darwin", "met in Rome", "dora@example.org")
    await driver.press("f")
    await driver.says("Added a star to Dora Darwin.")
    await driver.press("e")
    await driver.opens(ContactForm)
    await driver.press("escape")
    await driver.opens(Details)
    await driver.press("d")
    await driver.opens(AllContacts)
    await driver.sees("4 contacts")


async def test_a_value_is_put_back_from_the_history_of_its_contact(driver: Driver) -> None:
    await driver.press("g", "enter")
    await driver.opens(Details)
    for company in ("Bell", "Cray"):
        await driver.book.apply(Plan("edit", "Set", [Assign(Checks.of([1]), "company", company)], f"Set {company}."))
    await driver.sees("Cray")
    await driver.press("H")
    await driver.opens(ContactHistory)
    await driver.sees("History of Ada Lovelace", "Bell", "Cray", "Set Cray.", "Put back")
    await driver.press("j", "p")
    await driver.says("Put back Company of Ada Lovelace.")
    await driver.sees("Analytical")
    await driver.press("u")
    await driver.sees("Cray")


async def test_details_of_the_next_contact_and_the_one_before(driver: Driver) -> None:
    await driver.press("g", "j", "enter", "J", "J", "K")
    await driver.sees("Cleo Curie", "Radium")
    await driver.press("K", "K")
    await driver.sees("Ada Lovelace", "Analytical")
    await driver.press("K")
    await driver.says("This is the first contact of the list.")
    await driver.press("J", "escape")
    await driver.sees("2 of 5")  # the cursor has gone along


async def test_the_next_contact_where_this_one_has_left_the_list(driver: Driver) -> None:
    await driver.press("2")
    await driver.sees("1 contact")
    await driver.press("enter")
    await driver.sees("Bob Babbage")
    await driver.press("f", "J")
    await driver.says("This is the last contact of the list.")


async def test_groups_create_rename_delete_and_write(driver: Driver) -> None:
    await driver.press("3")
    await driver.opens(Groups)
    await driver.sees("3 groups", "Board", "Choir", "Empty")
    await driver.press("c")
    await driver.opens(Prompt)
    await driver.type("Allotment")
    await driver.press("enter")
    await driver.says("Created the group Allotment.")
    await driver.press("e")
    await driver.opens(Prompt)
    await driver.press("ctrl+u")
    await driver.type("Zoo")
    await driver.press("enter")
    await driver.says("Renamed the group Allotment to Zoo.")
    await driver.press("d")
    await driver.says("Deleted the group Zoo")
    await driver.press("g", "j", "y")
    await driver.says("Copied 1 e-mail address")
    assert driver.app.clipboard == "ada@example.org"
    await driver.press("d")
    await driver.sees("Its 2 members stay in your contacts.")
    await driver.press("enter")
    await driver.says("Deleted the group Choir; its members stay.")
    assert len(await driver.names()) == 5


async def test_a_group_name_that_is_taken_is_refused_in_words(driver: Driver) -> None:
    await driver.press("3", "c")
    await driver.opens(Prompt)
    await driver.type("choir")
    await driver.press("enter")
    await driver.sees("There is already a group Choir.")
    assert [group.name for group in await driver.book.groups.all()] == ["Board", "Choir", "Empty"]


async def test_the_members_of_a_group(driver: Driver) -> None:
    await driver.press("3", "j", "enter")
    await driver.opens(Members)
    await driver.sees("Choir", "Ada Lovelace", "Cleo Curie", "2 contacts")
    await driver.press("n")
    await driver.opens(ContactForm)
    await driver.type("Zoe Zuse")
    await driver.press("tab")
    await driver.type("zoe@example.org")
    await driver.press("enter")
    await driver.says("Added Zoe Zuse.")
    assert await members(driver, "Choir") == ["Ada Lovelace", "Cleo Curie", "Zoe Zuse"]


@pytest.mark.parametrize("key", ["d", "enter"])
async def test_more_actions_by_their_key_or_by_choosing(driver: Driver, key: str) -> None:
    await driver.press("m")
    await driver.opens(MoreActions)
    if key == "enter":
        await driver.press(*["down"] * 9)
        await driver.sees("Move what is checked to the Bin.")
    await driver.press(key)
    await driver.says("Moved Ada Lovelace to the Bin.")


async def test_the_palette_runs_a_command(driver: Driver) -> None:
    await driver.press("ctrl+p")
    await driver.type("add a star")
    await driver.pilot.pause(0.3)
    await driver.press("enter")
    await driver.says("Added a star to Ada Lovelace.")


async def test_undo_says_when_there_is_nothing(book: Book) -> None:
    async with running(book, people=()) as driver:
        await driver.press("u")
        await driver.until(lambda: driver.said)
        await driver.press("ctrl+r")
        await driver.until(lambda: driver.said)


async def test_several_at_once_in_one_form_with_a_preview(driver: Driver) -> None:
    await driver.press("space", "space", "e")
    await driver.opens(BulkEdit)
    await driver.type("Engines Ltd")
    await driver.press("enter")
    await driver.opens(BulkPreview)
    await driver.sees("Analytical", "Engines Ltd")
    await driver.press("enter")
    await driver.says("Set Company of 2 contacts.")
    assert await driver.names(query='company:="engines ltd"') == ["Ada Lovelace", "Bob Babbage"]
    await driver.press("u")
    await driver.until(lambda: "Undid" in driver.said or "Took back" in driver.said or "undo" in driver.said.lower())
    assert await driver.names(query='company:="engines ltd"') == []


async def test_finding_duplicates(driver: Driver) -> None:
    await driver.press("M")
    await driver.sees("There are no duplicates.")
    await driver.press("escape")
    twin = Contact(name="Ada Lovelace", emails=PEOPLE[0].emails, phones=(Phone("+44 20 7946 0001"),))
    await driver.book.apply(Plan("add", "Add a twin", [Create(twin)]))
    await driver.sees("6 contacts")
    await driver.press("M")
    await driver.opens(DuplicatesDialog)
    await driver.press("m")
    await driver.sees("That was the last pair.")
    await driver.press("escape")
    await driver.says("Merged 1 pair of contacts.")
    await driver.sees("5 contacts")
    assert (await driver.book.find("ada@example.org")).phone == "+44 20 7946 0001"


async def test_the_history_undoes_as_far_back_as_chosen(driver: Driver) -> None:
    await driver.press("d", "d", "H")
    await driver.opens(HistoryDialog)
    await driver.sees("Moved Bob Babbage to the Bin.")
    await driver.press("down", "u")
    await driver.opens(Confirm)
    await driver.press("enter")
    await driver.opens(HistoryDialog)
    assert await driver.book.lists.count(Listing()) == 3
    await driver.press("u", "y")
    await driver.opens(AllContacts)
    await driver.says("Undone: 2 changes, 2 contacts.")
    await driver.until(lambda: driver.contacts.table.total == 5)


async def test_undoing_a_deletion_puts_the_cursor_on_who_came_back(driver: Driver) -> None:
    await driver.press("j", "j", "d", "g", "u")
    await driver.until(lambda: driver.contacts.row and driver.contacts.row.name == "Cleo Curie")


async def test_a_file_that_is_dropped_is_offered_for_import(driver: Driver, tmp_path: Path) -> None:
    file = tmp_path / "some people.csv"
    file.write_text("Name,E-mail\nZoe Zuse,zoe@example.org\n")
    driver.app.post_message(events.Paste(f"'{file}'"))
    await driver.opens(ImportDialog)
    await driver.sees("1  new", "Import 1 contact")
    await driver.press("enter")
    await driver.sees("Imported 1 contact", "Done")
    await driver.press("enter")
    await driver.opens(AllContacts)
    await driver.says("Imported")
    await driver.sees("6 contacts", "Zoe Zuse")


async def test_one_key_shows_exactly_what_was_imported(driver: Driver, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("Name,E-mail\nZoe Zuse,zoe@example.org\nYan Yew,yan@example.org\n")
    driver.app.post_message(events.Paste(str(file)))
    await driver.opens(ImportDialog)
    await driver.sees("Import 2 contacts")
    await driver.press("enter")
    await driver.sees("Imported 2 contacts", "View them")
    await driver.press("v")
    await driver.opens(AllContacts)
    await driver.sees("2 found", "Zoe Zuse", "Yan Yew")
    await driver.press("escape")
    await driver.sees("7 contacts")


async def test_export_what_is_checked(driver: Driver, tmp_path: Path) -> None:
    await driver.press("space", "space", "x")
    await driver.opens(ExportDialog)
    await driver.sees("2 contacts that are checked")
    await driver.press("escape")
    await driver.opens(AllContacts)


async def test_what_the_bin_lets_go_of_is_said_a_day_before(driver: Driver, clock: Clock) -> None:
    await driver.press("d")
    await driver.says("Moved Ada Lovelace to the Bin.")
    clock.pass_days(31)
    driver.app._look_into_bin()
    await driver.sees("The clock has moved on by 31 days", "1 contact in the Bin will be deleted", "2026-12-25")
    assert await driver.names(View.BIN) == ["Ada Lovelace"]
    clock.pass_days(1)
    driver.app._look_into_bin()
    await driver.sees("Deleted 1 contact forever")
    assert await driver.names(View.BIN) == []
