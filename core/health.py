"""Whether a book in an SQLite file is well, and what can be done if it is not. It needs no open book."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path

from coterie.core.errors import BookBusy, CannotOpen
from coterie.core.files import real
from coterie.core.store.engine.copies import remove_book, temporary_beside
from coterie.core.store.engine.disk import is_about_disk, refused
from coterie.core.store.repair import checkup, derived, restoring
from coterie.core.store.repair.checkup import Finding
from coterie.core.store.repair.salvage import Salvaged, salvage

__all__ = ["Finding", "Salvaged", "examine", "rebuild", "repair"]


def examine(book: Path) -> list[Finding]:
    """Everything that is wrong with the book; it is only read."""
    return checkup.examine(real(book))


def rebuild(book: Path) -> None:
    """Rebuild what is derived from the contacts: indexes, search text, counters.

    Raises BookBusy while another program writes, ReadOnly if the disk takes nothing, CannotOpen if the book is
    too damaged for it. It is then as before.
    """
    definitions = {name: part.sql for name, part in checkup.expected().items() if derived.is_derived(part.kind, name)}
    try:
        derived.rebuild(real(book), definitions)
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            raise BookBusy(f"Another program is writing to {book.name}.", "Wait until it is done.") from error
        if is_about_disk(str(error)):
            raise refused(book, str(error)) from error
        raise CannotOpen(f"{book} cannot be mended in its place: {error}.", "Use --repair.") from error
    except sqlite3.DatabaseError as error:
        raise CannotOpen(f"{book} cannot be mended in its place: {error}.", "Use --repair.") from error


def repair(book: Path, now: datetime) -> tuple[Salvaged, Path | None]:
    """Save what can be read into a new book in its place; what came of it, and where the old one is kept.

    Raises BookBusy if another program has the book open, CannotOpen if nothing can be saved, UnreadableFile
    if the disk takes nothing. The book is then as before.
    """
    book = real(book)
    restoring.refuse_open(book)
    new = temporary_beside(book)
    try:
        saved = salvage(book, new)
        return saved, restoring.put_in_place(new, book, now)
    finally:
        remove_book(new)
