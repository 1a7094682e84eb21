"""What one key changes is drawn in one frame."""

from __future__ import annotations

import pytest
from textual._compositor import ChopsUpdate

from coterie.tui.widgets.selection_bar import SelectionBar
from coterie.tui.widgets.status_bar import StatusBar
from tests.tui.screens.conftest import Driver


async def test_a_check_is_one_frame(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    await driver.press("space")  # the selection bar appears: a layout
    frames: list[set[int]] = []
    display = driver.app._display

    def note(screen: object, update: object) -> None:
        if isinstance(update, ChopsUpdate) and update.spans:
            frames.append({y for y, _, _ in update.spans})
        display(screen, update)  # type: ignore[arg-type]

    monkeypatch.setattr(driver.app, "_display", note)
    await driver.press("space")
    await driver.until(lambda: frames)
    bars = {driver.screen.query_one(bar).region.y for bar in (SelectionBar, StatusBar)}
    assert bars <= frames[0]
    assert len(frames) == 1


async def test_a_view_opens_with_its_rows(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    frames: list[str] = []
    display = driver.app._display

    def note(screen: object, update: object) -> None:
        if update is not None and not driver.app._batch_count and driver.app.current_mode == "favorites":
            frames.append(driver.text)
        display(screen, update)  # type: ignore[arg-type]

    monkeypatch.setattr(driver.app, "_display", note)
    await driver.press("2")
    await driver.sees("Bob Babbage")
    await driver.until(lambda: frames)
    assert "Bob Babbage" in frames[0]
