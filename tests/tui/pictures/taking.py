"""Takes the pictures: the real program in a pseudo-terminal, over a small book."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Final

from pyte.screens import Char

from tests.tui.terminal_harness import Terminal

FOLDER: Final = Path(__file__).parent
SIZES: Final = ("40x12", "80x24", "120x40", "200x50")
PALETTES: Final = ("terminal-dark", "coterie-light", "nord")
NAMES: Final = [f"{size}-{PALETTES[0]}" for size in SIZES] + [f"80x24-{palette}" for palette in PALETTES[1:]]
"""Every size in one palette and every palette at one size: layout and colours do not depend on each other."""
SCENES: Final = (("list", "j space", "1 checked"), ("more", "m", "More"), ("new contact", "escape n", "Add contact"))
"""What is pictured: its name, the keys that lead to it from the one before, and what is there then."""
COTERIE: Final = (sys.executable, "-m", "coterie.tui")
PEOPLE: Final = """\
Name,E-mail 1,E-mail 2,Phone,Company,Job title,Groups,Favorite
Ada Lovelace,ada@example.org,ada@work.example,+44 20 7946 0123,Analytical Engines,Programmer,"Board; Choir",yes
Grace Hopper,grace@example.org,,,Navy,Rear admiral,Choir,no
Émile Čapek,emile@example.org,,,,Writer,,yes
王小明,wang@example.org,,+86 10 5550 0123,北京公司,,Choir,no
Zoë Müller-Straßenmeier zu Hohenlangenau,zoe.mueller-strassenmeier@example.org,,,Fern & Folio,Electrician,,no
"""


def home_of(folder: Path) -> dict[str, str]:
    """A home with the book of the pictures in it."""
    home = {"HOME": str(folder)} | {
        f"XDG_{kind}_HOME": str(folder / kind.lower()) for kind in ("CONFIG", "DATA", "STATE", "CACHE")
    }
    (folder / "people.csv").write_text(PEOPLE, "utf-8")
    with Terminal([*COTERIE, "import", folder / "people.csv"], environment=home) as terminal:
        assert terminal.wait_for_end() == 0, terminal.text
    return home


@contextmanager
def showing(name: str, home: dict[str, str]) -> Iterator[Iterator[tuple[str, Terminal]]]:
    """The program at this size and in this palette; goes from scene to scene, each with its name."""
    size, _, palette = name.partition("-")
    settings = home | {"COTERIE_THEME": palette, "COLORTERM": "truecolor"}
    with Terminal(COTERIE, size=size, environment=settings) as terminal:

        def scenes() -> Iterator[tuple[str, Terminal]]:
            terminal.wait_for("Ada").settle(0.3)
            for scene, keys, words in SCENES:
                terminal.press(*keys.split()).wait_for(words)
                yield scene, terminal

        yield scenes()


def picture(terminal: Terminal) -> str:
    """The screen: its text, and below it for each line how long which style goes on; then what the styles are."""
    styles: dict[str, str] = {}
    rows = []
    for y in range(terminal.screen.lines):
        cells = [_style(terminal.cell(x, y)) for x in range(terminal.screen.columns)]
        runs = ((style, sum(1 for _ in run)) for style, run in groupby(cells))
        rows.append(" ".join(f"{count}{styles.setdefault(style, _letter(len(styles)))}" for style, count in runs))
    legend = [f"{letter} {style}" for style, letter in styles.items()]
    return "\n".join([*(f"|{line}" for line in terminal.lines), "--", *rows, "--", *legend, ""])


def _style(cell: Char) -> str:
    """How a cell looks: of a blank nobody sees the letters' colour."""
    attributes = ("bold", "italics", "underscore", "strikethrough", "reverse")
    if not (cell.data.strip() or cell.underscore or cell.strikethrough or cell.reverse):
        return f"on {cell.bg}"
    return " ".join([cell.fg, "on", cell.bg, *(name for name in attributes if getattr(cell, name))])


def _letter(number: int) -> str:
    return chr(ord("a") + number) if number < 26 else f"{chr(ord('A') + number - 26)}"


def kept(name: str) -> dict[str, str]:
    """The approved pictures of a file, by their scenes."""
    path = FOLDER / f"{name}.txt"
    if not path.exists():
        return {}
    parts = path.read_text("utf-8").split("=== ")[1:]
    return {scene: text for part in parts for scene, _, text in [part.partition("\n")]}


def keep(name: str, pictures: dict[str, str]) -> None:
    """Write the pictures of a file."""
    text = "".join(f"=== {scene}\n{shown}" for scene, shown in pictures.items())
    (FOLDER / f"{name}.txt").write_text(text, "utf-8")


def settled(terminal: Terminal) -> str:
    """The picture, once it stays as it is."""
    last = ""
    while (now := picture(terminal.settle(0.5))) != last:
        last = now
    return now
