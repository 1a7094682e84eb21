"""Lists of lines."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from coterie.tui.widgets.dialog_list import PagedList


class _ListApp(App[None]):
    def compose(self) -> ComposeResult:
        yield PagedList("Ada", "Bob")


@pytest.mark.parametrize("key", ["pagedown", "pageup"])
async def test_a_list_without_room_outlives_the_turning_of_pages(key: str) -> None:
    app = _ListApp()
    async with app.run_test(size=(20, 2)) as pilot:
        await pilot.press(key)
        assert app.query_one(PagedList).option_count == 2
