"""The Book: the only object that a front end holds. Everything it returns is a value."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import date, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Final

from coterie.core.changes import Outcome, Plan, Progress, Selection
from coterie.core.clock import Clock, computers_clock, to_ms
from coterie.core.errors import BookGone, CoterieError, NotFound
from coterie.core.listing import Listing
from coterie.core.model import Contact
from coterie.core.names import NameOrder, called
from coterie.core.store.contacts import lookup
from coterie.core.store.contacts.groups import Groups
from coterie.core.store.contacts.writer import Writer
from coterie.core.store.engine import counters
from coterie.core.store.engine.database import Connection, Database
from coterie.core.store.engine.migrations import Notice, unheard
from coterie.core.store.engine.opening import open_database
from coterie.core.store.journal.bin import Bin
from coterie.core.store.journal.unit import Unit
from coterie.core.store.lists.lists import Lists
from coterie.core.store.lists.searches import Searches
from coterie.core.text import email_key

if TYPE_CHECKING:
    from coterie.core.settings import Settings
    from coterie.core.store.accounts.accounts import Accounts
    from coterie.core.store.cleanup.cleanup import Cleanup
    from coterie.core.store.contacts.invitations import Invitations
    from coterie.core.store.duplicates import Duplicates
    from coterie.core.store.journal.history import History
    from coterie.core.store.lists.selected import Selected

WATCH_SECONDS: Final = 1.0
"""How often we look whether another program has changed the book."""
_log = logging.getLogger(__name__)


class _NotKept(Exception):
    """Leaves a transaction without keeping what it did."""


class Book:
    """An open address book. Made by `Book.open`; close it with `close` or use it with `async with`."""

    def __init__(
        self,
        database: Database,
        *,
        actor: str,
        now: Clock,
        name_order: NameOrder = NameOrder.GIVEN,
    ) -> None:
        self._database = database
        self._actor = actor
        self._clock = now
        self._name_order = name_order
        self.lists = Lists(database, name_order, lambda: self.bin.days)
        self.groups = Groups(database)
        self.searches = Searches(database)
        self.bin = Bin(database, self._write, self._keep, actor, now)
        self._history: History | None = None
        self._accounts: Accounts | None = None
        self._duplicates: Duplicates | None = None
        self._cleanup: Cleanup | None = None
        self._listeners: list[Callable[[], None]] = []
        self._revision = 0
        self._watch: asyncio.Task[None] | None = None
        self._gone: BookGone | None = None

    @classmethod
    async def open(cls, settings: Settings, *, now: Clock = computers_clock, notice: Notice = unheard) -> Book:
        """Open the book that `settings` name, making or migrating it if needed.

        Args:
            settings: where it is, and how long the Bin of a new book keeps what is in it.
            now: tells the time, in the zone in which the user's days begin and times are shown.
            notice: is told a sentence if opening takes a while.

        Raises CannotOpen, BookTooNew or BookBusy.
        """
        database = await open_database(settings.database_url, now, notice)
        book = cls(
            database,
            actor=database.actor,
            now=now,
            name_order=NameOrder(settings.name_order),
        )
        try:
            await book._begin(settings.bin_days)
        except BaseException:
            await book.close()
            raise
        return book

    async def _begin(self, days: int) -> None:
        """Learn where the book stands; `days` is how long the Bin of a new book keeps what is in it."""
        async with self._database.reading() as connection:
            self._revision = await counters.revision(connection)
            is_new = await self.bin.begin(connection, days)
        if is_new:
            with suppress(CoterieError):  # a book that takes no changes keeps what it has
                await self.bin.set_days(days)

    @property
    def actor(self) -> str:
        """Who makes the changes: `user@host`, or a role of PostgreSQL. Undo and redo reach only what they have done."""
        return self._actor

    @property
    def trouble(self) -> CoterieError | None:
        """Why the book cannot be changed: it is gone, or its disk takes no changes. None if all is well.

        Listeners are told when it changes, see `subscribe`.
        """
        return self._gone or self._database.read_only

    async def close(self) -> None:
        """Close the database. What runs is interrupted, and rolled back if it was writing."""
        if self._watch is not None:
            self._watch.cancel()
            with suppress(asyncio.CancelledError):
                await self._watch
        await self._database.close()

    async def __aenter__(self) -> Book:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def now(self) -> datetime:
        """The present time, in the user's zone: the only clock of all that works with this book."""
        return self._clock()

    def _now(self) -> int:
        return to_ms(self._clock())

    def called(self, contact: Contact) -> str:
        """What lists, titles and dialogs call a contact, in the user's order of names."""
        return called(contact, self._name_order)

    # Contacts --------------------------------------------------------------------------------------------------

    async def contact(self, contact_id: int) -> Contact:
        """One contact, also from the Bin. Raises NotFound."""
        async with self._database.reading() as connection:
            contacts = await lookup.load(connection, [contact_id])
        if not contacts:
            raise NotFound(f"There is no contact with the id {contact_id}.", "`coterie list --json` shows the ids.")
        return contacts[0]

    async def contacts(self, selection: Selection) -> AsyncIterator[Contact]:
        """The selected contacts, whole, in the listing's order (Checks: by name). Streams: a million is no problem."""
        ids = await self.ordered(selection)
        for start in range(0, len(ids), lookup.BATCH):
            async with self._database.reading() as connection:
                batch = await lookup.load(connection, ids[start : start + lookup.BATCH])
            for contact in batch:
                yield contact

    async def selected(self, selection: Selection, limit: int | None = None) -> Selected:
        """What is selected (the first `limit` of it), for `core.transfer.export.write`."""
        from coterie.core.store.lists.selected import Selected

        ids = await self.ordered(selection)
        return await asyncio.to_thread(Selected, self._database, ids if limit is None else ids[:limit])

    async def ordered(self, selection: Selection) -> Sequence[int]:
        """The ids of what is selected, in the listing's order (Checks: by name). Raises InvalidQuery."""
        return await self.lists.ordered(selection)

    async def load(self, ids: Sequence[int]) -> list[Contact]:
        """The contacts of these ids, also from the Bin, in their order; ids that are not there are left out."""
        async with self._database.reading() as connection:
            return await lookup.load(connection, ids)

    async def find(self, id_or_email: str) -> Contact:
        """The contact of that id or e-mail address. Raises NotFound."""
        if id_or_email.strip().isascii() and id_or_email.strip().isdigit():
            return await self.contact(int(id_or_email))
        matches = await self.by_address([id_or_email])
        if not matches.get(email_key(id_or_email)):
            raise NotFound(f"No contact has the address {id_or_email}.", "Search with `coterie list`.")
        return matches[email_key(id_or_email)][0]

    async def by_address(self, addresses: Sequence[str]) -> dict[str, list[Contact]]:
        """The contacts, live or in the Bin, that have these e-mail addresses, by `core.text.email_key`."""
        async with self._database.reading() as connection:
            return await lookup.by_address(connection, addresses)

    @property
    def history(self) -> History:
        """What happened to the book, and the way back."""
        if self._history is None:
            from coterie.core.store.journal.history import History  # the first screen does not wait for it

            self._history = History(self._database, self._write, self._actor, self.lists, self._name_order)
        return self._history

    @property
    def invitations(self) -> Invitations:
        """What people were invited to, and how they answered."""
        from coterie.core.store.contacts.invitations import Invitations  # the first screen does not wait for it

        return Invitations(self._database)

    @property
    def accounts(self) -> Accounts:
        """The connected accounts, and what is known of them."""
        if self._accounts is None:
            from coterie.core.store.accounts.accounts import Accounts  # the first screen does not wait for it

            self._accounts = Accounts(self._database, self._keep)
        return self._accounts

    @property
    def duplicates(self) -> Duplicates:
        """The pairs of contacts that may be one."""
        if self._duplicates is None:
            from coterie.core.store.duplicates import Duplicates  # the first screen does not wait for it

            self._duplicates = Duplicates(self._database, self._keep)
        return self._duplicates

    @property
    def cleanup(self) -> Cleanup:
        """What could be cleaned up, and what is proposed for it."""
        if self._cleanup is None:
            from coterie.core.store.cleanup.cleanup import Cleanup

            self._cleanup = Cleanup(self._database, self.duplicates)
        return self._cleanup

    # Changes ---------------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def unit(self, kind: str, title: str, progress: Progress | None = None) -> AsyncIterator[Unit]:
        """Look and change in one transaction with one journal entry; nothing is stored unless `Unit.end` was called.

        Args:
            kind: a word for programs (add, edit, import, …), see `Operation.kind`.
            title: what the unit does, in the imperative.
            progress: is told how far it is.

        Raises what its changes raise, Cancelled if `progress` does, BookBusy; the book is then as before.
        """
        async with self._writing() as writer:
            writer.progress = progress
            yield Unit(writer, self._actor, kind, title)

    async def apply(self, plan: Plan, progress: Progress | None = None, *, dry_run: bool = False) -> Outcome:
        """Carry out `plan` as a unit.

        With `dry_run` it does everything and then rolls it back: the outcome says what would happen. Raises as `unit`.
        """
        async with self.unit(plan.kind, plan.title, progress) as unit:
            await unit.carry_out(plan)
            outcome = await unit.end(plan.done, plan.skipped, keep=not dry_run)
        return outcome if outcome.operation_id else replace(outcome, summary="Nothing to change.")

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[Writer]:
        """One transaction; it is rolled back unless `Writer.keep` says otherwise in the end."""
        try:
            async with self._database.writing() as connection:
                writer = Writer(
                    connection,
                    await counters.allocate(connection, "operation"),
                    self._now(),
                    self._resolver(connection),
                )
                yield writer
                if not writer.keep:
                    raise _NotKept
                latest = await counters.allocate(connection, "revision") + 1
        except _NotKept:
            return
        self._changed(latest, writer.touched | writer.noted_fields)

    async def _write(self, work: Callable[[Writer], Awaitable[Outcome]]) -> Outcome:
        async with self._writing() as writer:
            outcome = await work(writer)
            writer.keep = outcome.operation_id is not None or writer.noted
        return outcome

    def _changed(self, latest: int, touched: set[str]) -> None:
        """Forget what our own change of these attributes made stale, and all if others changed something before."""
        others = latest > self._revision + 1
        self._revision = max(latest, self._revision)
        self.lists.forget(None if others else touched)
        self._tell()

    def _resolver(self, connection: Connection) -> Callable[[Listing], Awaitable[tuple[str, dict[str, object]]]]:
        async def resolve(listing: Listing) -> tuple[str, dict[str, object]]:
            # What is changed must be meant: an unfinished search is refused here.
            return await self.lists.select(connection, listing, ordered=False, finished=True)

        return resolve

    # Telling others --------------------------------------------------------------------------------------------

    @property
    def revision(self) -> int:
        """A number that grows with every change, also those of other programs that we noticed."""
        return self._revision

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after each change, also those that other programs make, and as a new day begins; returns how
        to stop that.

        It is called on the event loop's thread.
        """
        self._listeners.append(listener)
        if self._watch is None:
            self._watch = asyncio.get_running_loop().create_task(self._watch_others(self.now().date()))
        return lambda: self._listeners.remove(listener)

    def _tell(self) -> None:
        for listener in list(self._listeners):
            listener()

    async def _look_at_files(self) -> None:
        gone = None
        try:
            await self._database.check()
        except BookGone as error:
            gone = error
        if (gone is None) != (self._gone is None):
            self._gone = gone
            self._tell()

    async def _watch_others(self, today: date) -> None:
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            if (day := self.now().date()) != today:  # searches such as `created:today` find others
                today = day
                self.lists.forget()
                self._tell()
            try:
                await self._look_at_files()
                async with self._database.reading() as connection:
                    latest = await counters.revision(connection)
            except Exception:  # noqa: BLE001 - a server that is away for a moment must not end the watch
                _log.warning("cannot look for changes of others", exc_info=True)
                continue
            if latest > self._revision:
                self._revision = latest
                self.lists.forget()
                self._tell()

    async def _keep(self, work: Callable[[Connection], Awaitable[None]]) -> None:
        """Write bookkeeping that is no change of the user's: it has no journal entry and no undo."""
        async with self._database.writing() as connection:
            await work(connection)
            latest = await counters.allocate(connection, "revision") + 1
        self._changed(latest, {"sources"})
