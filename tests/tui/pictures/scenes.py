"""What is pictured: screens, each by the keys that lead to it, and all dialogs of `tests.tui.dialogs.all_dialogs`."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from textual._context import active_app
from textual.pilot import Pilot

from coterie.core import demo
from coterie.core.book import Book
from coterie.tui.dialogs.dialog import Dialog
from coterie.tui.glyphs import choose_glyphs
from coterie.tui.state import Options
from coterie.tui.widgets.scroll_bars import draw_thin
from tests.conftest import Clock, settings_in
from tests.tui.dialogs.all_dialogs import DIALOGS
from tests.tui.dialogs.stage import on_stage
from tests.tui.screens.conftest import running

SCREENS: Final = {
    "list": "",
    "list checked": "j space j space",
    "list searched": "slash a d a enter",
    "search line": "slash c o m",
    "facets": "F",
    "favorites": "2",
    "groups": "3",
    "members": "3 enter",
    "bin": "4",
    "details": "enter",
    "help": "question_mark",
    "more actions": "m",
    "command palette": "ctrl+p",
    "deleted": "d",
    "new contact": "n",
    "question": "4 d",
}
"""The keys that lead to each, from the list of all contacts."""
NAMES: Final = [*SCREENS, *(f"dialog {name}" for name in DIALOGS)]
FILE: Final = "Name,E-mail,Company\nAda King,ada@example.org,Engines\nBob Moore,bob@example.org,\n,,\n"


async def book_of_pictures(folder: Path) -> Path:
    """Make the book that is pictured, that of the demo; its file, to be copied."""
    settings = settings_in(folder)
    async with await Book.open(settings, now=Clock()) as book:
        await demo.fill(book)
    return Path(settings.database_url.removeprefix("sqlite:///"))


@asynccontextmanager
async def shown(name: str, palette: str, book_file: Path, folder: Path) -> AsyncIterator[Pilot[None]]:
    """This scene, over a copy of the book in `folder`: a screen in the program, a dialog over an empty one."""

    def dialog() -> Dialog[Any]:
        active_app.get().theme = palette
        return DIALOGS[name.removeprefix("dialog ")](book, folder)

    (folder / "people.csv").write_text(FILE, "utf-8")
    os.utime(folder / "people.csv", (Clock().now.timestamp(),) * 2)
    settings = settings_in(folder)
    path = Path(settings.database_url.removeprefix("sqlite:///"))
    path.parent.mkdir()
    shutil.copy(book_file, path)
    with _surroundings(folder):
        async with await Book.open(settings, now=Clock()) as book:
            if name in SCREENS:
                async with running(
                    book, size=(80, 24), people=(), options=Options(theme=palette, ascii=False)
                ) as driver:
                    await driver.press(*SCREENS[name].split())
                    yield driver.pilot
            else:
                async with on_stage(dialog) as (_, pilot):
                    yield pilot


@contextmanager
def _surroundings(folder: Path) -> Iterator[None]:
    """A terminal with all colors, UTC, and the folder as home."""
    ours = {"HOME": str(folder), "COLORTERM": "truecolor", "TERM": "xterm-256color", "TZ": "UTC"}
    with patch.dict(os.environ, ours):
        os.environ.pop("NO_COLOR", None)
        time.tzset()
        draw_thin(choose_glyphs(False))  # as the program does at its start
        yield
    time.tzset()
