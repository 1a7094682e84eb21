"""Whether another program has a book open: whoever has it open holds a lock of SQLite's on its file."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from coterie.core.errors import BookBusy
from coterie.core.files import refuse_book
from coterie.core.store.engine.looking import beside

_LOCKED_FROM: Final = 0x40000000
_LOCKED_BYTES: Final = 512
"""Where SQLite's locks lie in a file (https://www.sqlite.org/lockingv3.html): whoever has it open holds one."""


def refuse_open(book: Path) -> None:
    """Raise BookBusy if another program has the book open."""
    if book.exists():
        with held(book):
            pass


@contextmanager
def held(book: Path) -> Iterator[None]:
    """Keep every other program out of the book. Raises BookBusy if one has it open.

    Nothing of this program may have it open: its locks would end with ours.
    """
    descriptor = os.open(book, (os.O_RDWR if os.access(book, os.W_OK) else os.O_RDONLY) | os.O_CLOEXEC)
    kind = fcntl.LOCK_EX if os.access(book, os.W_OK) else fcntl.LOCK_SH
    try:
        fcntl.lockf(descriptor, kind | fcntl.LOCK_NB, _LOCKED_BYTES, _LOCKED_FROM)
        yield
    except BlockingIOError as error:
        raise in_use(book) from error
    finally:
        os.close(descriptor)


def in_use(book: Path) -> BookBusy:
    """The error for a book that another program has open."""
    return BookBusy(f"Another program has the book {book} open.", "Close it there, then try again.")


def refuse_second_name(book: Path) -> None:
    """Raise BookBusy or UnreadableFile if the book is open under another name (a hard link).

    SQLite keeps the log beside the name by which it was opened, so two names would have two logs, and each would
    destroy what the other says (https://www.sqlite.org/howtocorrupt.html, section 2.5).
    """
    if book.stat().st_nlink > 1 and not beside(book, "-wal").exists():
        refuse_book(book)  # in this program, which would lose its lock by the next line
        try:
            refuse_open(book)
        except BookBusy as error:
            raise BookBusy(
                f"Another program has {book} open under another name.",
                "Use that name, or close it there.",
            ) from error
