"""What a terminal is known to understand beyond the plain sequences, by the name it goes by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# terminfo gives all of these scroll regions (csr) and erasing with the background color (bce), so that curses programs
# use both there as well.
_FULL: Final = (
    "xterm", "rxvt", "alacritty", "kitty", "foot", "konsole", "vte", "gnome", "linux", "putty", "wezterm", "st-",
    "iterm", "ghostty", "contour", "mintty", "mlterm",
)  # fmt: skip
# Multiplexers scroll, but terminfo does not promise the background color.
_SCROLLING: Final = ("tmux", "screen", "vt1", "vt2", "vt3", "vt4", "vt5")


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What may be used.

    Attributes:
        scroll_regions: DECSTBM with IL and DL (VT102).
        background_erase: erased cells take the background color of the pen (terminfo's `bce`).
        vertical_tab: VT moves down a line and keeps the column (VT100). On Sun's and Wyse's terminals it moves up.
        tab_stops: HTS and TBC set them and take them away (VT100).
    """

    scroll_regions: bool = False
    background_erase: bool = False
    vertical_tab: bool = False
    tab_stops: bool = False

    @classmethod
    def of(cls, term: str) -> Capabilities:
        """Those of the terminal called `term` (the environment's TERM); none for unknown names."""
        if term == "st" or term.startswith(_FULL):
            return cls(True, True, True, True)
        scrolls = term.startswith(_SCROLLING)
        return cls(scrolls, False, scrolls, scrolls)
