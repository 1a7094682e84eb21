"""Putting a copy back in the place of a book: verified, brought up to date and compared first; the old book is kept.

A book in an SQLite file is a set of files. A log (`-wal`, `-journal`) that stays beside the new file is replayed over
it, which destroys it; so what belongs to the old book goes with it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from coterie.core.errors import CannotOpen, NoSuchFile, UnreadableFile
from coterie.core.files import private_folder, real, reason, sync_folder
from coterie.core.store.engine.copies import Stop, copy_from, go_on, remove_book, revision_of, temporary_beside
from coterie.core.store.engine.daily import folder_of
from coterie.core.store.engine.disk import is_busy, why_not_written
from coterie.core.store.engine.held import held, in_use, refuse_open
from coterie.core.store.engine.looking import BESIDE, beside, connect, connect_or_look, has_log, look
from coterie.core.store.engine.migrations import HEAD, migrate_sqlite
from coterie.core.store.repair.difference import Difference, compare

__all__ = ["difference", "put_in_place", "refuse_open", "staged"]

_STAMP: Final = "%Y-%m-%dT%H%M%S"


@contextmanager
def staged(book: Path, copy: Path, stop: Stop = go_on) -> Iterator[Path]:
    """The book that `copy` holds, beside `book` and ready to take its place; it vanishes unless it does.

    It is verified, and has the present schema. Raises NoSuchFile, UnreadableFile, CannotOpen, BookTooNew, and what
    `stop` raises.
    """
    copy = real(copy)
    _look_at(book, copy)
    private_folder(book.parent, tighten=False)
    ready = temporary_beside(book)
    try:
        with closing(look(copy, isolation_level=None)) as source:
            revision = revision_of(source, copy)
            copy_from(source, ready, stop)
        if revision != HEAD:
            _update(ready, copy)
        yield ready
    except sqlite3.DatabaseError as error:
        raise CannotOpen(f"{copy} cannot be read as a book: {error}.", "Choose another copy.") from error
    except OSError as error:
        raise UnreadableFile(f"{copy} cannot be read: {reason(error)}.", "Choose another copy.") from error
    finally:
        remove_book(ready)


def _look_at(book: Path, copy: Path) -> None:
    if not copy.exists():
        raise NoSuchFile(f"There is no file {copy}.", "`coterie restore-backup` without a file lists the copies.")
    if not copy.is_file():
        raise NoSuchFile(f"{copy} is not a file.", "Give the path of a copy.")
    if book.exists() and book.samefile(copy):
        raise UnreadableFile(f"{copy} is the book itself.", "Give the path of a copy.")
    if not copy.stat().st_size:
        raise UnreadableFile(f"{copy} is empty: it holds no book.", "Choose another copy.")


def _update(ready: Path, copy: Path) -> None:
    try:
        migrate_sqlite(ready)
        with closing(connect(ready)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
    except Exception as error:
        raise CannotOpen(f"{copy} could not be brought up to date: {error}.", "Choose another copy.") from error


def difference(book: Path, ready: Path) -> Difference | None:
    """What would differ with the staged book in the place of `book`; None if there is no book that can be read."""
    if not book.exists() or not book.stat().st_size:
        return None
    try:
        with closing(connect_or_look(book, isolation_level=None)) as connection:
            return compare(connection, ready)
    except (sqlite3.DatabaseError, OSError):
        return None


def put_in_place(ready: Path, book: Path, now: datetime) -> Path | None:
    """Put the staged book in the place of `book`. Returns where the old one is kept; None if there was none.

    A kill leaves the old book or the new one. `now` names the old one. Raises BookBusy if another program has the
    book open, UnreadableFile if the disk refuses.
    """
    try:
        if not book.exists():
            _clear(book)
            _replace(ready, book)
            return None
        _close_log(book)
        with held(book):
            kept = _keep_old(book, now)
            _replace(ready, book)
        return kept
    except OSError as error:
        why, cure = why_not_written(book)
        raise UnreadableFile(
            f"The copy could not be put in the place of {book}: {why or reason(error)}.", cure or "Try again."
        ) from error


def _close_log(book: Path) -> None:
    """Bring the log into the book's file, so that the file alone is the book. Raises BookBusy.

    A damaged book keeps its log: both are kept together.
    """
    try:
        with closing(connect(book, timeout=1)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        if is_busy(error):
            raise in_use(book) from error
    except sqlite3.DatabaseError:
        pass


def _keep_old(book: Path, now: datetime) -> Path:
    """Keep the old book under another name, with its log if it still has one; the old name remains till the end."""
    folder = private_folder(folder_of(book))
    kept = folder / f"replaced-{now.strftime(_STAMP)}.db"
    number = 1
    while kept.exists():
        number += 1
        kept = folder / f"replaced-{now.strftime(_STAMP)}-{number}.db"
    if has_log(book):
        for ending in BESIDE:
            with suppress(FileNotFoundError):
                beside(book, ending).rename(beside(kept, ending))
    _clear(book)
    try:
        os.link(book, kept)
    except OSError:  # a disk without links
        book.rename(kept)
    return kept


def _clear(book: Path) -> None:
    for ending in BESIDE:
        beside(book, ending).unlink(missing_ok=True)


def _replace(ready: Path, book: Path) -> None:
    ready.replace(book)
    sync_folder(book.parent)
