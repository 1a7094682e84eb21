"""Takes the README's pictures: runs the real program in a pseudo-terminal, presses keys, draws its screen as SVG.

    uv run python -m docs.pictures

The people are those of `coterie --demo`; `PICTURES` says which keys lead to which picture.
"""

from __future__ import annotations

import html
import sys
import tempfile
from pathlib import Path

from pyte.screens import Char

from tests.tui.terminal_harness import Terminal

FOLDER = Path(__file__).parent / "images"
PICTURES: dict[str, tuple[str, list[str | tuple[str, ...]], str]] = {
    # name: (size, keys - a tuple is pressed, a text is typed -, what to wait for)
    "all-contacts": ("100x28", [("j", "j", "space", "space", "space")], "3 checked"),
    "search": ("100x28", [("/",), "choir company:o"], "choir company:o"),
    "new-contact": ("100x28", [("n",), "Ada King"], "Ada King"),
    "import": ("100x28", [("i",)], "Import"),
    "small": ("80x24", [("3",)], "Groups"),
}
CELL, LINE, SIZE = 8.4, 18, 14
FONT = f'font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="{SIZE}"'
BACKGROUND, FOREGROUND = "#0c0c0c", "#d4d4d4"
NAMED = {
    "black": "#000000", "red": "#cd3131", "green": "#0dbc79", "brown": "#d7ba3d", "blue": "#2472c8",
    "magenta": "#bc3fbc", "cyan": "#11a8cd", "white": "#e5e5e5", "brightblack": "#666666", "brightred": "#f14c4c",
    "brightgreen": "#23d18b", "brightbrown": "#f5f543", "brightblue": "#3b8eea", "brightmagenta": "#d670d6",
    "brightcyan": "#29b8db", "brightwhite": "#ffffff",
}  # fmt: skip


def color(name: str, default: str) -> str:
    """A pyte color as SVG writes it."""
    return default if name == "default" else NAMED.get(name, f"#{name}")


def look(cell: Char) -> tuple[str, str, bool]:
    """(foreground, background, bold) of a cell."""
    front, back = color(cell.fg, FOREGROUND), color(cell.bg, BACKGROUND)
    return (back, front, cell.bold) if cell.reverse else (front, back, cell.bold)


def svg(terminal: Terminal) -> str:
    """The screen as an SVG picture."""
    screen = terminal.screen
    width, height = screen.columns * CELL + 16, screen.lines * LINE + 16
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height}" {FONT}>',
        f'<rect width="100%" height="100%" rx="8" fill="{BACKGROUND}"/>',
    ]
    for y in range(screen.lines):
        x = 0
        while x < screen.columns:
            style, start, text = look(screen.buffer[y][x]), x, ""
            while x < screen.columns and look(screen.buffer[y][x]) == style:
                text += screen.buffer[y][x].data
                x += 1
            front, back, bold = style
            left, top, length = 8 + start * CELL, 8 + y * LINE, (x - start) * CELL
            if back != BACKGROUND:
                parts.append(f'<rect x="{left:.1f}" y="{top}" width="{length:.1f}" height="{LINE}" fill="{back}"/>')
            if text.strip():
                weight = ' font-weight="bold"' if bold else ""
                parts.append(
                    f'<text x="{left:.1f}" y="{top + LINE - 5}" fill="{front}"{weight} xml:space="preserve" '
                    f'textLength="{length:.1f}" lengthAdjust="spacingAndGlyphs">{html.escape(text)}</text>'
                )
    return "\n".join([*parts, "</svg>", ""])


def take(name: str) -> None:
    """Take one picture."""
    size, keys, expected = PICTURES[name]
    with tempfile.TemporaryDirectory() as home:
        places = {f"XDG_{kind}_HOME": f"{home}/{kind}" for kind in ("CONFIG", "DATA", "STATE", "CACHE")}
        command = [sys.executable, "-m", "coterie.tui", "--demo"]
        with Terminal(command, size=size, environment={"HOME": home, **places}, timeout=20) as terminal:
            terminal.wait_for("Adaeze Abiola")
            for key in keys:
                if isinstance(key, str):
                    terminal.type(key)
                else:
                    terminal.press(*key)
            terminal.wait_for(expected).settle(1.0)
            (FOLDER / f"{name}.svg").write_text(svg(terminal), encoding="utf-8")


if __name__ == "__main__":
    for picture in sys.argv[1:] or PICTURES:
        take(picture)
