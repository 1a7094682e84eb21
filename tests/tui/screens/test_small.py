"""40 columns and 12 lines: little, but everything can be done."""

from __future__ import annotations

from coterie.core.book import Book
from coterie.tui.dialogs.contact_form import ContactForm
from tests.tui.screens.conftest import running


async def test_the_form_keeps_its_buttons_in_sight(book: Book) -> None:
    async with running(book, size=(40, 12)) as driver:
        await driver.press("n")
        await driver.opens(ContactForm)
        await driver.sees("New contact", "Name *", "Add contact")
