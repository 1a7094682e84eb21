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


def _coterie(name: str, *, dark: bool, **colors: str) -> Theme:
    """A theme of colors that are exact in xterm's palette of 256: they look the same, and are short, on any terminal.

    The cursor is the text reversed: the shortest change there is, and the strongest contrast.
    """
    named = {key: colors.pop(key) for key in ("muted", "disabled", "line", "cursor", "checked", "bright")}
    text = {f"text-{key}": color for key, color in colors.items() if key not in {"surface", "panel", "background"}}
    return Theme(
        name=name,
        dark=dark,
        variables={
            **text,
            "text-muted": named["muted"],
            "text-disabled": named["disabled"],
            "border-blurred": named["line"],
            "footer-key-foreground": colors["primary"],
            "block-cursor-foreground": colors["foreground"],
            "block-cursor-background": colors["background"],
            "block-cursor-text-style": "bold reverse",
            "row-cursor": named["cursor"],
            "row-checked": named["checked"],
            "row-cursor-text": named["bright"],
            "row-checked-text": named["bright"],
        },
        **colors,  # type: ignore[arg-type]
    )


COTERIE_DARK: Final = _coterie(
    "coterie-dark",
    dark=True,
    primary="#87afff",
    secondary="#87d7ff",
    accent="#d7af5f",
    warning="#ffaf5f",
    error="#ff5f87",
    success="#afd787",
    foreground="#d7d7ff",
    background="#121212",
    surface="#1c1c1c",
    panel="#262626",
    muted="#8a8a8a",
    disabled="#585858",
    line="#444444",
    cursor="#005f87",
    checked="#303030",
    bright="#ffffff",
)
COTERIE_LIGHT: Final = _coterie(
    "coterie-light",
    dark=False,
    primary="#005faf",
    secondary="#008787",
    accent="#875f00",
    warning="#af5f00",
    error="#af0000",
    success="#005f00",
    foreground="#262626",
    background="#ffffff",
    surface="#eeeeee",
    panel="#e4e4e4",
    muted="#626262",
    disabled="#a8a8a8",
    line="#bcbcbc",
    cursor="#afd7ff",
    checked="#e4e4e4",
    bright="#000000",
)

THEMES: Final = (TERMINAL, TERMINAL_DARK, TERMINAL_LIGHT, COTERIE_DARK, COTERIE_LIGHT)


def follow_terminal(environment: Mapping[str, str] = os.environ) -> Theme:
    """The theme for the terminal's own background, as far as COLORFGBG (`foreground;background`) tells it."""
    background = environment.get("COLORFGBG", "").rpartition(";")[2]
    if not background.isdigit():
        return TERMINAL
    return TERMINAL_LIGHT if int(background) in {7, 9, 10, 11, 12, 13, 14, 15} else TERMINAL_DARK
