"""Opening a book: finding its database, making or migrating it, with a copy kept before each migration."""

from __future__ import annotations

import asyncio
import fcntl
import glob
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC
from pathlib import Path
from typing import Final

from coterie.core.clock import Clock
from coterie.core.errors import CannotOpen, CoterieError, ReadOnly
from coterie.core.files import private_file, private_folder, real, reason
from coterie.core.store.engine.copies import copy_book, remove_left, revision_of
from coterie.core.store.engine.daily import daily_copies
from coterie.core.store.engine.database import Database
from coterie.core.store.engine.disk import is_about_disk, why_not_written
from coterie.core.store.engine.held import refuse_second_name
from coterie.core.store.engine.looking import has_log, look
from coterie.core.store.engine.migrations import HEAD, Notice, book_too_new, migrate_sqlite, unheard, updating
from coterie.core.store.engine.sqlite import SqliteDatabase

OLDEST_SQLITE: Final = (3, 35)
"""RETURNING came with 3.35, FTS5's trigrams with 3.34."""
_ANOTHER: Final = "Choose another file with COTERIE_DATABASE_URL."


async def open_database(url: str, clock: Clock, notice: Notice = unheard) -> Database:
    """The database at `url` (`sqlite:///PATH` or `postgresql://…`) with the present schema; `clock` tells the time.

    `notice` is told what takes a while. Raises CannotOpen and BookTooNew.
    """
    if url.startswith("sqlite:///"):
        # As SQLite does: the log is beside the file that a link leads to.
        path = await asyncio.to_thread(real, Path(url.removeprefix("sqlite:///")))
        try:
            read_only = await asyncio.to_thread(prepare_sqlite, path, clock, notice)
            return SqliteDatabase(path, clock, read_only)
        except OSError as error:
            raise CannotOpen(f"{path} cannot be read: {reason(error)}.", "Check its owner and permissions.") from error
    from coterie.core.store.engine.postgresql import open_postgresql

    return await open_postgresql(url, clock, notice)


def prepare_sqlite(path: Path, clock: Clock, notice: Notice = unheard) -> ReadOnly | None:
    """Make the book's file if there is none, and migrate it if it is older than this program.

    `clock` tells the time for the name of the copy that is kept. Why the book can only be read is returned; None if
    it can be changed.

    Raises CannotOpen and BookTooNew, and BookBusy or UnreadableFile if it is open under another name.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise CannotOpen(f"SQLite {sqlite3.sqlite_version} is too old for the book.", "Install SQLite 3.35 or later.")
    try:
        if path.is_file() and path.stat().st_size and why_not_written(path)[0]:
            return _for_reading(path)
        _refuse_emptied(path)
        # The folder may be a home directory, so its rights stay; the file is ours alone, as are those beside it.
        private_folder(path.parent, tighten=False)
        private_file(path)
        if not path.is_file():
            raise CannotOpen(f"{path} is not a file: it cannot hold a book.", _ANOTHER)
        refuse_second_name(path)
        _raise_to_head(path, clock, notice)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError) and is_about_disk(str(error)) and path.is_file():
            return _for_reading(path, str(error))
        raise CannotOpen(
            f"{path} cannot be read as a book: {error}.",
            "Choose another file with COTERIE_DATABASE_URL, or put a copy back with `coterie restore-backup`.",
        ) from error
    return None


def _refuse_emptied(path: Path) -> None:
    """Raise CannotOpen if the book's file is empty though there are copies of it: a new book would hide the loss."""
    if path.is_file() and not path.stat().st_size and not has_log(path) and daily_copies(path):
        raise CannotOpen(
            f"{path} is empty, though it held a book before.", "`coterie restore-backup` lists the copies of it."
        )


def _for_reading(path: Path, message: str = "") -> ReadOnly:
    """Why the book can only be read. Raises CannotOpen if it cannot even be read, BookTooNew."""
    why, cure = why_not_written(path)
    why = why or f"its disk takes no more ({message})"
    cure = cure or "Make room on the disk, then try again."
    try:
        with closing(look(path)) as connection:
            revision = revision_of(connection, path)
    except (sqlite3.Error, OSError) as error:
        raise CannotOpen(f"{path} cannot be read: {why}, and {error}.", cure) from error
    if revision != HEAD:
        raise CannotOpen(f"{path} must be brought up to date, but {why}.", cure)
    return ReadOnly(f"The book is open for reading only: {why}.", cure)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold a lock on the folder: of several programs that start at once, one migrates and the others wait.

    (A lock on the book itself would end when any of our descriptors of it is closed.)
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _raise_to_head(path: Path, clock: Clock, notice: Notice) -> None:
    revision = _revision(path)
    if revision > HEAD:  # revisions are numbered
        raise book_too_new(str(path), revision)
    if revision != HEAD:
        with _alone(path.parent):
            revision = _revision(path)  # another program may have been faster
            if revision != HEAD:
                _bring_up_to_date(path, revision, clock, notice)


def _bring_up_to_date(path: Path, revision: str, clock: Clock, notice: Notice) -> None:
    if revision:
        notice(updating(_count(path)))
    kept = _kept(path, revision, clock) if revision else None
    try:
        migrate_sqlite(path)
    except Exception as error:
        copy = f"There is a copy from before: {kept}." if kept else "Nothing was lost: the book was empty."
        raise CannotOpen(f"The book {path} could not be brought up to date: {error}.", copy) from error


def _count(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT COUNT(*) FROM contact").fetchone()[0])


def _kept(path: Path, revision: str, clock: Clock) -> Path:
    """Keep a copy beside a book that is about to change. Returns its path; `clock` tells the time.

    Raises CannotOpen if it cannot be made: then the book is as before.
    """
    try:
        return keep_copy(path, revision, clock)
    except CoterieError as error:
        raise CannotOpen(
            f"The book {path} must be brought up to date, but the copy before that failed. {error.title}", error.hint
        ) from error


def keep_copy(path: Path, revision: str, clock: Clock) -> Path:
    """Copy a book, with what stands in its write-ahead log. Returns the path of the copy, beside it.

    It is called `NAME.schema-REVISION.TIME`; `clock` tells the time. Raises UnreadableFile, BookBusy and CannotOpen.
    """
    stamp = clock().astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    copy = path.with_name(f"{path.name}.schema-{revision}.{stamp}")
    remove_left(path.parent, f"{path.name}.schema-{revision}")
    copy_book(path, copy)
    _keep_first_and_last(path, revision)
    return copy


def _keep_first_and_last(path: Path, revision: str) -> None:
    """Of the copies of one revision, which come of migrations that failed, two are enough."""
    copies = sorted(path.parent.glob(f"{glob.escape(path.name)}.schema-{revision}.????????T??????Z"))
    for needless in copies[1:-1]:
        needless.unlink(missing_ok=True)


def _revision(path: Path) -> str:
    """The schema's revision; empty for a new file."""
    connection = sqlite3.connect(path, timeout=10)
    try:
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if "alembic_version" not in tables:
            if tables:
                raise CannotOpen(f"{path} is an SQLite file of another program.", _ANOTHER)
            return ""
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(row[0]) if row else ""
    finally:
        connection.close()
