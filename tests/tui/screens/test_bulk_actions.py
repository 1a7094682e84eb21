"""Bulk actions without a command of their own: in More actions and in the palette, ours and those of other packages."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.widgets import Input, OptionList

from coterie.core.book import Book
from coterie.core.bulk import ACTIONS
from coterie.core.listing import Listing
from coterie.core.plugins import Plugins
from coterie.tui.commands import COMMANDS
from coterie.tui.dialogs.bulk_action import ActionDialog
from coterie.tui.dialogs.export_contacts import ExportDialog
from coterie.tui.dialogs.palette_screen import PaletteScreen
from coterie.tui.screens.more import MoreActions
from tests.plugin_installed import install_example
from tests.tui.screens.conftest import Driver, running


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The package in tests/plugin is installed, as long as a test lasts."""

    def forget() -> None:
        for kind in Plugins.kinds:
            kind.__dict__.pop("_looked_for", None)
        for command_id in [name for name in COMMANDS if name.startswith("plugin_")]:
            del COMMANDS[command_id]
        sys.modules.pop("coterie_example", None)

    monkeypatch.setattr(Plugins, "allowed", True)  # a restricted account that was tested before has none
    install_example(tmp_path / "site")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    forget()
    yield
    forget()


async def choose(driver: Driver, label: str) -> None:
    """Choose a line of More actions."""
    await driver.press("m")
    await driver.opens(MoreActions)
    await driver.sees(label)
    for menu in driver.screen.query(OptionList):
        for place, option in enumerate(menu.options):
            if label in str(option.prompt):
                menu.focus()
                menu.highlighted = place
    await driver.press("enter")
    await driver.opens(ActionDialog)


async def job(book: Book, query: str) -> tuple[str, str]:
    contact = await anext(book.contacts(Listing(query=query)))
    return contact.company, contact.job_title


def test_every_action_has_a_command() -> None:
    for action in ACTIONS.values():
        command = COMMANDS[action.command or action.id.replace("-", "_")]
        assert action.command or (command.label, command.tooltip, command.menu) == (action.label, action.help, True)


async def test_an_action_is_chosen_previewed_done_repeated_and_undone(book: Book) -> None:
    async with running(book, size=(120, 40)) as driver:
        await driver.press("j", "j", "space")
        await choose(driver, "Swap two fields")
        await driver.type("Company")
        await driver.press("tab")
        await driver.type("Job title")
        await driver.sees("1 of 1 changes")
        await driver.press("ctrl+s")
        await driver.says("Swapped Company and Job title of Cleo Curie.")
        assert await job(book, "cleo") == ("Chemist", "Radium")
        await driver.press("full_stop")
        await driver.until(lambda: "Radium" in driver.text and driver.said.startswith("Swapped"))
        assert await job(book, "cleo") == ("Radium", "Chemist")
        await driver.press("u")
        await driver.says("Undone")
        assert await job(book, "cleo") == ("Chemist", "Radium")


async def test_an_action_of_another_package_is_in_the_menu(book: Book, example: None) -> None:
    async with running(book, size=(120, 40)) as driver:
        await choose(driver, "Add a line to the notes")
        await driver.sees("< after >", "Line *")
        await driver.press("tab")
        await driver.type("Met in Rome")
        await driver.sees("1 of 1 changes")
        await driver.press("ctrl+s")
        await driver.says("Added a line to the notes of Ada Lovelace.")
        assert (await anext(book.contacts(Listing(query="ada")))).notes == "Met in Rome"


async def test_an_action_of_another_package_is_in_the_palette(book: Book, example: None) -> None:
    async with running(book) as driver:
        await driver.press("ctrl+p")
        await driver.opens(PaletteScreen)
        await driver.type("line to the notes")
        await driver.sees("Add a line before or after what is in the notes.")
        await driver.press("enter")
        await driver.opens(ActionDialog)


async def test_a_format_of_another_package_is_in_the_export_dialog(
    book: Book, example: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    async with running(book) as driver:
        await driver.press("x")
        await driver.opens(ExportDialog)
        field = driver.screen.query_one("#path Input", Input)
        await driver.until(lambda: field.value)
        field.value = ""
        await driver.type("~/out.aliases")
        await driver.sees("< Aliases of mutt >")
        await driver.press("ctrl+s")
        await driver.says("Exported 5 contacts")
    assert (tmp_path / "out.aliases").read_text().startswith("# 5 contacts\nalias ada.lovelace Ada Lovelace <ada@")
