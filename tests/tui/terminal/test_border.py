"""No error ends the program: it is logged and said, and what was on the screen goes on working."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, cast

import pytest
from rich.style import Style
from textual import events
from textual.command import CommandList
from textual.message import Message
from textual.screen import ModalScreen

from coterie.core.book import Book
from coterie.tui.actions.context import Context
from coterie.tui.commands import COMMANDS
from coterie.tui.dialogs.confirm import Confirm
from coterie.tui.dialogs.export_contacts import ExportDialog
from coterie.tui.dialogs.palette_screen import PaletteScreen
from coterie.tui.screens.all_contacts import AllContacts
from coterie.tui.screens.details import Details
from coterie.tui.screens.help import HelpScreen
from coterie.tui.terminal import border, textual_private
from tests.tui.screens.conftest import Driver, running


class Asked(Message):
    """Something to handle."""


class Broken(ModalScreen[None]):
    """A screen whose handler fails, or waits for something that is cancelled."""

    def __init__(self, error: Callable[[], BaseException]) -> None:
        super().__init__()
        self.error = error
        self.handled = 0

    async def on_asked(self) -> None:
        self.handled += 1
        raise self.error()


def unforeseen() -> BaseException:
    return RuntimeError("nobody thought of this")


async def goes_on(driver: Driver) -> None:
    """Whether keys are followed; the error is not raised again when the test ends."""
    await driver.opens(AllContacts)
    await driver.press("2")
    await driver.until(lambda: driver.app.current_mode == "favorites")
    driver.app._exception = None


@pytest.mark.parametrize("error", [unforeseen, asyncio.CancelledError], ids=["error", "cancelled"])
async def test_a_handler_that_fails_is_asked_again(driver: Driver, error: Callable[[], BaseException]) -> None:
    screen = Broken(error)
    await driver.app.push_screen(screen)
    for _ in range(2):
        screen.post_message(Asked())
    await driver.until(lambda: screen.handled == 2)
    screen.dismiss()
    await goes_on(driver)


@pytest.mark.parametrize("error", [unforeseen, asyncio.CancelledError], ids=["error", "cancelled"])
async def test_what_is_to_be_called_after_a_callback_that_fails_is_called(
    driver: Driver, error: Callable[[], BaseException]
) -> None:
    async def fails() -> None:
        raise error()

    ended = asyncio.Event()
    driver.app.call_next(fails)
    driver.app.call_next(ended.set)  # like the end of a batch of updates, without which nothing would be drawn any more
    await driver.until(ended.is_set)
    await goes_on(driver)


async def test_a_question_that_is_cancelled_leaves_nothing_undone(driver: Driver) -> None:
    app, held, done, begun = driver.app, asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def ask() -> None:
        begun.set()
        await app.push_screen_wait(Confirm("Sure?", "It is only a test."))

    callbacks: list[Callable[[], Any]] = [held.wait, done.set]
    for callback in callbacks:
        app._next_callbacks.append(events.Callback(callback=callback))
    asking = app.run_worker(ask(), exit_on_error=False)
    await begun.wait()
    asking.cancel()
    held.set()
    await driver.until(done.is_set)
    await goes_on(driver)


async def test_a_palette_that_is_closed_twice_leaves_what_is_beneath(driver: Driver) -> None:
    await driver.press("enter")
    await driver.opens(Details)
    await driver.press("ctrl+p")
    await driver.opens(PaletteScreen)
    palette = driver.app.screen
    for _ in range(2):
        palette.dismiss()
    await driver.opens(Details)
    await driver.press("escape")
    await goes_on(driver)


async def test_what_a_closed_screen_still_does_is_no_error(driver: Driver) -> None:
    screen = Broken(unforeseen)
    await driver.app.push_screen(screen)
    assert not textual_private.is_closing(screen)
    gone = driver.app.pop_screen()
    assert textual_private.is_closing(screen)
    await gone
    await goes_on(driver)


async def test_a_dialog_that_ends_beneath_another_closes_when_that_has_gone(driver: Driver) -> None:
    await driver.press("x")
    await driver.opens(ExportDialog)
    dialog = driver.app.screen
    assert isinstance(dialog, ExportDialog)
    await driver.press("f1")
    await driver.opens(HelpScreen)
    for _ in range(2):
        dialog.action_cancel()
        await driver.pilot.pause()
    await driver.opens(HelpScreen)
    await driver.press("escape")
    await goes_on(driver)


async def test_a_worker_and_a_callback_that_fail_are_said_and_logged(
    driver: Driver, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise RuntimeError("nobody thought of this")

    async def work() -> None:
        fail()

    driver.app.run_worker(work())
    await driver.sees("Something unexpected happened")
    driver.screen.call_after_refresh(fail)
    driver.app.call_later(fail)
    await driver.until(lambda: sum(one.levelno == logging.ERROR for one in caplog.records) == 3)
    await goes_on(driver)


async def test_an_error_without_end_ends_the_program(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(border, "TOO_MANY", 3)
    screen = Broken(unforeseen)
    await driver.app.push_screen(screen)
    for _ in range(5):
        screen.post_message(Asked())
    await driver.until(lambda: driver.app.return_code == 1)
    driver.app._exception = None


async def test_what_a_closed_dialog_still_says_goes_nowhere(driver: Driver) -> None:
    dialog = Confirm("Sure?", "Really?", "Yes")
    await driver.app.push_screen(dialog)
    dialog.call_after_refresh(dialog.say, "late")
    dialog.answer(None)
    dialog.answer(None)
    await driver.until(lambda: not dialog.is_running)
    dialog.say("too late")
    dialog.retitle("too late")
    dialog._fit()
    await goes_on(driver)


@pytest.mark.parametrize("seconds", [0.0, 1.5])
async def test_esc_waits_for_the_dialog_that_it_was_typed_for(
    book: Book, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    async with running(book) as driver:
        more = COMMANDS["more"]

        async def late(here: Context) -> None:
            await asyncio.sleep(seconds)
            await cast("Awaitable[None]", more.run(here))

        await driver.press("slash", "a", "enter")
        monkeypatch.setitem(COMMANDS, "more", replace(more, run=late))
        await driver.pilot.press("m", "escape", "j")
        await driver.opens(AllContacts)
        await driver.until(lambda: not driver.app.keys_wait and not driver.app.state.is_busy(driver.screen))
        assert driver.contacts.query_text == "a"
        assert driver.contacts.table.position == 1


async def test_the_palette_outlives_a_click_on_a_command_that_has_just_gone(driver: Driver) -> None:
    await driver.press("ctrl+p", "x")
    await driver.opens(PaletteScreen)
    listed = driver.screen.query_one(CommandList)
    await driver.until(lambda: listed.option_count > 0)
    drawn = Style(meta={"option": listed.option_count})
    listed.post_message(events.Click(listed, 1, 1, 0, 0, 1, False, False, False, style=drawn))
    await driver.press("pagedown", "escape")
    await driver.opens(AllContacts)
