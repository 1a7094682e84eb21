"""The inspector beside the list: it follows the cursor once the keys rest."""

from __future__ import annotations

import pytest

from coterie.core.book import Book
from coterie.core.model import Contact, Email, Phone
from coterie.tui.colors import group_color, shade
from coterie.tui.memory import INSPECTOR, Memory
from coterie.tui.screens.all_contacts import AllContacts
from coterie.tui.screens.contacts import ContactList
from coterie.tui.screens.details import Details
from coterie.tui.widgets.inspector import Inspector
from tests.tui.screens.conftest import Driver, running

LONG = Contact(
    name="Zoë Zwingli",
    emails=(Email("zoe@example.org", primary=True), Email("z@old.example", label="old")),
    phones=(Phone("+41 44 555 01 08", "mobile"),),
    company="Analytical",
    job_title="Founder",
    groups=("Board", "Choir", "A group with a very long name indeed, longer than a line"),
    notes="\n".join(f"line {number}" for number in range(40)),
    favorite=True,
    custom={"\x1b[2Jevil \u202e[/b]": "[bold]value\x07"},
)


def inspector(driver: Driver) -> Inspector:
    assert isinstance(driver.screen, ContactList)
    return driver.screen.inspector


async def test_it_shows_who_is_under_the_cursor(book: Book) -> None:
    async with running(book, size=(120, 30)) as driver:
        await driver.sees("Also at Analytical: 1", "Added today")
        await driver.press("j")
        await driver.sees("b@home.example")
        await driver.press("G", "k")
        await driver.sees("met in Rome")
        await driver.misses("b@home.example")


async def test_a_change_shows_at_once_with_its_field(book: Book) -> None:
    async with running(book, size=(120, 30)) as driver:
        await driver.sees("Added today")
        await driver.press("f")
        await driver.sees("Changed today", "(Favorite)")


@pytest.mark.parametrize("columns", [20, 80, 109])
async def test_a_narrow_terminal_has_none(book: Book, columns: int) -> None:
    async with running(book, size=(columns, 30)) as driver:
        await driver.press("I")
        assert not inspector(driver).display
        await driver.says("The inspector needs 110 columns; enter shows the contact.")


async def test_it_is_hidden_and_shown_and_keeps_its_width(book: Book) -> None:
    async with running(book, size=(120, 30)) as driver:
        await driver.sees("Added today")
        wide = inspector(driver).outer_size.width
        await driver.press("<", "<", ">", "<")
        assert inspector(driver).outer_size.width == wide + 8
        await driver.press("I")
        assert not inspector(driver).display
        await driver.press("I")
        assert inspector(driver).outer_size.width == wide + 8
        for _ in range(40):
            await driver.press("<")
        assert driver.contacts.table.size.width >= 40
        for _ in range(40):
            await driver.press(">")
        assert inspector(driver).outer_size.width >= 24


@pytest.mark.parametrize("size", [(120, 30), (120, 12), (40, 12), (20, 6)])
async def test_everything_of_a_contact_is_seen_however_small_the_screen(book: Book, size: tuple[int, int]) -> None:
    async with running(book, people=(LONG,), size=size) as driver:
        await driver.press("enter")
        await driver.opens(Details)
        seen = ""
        for _ in range(60):
            seen += driver.text
            await driver.press("j")
        for text in ("zoe@ex", "line 0", "line 39", "Added"):
            assert text in seen
        assert "\x1b" not in seen
        assert "\u202e" not in seen


async def test_what_is_remembered_of_it_may_be_anything() -> None:
    from coterie.tui.screens.measures import inspector_width

    for nonsense in (None, 7, "x", [], {"width": "x"}, {"width": -5}, {"width": 10**9}, {"hidden": "yes"}):
        memory = Memory()
        memory.remember(INSPECTOR, nonsense)
        for columns in (1, 109, 110, 120, 400):
            width = inspector_width(columns, memory.recall(INSPECTOR))
            assert width == 0 or 24 <= width <= columns - 60


async def test_inside_it_one_value_is_changed_copied_and_opened(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "here")
    async with running(book, size=(120, 30)) as driver:
        await driver.press("j")
        await driver.sees("b@home.example")
        await driver.press("tab", "j", "j", "c")
        await driver.press("end", *("backspace",) * 7, *"net", "enter")
        await driver.opens(AllContacts)
        await driver.sees("b@home.net")
        bob = (await book.load([driver.contacts.row.id]))[0] if driver.contacts.row else None
        assert bob is not None
        assert [one.address for one in bob.emails] == ["bob@example.org", "b@home.net"]
        await driver.press("y")
        await driver.says("Copied “b@home.net”.")
        assert driver.app.clipboard == "b@home.net"
        await driver.press("o")
        await driver.says("It is a link: ctrl+click (or command+click) opens it on your own machine.")
        await driver.press("d")
        await driver.says("“Delete” acts on the list; esc leads back there.")
        await driver.press("escape")
        assert driver.contacts.table.has_focus


async def test_keys_that_are_typed_ahead_are_for_the_contact_under_the_cursor(book: Book) -> None:
    async with running(book, size=(120, 30)) as driver:
        await driver.press("j", "tab", "j", "j", "c", "end", *("backspace",) * 7, *"net", "enter")
        await driver.sees("b@home.net")
        await driver.press("escape", "k", "tab", "y")
        await driver.says("Copied “Ada Lovelace”.")


async def test_tab_goes_round_the_parts_of_the_screen(book: Book) -> None:
    async with running(book, size=(120, 30)) as driver:
        await driver.sees("Added today")
        parts = [driver.contacts.table, inspector(driver), driver.contacts.sidebar]
        for part in (*parts[1:], parts[0]):
            await driver.press("tab")
            assert part.has_focus
        for part in (parts[2], parts[1], parts[0]):
            await driver.press("shift+tab")
            assert part.has_focus
        await driver.press("tab", "I")
        assert driver.contacts.table.has_focus


async def test_details_change_a_value_too_and_copy_the_address_while_none_is_marked(driver: Driver) -> None:
    await driver.press("enter")
    await driver.opens(Details)
    await driver.press("c")
    await driver.says("j goes to a value first.")
    await driver.press("y")
    await driver.says("Copied 1 e-mail address to the clipboard.")
    await driver.press("j", "c", "end")
    await driver.type(" King")
    await driver.press("enter")
    await driver.sees("Ada Lovelace King")
    await driver.press("y")
    await driver.says("Copied “Ada Lovelace King”.")


@pytest.mark.parametrize("theme", ["coterie-light", "coterie-dark"])
async def test_groups_have_the_colors_of_a_theme_once_it_is_chosen(book: Book, theme: str) -> None:
    async with running(book, size=(120, 30)) as driver:
        await driver.sees("Added today")
        driver.app.show_theme(theme)
        wanted = shade(driver.app.current_theme, group_color("Choir")).rich_color

        def is_tinted() -> bool:
            strips = inspector(driver).render_lines(inspector(driver).size.region)
            return any(
                "Choir" in text and style and style.color == wanted for strip in strips for text, style, _ in strip
            )

        await driver.until(is_tinted)
