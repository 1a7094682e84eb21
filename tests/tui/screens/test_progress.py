"""Long work shows how far it is and can be stopped; short work shows nothing."""

from __future__ import annotations

import asyncio

import pytest

from coterie.core.changes import Progress
from coterie.core.errors import Cancelled
from coterie.tui.screens import progress as progress_module
from coterie.tui.screens.all_contacts import AllContacts
from coterie.tui.screens.progress import ProgressScreen, with_progress
from tests.tui.screens.conftest import Driver


async def test_short_work_shows_nothing(driver: Driver) -> None:
    async def work(progress: Progress) -> int:
        progress(1, 2)
        return 7

    assert await with_progress(driver.app, "Counting", work) == 7
    assert isinstance(driver.screen, AllContacts)


async def test_long_work_shows_how_far_it_is(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress_module, "PATIENCE", 0.0)
    go_on = asyncio.Event()

    async def work(progress: Progress) -> int:
        await asyncio.sleep(0.05)
        progress(450_000, 1_000_000)
        await go_on.wait()
        return 7

    task = asyncio.ensure_future(with_progress(driver.app, "Deleting [/b] everybody", work))
    await driver.opens(ProgressScreen)
    await driver.sees("Deleting [/b] everybody", "450,000 of 1,000,000", "Cancel")
    go_on.set()
    assert await task == 7
    await driver.opens(AllContacts)


async def test_long_work_can_be_stopped(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress_module, "PATIENCE", 0.0)

    async def work(progress: Progress) -> None:
        while True:
            await asyncio.sleep(0.01)
            progress(1, None)

    task = asyncio.ensure_future(with_progress(driver.app, "Looking", work))
    await driver.opens(ProgressScreen)
    await driver.press("escape")
    with pytest.raises(Cancelled):
        await asyncio.wait_for(task, 5)
    await driver.opens(AllContacts)
