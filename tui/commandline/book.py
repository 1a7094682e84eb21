"""Opening the book for a command: the user's own, or the throw-away one of `--demo`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from core.files import private_folder

if TYPE_CHECKING:
    from core.book import Book
    from core.settings import Settings


@asynccontextmanager
async def opened(settings: Settings, *, demo: bool = False) -> AsyncIterator[Book]:
    """The open book, closed at the end. A demo lives in a folder that vanishes with it.

    Raises CannotOpen, BookTooNew or BookBusy.
    """
    from core.book import Book

    if not demo:
        if settings.sqlite_path and settings.sqlite_path.parent == settings.directories.data:
            private_folder(settings.directories.data)
        async with await Book.open(settings, notice=_note) as book:
            yield book
        return
    import tempfile

    from core.demo import fill

    with tempfile.TemporaryDirectory(prefix="coterie-demo-") as folder:
        async with await Book.open(settings.inside(Path(folder))) as book:
            await fill(book)
            yield book


def _note(sentence: str) -> None:
    from tui.commandline import output  # `coterie query` hardly ever needs it

    output.note(f"coterie: {sentence}")
