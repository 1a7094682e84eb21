"""Editing in the table: from cell to cell with tab, and what the book offers while one types."""

from __future__ import annotations

from textual.widgets import Input, OptionList

from coterie.core.book import Book
from coterie.core.changes import Create, Plan
from coterie.core.listing import Listing
from coterie.core.model import Address, Contact, Email
from coterie.tui.dialogs.bulk_edit import BulkEdit
from coterie.tui.dialogs.contact_form import ContactForm
from coterie.tui.dialogs.set_field import SetForAll
from coterie.tui.screens.all_contacts import AllContacts
from coterie.tui.screens.cell_editor import CellEditor
from tests.tui.screens.conftest import PEOPLE, Driver, running


async def edits(driver: Driver, value: str) -> None:
    """Wait for the editor of a cell that holds `value`."""
    await driver.until(
        lambda: isinstance(driver.screen, CellEditor) and driver.screen.query_one("#cell", Input).value == value,
        f"the cell of {value!r}",
    )


async def offered(driver: Driver, *texts: str) -> None:
    """Wait until exactly these texts are offered."""

    def shown() -> list[str]:
        lists = [one for one in driver.screen.query(OptionList) if one.has_class("-open")]
        return [str(one.get_option_at_index(at).prompt) for one in lists for at in range(one.option_count)]

    await driver.until(lambda: shown() == list(texts), f"the offers {texts}")


async def test_tab_saves_and_goes_on_to_the_next_cell_and_row(driver: Driver) -> None:
    await driver.press("c")
    await edits(driver, "Ada Lovelace")
    await driver.sees("tab next cell  shift+tab back  enter save  esc cancel")
    await driver.press("end", "x", "tab")
    await edits(driver, "ada@example.org")
    await driver.press("tab")
    await edits(driver, "Analytical")
    await driver.press("E", "tab")
    await edits(driver, "")  # the job title
    await driver.press("tab")
    await edits(driver, "Choir")
    await driver.press("tab")
    await edits(driver, "Bob Babbage")
    await driver.press("shift+tab")
    await edits(driver, "Choir")
    await driver.press("enter")
    await driver.opens(AllContacts)
    ada = await driver.book.find("ada@example.org")
    assert (ada.name, ada.company, ada.groups) == ("Ada Lovelacex", "E", ("Choir",))
    done = [operation.summary for operation in await driver.book.history.latest()]
    assert done[:-1] == ["Changed Ada Lovelacex.", "Changed Ada Lovelacex."]


async def test_tab_goes_to_the_row_that_was_next_though_the_change_moves_this_one(driver: Driver) -> None:
    await driver.press("c")
    await edits(driver, "Ada Lovelace")
    await driver.press("shift+tab")  # there is nothing before
    await driver.opens(AllContacts)
    await driver.press("c")
    await edits(driver, "Ada Lovelace")
    for value in ("ada@example.org", "Analytical", "", "Choir"):
        await driver.press("tab")
        await edits(driver, value)
    await driver.press("escape", "o")
    await driver.press("escape", "h", "h", "h", "h", "c")
    await edits(driver, "Ada Lovelace")
    await driver.type("Zoe")
    await driver.press("enter")
    await driver.says("Changed Zoe.")
    assert await driver.names() == ["Bob Babbage", "Cleo Curie", "Dora Darwin", "Émile Euler", "Zoe"]
    assert driver.contacts.row is not None
    assert driver.contacts.row.name == "Zoe"


async def test_tab_stays_where_a_value_will_not_do_and_ends_after_the_last_cell(driver: Driver) -> None:
    await driver.press("G", "l", "c")
    await edits(driver, "emile@example.org")
    await driver.type("@@")
    await driver.press("tab")
    await driver.sees("is not an e-mail address")
    await driver.press("escape", "l", "l", "l", "c")
    await edits(driver, "")
    await driver.press("tab")
    await driver.opens(AllContacts)


async def test_tab_ends_where_the_contact_has_left_the_list(driver: Driver) -> None:
    await driver.press("slash")
    await driver.type("analytical")
    await driver.press("enter", "l", "l", "c")
    await edits(driver, "Analytical")
    await driver.press("X", "tab")
    await driver.opens(AllContacts)
    await driver.until(lambda: driver.contacts.table.total == 1)


async def test_a_cell_offers_the_values_of_others(driver: Driver) -> None:
    await driver.press("j", "l", "l", "c")
    await edits(driver, "")
    await driver.type("an")
    await offered(driver, "Analytical")
    await driver.press("down", "tab")  # takes it
    await edits(driver, "Analytical")
    await driver.press("tab")
    await edits(driver, "")
    await driver.type("che")
    await driver.press("down", "enter", "enter")  # without waiting for the list
    await driver.opens(AllContacts)
    bob = await driver.book.find("bob@example.org")
    assert (bob.company, bob.job_title) == ("Analytical", "Chemist")


async def test_a_cell_of_several_values_completes_the_last(driver: Driver) -> None:
    await driver.press("l", "l", "l", "l", "c")
    await edits(driver, "Choir")
    await driver.press("end")
    await driver.type("; bo")
    await offered(driver, "Choir; Board")
    await driver.press("escape", "escape")  # the list, then the cell
    await driver.opens(AllContacts)


async def test_the_forms_offer_companies_domains_and_cities(book: Book) -> None:
    home = Contact(name="Fay", emails=(Email("fay@acme.example"),), addresses=(Address(city="Leeds"),))
    async with running(book, people=(*PEOPLE, home)) as driver:
        await driver.press("n")
        await driver.opens(ContactForm)
        await offers_in(driver, "company", "ana", "Analytical")
        await offers_in(driver, "emails", "gil@ac", "gil@acme.example")
        await driver.press(*["ctrl+pagedown"] * 3)
        await offers_in(driver, "address-0-city", "lee", "Leeds")


async def offers_in(driver: Driver, field: str, typed: str, offer: str) -> None:
    """Type into a field of the form, and wait for what it offers."""
    await driver.until(lambda: driver.screen.query(f"#field-{field} Input"))
    driver.screen.query_one(f"#field-{field} Input", Input).focus()
    await driver.type(typed)
    await offered(driver, offer)


async def test_one_value_for_all_that_are_checked_is_asked_for_once(driver: Driver) -> None:
    await driver.press("space", "space", "l", "l", "c")
    await driver.opens(SetForAll)
    await driver.type("rad")
    await offered(driver, "Radium")
    await driver.press("down", "enter", "enter")
    await driver.says("Set Company of 2 contacts.")
    assert await driver.names(query="company:=radium") == ["Ada Lovelace", "Bob Babbage", "Cleo Curie"]


async def test_the_form_for_several_offers_too_and_still_clears(driver: Driver) -> None:
    await driver.press("space", "space", "e")
    await driver.opens(BulkEdit)
    await driver.type("rad")
    await offered(driver, "Radium")
    await driver.press("ctrl+k")
    await driver.sees("clear")
    assert driver.screen.query_one("#field-company Input", Input).value == ""


async def test_what_the_bin_holds_is_not_offered(book: Book) -> None:
    await book.apply(Plan("add", "Add", [Create(Contact(name="A", company="Acme"))]))
    assert await book.lists.values("company", "ac") == ["Acme"]
    (row,) = await book.lists.rows(Listing(), 0, 1)
    from coterie.core.changes import Delete
    from coterie.core.checks import Checks

    await book.apply(Plan("delete", "Delete", [Delete(Checks.of([row.id]))]))
    assert await book.lists.values("company", "ac") == []
