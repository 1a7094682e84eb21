"""The palettes that people know from their editors and terminals, with the colors that their authors gave them."""

from __future__ import annotations

from typing import Final, NamedTuple


class Palette(NamedTuple):
    """The colors of a theme, as `#rrggbb`.

    Attributes:
        name: as `theme` in the settings writes it.
        dark: whether text is light on a dark ground.
        background, surface, panel: the grounds: of lists, of dialogs, of fields.
        line: borders.
        foreground, muted, faint: text, less important text, and what cannot be used now.
        primary, secondary, accent, warning, error, success: what they are called after.
        fixed: whether all of them are in xterm's palette of 256.
    """

    name: str
    dark: bool
    background: str
    surface: str
    panel: str
    line: str
    foreground: str
    muted: str
    faint: str
    primary: str
    secondary: str
    accent: str
    warning: str
    error: str
    success: str
    fixed: bool = False


# fmt: off
PALETTES: Final = (
    Palette(
        "coterie-dark", True, "#121212", "#1c1c1c", "#262626", "#444444", "#d7d7ff", "#9e9e9e", "#8a8a8a",
        primary="#87afff", secondary="#87d7ff", accent="#d7af5f", warning="#ffaf5f", error="#ff5f87", success="#afd787",
        fixed=True,
    ),
    Palette(
        "coterie-light", False, "#ffffff", "#eeeeee", "#e4e4e4", "#bcbcbc", "#262626", "#585858", "#626262",
        primary="#005faf", secondary="#008787", accent="#875f00", warning="#af5f00", error="#af0000", success="#005f00",
        fixed=True,
    ),
    # https://catppuccin.com/palette
    Palette(
        "catppuccin-mocha", True, "#1e1e2e", "#181825", "#313244", "#585b70", "#cdd6f4", "#a6adc8", "#7f849c",
        primary="#89b4fa", secondary="#94e2d5", accent="#cba6f7", warning="#fab387", error="#f38ba8", success="#a6e3a1",
    ),
    Palette(
        "catppuccin-latte", False, "#eff1f5", "#e6e9ef", "#dce0e8", "#acb0be", "#4c4f69", "#6c6f85", "#8c8fa1",
        primary="#1e66f5", secondary="#179299", accent="#8839ef", warning="#fe640b", error="#d20f39", success="#40a02b",
    ),
    # https://draculatheme.com/spec
    Palette(
        "dracula", True, "#282a36", "#21222c", "#343746", "#6272a4", "#f8f8f2", "#bfbfd0", "#6272a4",
        primary="#bd93f9", secondary="#8be9fd", accent="#ff79c6", warning="#ffb86c", error="#ff5555", success="#50fa7b",
    ),
    # https://github.com/morhetz/gruvbox
    Palette(
        "gruvbox", True, "#282828", "#1d2021", "#3c3836", "#665c54", "#ebdbb2", "#bdae93", "#928374",
        primary="#83a598", secondary="#8ec07c", accent="#d3869b", warning="#fabd2f", error="#fb4934", success="#b8bb26",
    ),
    Palette(
        "high-contrast", True, "#000000", "#000000", "#1c1c1c", "#ffffff", "#ffffff", "#dadada", "#bcbcbc",
        primary="#5fd7ff", secondary="#87ffff", accent="#ff87ff", warning="#ffff00", error="#ff8787", success="#87ff87",
        fixed=True,
    ),
    # https://www.nordtheme.com/docs/colors-and-palettes
    Palette(
        "nord", True, "#2e3440", "#2e3440", "#3b4252", "#4c566a", "#e5e9f0", "#d8dee9", "#81a1c1",
        primary="#88c0d0", secondary="#8fbcbb", accent="#b48ead", warning="#ebcb8b", error="#bf616a", success="#a3be8c",
    ),
    # https://rosepinetheme.com/palette
    Palette(
        "rose-pine", True, "#191724", "#1f1d2e", "#26233a", "#524f67", "#e0def4", "#908caa", "#6e6a86",
        primary="#c4a7e7", secondary="#9ccfd8", accent="#ebbcba", warning="#f6c177", error="#eb6f92", success="#31748f",
    ),
    # https://ethanschoonover.com/solarized
    Palette(
        "solarized-dark", True, "#002b36", "#002b36", "#073642", "#586e75", "#93a1a1", "#839496", "#657b83",
        primary="#268bd2", secondary="#2aa198", accent="#6c71c4", warning="#b58900", error="#dc322f", success="#859900",
    ),
    Palette(
        "solarized-light", False, "#fdf6e3", "#fdf6e3", "#eee8d5", "#93a1a1", "#586e75", "#657b83", "#839496",
        primary="#268bd2", secondary="#2aa198", accent="#6c71c4", warning="#b58900", error="#dc322f", success="#859900",
    ),
    # https://github.com/folke/tokyonight.nvim
    Palette(
        "tokyo-night", True, "#1a1b26", "#16161e", "#292e42", "#3b4261", "#c0caf5", "#a9b1d6", "#565f89",
        primary="#7aa2f7", secondary="#7dcfff", accent="#bb9af7", warning="#e0af68", error="#f7768e", success="#9ece6a",
    ),
)
# fmt: on
