"""Text can be read in every theme: each pair of text and ground that the program draws has a contrast of 4.5 or more.

Which pairs those are is found out by a theme in which every variable has a color that no other has.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.color import Color
from textual.theme import Theme

from coterie.core.book import Book
from coterie.tui import colors, themes
from coterie.tui.contrast import FIXED, READABLE, contrast, luminance, nearest_fixed, parse, readable
from coterie.tui.dimming import ReadableDim
from coterie.tui.state import Options
from tests.tui.dialogs.stage import on_stage
from tests.tui.dialogs.test_dialect import DIALOGS
from tests.tui.screens.conftest import running

THEMES = [(name, fixed) for name in themes.PALETTE_NAMES for fixed in (False, True)]
GROUNDS = ("background", "surface", "panel", "panel-lighten-1")
TEXTS = ("foreground", "text", "text-muted", "text-disabled", *themes.HUES, *(f"text-{hue}" for hue in themes.HUES))
PAIRS = {
    *itertools.product(TEXTS, GROUNDS),
    *itertools.product(GROUNDS, ("foreground", "text")),  # reversed
    *itertools.product(("button-color-foreground", "surface"), ("primary", "error", "foreground")),
    *itertools.product(colors.DARK, ("background", "surface")),
    *itertools.product(("row-cursor-text", "row-checked-text", "text-warning"), ("row-cursor", "row-checked")),
    *itertools.product(("row-cursor", "row-checked"), ("row-cursor-text", "row-checked-text")),  # reversed
    *itertools.permutations(("block-cursor-foreground", "block-cursor-background")),
    ("block-cursor-blurred-foreground", "block-cursor-blurred-background"),
    ("input-cursor-foreground", "input-cursor-background"),
    ("input-selection-foreground", "input-selection-background"),
}
"""All pairs of text and ground; another one that is drawn is to be added here."""
DRAWINGS = range(0x2500, 0x25A1)
"""Lines and blocks: borders, bars and scroll bars; and the sample of a color, which has its name beside it."""

COLORS = st.tuples(*[st.integers(0, 255)] * 3)


def variables(theme: Theme) -> dict[str, str]:
    return theme.to_color_system().generate() | theme.variables


def color_of(name: str, values: dict[str, str]) -> tuple[int, int, int]:
    return Color.parse(values[name]).rgb


@pytest.mark.parametrize(("name", "fixed"), THEMES)
def test_every_pair_can_be_read(name: str, fixed: bool) -> None:
    theme = themes.find(name, fixed=fixed)
    assert theme is not None
    values = variables(theme)
    found = {(text, ground): contrast(color_of(text, values), color_of(ground, values)) for text, ground in PAIRS}
    assert {pair: round(value, 2) for pair, value in found.items() if value < READABLE} == {}
    if fixed:  # nothing is lost on the way to the terminal
        assert all(color_of(one, values) in FIXED for pair in PAIRS for one in pair)


# Which pairs are drawn


def probe() -> tuple[Theme, dict[tuple[int, int, int], set[str]]]:
    """A theme in which every variable has a color of its own, and which variable each color stands for."""
    nord = themes.find("nord")
    assert nord is not None
    names = sorted({name for pair in PAIRS for name in pair} | {"border-blurred"})
    colors = {name: f"#{91 * number % 256:02x}{number:02x}{37 * number % 256:02x}" for number, name in enumerate(names)}
    main: dict[str, Any] = {
        name: colors[name] for name in ("background", "surface", "panel", "foreground", *themes.HUES)
    }
    rest = {**nord.variables, **colors}
    return Theme("probe", dark=True, variables=rest, **main), {parse(value): {name} for name, value in colors.items()}


def drawn(app: App[None]) -> Iterator[tuple[str, Style]]:
    """The texts on the screen, with their styles; not what is only blanks and drawings."""
    for strip in app.screen._compositor.render_strips():
        for text, style, _ in strip:
            if style is not None and any(not letter.isspace() and ord(letter) not in DRAWINGS for letter in text):
                yield text, style


def unknown(app: App[None], names: dict[Any, set[str]]) -> list[str]:
    """What is drawn in a pair of colors that is none of PAIRS."""
    found = []
    for text, style in drawn(app):
        assert style.color is not None
        assert style.bgcolor is not None
        colors = [tuple(one.get_truecolor()) for one in (style.color, style.bgcolor)]
        front, ground = (names.get(one, {str(one)}) for one in (reversed(colors) if style.reverse else colors))
        if not PAIRS & set(itertools.product(front, ground)):
            found.append(f"{text.strip()!r}: {front} on {ground}")
    return found


def show_probe(app: App[None]) -> dict[tuple[int, int, int], set[str]]:
    theme, names = probe()
    app.get_line_filters = list  # type: ignore[method-assign]  # what they do to dim text has tests of its own
    app.register_theme(theme)
    app.theme = theme.name
    return names


@pytest.mark.parametrize("name", DIALOGS)
async def test_dialogs_draw_no_other_pairs(book: Book, tmp_path: Path, name: str) -> None:
    async with on_stage(lambda: DIALOGS[name](book, tmp_path), (100, 30)) as (stage, pilot):
        names = show_probe(stage)
        await pilot.pause()
        assert "\n".join(unknown(stage, names)) == ""
        await pilot.press("tab")
        assert "\n".join(unknown(stage, names)) == ""


WALK = "j space / a enter escape ? escape m escape enter escape 2 3 j 4 s escape 1 h h l c escape n escape ctrl+p"


async def test_screens_draw_no_other_pairs(book: Book) -> None:
    async with running(book, options=Options(theme="nord")) as driver:
        names = show_probe(driver.app)
        found = {}
        for key in WALK.split():
            await driver.press(key)
            found |= dict.fromkeys(unknown(driver.app, names), key)
        assert found == {}


# The arithmetic


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#ff0000", "#ffffff", 4.0)],
)
def test_the_contrast_is_that_of_the_wcag(one: str, other: str, expected: float) -> None:
    assert contrast(parse(one), parse(other)) == pytest.approx(expected, abs=0.005)


@given(COLORS, COLORS)
def test_a_color_becomes_readable_and_one_that_is_stays(
    color: tuple[int, int, int], ground: tuple[int, int, int]
) -> None:
    for fixed in (False, True):
        found = readable(color, (ground,), fixed=fixed)
        assert contrast(found, ground) >= READABLE
        assert fixed is False or found in FIXED
    if contrast(color, ground) >= READABLE:
        assert readable(color, (ground,)) == color


@given(COLORS)
def test_the_nearest_color_of_256_is_about_as_bright(color: tuple[int, int, int]) -> None:
    assert abs(luminance(nearest_fixed(color)) - luminance(color)) < 0.25
    assert nearest_fixed(nearest_fixed(color)) == nearest_fixed(color)


@given(COLORS, COLORS)
def test_dim_text_can_be_read(color: tuple[int, int, int], ground: tuple[int, int, int]) -> None:
    style = Style(color=f"rgb{color}".replace(" ", ""), bgcolor=f"rgb{ground}".replace(" ", ""), dim=True)
    [segment] = ReadableDim().apply([Segment("Ada", style)], Color(*ground))
    assert segment.style is not None
    assert not segment.style.dim
    assert segment.style.color is not None
    assert contrast(segment.style.color.get_truecolor(), ground) >= READABLE


def test_the_terminals_own_colors_stay_dim() -> None:
    segment = Segment("Ada", Style(dim=True))
    assert ReadableDim().apply([segment], Color.parse("ansi_default")) == [segment]
