"""Opening the book for a command: the user's own, or the throw-away one of `--demo`."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from coterie.core.errors import CannotOpen
from coterie.core.files import private_folder

if TYPE_CHECKING:
    from coterie.core.book import Book
    from coterie.core.settings import Settings

_log = logging.getLogger(__name__)


@asynccontextmanager
async def opened(settings: Settings, *, demo: bool = False) -> AsyncIterator[Book]:
    """The open book, closed at the end. A demo lives in a folder that vanishes with it.

    Raises CannotOpen, BookTooNew or BookBusy.
    """
    from coterie.core.book import Book

    if not demo:
        if settings.sqlite_path and settings.sqlite_path.parent == settings.directories.data:
            with suppress(CannotOpen):  # a disk that is read-only; what matters is the book
                private_folder(settings.directories.data)
        async with await Book.open(settings, notice=_note) as book:
            if book.trouble is not None:
                _note(str(book.trouble))
            before = book.revision
            sweeping = asyncio.create_task(asyncio.to_thread(_sweep, settings))
            try:
                yield book
            finally:
                await sweeping
            if book.revision != before:
                await keep_copy(settings)
        return
    from coterie.core.demo import fill
    from coterie.core.leftovers import temporary_folder

    with temporary_folder("demo") as folder:
        async with await Book.open(settings.inside(folder)) as book:
            await fill(book)
            yield book


def _sweep(settings: Settings) -> None:
    from coterie.core import leftovers

    places = settings.directories
    leftovers.sweep((places.data, places.state, settings.tokens_folder, settings.files_folder))


async def keep_copy(settings: Settings) -> None:
    """Make the copy of today if it is due. If it fails, the log and `doctor` say so, and all else goes on."""
    if settings.sqlite_path is None:
        return
    from coterie.core.backups import Backups
    from coterie.core.errors import CoterieError

    try:
        await Backups(settings.sqlite_path).keep()
    except (CoterieError, sqlite3.Error, OSError):
        _log.warning("today's copy of the book could not be made", exc_info=True)


def _note(sentence: str) -> None:
    from coterie.tui.commandline import output  # `coterie query` hardly ever needs it

    output.note(f"coterie: {sentence}")
