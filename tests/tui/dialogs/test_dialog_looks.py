"""One look in every dialog: its place, its width, its buttons with their keys, at the sizes that terminals have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.widgets import OptionList

from coterie.tui.dialogs.dialog import Dialog, DialogButton
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
