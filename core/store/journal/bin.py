"""The Bin of a book: how long it keeps contacts, and deleting them forever after that: `Book.bin`."""

from __future__ import annotations

from dataclasses import replace

from coterie.core.changes import Outcome
from coterie.core.checks import Checks
from coterie.core.clock import Clock, from_ms, to_ms
from coterie.core.model import BinReport, Contact
from coterie.core.store.contacts import purging
from coterie.core.store.contacts.values import is_undone
from coterie.core.store.contacts.writer import Write, Writer
from coterie.core.store.engine.database import Connection, Database, Keep
from coterie.core.store.journal import operations
from coterie.core.text import number_of


class Bin:
    """The contacts that were deleted and can be restored.

    Args:
        database: the open database.
        write: carries out an operation.
        keep: writes what has no journal entry and no undo.
        actor: who makes the changes.
        now: tells the time.
    """

    def __init__(
        self,
        database: Database,
        write: Write,
        keep: Keep,
        actor: str,
        now: Clock,
    ) -> None:
        self._database = database
        self._write = write
        self._keep = keep
        self._actor = actor
        self._now = now
        self._days = 0

    async def begin(self, connection: Connection, days: int) -> bool:
        """Learn how long this Bin keeps contacts. Returns whether the book is new and that is not `days` yet."""
        self._days = await purging.days_of(connection)
        return self._days != days and await purging.is_unused(connection)

    @property
    def days(self) -> int:
        """How many days it keeps contacts, for everybody who uses the book."""
        return self._days

    async def set_days(self, days: int) -> None:
        """Let it keep contacts for so many days from now on, for everybody who uses the book."""

        async def work(connection: Connection) -> None:
            watch, _ = await purging.watch_of(connection)
            await purging.keep_watch(connection, replace(watch, days=days))

        await self._keep(work)
        self._days = days

    def days_left(self, contact: Contact) -> int | None:
        """How many more days it keeps `contact`; None if that is not in it."""
        if contact.deleted_at is None:
            return None
        return max(0, self._days - (self._now() - contact.deleted_at).days)

    async def undone(self) -> Checks:
        """The contacts in it whose creation was undone: nobody has deleted them."""
        async with self._database.reading() as connection:
            return Checks.of([row[0] for row in await connection.rows(f"SELECT id FROM contact WHERE {is_undone()}")])

    async def look(self, *, dry_run: bool = False) -> BinReport:
        """Delete forever what it has kept for too long and was said to go a day before; say what goes next.

        See `core.store.contacts.purging`. With `dry_run` nothing is deleted, and nothing counts as said.
        Raises BookBusy, CannotOpen.
        """
        now = to_ms(self._now())
        async with self._database.reading() as connection:
            watch, operation = await purging.watch_of(connection)
            before = watch.before(now)
            going = await purging.count_before(connection, before) if before is not None else 0
        if going and not dry_run:
            going = (await self._write(lambda writer: self._purge(writer, now))).changed
        elif not dry_run:
            async with self._database.writing() as connection:
                watch, operation = await purging.watch_of(connection)
                await purging.keep_watch(connection, watch.looked(now, operation))
        self._days, after = watch.days, watch.looked(now, operation)
        async with self._database.reading() as connection:
            due = await purging.count_before(connection, after.announced_before)
        moment = from_ms(after.announced_at + purging.DAY, self._now().tzinfo)
        moved = watch.moved(now) if watch.seen_at else None
        return BinReport(watch.days, going, due - going if dry_run else due, moment, moved)

    async def _purge(self, writer: Writer, now: int) -> Outcome:
        watch, operation = await purging.watch_of(writer.connection)
        before = watch.before(now)
        if before is not None:
            await purging.purge(writer, before)
        await purging.keep_watch(writer.connection, watch.looked(now, max(operation, writer.operation_id)))
        writer.note()
        if not writer.changed:
            return Outcome(None, "")
        summary = f"Deleted {number_of(writer.changed)} forever, after {watch.days} days in the Bin."
        await operations.finish(writer, self._actor, "purge", summary, undoable=False)
        return Outcome(writer.operation_id, summary, writer.changed, undoable=False)
