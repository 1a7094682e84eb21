"""One look in every dialog: its place, its width, its buttons with their keys, at the sizes that terminals have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.widget import Widget
from textual.widgets import OptionList

from coterie.tui.dialogs.dialog import Dialog, DialogButton, _is_open
from coterie.tui.widgets.dialog_list import DialogList
from coterie.tui.widgets.pages import Pages
from tests.tui.dialogs.all_dialogs import bottom, ready
from tests.tui.dialogs.stage import Stage, on_stage

Make = Callable[[], Dialog[Any]]


def whole_buttons(stage: Stage, dialog: Dialog[Any]) -> list[DialogButton]:
    """The buttons that are there: all of them in sight, with all that is written on them."""
    inside = dialog.query_one("#dialog-box").content_region
    shown = [button for button in dialog.query("#dialog-buttons DialogButton").results(DialogButton) if button.display]
    for button in shown:
        assert inside.contains_region(button.region), button.words
        assert str(button.label) in stage.seen()
    return shown


def bottom_within(box: Widget, widget: Widget) -> int:
    """The line after the last of `widget`, counted from the first of what `box` shows."""
    line = widget.outer_size.height
    while widget is not box:
        assert isinstance(widget.parent, Widget)
        line += widget.virtual_region.y + (widget.parent.gutter.top if widget.parent is not box else 0)
        widget = widget.parent
    return line


def scrolls_for_nothing(dialog: Dialog[Any]) -> list[str]:
    """Every box with a scroll bar although all that stands in it has room, or that cannot be scrolled to its end."""
    wrong = []
    for box in dialog.query("*").results(Widget):
        if box.show_vertical_scrollbar and box.region and box.is_container:
            parts = (part for part in box.query("*").results(Widget) if not part.children and _is_open(part))
            lines = max(bottom_within(box, part) for part in parts)
            if not box.region.height < lines <= box.virtual_size.height:
                wrong.append(f"{box!r}: {lines} lines of {box.virtual_size.height} in {box.region.height}")
        elif box.show_vertical_scrollbar and box.region and box.virtual_size.height <= box.region.height:
            wrong.append(repr(box))
    return wrong


@pytest.mark.parametrize("size", [(80, 24), (40, 12), (120, 40)], ids=str)
async def test_a_scroll_bar_stands_only_where_something_is_out_of_sight(make: Make, size: tuple[int, int]) -> None:
    async with on_stage(make, size) as (stage, pilot):
        dialog = await ready(stage, pilot)
        assert not scrolls_for_nothing(dialog)
        for pages in dialog.query(Pages):
            for _ in pages._contents:
                await pilot.press("ctrl+pagedown")
                await pilot.pause()
                assert not scrolls_for_nothing(dialog)


async def test_in_a_small_terminal_all_buttons_are_whole(make: Make) -> None:
    async with on_stage(make, (40, 12)) as (stage, pilot):
        dialog = await ready(stage, pilot)
        assert whole_buttons(stage, dialog)
        assert "esc" in bottom(stage)
        assert "f1 help" in bottom(stage)


async def test_on_80_columns_nothing_is_seen_beside_it_and_nothing_red_has_the_focus(make: Make) -> None:
    async with on_stage(make, (80, 24)) as (stage, pilot):
        dialog = await ready(stage, pilot)
        assert whole_buttons(stage, dialog)
        box = dialog.query_one("#dialog-box")
        assert (box.region.x, box.region.width) == (0, 80)
        assert box.styles.background.a == 1
        assert dialog.focused is not None
        assert not dialog.focused.has_class("-danger")
        if not dialog.query("#filter"):  # there letters are what is looked for
            assert all(isinstance(one, DialogList) for one in dialog.query(OptionList) if one.can_focus)


async def test_every_button_shows_its_key_and_neither_pages_nor_the_focus_move_the_dialog(make: Make) -> None:
    async with on_stage(make, (120, 40)) as (stage, pilot):
        dialog = await ready(stage, pilot)
        for button in whole_buttons(stage, dialog):
            assert (button.danger and button is dialog.main) or str(button.label).strip("[]").startswith(
                f"{button.words} "
            )
        box = dialog.query_one("#dialog-box")
        place = box.region
        for pages in dialog.query(Pages):
            for _ in pages._contents:
                await pilot.press("ctrl+pagedown")
                await pilot.pause()
                assert box.region == place
        for _ in dialog.focus_chain:
            await pilot.press("tab")
            assert box.region.offset == place.offset
