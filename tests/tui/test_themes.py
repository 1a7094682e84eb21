"""The colors follow the terminal, and every theme gives every part of the screen its color."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import constants

from coterie.core.book import Book
from coterie.tui import themes
from coterie.tui.dialogs.theme import ThemePicker
from coterie.tui.screens.all_contacts import AllContacts
from coterie.tui.state import Options
from tests.tui.screens.conftest import Driver, running


@pytest.fixture(autouse=True)
def many_colors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "COLOR_SYSTEM", "truecolor")


@pytest.mark.parametrize(
    ("colors", "theme"),
    [("15;0", themes.TERMINAL_DARK), ("0;15", themes.TERMINAL_LIGHT), ("0;default;15", themes.TERMINAL_LIGHT),
     ("", themes.TERMINAL), ("15;default", themes.TERMINAL)],
)  # fmt: skip
def test_the_terminal_says_its_background(colors: str, theme: object) -> None:
    assert themes.follow_terminal({"COLORFGBG": colors}) is theme


@pytest.mark.parametrize("theme", ["terminal", "coterie-light", "nord", "textual-light", "ansi-dark"])
async def test_a_theme_of_the_settings_is_used(book: Book, theme: str) -> None:
    async with running(book, options=Options(theme=theme)) as driver:
        assert driver.app.theme == theme
        await driver.press("?", "escape", "m", "escape", "n", "escape")
        assert driver.app.is_running


async def test_an_unknown_theme_is_named_and_the_terminals_is_used(book: Book) -> None:
    async with running(book, options=Options(theme="lavender")) as driver:
        await driver.sees("There is no theme “lavender”.", "tokyo-night")


async def choosing(driver: Driver) -> None:
    driver.contacts.action_command("theme")
    await driver.opens(ThemePicker)


async def test_a_theme_is_shown_while_the_cursor_is_on_it_and_esc_gives_back_the_old(
    book: Book, tmp_path: Path
) -> None:
    async with running(book, memory=tmp_path / "screen.json") as driver:
        before = driver.app.theme
        await choosing(driver)
        await driver.type("nor")
        await driver.until(lambda: driver.app.theme == "nord")
        await driver.press("escape")
        await driver.until(lambda: driver.app.theme == before)
        await choosing(driver)
        await driver.type("solarized")
        await driver.press("down", "enter")
        await driver.opens(AllContacts)
        assert driver.app.theme == "solarized-light"
    async with running(book, people=(), memory=tmp_path / "screen.json") as driver:
        assert driver.app.theme == "solarized-light"
        await choosing(driver)
        await driver.type("auto")
        await driver.press("enter")
        await driver.until(lambda: driver.app.theme == before)
    async with running(book, people=(), memory=tmp_path / "screen.json") as driver:
        assert driver.app.theme == before


async def test_it_is_said_when_the_settings_decide_at_the_next_start(book: Book) -> None:
    async with running(book, options=Options(theme="gruvbox")) as driver:
        await choosing(driver)
        await driver.sees("At the next start the setting “theme” (gruvbox) holds", "again.")


async def test_a_terminal_of_16_colors_shows_its_own(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "COLOR_SYSTEM", "standard")
    async with running(book, options=Options(theme="nord")) as driver:
        assert driver.app.theme in themes.OWN_NAMES
        await driver.sees("needs 256")
        await choosing(driver)
        await driver.sees("This terminal has 16 colors")
        assert "gruvbox" not in driver.text


async def test_keys_of_the_settings(book: Book) -> None:
    async with running(book, options=Options(keys={"delete": "f8", "help": "j"})) as driver:
        await driver.sees("The settings give “j” to “help”", "f8 delete")
        await driver.press("d")
        await driver.press("f8")
        await driver.says("Moved Ada Lovelace to the Bin.")
        assert len(await driver.names()) == 4
