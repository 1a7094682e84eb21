"""Keys typed faster than the program follows: each acts where the one before has led."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from coterie.core.book import Book
from coterie.core.changes import Create, Plan
from coterie.core.listing import View
from coterie.core.model import Contact, Email
from coterie.tui.dialogs.confirm import Confirm
from coterie.tui.screens.bin import Bin
from tests.tui.screens.conftest import Driver, running


@pytest.fixture
async def slow(book: Book, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Driver]:
    """The program over a book whose every window of rows takes a while."""
    async with running(book) as driver:
        rows = book.lists.rows

        async def late(*arguments: object, **options: object) -> object:
            await asyncio.sleep(0.15)
            return await rows(*arguments, **options)  # type: ignore[arg-type]

        monkeypatch.setattr(book.lists, "rows", late)
        yield driver


async def test_a_view_is_opened_before_the_next_key_acts(slow: Driver) -> None:
    await slow.pilot.press("d", "4", "r", "1", "g", "f")
    await slow.says("Added a star to Ada Lovelace.")
    assert slow.app.current_mode == "contacts"
    assert await slow.names(View.BIN) == []
    assert "Ada Lovelace" in await slow.names(View.FAVORITES)


async def test_the_first_keys_in_another_view(slow: Driver) -> None:
    await slow.pilot.press("d", "4", "d")
    await slow.opens(Confirm)
    await slow.sees("Delete Ada Lovelace forever?")


async def test_a_dialog_gets_what_is_typed_right_behind_its_key(slow: Driver) -> None:
    await slow.pilot.press("n", *"Zoe", "tab", *"z@example.org", "enter", "d")
    await slow.says("Moved Zoe")
    assert await slow.names(View.BIN) == ["Zoe"]


async def test_enter_takes_what_was_typed_before_it(driver: Driver) -> None:
    await driver.pilot.press("n", *"Zoe", "enter", *"zoe@example.org", "enter")
    await driver.says("Zoe")
    assert (await driver.names(query="zoe@example.org")) == ["Zoe"]


async def test_far_rows_arrive_before_the_next_key_acts(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    people = [Contact(name=f"N{number:05}", emails=(Email(f"n{number}@example.org"),)) for number in range(1500)]
    await book.apply(Plan("add", "Add people", [Create(one) for one in people]))
    async with running(book, people=()) as driver:
        rows = book.lists.rows

        async def late(*arguments: object, **options: object) -> object:
            await asyncio.sleep(0.15)
            return await rows(*arguments, **options)  # type: ignore[arg-type]

        monkeypatch.setattr(book.lists, "rows", late)
        await driver.pilot.press("G", "d", "g", "d", "4")
        await driver.opens(Bin)
        await driver.sees("N00000", "N01499")
        assert sorted(await driver.names(View.BIN)) == ["N00000", "N01499"]
