"""The tour: each of its steps waits for the key that it teaches, and nothing else leads on."""

from __future__ import annotations

import pytest

from coterie.core.book import Book
from coterie.core.errors import InvalidInput
from coterie.tui.commandline.start import Start
from coterie.tui.commands import COMMANDS
from coterie.tui.screens.base import CommandScreen
from coterie.tui.state import Options
from coterie.tui.tour import THINGS
from tests.tui.screens.conftest import Driver, running

STEPS = [step for _, steps in THINGS for step in steps]


async def step_of(driver: Driver, number: int) -> None:
    tour = driver.app.tour
    assert tour is not None
    await driver.until(lambda: tour.step is (STEPS[number] if number < len(STEPS) else None), f"step {number}")


@pytest.mark.parametrize("size", [(40, 12), (80, 24)], ids=str)
async def test_the_keys_that_it_teaches_lead_through_all_of_it(book: Book, size: tuple[int, int]) -> None:
    async with running(book, size=size, options=Options(tour=True)) as driver:
        before = await driver.names()
        for number, step in enumerate(STEPS):
            await step_of(driver, number)
            if step.command:
                await driver.press("j", "k")  # other keys lead nowhere
                await step_of(driver, number)
                await driver.press(driver.app.state.keymap.keys(COMMANDS[step.command])[0])
            else:
                await driver.until(lambda: not isinstance(driver.screen, CommandScreen), "what the key opens")
                await driver.until(lambda: driver.app.tour._was_away, "the tour to see it")
                await driver.press("escape")
        await driver.sees("That was the tour")
        assert await driver.names() == before
        await driver.press("escape")
        await driver.misses("That was the tour")


async def test_f2_ends_it_anywhere(book: Book) -> None:
    async with running(book, options=Options(tour=True)) as driver:
        await driver.sees("Tour, 1 of 10")
        await driver.press("n", "f2")
        await driver.sees("That was the tour")


def test_it_is_only_given_in_the_demo() -> None:
    assert Start.read(["--demo", "--tour"]).tour
    with pytest.raises(InvalidInput, match="demo"):
        Start.read(["--tour"])


def test_it_shows_ten_things() -> None:
    assert len(THINGS) == 10
    assert {step.command for step in STEPS if step.command} <= set(COMMANDS)
