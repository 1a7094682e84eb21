"""Whether the files of an open book are still those that were opened.

A program that has a deleted or replaced file open goes on writing into nothing: the system keeps such a file until it
is closed, and then it is gone. So the files are looked at now and then, and before each change.
"""

from __future__ import annotations

import os
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Final

from coterie.core.errors import BookGone
from coterie.core.files import reason
from coterie.core.store.engine.looking import beside

_MAGIC: Final = b"SQLite format 3\0"
_LOGGED: Final = b"\2\2"
_TRIES: Final = 3
_File = tuple[int, int]

_held: dict[_File, int] = {}
_users: Counter[_File] = Counter()
"""A file is opened once, and closed when no book here uses it any more: closing it ends all locks that this program has
on it (https://www.sqlite.org/howtocorrupt.html, section 2.2)."""


def _file_of(status: os.stat_result) -> _File:
    return status.st_dev, status.st_ino


def _hold(path: Path) -> _File:
    file = _file_of(path.stat())
    if file not in _held:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        file = _file_of(os.fstat(descriptor))
        _held[file] = descriptor
    _users[file] += 1
    return file


class BookFiles:
    """The files of a book that SQLite has open. Close it after SQLite has closed them.

    Args:
        path: the file of the book.

    Raises OSError if it cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._aside = path.with_name(f"{path.name}.replaced-{os.getpid()}")
        self._file = _hold(path)
        self._log: _File | None = None
        self._overwritten = False  # for good: what others write then looks like ours
        self._format = b""
        self._changes = b""

    @property
    def are_gone(self) -> bool:
        """Whether they are no longer what was opened."""
        try:
            self.check()
        except BookGone:
            return True
        return False

    def close(self) -> None:
        """Let go of the file."""
        _users[self._file] -= 1
        if not _users[self._file]:
            del _users[self._file]
            os.close(_held.pop(self._file))

    def check(self) -> None:
        """Raise BookGone if the book's file or the log of its changes is another than before, or was overwritten.

        SQLite must have opened the book before.
        """
        try:
            status = self._path.stat()
        except FileNotFoundError as error:
            raise self._gone("was deleted") from error
        except OSError as error:
            raise self._gone(f"can no longer be reached ({reason(error)})") from error
        if _file_of(status) != self._file:
            self._move_log(self._path, self._aside)
            raise self._gone("was replaced by another file")
        self._overwritten = self._overwritten or not self._has_our_header()
        if self._overwritten:
            self._move_log(self._path, self._aside)
            raise self._gone("was overwritten")
        self._move_log(self._aside, self._path)  # the book is back
        if self._format == _LOGGED and not self._has_its_log():
            raise self._gone("lost the file with its latest changes")

    def _has_our_header(self) -> bool:
        return any(self._is_ours(os.pread(_held[self._file], 100, 0)) for _ in range(_TRIES))

    def _is_ours(self, header: bytes) -> bool:
        """Whether the header continues those before (https://www.sqlite.org/fileformat.html#the_database_header).

        Changes are counted in it, so that an older copy shows.
        """
        how, changes = header[18:20], header[24:28]
        if not header.startswith(_MAGIC) or (self._format and how != self._format) or changes < self._changes:
            return False
        self._format, self._changes = how, changes
        return True

    def _has_its_log(self) -> bool:
        try:
            log = _file_of(beside(self._path, "-wal").stat())
        except OSError:
            return self._log is None
        self._log = self._log or log
        return log == self._log

    def _move_log(self, old: Path, new: Path) -> None:
        """Keep our log from being replayed over another file that has the name of the book now."""
        with suppress(OSError):
            if self._log is not None and _file_of(beside(old, "-wal").stat()) == self._log:
                for ending in ("-wal", "-shm"):
                    beside(old, ending).rename(beside(new, ending))

    def _gone(self, what: str) -> BookGone:
        return BookGone(
            f"The book {self._path} {what} while it was open. Nothing more is saved.",
            "Export what you see if you need it, close Coterie, and put the book or a copy of it back.",
        )
