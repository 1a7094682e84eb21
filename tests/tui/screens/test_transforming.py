"""`=`: a transform of what is checked, else of the row; one undo, `.` repeats it, recipes run on imports."""

from __future__ import annotations

from pathlib import Path

import pytest

from coterie.core.book import Book
from coterie.core.bulk.recipes import Recipes, parse_recipe
from coterie.core.listing import Listing
from coterie.tui.dialogs.import_contacts import ImportDialog
from coterie.tui.dialogs.transform import TransformDialog
from coterie.tui.screens.all_contacts import AllContacts
from coterie.tui.state import Options
from tests.tui.screens.conftest import Driver, running


async def companies(driver: Driver) -> list[str]:
    return [one.company async for one in driver.book.contacts(Listing())]


async def typed(driver: Driver, line: str, sees: str) -> None:
    await driver.press("equals_sign")
    await driver.opens(TransformDialog)
    await driver.type(line)
    await driver.sees(sees)
    await driver.press("enter")
    await driver.opens(AllContacts)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_what_is_checked_is_transformed_and_undone(book: Book, size: tuple[int, int]) -> None:
    async with running(book, size=size) as driver:
        await driver.press("space", "space", "space")
        await typed(driver, "company = upper(company)", "2 of 3 change")
        await driver.says("Transformed Company of 2 contacts: upper(company).")
        assert await companies(driver) == ["ANALYTICAL", "", "RADIUM", "", "Analytical"]
        await driver.press("u")
        await driver.says("Undone: Transformed Company")
        assert await companies(driver) == ["Analytical", "", "Radium", "", "Analytical"]


async def test_the_row_under_the_cursor_and_a_bare_verb_for_its_column(driver: Driver) -> None:
    await driver.press("l", "l", "equals_sign")
    await driver.opens(TransformDialog)
    await driver.sees("Transform Ada Lovelace")
    await driver.type("lower")
    await driver.sees("1 of 1 changes")
    await driver.press("enter")
    await driver.says("Transformed Company of Ada Lovelace: lower.")
    await driver.press("j", "j", "full_stop")
    await driver.says("Transformed Company of Cleo Curie: lower.")
    assert await companies(driver) == ["analytical", "", "radium", "", "Analytical"]


async def test_what_is_left_out_stays(driver: Driver) -> None:
    await driver.press("a", "equals_sign")
    await driver.opens(TransformDialog)
    await driver.type("company = upper(company)")
    await driver.sees("3 of 5 change")
    await driver.press("tab", "space")
    await driver.sees("2 of 5 change, 1 left out")
    await driver.press("enter")
    await driver.says("Transformed Company of 2 contacts")
    assert await companies(driver) == ["Analytical", "", "RADIUM", "", "ANALYTICAL"]


async def test_earlier_transforms_come_back_the_next_time(book: Book, tmp_path: Path) -> None:
    async with running(book, memory=tmp_path / "screen.json") as driver:
        await typed(driver, "notes = 'met'", "1 of 1 changes")
        await driver.says("Transformed Notes of Ada Lovelace")
    async with running(book, people=(), memory=tmp_path / "screen.json") as driver:
        await driver.press("j", "equals_sign")
        await driver.opens(TransformDialog)
        await driver.press("up")
        await driver.sees("notes = 'met'", "1 of 1 changes")


async def test_recipes_run_on_imports(book: Book, tmp_path: Path) -> None:
    folder = tmp_path / "recipes"
    Recipes(folder).save(parse_recipe("name = title(name)\non import", "Names"))
    file = tmp_path / "people.csv"
    file.write_text("Name,E-mail\nZOE ZUSE,zoe@example.org\n")
    async with running(book, options=Options(recipes_folder=folder)) as driver:
        await driver.press("i")
        await driver.opens(ImportDialog)
        await driver.type(str(file))
        await driver.press("enter")
        await driver.sees("Zoe Zuse", "Import 1 contact")
        await driver.press("ctrl+s")
        await driver.sees("Imported 1 contact")
        assert "Zoe Zuse" in await driver.names()


async def test_verbs_are_found_in_the_palette_by_what_they_do(driver: Driver) -> None:
    await driver.press("ctrl+p")
    await driver.type("international")
    await driver.sees("Transform: e164")
    await driver.press("enter")
    await driver.opens(TransformDialog)
    await driver.sees('phone = e164(phone, "GB")', "0 of 1 change")
