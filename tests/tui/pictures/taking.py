"""Takes a picture: the text of the screen in each size and, letter by letter, how it looks in each palette."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Final

from rich.cells import cell_len
from rich.style import Style
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from coterie.tui.screens.contacts import ContactList
from tests.tui.pictures.scenes import shown

FOLDER: Final = Path(__file__).parent / "approved"
SIZES: Final = ((40, 12), (80, 24), (120, 40), (200, 50))
PALETTES: Final = ("coterie-dark", "coterie-light", "terminal-dark")
ATTRIBUTES: Final = ("bold", "dim", "italic", "underline", "strike", "reverse")

Cells = list[list[tuple[str, str]]]
"""The rows of a screen: each letter and its style, once for each of its cells."""


class Picture:
    """A scene in some sizes and palettes, as the text that is kept."""

    def __init__(self) -> None:
        self._screens: dict[tuple[tuple[int, int], str], dict[str, Cells]] = {}

    def add(self, palette: str, size: tuple[int, int], cells: Cells) -> None:
        """Add what is on the screen; what says the same in several palettes is written once."""
        said = "\n".join(f"|{''.join(letter for letter, _ in row).rstrip()}" for row in cells)
        self._screens.setdefault((size, said), {})[palette] = cells

    @property
    def text(self) -> str:
        """What each screen says, and how long which look goes on in its lines; at the end what the looks are."""
        looks: dict[tuple[str, ...], str] = {}
        lines = []
        for ((width, height), said), screens in sorted(self._screens.items(), key=lambda screen: screen[0][0]):
            lines += [f"== {width}x{height} {' '.join(screens)}", said, "--"]
            for rows in zip(*screens.values(), strict=True):
                cells = zip(*([style for _, style in row] for row in rows), strict=True)
                runs = ((look, sum(1 for _ in run)) for look, run in groupby(cells))
                lines.append(" ".join(f"{count}{looks.setdefault(look, _letters(len(looks)))}" for look, count in runs))
        lines += ["== looks", *(f"{letters} {' | '.join(look)}" for look, letters in looks.items())]
        return "\n".join([*lines, ""])


def _letters(number: int) -> str:
    rest, last = divmod(number, 26)
    return (_letters(rest - 1) if rest else "") + chr(ord("a") + last)


def cells_of(pilot: Pilot[None]) -> Cells:
    """What is on the screen."""
    rows = []
    for strip in pilot.app.screen._compositor.render_strips():
        row = []
        for text, style, _ in strip:
            for letter in text:
                look = _look(letter, style or Style.null())
                row += [(letter, look), *[("", look)] * (cell_len(letter) - 1)]
        rows.append(row)
    return rows


def _look(letter: str, style: Style) -> str:
    """How a cell looks: of a blank nobody sees the letters' color."""
    ground = style.bgcolor.name if style.bgcolor else "default"
    if letter == " " and not (style.underline or style.strike or style.reverse):
        return f"on {ground}"
    color = style.color.name if style.color else "default"
    return " ".join([color, "on", ground, *(name for name in ATTRIBUTES if getattr(style, name))])


def _waits(pilot: Pilot[None]) -> bool:
    """Whether the inspector is still to follow the cursor, as it does once the keys rest, but not beneath a dialog."""
    screen = pilot.app.screen
    return isinstance(screen, ContactList) and screen.inspector.display and not screen.inspecting.is_up_to_date


async def settled(pilot: Pilot[None], looks: int) -> Cells:
    """What is on the screen, once so many looks see the same; nothing blinks."""
    last, same = cells_of(pilot), 0
    while same < looks or _waits(pilot):
        for field in [*pilot.app.screen.query(Input), *pilot.app.screen.query(TextArea)]:
            field.cursor_blink = False
        await pilot.pause(0.02)
        now = cells_of(pilot)
        same = same + 1 if now == last else 0
        last = now
    return last


async def take(name: str, book_file: Path, folder: Path, looks: int = 12) -> str:
    """The picture of a scene; how many `looks` must see the same decides how late something may still come."""
    picture = Picture()
    for palette in PALETTES:
        home = folder / palette
        home.mkdir()
        async with shown(name, palette, book_file, home) as pilot:
            await settled(pilot, 5 * looks)
            for size in SIZES:
                await pilot.resize_terminal(*size)
                picture.add(palette, size, await settled(pilot, looks))
    return picture.text


def path_of(name: str) -> Path:
    """Where the approved picture of a scene is kept."""
    return FOLDER / f"{name.replace(' ', '-')}.txt"


def kept(name: str) -> str:
    """The approved picture of a scene; nothing where there is none."""
    path = path_of(name)
    return path.read_text("utf-8") if path.exists() else ""
