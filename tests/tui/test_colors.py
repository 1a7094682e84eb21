"""Groups and rows have colors that can be read, in every theme."""

from __future__ import annotations

import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from coterie.tui import themes
from coterie.tui.colors import COLORS, checked_tint, cursor_tint, group_color, shade

OURS = [theme for name in themes.NAMES for fixed in (False, True) if (theme := themes.find(name, fixed=fixed))]
ALL = (*OURS, *BUILTIN_THEMES.values())


def test_a_group_keeps_its_color_however_its_name_is_written():
    assert group_color("Choir") == group_color("CHOIR") == group_color("chöir")
    assert {group_color(f"Group {number}") for number in range(100)} == set(COLORS)


def test_a_chosen_color_comes_first_and_an_unknown_one_is_none():
    assert [group_color("Choir", color) for color in COLORS] == list(COLORS)
    assert group_color("Choir", "beige") == group_color("Choir") == group_color("Choir", None)


@pytest.mark.parametrize("theme", ALL, ids=lambda theme: theme.name)
def test_each_theme_has_eight_colors_and_two_tints(theme: Theme):
    shades = {shade(theme, color) for color in COLORS}
    assert len(shades) == len(COLORS)
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
