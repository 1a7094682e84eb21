"""Groups and rows have colours that can be read, in every theme."""

from __future__ import annotations

import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from coterie.tui import themes
from coterie.tui.colours import COLOURS, checked_tint, cursor_tint, group_colour, shade

OURS = [theme for name in themes.NAMES for fixed in (False, True) if (theme := themes.find(name, fixed=fixed))]
ALL = (*OURS, *BUILTIN_THEMES.values())


def test_a_group_keeps_its_colour_however_its_name_is_written():
    assert group_colour("Choir") == group_colour("CHOIR") == group_colour("chöir")
    assert {group_colour(f"Group {number}") for number in range(100)} == set(COLOURS)


def test_a_chosen_colour_comes_first_and_an_unknown_one_is_none():
    assert [group_colour("Choir", colour) for colour in COLOURS] == list(COLOURS)
    assert group_colour("Choir", "beige") == group_colour("Choir") == group_colour("Choir", None)


@pytest.mark.parametrize("theme", ALL, ids=lambda theme: theme.name)
def test_each_theme_has_eight_colours_and_two_tints(theme: Theme):
    shades = {shade(theme, colour) for colour in COLOURS}
    assert len(shades) == len(COLOURS)
    assert cursor_tint(theme).background != checked_tint(theme).background


@pytest.mark.parametrize("theme", [one for one in ALL if not one.ansi], ids=lambda theme: theme.name)
def test_the_text_of_a_tinted_row_can_be_read(theme: Theme):
    for tint in (cursor_tint(theme), checked_tint(theme)):
        assert contrast(*tint) >= 4.5


def contrast(one: Color, other: Color) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio"""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(color: Color) -> float:
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color.normalized]
    return sum(part * weight for part, weight in zip(parts, (0.2126, 0.7152, 0.0722), strict=True))
