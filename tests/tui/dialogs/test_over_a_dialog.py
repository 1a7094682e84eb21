"""A dialog over another: it covers that, or, if it is a question, lies clearly within it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from textual._compositor import LayoutUpdate
from textual.geometry import Region
from textual.pilot import Pilot

from coterie.core.store.journal.entries import Trace
from coterie.tui.dialogs.confirm import Confirm
from coterie.tui.dialogs.contact_form import ContactForm
from coterie.tui.dialogs.dialog import Dialog
from coterie.tui.dialogs.history_entry import HistoryEntry
from coterie.tui.dialogs.palette_screen import PaletteScreen
from coterie.tui.dialogs.prompt import Prompt
from coterie.tui.screens.help import HelpScreen, of_dialog
from tests.tui.dialogs.stage import ADA, Stage, on_stage, whole

SIZES = ((40, 12), (80, 24), (120, 40))
OVER: tuple[Callable[[], Dialog[Any]], ...] = (
    lambda: HistoryEntry("Edited 1 contact.", 1, [Trace("Ada", "Name", "a", "b")]),
    lambda: Confirm("Discard what you typed?", yes="Discard", danger=True),
    lambda: Prompt("Save as a recipe", "Name"),
)


def box(stage: Stage, name: str = "#dialog-box") -> Region:
    return stage.screen.query_one(name).region


async def pushed(stage: Stage, pilot: Pilot[None], dialog: Dialog[Any]) -> Region:
    await stage.push_screen(dialog)
    await pilot.pause()
    assert whole(stage)
    return box(stage)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("make", OVER)
async def test_of_the_dialog_beneath_no_part_is_left_over(
    make: Callable[[], Dialog[Any]], size: tuple[int, int]
) -> None:
    async with on_stage(lambda: ContactForm(ADA, ["Choir"]), size) as (stage, pilot):
        beneath = box(stage)
        upper = await pushed(stage, pilot, make())
        if make is OVER[0] or size == (40, 12):
            assert upper.contains_region(beneath)
        else:
            assert beneath.shrink((2, 3, 2, 3)).contains_region(upper)


async def test_it_stays_over_the_dialog_beneath_when_the_terminal_gets_another_size() -> None:
    async with on_stage(lambda: ContactForm(ADA, ["Choir"]), (120, 40)) as (stage, pilot):
        beneath = stage.screen.query_one("#dialog-box")
        await pushed(stage, pilot, OVER[0]())
        for size in reversed(SIZES):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert box(stage).contains_region(beneath.region)


async def test_the_help_covers_even_a_wide_dialog() -> None:
    async with on_stage(OVER[0], (120, 40)) as (stage, pilot):
        beneath = box(stage)
        await stage.push_screen(HelpScreen(of_dialog("Edited 1 contact.", [])))
        await pilot.pause()
        assert box(stage, "#help-box").contains_region(beneath)


@pytest.mark.parametrize("make", [*OVER, lambda: ContactForm(ADA, ["Choir"])])
async def test_it_opens_with_the_styles_that_its_rules_give(make: Callable[[], Dialog[Any]]) -> None:
    async with on_stage(make, (120, 40)) as (stage, pilot):

        def shown() -> list[list[tuple[str, str]]]:
            strips = stage.screen._compositor.render_strips()
            return [[(letter, str(piece.style)) for piece in strip for letter in piece.text] for strip in strips]

        opened = shown()
        stage.screen.update_node_styles(animate=False)
        stage.screen.refresh(layout=True)
        await pilot.pause()
        assert shown() == opened


async def test_each_is_drawn_over_the_one_beneath_whichever_of_them_is_drawn_anew() -> None:
    """Textual draws the others from a cache, and then took one for another, or never came to an end."""
    async with on_stage(lambda: ContactForm(ADA, ["Choir"])) as (stage, pilot):
        for dialog in (OVER[0](), HelpScreen(of_dialog("Form", [])), PaletteScreen()):
            await stage.push_screen(dialog)
            await pilot.pause()
        before, (_, *dialogs) = stage.seen(), stage.screen_stack
        for ways in itertools.product(("not", "in part", "as a whole"), repeat=len(dialogs)):
            for screen, way in zip(dialogs, ways, strict=True):
                if way == "in part":
                    screen._set_dirty(Region(0, 0, *screen.size))  # as if a widget in it had changed
                elif way == "as a whole":
                    screen.refresh()
            frame = stage.screen._compositor.render_update(full=True, screen_stack=stage._background_screens)
            assert isinstance(frame, LayoutUpdate)
            lines = ["".join(segment.text for segment in strip) for strip in frame.strips]
            assert "\n".join(lines) == before, ways
