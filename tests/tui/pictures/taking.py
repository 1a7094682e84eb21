"""Takes a picture: the text of the screen in each size and, letter by letter, how it looks in each palette."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from rich.cells import cell_len
from rich.style import Style
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from coterie.tui.app import CoterieApp
from coterie.tui.linear.driver import SIZE
from coterie.tui.linear.narrator import REST, Narrator
from coterie.tui.screens.contacts import ContactList
from tests.tui.pictures.scenes import SCENES, Scene, shown

FOLDER: Final = Path(__file__).parent / "approved"
ATTRIBUTES: Final = ("bold", "dim", "italic", "underline", "strike", "reverse")

Cells = list[list[tuple[str, str]]]
"""The rows of a screen: each letter and its style, once for each of its cells."""


class Picture:
    """A scene in some sizes and palettes, as the text that is kept.

    Args:
        stops: the keys that lead to each picture from the one before.
    """

    def __init__(self, stops: Sequence[str]) -> None:
        self._stops = stops
        self._screens: dict[tuple[int, tuple[int, int], str], dict[str, Cells]] = {}

    def add(self, palette: str, stop: int, size: tuple[int, int], cells: Cells) -> None:
        """Add what is on the screen; what says the same in several palettes is written once."""
        said = "\n".join(f"|{''.join(letter for letter, _ in row).rstrip()}" for row in cells)
        self._screens.setdefault((stop, size, said), {})[palette] = cells

    @property
    def text(self) -> str:
        """What each screen says, and how long which look goes on in its lines; at the end what the looks are."""
        looks: dict[tuple[str, ...], str] = {}
        lines = []
        for (stop, (width, height), said), screens in sorted(self._screens.items(), key=lambda screen: screen[0][:2]):
            after = f" after {self._stops[stop]}" if len(self._stops) > 1 else ""
            lines += [f"== {width}x{height} {' '.join(screens)}{after}", said, "--"]
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
    scene = SCENES[name]
    picture = Picture(scene.stops)
    for palette in scene.palettes:
        home = folder / palette
        home.mkdir()
        async with shown(scene, palette, book_file, home) as pilot:
            if scene.linear:
                return await _heard(scene, pilot, looks)
            for stop, keys in enumerate(scene.stops):
                await pilot.press(*keys.split())
                await settled(pilot, 5 * looks)
                for size in scene.sizes:
                    await pilot.resize_terminal(*size)
                    picture.add(palette, stop, size, await settled(pilot, looks))
    return picture.text


async def _heard(scene: Scene, pilot: Pilot[None], looks: int) -> str:
    """The lines that a screen reader hears after each of the keys."""
    lines: list[str] = []
    assert isinstance(pilot.app, CoterieApp)
    narrator = pilot.app.narrator = Narrator(pilot.app, lines.append)
    await pilot.resize_terminal(*SIZE)
    for key in ["", *(key for keys in scene.stops for key in keys.split())]:
        lines += [f"== after {key}"] * bool(key)
        await pilot.press(*[key] * bool(key))
        await settled(pilot, 5 * looks)
        narrator.look()
        await pilot.pause(2 * REST)
    return "\n".join([*lines, ""])


def path_of(name: str) -> Path:
    """Where the approved picture of a scene is kept."""
    return FOLDER / f"{name.replace(' ', '-')}.txt"


def kept(name: str) -> str:
    """The approved picture of a scene; nothing where there is none."""
    path = path_of(name)
    return path.read_text("utf-8") if path.exists() else ""
