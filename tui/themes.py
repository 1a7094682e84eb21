"""Themes: by default the terminal's own colors, so that a light terminal stays light and a dark one dark."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

from textual.theme import Theme

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
            "scrollbar": primary,
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
# Where the background is unknown: colors that can be read on both.
TERMINAL: Final = _terminal("terminal", True, "ansi_cyan", "ansi_black", "ansi_magenta", "ansi_yellow")

COTERIE_DARK: Final = Theme(
    name="coterie-dark",
    dark=True,
    primary="#7aa2f7",
    secondary="#7dcfff",
    accent="#e0af68",
    warning="#ff9e64",
    error="#f7768e",
    success="#9ece6a",
    foreground="#c8d3f5",
    background="#16181f",
    surface="#1d2029",
    panel="#262a36",
    variables={"border-blurred": "#3b4261", "footer-key-foreground": "#7aa2f7"},
)
COTERIE_LIGHT: Final = Theme(
    name="coterie-light",
    dark=False,
    primary="#1f5fbf",
    secondary="#0f7b8a",
    accent="#9a6700",
    warning="#b4520b",
    error="#b3261e",
    success="#2f7d32",
    foreground="#24292f",
    background="#fcfcfa",
    surface="#f3f3ee",
    panel="#e8e8e0",
    variables={"border-blurred": "#c4c4ba", "footer-key-foreground": "#1f5fbf"},
)

THEMES: Final = (TERMINAL, TERMINAL_DARK, TERMINAL_LIGHT, COTERIE_DARK, COTERIE_LIGHT)


def follow_terminal(environment: Mapping[str, str] = os.environ) -> Theme:
    """The theme for the terminal's own background, as far as COLORFGBG (`foreground;background`) tells it."""
    background = environment.get("COLORFGBG", "").rpartition(";")[2]
    if not background.isdigit():
        return TERMINAL
    return TERMINAL_LIGHT if int(background) in {7, 9, 10, 11, 12, 13, 14, 15} else TERMINAL_DARK
