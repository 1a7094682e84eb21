"""Reading a book, or a copy of one, without writing anything: its disk may be full or read-only."""

from __future__ import annotations

import errno
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from coterie.core.leftovers import temporary_folder
from coterie.core.store.engine.disk import is_about_disk

BESIDE: Final = ("-wal", "-shm", "-journal")
"""The endings of the files that SQLite keeps beside a book. They belong to that very book, and to no other."""
_LOGS: Final = ("-wal", "-journal")


def beside(path: Path, ending: str) -> Path:
    """The file that SQLite keeps beside the book at `path`, by its ending in `BESIDE`."""
    return path.with_name(path.name + ending)


def connect(path: Path, **options: Any) -> sqlite3.Connection:
    """A connection to a book that is there: none is made if it is missing. Raises sqlite3.Error."""
    return _connection(path, "mode=rw", **options)


def look(path: Path, **options: Any) -> sqlite3.Connection:
    """A connection to a book that reads only, and leaves nothing beside it.

    If there is no log beside the book, all of it is in its file, and nobody has it open for writing. A log that cannot
    be read where it is (https://www.sqlite.org/wal.html#read_only_databases) is read in a copy of both.

    Args:
        path: the file of the book.
        options: more for `sqlite3.connect`.

    Raises sqlite3.Error and OSError.
    """
    if any(beside(path, ending).exists() for ending in _LOGS):
        try:
            return _connected(path, "mode=ro", **options)
        except sqlite3.OperationalError:
            if has_log(path):
                return _in_a_copy(path, **options)
    return _connected(path, "immutable=1", **options)


def connect_or_look(path: Path, **options: Any) -> sqlite3.Connection:
    """A connection to a book for reading it: one that only looks if the disk takes no files beside it.

    Raises sqlite3.Error and OSError.
    """
    connection = connect(path, **options)
    try:
        connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        connection.close()
        if not is_about_disk(str(error)):
            raise
        return look(path, **options)
    except BaseException:
        connection.close()
        raise
    return connection


def has_log(path: Path) -> bool:
    """Whether there are changes beside the book that may not be in its file yet."""
    return any(log.exists() and log.stat().st_size > 0 for log in (beside(path, ending) for ending in _LOGS))


def _connection(path: Path, how: str, **options: Any) -> sqlite3.Connection:
    connection: sqlite3.Connection = sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True, **options)
    return connection


def _connected(path: Path, how: str, **options: Any) -> sqlite3.Connection:
    connection = _connection(path, how, **options)
    try:
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _copy(path: Path, target: Path) -> None:
    """Copy a file in a program of its own: if it were closed here, a book that is open here would lose its locks.

    Raises OSError.
    """
    copied = subprocess.run(["cp", "--", path, target], capture_output=True, text=True, check=False)  # noqa: S603, S607
    if copied.returncode:
        raise OSError(errno.EIO, copied.stderr.strip() or "the book cannot be copied", str(path))


def _in_a_copy(path: Path, **options: Any) -> sqlite3.Connection:
    """A connection to a copy of the book with its log, of which nothing remains once it is closed."""
    with temporary_folder("book") as folder:
        copy = folder / "book.db"
        _copy(path, copy)
        for ending in _LOGS:
            if beside(path, ending).exists():
                _copy(beside(path, ending), beside(copy, ending))
        with closing(connect(copy)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
        return _connected(copy, "immutable=1", **options)
