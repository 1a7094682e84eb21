"""The colors follow the terminal, and every theme gives every part of the screen its color."""

from __future__ import annotations

import pytest

from coterie.core.book import Book
from coterie.tui import themes
from coterie.tui.state import Options
from tests.tui.screens.conftest import running


@pytest.mark.parametrize(
    ("colors", "theme"),
    [("15;0", themes.TERMINAL_DARK), ("0;15", themes.TERMINAL_LIGHT), ("0;default;15", themes.TERMINAL_LIGHT),
     ("", themes.TERMINAL), ("15;default", themes.TERMINAL)],
)  # fmt: skip
def test_the_terminal_says_its_background(colors: str, theme: object) -> None:
    assert themes.follow_terminal({"COLORFGBG": colors}) is theme


@pytest.mark.parametrize("theme", [theme.name for theme in themes.THEMES] + ["nord", "textual-light", "ansi-dark"])
async def test_a_theme_of_the_settings_is_used(book: Book, theme: str) -> None:
    async with running(book, options=Options(theme=theme)) as driver:
        assert driver.app.theme == theme
        await driver.press("?", "escape", "m", "escape", "n", "escape")
        assert driver.app.is_running


async def test_an_unknown_theme_is_named_and_the_terminals_is_used(book: Book) -> None:
    async with running(book, options=Options(theme="lavender")) as driver:
        await driver.sees("There is no theme “lavender”.")


async def test_keys_of_the_settings(book: Book) -> None:
    async with running(book, options=Options(keys={"delete": "f8", "help": "j"})) as driver:
        await driver.sees("The settings give “j” to “help”", "f8 delete")
        await driver.press("d")
        await driver.press("f8")
        await driver.says("Moved Ada Lovelace to the Bin.")
        assert len(await driver.names()) == 4
