"""Copies of the book: made, listed, and put back. It needs no open book, so that it works when the book does not.

PostgreSQL has its own tools for this, which know more: `pg_dump` and `pg_restore`.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Final, TypeVar

from coterie.core.clock import Clock, computers_clock, from_seconds
from coterie.core.errors import Cancelled, CannotOpen, InvalidInput, NoSuchFile, UnreadableFile
from coterie.core.files import private_folder, real
from coterie.core.store.engine import copies, daily
from coterie.core.store.engine.copies import Stop
from coterie.core.store.engine.looking import look
from coterie.core.store.repair import restoring
from coterie.core.store.repair.difference import Difference

if TYPE_CHECKING:
    from coterie.core.settings import Settings

T = TypeVar("T")
_STAMP: Final = "%Y-%m-%dT%H%M%S"
_CONTACTS: Final = "SELECT COUNT(*) FROM contact WHERE state = 0"


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of the book.

    Attributes:
        made_at: when its file was written.
        size: in bytes.
        contacts: how many are in it, without the Bin; None if it cannot be read.
    """

    path: Path
    made_at: datetime
    size: int
    contacts: int | None


class Restoring:
    """A copy that is verified and ready to take the place of the book. Made by `Backups.restoring`.

    Attributes:
        contacts: how many are in it, without the Bin.
        difference: from the book; None if there is no book that can be read.
        book_exists: whether there is something that it would replace.
    """

    def __init__(self, ready: Path, book: Path, now: Clock) -> None:
        self._ready, self._book, self._now = ready, book, now
        self.contacts = _contacts_in(ready) or 0
        self.difference: Difference | None = restoring.difference(book, ready)
        self.book_exists = book.exists() and book.stat().st_size > 0

    async def finish(self) -> Path | None:
        """Put it in the place of the book; where the old one is kept, None if there was none.

        Raises BookBusy if another program has the book open, UnreadableFile if the disk refuses.
        """
        return await asyncio.shield(
            asyncio.to_thread(restoring.put_in_place, self._ready, self._book, self._now())
        )  # cancelled, it is done all the same, and as a whole


class Backups:
    """The copies of the book in an SQLite file.

    Args:
        book: the file.
        now: tells the time, in the zone in which the user's days begin.
    """

    def __init__(self, book: Path, now: Clock = computers_clock) -> None:
        self._book = real(book)  # SQLite keeps the log beside the file that a link leads to
        self._now = now

    @classmethod
    def of(cls, settings: Settings) -> Backups:
        """The copies of the book that `settings` name. Raises InvalidInput if it is on PostgreSQL."""
        if settings.sqlite_path is None:
            raise InvalidInput("This book is on PostgreSQL.", "Use pg_dump and pg_restore for copies of it.")
        return cls(settings.sqlite_path)

    @property
    def folder(self) -> Path:
        """Where the copies are that need no name."""
        return daily.folder_of(self._book)

    async def make(self, target: Path | None = None) -> Copy:
        """A verified copy of the book, also while programs use it.

        Args:
            target: a file, which may be an earlier copy, or a folder for it; by default the folder of the copies.

        Raises NoSuchFile if there is no book, UnreadableFile if the copy cannot be written or would replace
        something else, CannotOpen if the book is damaged.
        """
        if not self._book.exists():
            raise NoSuchFile(f"There is no book {self._book}.", "Start coterie: it makes one.")
        if not self._book.is_file():
            raise CannotOpen(f"{self._book} is not a file: it cannot hold a book.", "Check COTERIE_DATABASE_URL.")

        def work(stop: Stop) -> Copy:
            path = real(self._target(target))
            if path.exists() and path.samefile(self._book):
                raise UnreadableFile(f"{path} is the book itself.", "Choose another name for the copy.")
            copies.refuse_no_copy(path)
            copies.copy_book(self._book, path, stop)
            return self._described(path)

        return await _in_thread(work)

    def _target(self, target: Path | None) -> Path:
        if target is None:
            return private_folder(self.folder) / f"{self._now().strftime(_STAMP)}.db"
        if target.is_dir():
            return target / f"{self._book.stem}-{self._now().strftime(_STAMP)}.db"
        if not target.parent.is_dir():
            raise NoSuchFile(f"There is no folder {target.parent}.", "Make it first, or choose another place.")
        return target

    async def keep(self) -> Path | None:
        """Make the copy of today if something has changed since the last one; its path. Raises as `make` does."""
        return await _in_thread(lambda stop: daily.keep(self._book, self._now().date(), stop))

    def listed(self) -> list[Copy]:
        """The copies in their folder, the newest first."""
        described = [self._described(path) for path in self.folder.glob("*.db") if path.is_file()]
        return sorted(described, key=lambda copy: copy.made_at, reverse=True)

    def _described(self, path: Path) -> Copy:
        file = path.stat()
        made_at = from_seconds(file.st_mtime, self._now().tzinfo)
        return Copy(path, made_at, file.st_size, _contacts_in(path))

    @asynccontextmanager
    async def restoring(self, copy: Path) -> AsyncIterator[Restoring]:
        """A copy, ready to take the place of the book. Nothing has happened before `Restoring.finish`.

        Raises NoSuchFile, UnreadableFile, CannotOpen or BookTooNew if it cannot take that place.
        """
        prepared = restoring.staged(self._book, copy)
        ready = await _in_thread(lambda _: prepared.__enter__())
        try:
            yield await asyncio.to_thread(Restoring, ready, self._book, self._now)
        finally:
            prepared.__exit__(None, None, None)

    def refuse_open(self) -> None:
        """Raise BookBusy if another program has the book open."""
        restoring.refuse_open(self._book)


def _contacts_in(path: Path) -> int | None:
    try:
        with closing(look(path)) as connection:
            return int(connection.execute(_CONTACTS).fetchone()[0])
    except (sqlite3.Error, OSError):
        return None


async def _in_thread(work: Callable[[Stop], T]) -> T:
    """Run `work` in a thread, and stop it if the waiting for it is cancelled."""
    stopped = Event()

    def stop() -> None:
        if stopped.is_set():
            raise Cancelled("Stopped.")

    running = asyncio.create_task(asyncio.to_thread(work, stop))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        stopped.set()
        await asyncio.wait([running])
        if not running.cancelled():
            running.exception()  # Cancelled: seen, and of no further interest
        raise
