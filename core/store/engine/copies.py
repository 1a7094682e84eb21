"""Copies of a book in an SQLite file: made with SQLite's backup API, verified before they count, whole or not there.

A copy is one file that needs no others beside it, so that it can be moved about; only its user can read it.
"""

from __future__ import annotations

import glob
import os
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from coterie.core.errors import BookBusy, CannotOpen, UnreadableFile
from coterie.core.files import private_file, reason, sync_folder
from coterie.core.store.engine.disk import is_about_disk, is_busy, why_not_written
from coterie.core.store.engine.looking import BESIDE, beside, connect_or_look
from coterie.core.store.engine.migrations import HEAD, book_too_new

_MAGIC: Final = b"SQLite format 3\0"
_LOGGED: Final = 2
"""What bytes 18 and 19 of the header say of a book that is in use (https://www.sqlite.org/fileformat.html)."""
_TEMPORARY: Final = re.compile(r"\.(\d+)\.new(-wal|-shm|-journal)?$")
_PAGES: Final = 4096
"""Copied between two looks whether to stop: 16 MB."""
_STEPS: Final = 1_000_000
"""Of SQLite's machine, between two such looks while a copy is verified."""

Stop = Callable[[], None]
"""Is called now and then, and raises what stops the work."""


def go_on() -> None:
    """Never stop."""


def copy_book(source: Path, target: Path, stop: Stop = go_on) -> None:
    """Copy the book at `source`, with what stands in its log, to `target`. Other programs may go on using it.

    What was at `target` is replaced once the copy is verified. Raises UnreadableFile if it cannot be written,
    CannotOpen if the book is damaged, and what `stop` raises; then `target` is as before.
    """
    with closing(connect_or_look(source, timeout=10, isolation_level=None)) as connection:
        copy_from(connection, target, stop)


def copy_from(source: sqlite3.Connection, target: Path, stop: Stop = go_on) -> None:
    """Copy what a connection reads to `target`, see `copy_book`."""
    temporary = temporary_beside(target)
    try:
        _fill(source, private_file(temporary), stop)
        _to_disk(temporary)
        for ending in BESIDE:  # of a book that was there before: it must not be taken for ours
            beside(target, ending).unlink(missing_ok=True)
        temporary.replace(target)
        sync_folder(target.parent)
    except CannotOpen as error:
        why, cure = why_not_written(target)
        if not why:
            raise
        raise _unwritable(target, why, cure) from error
    except OSError as error:
        raise _unwritable(target, reason(error), "Choose another place.") from error
    except sqlite3.OperationalError as error:
        if is_busy(error):
            raise BookBusy("Another program is writing to the book.", "Try again when it is done.") from error
        if not is_about_disk(str(error)):
            raise
        why, cure = why_not_written(target)
        raise _unwritable(target, why or f"SQLite says “{error}”", cure or "Choose another place.") from error
    except sqlite3.DatabaseError as error:
        raise CannotOpen(f"The book is damaged: {error}.", "`coterie doctor` says what is wrong.") from error
    finally:
        remove_book(temporary)


def remove_book(path: Path) -> None:
    """Remove a temporary book, if it is there; a disk that does not let it go changes nothing about what was done."""
    for ending in ("", *BESIDE):
        with suppress(OSError):
            beside(path, ending).unlink(missing_ok=True)


def temporary_beside(target: Path) -> Path:
    """A name beside `target` for a file that takes its place later; what killed programs left there is removed."""
    name = target.name[:200]
    remove_left(target.parent, name)
    return target.with_name(f".{name}.{os.getpid()}.new")


def remove_left(folder: Path, name: str = "") -> None:
    """Remove what killed programs left in `folder` of copies called `name`; by default of all copies."""
    for left in folder.glob(f".{glob.escape(name) or '*'}.*.new*"):
        match = _TEMPORARY.search(left.name)
        if match and not _runs(int(match[1])):
            left.unlink(missing_ok=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # another user's
        return True
    return True


def _unwritable(target: Path, why: str, cure: str) -> UnreadableFile:
    return UnreadableFile(f"No copy was made at {target}: {why}.", cure)


def _fill(source: sqlite3.Connection, temporary: Path, stop: Stop) -> None:
    with closing(sqlite3.connect(temporary, isolation_level=None)) as copy:
        # One transaction holds the book as it is; without it, each change of others would start the copy anew.
        source.execute("BEGIN")
        try:
            source.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
            source.backup(copy, pages=_PAGES, progress=lambda *_: stop())
        finally:
            source.execute("COMMIT")
        copy.execute("PRAGMA journal_mode = DELETE")  # one file that needs none beside it
        trouble = integrity(copy, stop)
    if trouble:
        raise CannotOpen(f"The book is damaged: {trouble}.", "`coterie doctor` says what can be done.")


def integrity(connection: sqlite3.Connection, stop: Stop = go_on) -> str:
    """What SQLite finds wrong with a database; empty if it is intact. Raises what `stop` raises."""
    stopped: list[BaseException] = []

    def look() -> bool:
        try:
            stop()
        except BaseException as error:  # noqa: BLE001 - raised below: SQLite's machine would swallow it
            stopped.append(error)
        return bool(stopped)

    connection.set_progress_handler(look, _STEPS)
    try:
        lines = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(3)")]
    except sqlite3.DatabaseError as error:
        if stopped:
            raise stopped[0] from error
        return str(error)
    finally:
        connection.set_progress_handler(None, 0)
    return "" if lines == ["ok"] else "; ".join(lines)


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


# What is a copy ------------------------------------------------------------------------------------------------------


def refuse_no_copy(target: Path) -> None:
    """Raise UnreadableFile if a copy at `target` would replace something else than an earlier copy.

    A book that is in use says so in its header, and has files beside it.
    """
    if not target.exists():
        return
    if not target.is_file():
        raise UnreadableFile(f"{target} is not a file: a copy cannot be written there.", "Choose another place.")
    try:
        with target.open("rb") as file:
            header = file.read(100)
    except OSError as error:
        raise UnreadableFile(f"{target} cannot be read: {reason(error)}.", "Choose another place.") from error
    in_use = header[18:20] == bytes((_LOGGED, _LOGGED)) or any(beside(target, ending).exists() for ending in BESIDE)
    if header and (not header.startswith(_MAGIC) or in_use):
        what = "is a book in use" if in_use and header.startswith(_MAGIC) else "is there already, and is not a copy"
        raise UnreadableFile(f"{target} {what}: it is not replaced.", "Choose another name.")


def revision_of(connection: sqlite3.Connection, path: Path) -> str:
    """The schema of a book. Raises CannotOpen if `path` is no book of ours, BookTooNew."""
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not {"alembic_version", "contact"} <= tables:
        raise CannotOpen(f"{path} is not a book of Coterie.", "Choose another file.")
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    revision = str(row[0]) if row else ""
    if revision > HEAD:  # revisions are numbered
        raise book_too_new(str(path), revision)
    return revision
