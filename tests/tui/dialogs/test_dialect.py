"""One dialect in every dialog: moving, confirming, cancelling, turning pages, help, and what the bottom line says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input, TextArea

from coterie.core.book import Book
from coterie.tui.dialogs import palette_screen
from coterie.tui.dialogs.confirm import Confirm
from coterie.tui.dialogs.dialog import Dialog, DialogButton
from coterie.tui.screens.help import HelpScreen
from coterie.tui.widgets.dialog_list import DialogList
from coterie.tui.widgets.modal import KeyLine
from coterie.tui.widgets.pages import Pages
from tests.tui.dialogs.all_dialogs import BASES, DIALOGS, bottom, kinds, ready
from tests.tui.dialogs.stage import WAITING, on_stage, type_text, until


async def test_every_dialog_is_in_the_table(twins: Book, tmp_path: Path) -> None:
    async with on_stage(lambda: Confirm("Sure?")):  # widgets are made where an app is running
        made = {type(make(twins, tmp_path)) for make in DIALOGS.values()}
    ours = {one for one in kinds(Dialog) if one.__module__.startswith("coterie.tui.") and one not in BASES}
    assert ours == made


async def test_tab_goes_round_and_shift_tab_back(make: Callable[[], Dialog[Any]]) -> None:
    async with on_stage(make) as (stage, pilot):
        dialog = await ready(stage, pilot)
        stops = [dialog.focused]
        for _ in dialog.focus_chain:
            await pilot.press("tab")
            stops.append(dialog.focused)
        assert stops[0] is stops[-1] is not None
        assert set(stops) == set(dialog.focus_chain)
        await pilot.press("shift+tab")
        assert dialog.focused is stops[-2]


async def test_a_dangerous_button_is_never_pressed_by_keys_that_were_typed_ahead(
    make: Callable[[], Dialog[Any]],
) -> None:
    async with on_stage(make) as (stage, pilot):
        dialog = await ready(stage, pilot)
        assert not getattr(dialog.focused, "danger", False)
        if dialog.main is not None and dialog.main.danger:
            await pilot.press("ctrl+s")
            assert stage.answer is WAITING
            await until(lambda: "Nothing was done." in stage.seen())
            assert dialog.main.words.lower() not in bottom(stage).lower()
            await pilot.press("enter")
            assert stage.answer in (None, WAITING)


async def test_only_ctrl_with_the_page_keys_turns_pages_in_every_focus(make: Callable[[], Dialog[Any]]) -> None:
    async with on_stage(make) as (stage, pilot):
        dialog = await ready(stage, pilot)
        for pages in dialog.query(Pages):
            start, seen = pages.index, set()
            for _ in pages._contents:
                seen.add(pages.index)
                assert "ctrl+pgdn" in bottom(stage)
                await pilot.press("left", "right", "right")
                assert pages.index in seen
                for _ in range(3):
                    at = pages.index
                    await pilot.press("tab", "left", "right")
                    assert pages.index == at
                await pilot.press("ctrl+pagedown")
            assert pages.index == start
            assert len(seen) == len(pages._contents)
            await pilot.press("ctrl+pageup")
            assert pages.index == len(pages._contents) - 1
        if not dialog.has_pages:
            assert "ctrl+pgdn" not in bottom(stage)


async def test_help_and_palette_lead_back_to_the_same_field(make: Callable[[], Dialog[Any]]) -> None:
    async with on_stage(make, (80, 40)) as (stage, pilot):
        dialog = await ready(stage, pilot)
        if isinstance(dialog.focused, Input):
            await type_text(pilot, "ab?")
            assert "ab?" in dialog.focused.value
        focused = dialog.focused
        await pilot.press("f1")
        await until(lambda: isinstance(stage.screen, HelpScreen))
        await until(lambda: "In every dialog" in stage.seen())
        await until(lambda: dialog.heading in stage.seen())
        await pilot.press("escape")
        await until(lambda: stage.screen is dialog)
        await pilot.press("ctrl+p")
        await until(lambda: isinstance(stage.screen, palette_screen.PaletteScreen))
        await until(lambda: any(key.sentence in stage.seen() for key in dialog.keys_here() if key.action != "palette"))
        assert "esc close" in bottom(stage)
        await pilot.press("escape")
        await until(lambda: stage.screen is dialog)
        assert dialog.focused is focused
        if isinstance(focused, Input):
            assert "ab?" in focused.value
        assert stage.answers == 0


async def test_the_bottom_line_is_that_of_the_dialog_wherever_the_focus_is(make: Callable[[], Dialog[Any]]) -> None:
    async with on_stage(make) as (stage, pilot):
        dialog = await ready(stage, pilot)
        cancel = dialog.query_one("#cancel", DialogButton)
        for _ in dialog.focus_chain:
            line, focused = bottom(stage), dialog.focused
            assert "f1 help" in line
            assert "tab next" not in line or len(dialog.focus_chain) > 1
            if cancel.display:
                assert f"esc {cancel.words.lower()}" in line.lower()
            if isinstance(focused, DialogButton) and focused is not cancel:
                assert line.lower().startswith(f" enter {focused.words[:8].lower()}")
            if isinstance(focused, TextArea):
                assert "enter" not in line
            if isinstance(focused, DialogList):
                assert "j k move" in line
            await pilot.press("tab")


async def test_j_and_k_move_in_lists(make: Callable[[], Dialog[Any]]) -> None:
    async with on_stage(make) as (stage, pilot):
        dialog = await ready(stage, pilot)
        for found in dialog.query(DialogList):
            if found.focusable and found.option_count > 1 and found.is_on_screen:
                found.focus()
                found.highlighted = 0
                await pilot.press("j")
                assert found.highlighted == 1
                await pilot.press("k")
                assert found.highlighted == 0


async def test_the_mouse_presses_keys_of_the_bottom_line(make: Callable[[], Dialog[Any]]) -> None:
    async with on_stage(make) as (stage, pilot):
        await ready(stage, pilot)
        await pilot.click(KeyLine, offset=(bottom(stage).index("f1"), 0))
        await until(lambda: isinstance(stage.screen, HelpScreen))


async def test_ctrl_s_is_the_main_button_in_every_focus_and_esc_cancels(
    make: Callable[[], Dialog[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on_stage(make) as (stage, pilot):
        dialog = await ready(stage, pilot)
        pressed: list[str] = []
        monkeypatch.setattr(dialog, "action_confirm", lambda: pressed.append("main"))
        for _ in dialog.focus_chain:
            before, is_safe = len(pressed), dialog.main is not None and not dialog.main.danger
            await pilot.press("ctrl+s")
            assert len(pressed) == before + (1 if is_safe or dialog.main is None else 0)
            await pilot.press("tab")
        for button in dialog.query(DialogButton):
            if button.display and button.focusable and button is dialog.main and not button.danger:
                button.focus()
                await pilot.press("enter")
                assert pressed[-1:] == ["main"]
        assert stage.answer is WAITING
        for _ in range(3):  # a list that is open, a question whether what was typed may go
            if stage.answer is WAITING and stage.screen is dialog:
                await pilot.press("escape")
                await pilot.pause()
        assert stage.answer is not WAITING or stage.screen is not dialog
