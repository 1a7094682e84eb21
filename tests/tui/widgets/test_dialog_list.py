"""Lists of lines."""

from __future__ import annotations

import pytest
from rich.style import Style
from textual import events
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


@pytest.mark.parametrize(("line", "marked"), [(0, 0), (1, None)])
async def test_a_click_on_a_line_that_has_just_gone_is_left_out(line: int, marked: int | None) -> None:
    app = _ListApp()
    async with app.run_test() as pilot:
        listed = app.query_one(PagedList)
        listed.set_options(["Cleo"])
        drawn = Style(meta={"option": line})
        listed.post_message(events.Click(listed, 1, line, 0, 0, 1, False, False, False, style=drawn))
        await pilot.pause()
        assert listed.highlighted == marked
