"""Themes: by default the terminal's own colors, so that a light terminal stays light and a dark one dark."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from typing import Final

from textual.theme import Theme

from coterie.tui import colors
from coterie.tui.contrast import RGB, mix, nearest_fixed, parse, readable, written
from coterie.tui.palettes import PALETTES, Palette

_GROUNDS: Final = ("background", "surface", "panel")
_ON_ROWS: Final = {"foreground", "warning"}
"""What stands on tinted rows, too: names and stars."""
_RAISED: Final = 0.06
"""How much of the text's color is in the ground of a field that has the focus."""
_CURSOR: Final = 0.22
"""How much of the main color is in the row of the cursor."""
_CHECKED: Final = 0.1
"""How much of the text's color is in a checked row."""
HUES: Final = ("primary", "secondary", "accent", "warning", "error", "success")
_TEXTS: Final = ("foreground", "muted", "faint", *HUES)

# In an ANSI theme Textual makes surfaces transparent; a dialog must cover what is beneath it.
_OPAQUE: Final = {
    "surface": "ansi_default",
    "panel": "ansi_default",
    "background": "ansi_default",
    "border-blurred": "ansi_bright_black",
    "scrollbar-background": "ansi_default",
    "scrollbar-background-hover": "ansi_default",
    "scrollbar-background-active": "ansi_default",
    "ansi-background": "ansi_default",
    "ansi-foreground": "ansi_default",
    "input-cursor-background": "ansi_default",
    "input-cursor-foreground": "ansi_default",
    "input-cursor-text-style": "reverse",
    "block-hover-background": "ansi_default",
    "block-cursor-text-style": "bold",
}


def _terminal(name: str, dark: bool, primary: str, on_primary: str, accent: str, warning: str) -> Theme:
    return Theme(
        name=name,
        ansi=True,
        dark=dark,
        primary=primary,
        secondary=primary,
        accent=accent,
        warning=warning,
        error="ansi_red",
        success="ansi_green",
        foreground="ansi_default",
        background="ansi_default",
        surface="ansi_default",
        panel="ansi_default",
        boost="ansi_default",
        variables={
            **_OPAQUE,
            "border": primary,
            "block-cursor-background": primary,
            "block-cursor-foreground": on_primary,
            "button-color-foreground": on_primary,
            "scrollbar": "ansi_bright_black",
            "scrollbar-hover": primary,
            "scrollbar-active": primary,
            "footer-key-foreground": primary,
            "link-color": primary,
        },
    )


TERMINAL_DARK: Final = _terminal(
    "terminal-dark", True, "ansi_bright_blue", "ansi_black", "ansi_bright_yellow", "ansi_yellow"
)
TERMINAL_LIGHT: Final = _terminal("terminal-light", False, "ansi_blue", "ansi_bright_white", "ansi_magenta", "ansi_red")
# If the background is unknown: colors that can be read on both.
TERMINAL: Final = _terminal("terminal", True, "ansi_cyan", "ansi_black", "ansi_magenta", "ansi_yellow")


OWN: Final = (TERMINAL, TERMINAL_DARK, TERMINAL_LIGHT)
"""The themes with the terminal's own colors: how well they can be read is the terminal's business."""
_ABOUT_OWN: Final = {
    TERMINAL.name: "the terminal's own colors",
    TERMINAL_DARK.name: "the terminal's own, on dark",
    TERMINAL_LIGHT.name: "the terminal's own, on light",
}
_PALETTES: Final = {palette.name: palette for palette in PALETTES}
OWN_NAMES: Final = tuple(theme.name for theme in OWN)
PALETTE_NAMES: Final = tuple(_PALETTES)
NAMES: Final = OWN_NAMES + PALETTE_NAMES
"""The themes that can be chosen."""


@cache
def find(name: str, *, fixed: bool = False) -> Theme | None:
    """The theme of this name, for terminals with 256 colors only if `fixed`; None if there is none."""
    if name in _PALETTES:
        return _of_palette(_PALETTES[name], fixed or _PALETTES[name].fixed)
    return next((theme for theme in OWN if theme.name == name), None)


def description(name: str) -> str:
    """What the theme of this name is, in a few words."""
    ground = "dark" if name in _PALETTES and _PALETTES[name].dark else "light"
    return _ABOUT_OWN.get(name, ground)


def _of_palette(palette: Palette, fixed: bool) -> Theme:
    """A theme whose every text can be read on each of its grounds: if a color cannot be, the nearest that can.

    The cursor is the text reversed: the shortest change there is, and the strongest contrast.
    """
    given = {key: parse(value) for key, value in palette._asdict().items() if str(value).startswith("#")}
    grounds = _grounds(given)
    if fixed:
        grounds = {key: nearest_fixed(color) for key, color in grounds.items()}

    def text(color: RGB, *on: str) -> str:
        return written(readable(color, tuple(grounds[key] for key in on or grounds), fixed=fixed))

    plain = (*_GROUNDS, "raised")
    texts = {key: text(given[key], *(() if key in _ON_ROWS else plain)) for key in _TEXTS}
    ground = {key: written(color) for key, color in grounds.items()}
    blocks = tuple(parse(texts[key]) for key in ("primary", "error", "foreground"))
    on_block = written(readable(grounds["background"], blocks, fixed=fixed))
    main = {key: ground[key] for key in _GROUNDS} | {key: texts[key] for key in ("foreground", *HUES)}
    groups = colors.DARK if palette.dark else colors.LIGHT
    return Theme(
        name=palette.name,
        dark=palette.dark,
        **main,  # type: ignore[arg-type]
        variables={
            **main,  # else Textual rounds them, and a color beside one of xterm's 256 takes more bytes
            **{f"text-{key}": texts[key] for key in HUES},
            **{key: text(parse(shade), "background", "surface") for key, shade in groups.items()},
            **{key: ground[key] for key in ("row-cursor", "row-checked")},
            "row-cursor-text": texts["foreground"],
            "row-checked-text": texts["foreground"],
            "text": texts["foreground"],
            "text-muted": texts["muted"],
            "text-disabled": texts["faint"],
            "panel-lighten-1": ground["raised"],
            "border-blurred": palette.line,
            "scrollbar": palette.line,
            "scrollbar-hover": texts["primary"],
            "scrollbar-active": texts["primary"],
            "scrollbar-background": ground["surface"],
            "scrollbar-background-hover": ground["surface"],
            "scrollbar-background-active": ground["surface"],
            "footer-key-foreground": texts["primary"],
            "button-color-foreground": on_block,
            "input-selection-foreground": on_block,
            "input-selection-background": texts["primary"],
            "block-cursor-foreground": texts["foreground"],
            "block-cursor-background": ground["background"],
            "block-cursor-text-style": "bold reverse",
            "block-cursor-blurred-foreground": texts["foreground"],
            "block-cursor-blurred-background": ground["raised"],
        },
    )


def _grounds(given: dict[str, RGB]) -> dict[str, RGB]:
    """What text can stand on."""
    behind, text = given["background"], given["foreground"]
    return {key: given[key] for key in _GROUNDS} | {
        "raised": mix(given["panel"], text, _RAISED),
        "row-cursor": mix(behind, given["primary"], _CURSOR),
        "row-checked": mix(behind, text, _CHECKED),
    }


def follow_terminal(environment: Mapping[str, str] = os.environ) -> Theme:
    """The theme for the terminal's own background, as far as COLORFGBG (`foreground;background`) tells it."""
    background = environment.get("COLORFGBG", "").rpartition(";")[2]
    if not background.isdigit():
        return TERMINAL
    return TERMINAL_LIGHT if int(background) in {7, 9, 10, 11, 12, 13, 14, 15} else TERMINAL_DARK
