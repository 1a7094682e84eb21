"""What is pictured: screens by the keys that lead to them, notices, and all of `tests.tui.dialogs.all_dialogs`."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from textual._context import active_app
from textual.pilot import Pilot

from coterie.core import demo
from coterie.core.book import Book
from coterie.core.errors import BookBusy
from coterie.tui import notices
from coterie.tui.app import CoterieApp
from coterie.tui.dialogs.dialog import Dialog
from coterie.tui.glyphs import choose_glyphs
from coterie.tui.state import Options
from coterie.tui.widgets.scroll_bars import draw_thin
from tests.conftest import Clock, settings_in
from tests.tui.dialogs.all_dialogs import DIALOGS
from tests.tui.dialogs.stage import on_stage
from tests.tui.screens.conftest import running

SIZES: Final = ((40, 12), (80, 24), (120, 40), (200, 50))
SMALL: Final = SIZES[:2]
PALETTES: Final = ("coterie-dark", "coterie-light", "terminal-dark")
OWN: Final = ("terminal-dark",)
"""The palette of users who chose none."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What one file pictures.

    Attributes:
        stops: the keys that lead to each picture from the one before; the first begins with the list of all contacts.
        dialog: the dialog that is pictured instead, over an empty screen.
        palettes: the themes.
        sizes: columns and lines of the terminals.
        ascii: whether all is drawn with ASCII characters only.
        no_color: whether NO_COLOR is set.
        linear: whether the lines that `--linear` appends are pictured.
        notice: what is shown over it.
    """

    stops: tuple[str, ...] = ("",)
    dialog: str = ""
    palettes: tuple[str, ...] = PALETTES
    sizes: tuple[tuple[int, int], ...] = SIZES
    ascii: bool = False
    no_color: bool = False
    linear: bool = False
    notice: Callable[[CoterieApp], None] = lambda app: None


def small(*stops: str, **options: Any) -> Scene:
    """Several pictures of one kind, in the sizes in which most is cut."""
    return Scene(stops, palettes=OWN, sizes=SMALL, **options)


BUSY: Final = BookBusy("Another program is writing to the book.", "Try again when it is done.")
HOUR: Final = 3600.0
CAME: Final = "307 contacts came from ada@example.org. They are in All contacts."
TOUR: Final = (
    "j space j space",
    "escape slash a d a enter",
    "escape F",
    "escape o",
    "escape 3",
    "enter",
    "1 enter",
    "escape question_mark",
    "escape d",
    "4 d",
    "escape 1 e",
)
"""From one kind of screen and dialog to the next."""
SCENES: Final[Mapping[str, Scene]] = {
    "list": Scene(),
    "list checked": Scene(("j space j space",)),
    "list searched": Scene(("slash a d a enter",)),
    "search line": Scene(("slash c o m",)),
    "facets": Scene(("F",)),
    "favorites": Scene(("2",)),
    "groups": Scene(("3",)),
    "members": Scene(("3 enter",)),
    "bin": Scene(("4",)),
    "details": Scene(("enter",)),
    "help": Scene(("question_mark",)),
    "more actions": Scene(("m",)),
    "command palette": Scene(("ctrl+p",)),
    "deleted": Scene(("d",)),
    "new contact": Scene(("n",)),
    "question": Scene(("4 d",)),
    **{f"dialog {name}": Scene(dialog=name) for name in DIALOGS},
    "pages of help": small("question_mark pagedown", "end", "slash u n d o"),
    "pages of more actions": small("m end"),
    "pages of import": small(*["ctrl+pagedown"] * 3, "ctrl+s", dialog="import"),
    "pages of contact form": small(*["ctrl+pagedown"] * 5, dialog="contact form"),
    "pages of bulk edit": small(*["ctrl+pagedown"] * 2, dialog="bulk edit"),
    "pages of duplicates": small(*["ctrl+pagedown"] * 2, dialog="duplicates"),
    "without colors": small(*TOUR, no_color=True),
    "ascii": small(*TOUR, ascii=True),
    "linear": Scene(TOUR, linear=True),
    "said": small("d", "u", "ctrl+r", "space space f", "y", "A full_stop"),
    "notice of an error": Scene(sizes=SMALL, notice=lambda app: notices.show(app, BUSY, HOUR)),
    "notice until read": Scene(
        sizes=SMALL, notice=lambda app: notices.show_until_read(app, CAME, "Google is connected")
    ),
}
NAMES: Final = [*SCENES]
FILE: Final = "Name,E-mail,Company\nAda King,ada@example.org,Engines\nBob Moore,bob@example.org,\n,,\n"


async def book_of_pictures(folder: Path) -> Path:
    """Make the book that is pictured, that of the demo; its file, to be copied."""
    settings = settings_in(folder)
    async with await Book.open(settings, now=Clock()) as book:
        await demo.fill(book)
    return Path(settings.database_url.removeprefix("sqlite:///"))


@asynccontextmanager
async def shown(scene: Scene, palette: str, book_file: Path, folder: Path) -> AsyncIterator[Pilot[None]]:
    """This scene before its first keys, over a copy of the book in `folder`."""

    def dialog() -> Dialog[Any]:
        active_app.get().theme = palette
        return DIALOGS[scene.dialog](book, folder)

    (folder / "people.csv").write_text(FILE, "utf-8")
    os.utime(folder / "people.csv", (Clock().now.timestamp(),) * 2)
    settings = settings_in(folder)
    path = Path(settings.database_url.removeprefix("sqlite:///"))
    path.parent.mkdir()
    shutil.copy(book_file, path)
    options = Options(theme=palette, ascii=scene.ascii, linear=scene.linear)
    with _surroundings(folder, scene.no_color, scene.ascii):
        async with await Book.open(settings, now=Clock()) as book:
            if scene.dialog:
                async with on_stage(dialog) as (_, pilot):
                    yield pilot
            else:
                async with running(book, size=(80, 24), people=(), options=options) as driver:
                    scene.notice(driver.app)
                    yield driver.pilot


@contextmanager
def _surroundings(folder: Path, no_color: bool, ascii_only: bool) -> Iterator[None]:
    """A terminal with all colors, UTC, and the folder as home."""
    ours = {"HOME": str(folder), "COLORTERM": "truecolor", "TERM": "xterm-256color", "TZ": "UTC"}
    with patch.dict(os.environ, ours):
        os.environ.pop("NO_COLOR", None)
        if no_color:
            os.environ["NO_COLOR"] = "1"
        time.tzset()
        draw_thin(choose_glyphs(ascii_only))  # as the program does at its start
        yield
    time.tzset()
