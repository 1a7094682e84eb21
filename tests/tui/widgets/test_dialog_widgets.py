"""The small widgets of dialogs: Tick, Choice, Pages, ProgressLine - by key, by mouse, in words."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.widgets import Static

from coterie.tui.widgets.choice import Choice
from coterie.tui.widgets.pages import PageNames, Pages
from coterie.tui.widgets.progress_line import ProgressLine
from coterie.tui.widgets.tick import Tick

OPTIONS = [("merge", "adds"), ("skip", "leaves [/b]"), ("create", "makes another")]


class Shelf(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[object] = []

    def compose(self) -> ComposeResult:
        yield Tick("All [/b]")
        yield Choice(OPTIONS, "skip")
        yield Pages([("First", Static("one")), ("Second [/b]", Static("two"))])
        yield ProgressLine()

    def on_tick_changed(self, event: Tick.Changed) -> None:
        self.heard.append(event.value)

    def on_choice_changed(self, event: Choice.Changed) -> None:
        self.heard.append(event.value)


async def test_a_tick_turns_by_space_and_click() -> None:
    shelf = Shelf()
    async with shelf.run_test() as pilot:
        tick = pilot.app.query_one(Tick)
        tick.focus()
        assert str(tick.render()) == "[ ] All [/b]"
        await pilot.press("space")
        assert str(tick.render()) == "[x] All [/b]"
        await pilot.click(Tick)
        assert not tick.value
        assert shelf.heard == [True, False]


async def test_a_choice_goes_round() -> None:
    shelf = Shelf()
    async with shelf.run_test() as pilot:
        choice = pilot.app.query_one(Choice)
        choice.focus()
        assert str(choice.render()) == "< leaves [/b] >"
        await pilot.press("right", "right", "left", "space")
        assert choice.value == "merge"
        await pilot.click(Choice, offset=(6, 0))
        await pilot.click(Choice, offset=(0, 0))
        assert shelf.heard == ["create", "merge", "create", "merge", "skip", "merge"]


def test_a_choice_needs_options() -> None:
    with pytest.raises(ValueError, match="options"):
        Choice([])


async def test_pages_turn_and_take_clicks() -> None:
    async with Shelf().run_test() as pilot:
        pages = pilot.app.query_one(Pages)
        await pages.turn(1)
        assert pages.index == 1
        assert "[Second [/b]]" in str(pilot.app.query_one(PageNames).render())
        await pilot.click(PageNames, offset=(2, 0))
        assert pages.index == 0
        await pages.turn(-1)
        assert pages.index == 1


async def test_progress_is_said_in_figures() -> None:
    async with Shelf().run_test() as pilot:
        line = pilot.app.query_one(ProgressLine)
        assert "…" in str(line.render())
        line.tell(1500)
        assert "1,500" in str(line.render())
        line.tell(500, 1000)
        assert "━" * 15 + "─" * 15 in str(line.render())
        assert "500 of 1,000" in str(line.render())
        pilot.app.add_class("-ascii")
        assert str(line.render()).isascii()


class Narrow(App[None]):
    CSS = "Pages { width: 18; }"

    def compose(self) -> ComposeResult:
        yield Pages([(f"Page {number}", Static(str(number))) for number in range(1, 5)])


async def test_the_open_page_is_named_where_there_is_no_room_for_all() -> None:
    async with Narrow().run_test() as pilot:
        names = pilot.app.query_one(PageNames)
        shown = []
        for _ in range(4):
            shown.append(str(names.render()))
            await pilot.app.query_one(Pages).turn(1)
        assert shown == ["[Page 1]   Page 2 ", " Page 1   [Page 2]", " Page 2   [Page 3]", " Page 3   [Page 4]"]
        await pilot.click(PageNames, offset=(12, 0))
        assert names.index == 1
