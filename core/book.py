"""The Book: the only object that a front end holds. Everything it returns is a value."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Final

from coterie.core.changes import Outcome, Plan, Progress, Selection
from coterie.core.checks import Checks
from coterie.core.clock import Clock, computers_clock
from coterie.core.errors import BookGone, CoterieError, NotFound
from coterie.core.listing import Counts, Listing, Row
from coterie.core.model import (
    BinReport,
    Contact,
    Group,
    Operation,
    SavedSearch,
)  # fmt: skip
from coterie.core.names import NameOrder, called
from coterie.core.store.contacts import groups, lookup, purging
from coterie.core.store.contacts.values import from_ms, to_ms
from coterie.core.store.contacts.writer import Writer
from coterie.core.store.engine import counters
from coterie.core.store.engine.database import Connection, Database
from coterie.core.store.engine.migrations import Notice, unheard
from coterie.core.store.engine.opening import open_database
from coterie.core.store.journal import operations
from coterie.core.store.journal.apply import apply
from coterie.core.store.journal.summary import summary_of
from coterie.core.store.lists import lists, searches
from coterie.core.store.lists.lists import Lists
from coterie.core.text import email_key, number_of

if TYPE_CHECKING:
    from coterie.core.calendar.birthdays import Birthday
    from coterie.core.settings import Settings
    from coterie.core.store.accounts.known import KnownAccounts
    from coterie.core.store.cleanup.cleanup import Cleanup
    from coterie.core.store.contacts.invitations import Invitations
    from coterie.core.store.duplicates import Duplicates
    from coterie.core.store.journal.as_of import Moment, PastBook
    from coterie.core.store.journal.entries import Entries
    from coterie.core.store.lists.facets import Facets
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
        self._bin_days = 0
        self._actor = actor
        self._clock = now
        self._name_order = name_order
        self._lists = Lists(database, name_order)
        self._accounts: KnownAccounts | None = None
        self._duplicates: Duplicates | None = None
        self._cleanup: Cleanup | None = None
        self._listeners: list[Callable[[], None]] = []
        self._revision = 0
        self._watch: asyncio.Task[None] | None = None
        self._gone: BookGone | None = None

    @classmethod
    async def open(cls, settings: Settings, *, now: Clock = computers_clock, notice: Notice = unheard) -> Book:
        """Open the book that `settings` name, making or migrating it where needed.

        Args:
            settings: where it is, and how long the Bin of a new book keeps what is in it.
            now: tells the time, in the zone in which the user's days begin and times are shown.
            notice: is told a sentence where opening takes a while.

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
            self._bin_days = await purging.days_of(connection)
            is_new = self._bin_days != days and await purging.is_unused(connection)
        if is_new:
            with suppress(CoterieError):  # a book that takes no changes keeps what it has
                await self.set_bin_days(days)

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
        """Let go of the database. What runs is interrupted, and rolled back where it was writing."""
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

    # Lists -----------------------------------------------------------------------------------------------------

    async def rows(self, listing: Listing, start: int, count: int, columns: Sequence[str] = ()) -> list[Row]:
        """`count` rows of `listing` from position `start` on, with the texts of `columns` (field keys).

        Cheap at any position of a book of any size. Raises InvalidQuery.
        """
        return await self._lists.rows(listing, start, count, columns, self._bin_days)

    async def count(self, listing: Listing) -> int:
        """How many contacts `listing` shows. Raises InvalidQuery."""
        return len(await self._lists.ids(listing))

    async def ids(self, listing: Listing) -> Checks:
        """All of `listing`, as checks. Raises InvalidQuery."""
        return await self._lists.checks(listing)

    async def undone(self) -> Checks:
        """Those in the Bin whose creation was undone: nobody has deleted them."""
        async with self._database.reading() as connection:
            return await lists.undone(connection)

    async def position(self, listing: Listing, contact_id: int) -> int | None:
        """Where `contact_id` stands in `listing`; None where it does not show it."""
        try:
            return (await self._lists.ids(listing)).index(contact_id)
        except ValueError:
            return None

    async def hidden(self, checks: Checks, listing: Listing) -> int:
        """How many of `checks` the listing does not show."""
        return await self._lists.hidden(checks, listing)

    async def counts(self) -> Counts:
        """How many contacts each view holds."""
        async with self._database.reading(long=True) as connection:
            return await lists.counts(connection)

    async def groups(self) -> list[Group]:
        """All groups in the order of their names, with their sizes."""
        async with self._database.reading(long=True) as connection:
            return await groups.listing(connection)

    async def addressless(self, group_ids: Sequence[int] | None = None) -> dict[int, int]:
        """How many members without an e-mail address groups have (these, or all), by their ids; none are left out."""
        async with self._database.reading(long=True) as connection:
            return await groups.addressless(connection, group_ids)

    async def searches(self) -> list[SavedSearch]:
        """All saved searches, in their order."""
        async with self._database.reading() as connection:
            return await searches.listing(connection)

    async def matching(self, query: str) -> int:
        """How many contacts a search that is no longer being typed finds, without keeping them. Raises InvalidQuery."""
        return await self._lists.matching(query)

    async def facets(self, listing: Listing) -> Facets:
        """The commonest companies, domains, groups and accounts in `listing`. Raises InvalidQuery."""
        from coterie.core.store.lists.facets import facets  # the first screen does not wait for it

        async with self._database.reading(long=True) as connection:
            return await facets(connection, *await self._lists.select(connection, listing, ordered=False))

    async def completions(self, text: str) -> list[str]:
        """What a search whose end is being typed could become, best first, each as a whole search."""
        from coterie.core.query.completing import begun

        end = begun(text)
        return await self._lists.completions(end) if end else []

    async def values(self, field: str, typed: str) -> list[str]:
        """What a value that is being typed could become: those of other contacts, the commonest first.

        Args:
            field: one of `core.fields.OFFERED`.
        """
        return await self._lists.values(field, typed) if typed.strip() else []

    async def check(self, query: str) -> None:
        """Raise InvalidQuery where a search is unfinished, or names a saved search that is not there."""
        async with self._database.reading() as connection:
            await searches.tree_of(connection, query, finished=True)

    def called(self, contact: Contact) -> str:
        """What lists, titles and dialogs call a contact, in the user's order of names."""
        return called(contact, self._name_order)

    async def members(self, checks: Checks) -> dict[int, int]:
        """How many of `checks` each group has as members, by the id of the group; groups without any are left out."""
        async with self._database.reading(long=True) as connection:
            return await groups.members(connection, checks)

    # Contacts --------------------------------------------------------------------------------------------------

    async def contact(self, contact_id: int) -> Contact:
        """One contact, also from the Bin. Raises NotFound."""
        async with self._database.reading() as connection:
            found = await lookup.load(connection, [contact_id])
        if not found:
            raise NotFound(f"There is no contact with the id {contact_id}.", "`coterie list --json` shows the ids.")
        return found[0]

    def days_left(self, contact: Contact) -> int | None:
        """How many more days the Bin keeps `contact`; None if it is not there."""
        if contact.deleted_at is None:
            return None
        return max(0, self._bin_days - (self._clock() - contact.deleted_at).days)

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

    async def load(self, ids: Sequence[int]) -> list[Contact]:
        """The contacts of these ids, also from the Bin, in their order; ids that are not there are left out."""
        async with self._database.reading() as connection:
            return await lookup.load(connection, ids)

    async def ordered(self, selection: Selection) -> Sequence[int]:
        """The ids of what is selected, in the listing's order (Checks: by name)."""
        listed = self._lists
        return await (listed.by_name(selection) if isinstance(selection, Checks) else listed.ids(selection))

    async def find(self, id_or_email: str) -> Contact:
        """The contact of that id or e-mail address. Raises NotFound."""
        if id_or_email.strip().isascii() and id_or_email.strip().isdigit():
            return await self.contact(int(id_or_email))
        found = await self.known([id_or_email])
        if not found.get(email_key(id_or_email)):
            raise NotFound(f"No contact has the address {id_or_email}.", "Search with `coterie list`.")
        return found[email_key(id_or_email)][0]

    async def known(self, addresses: Sequence[str]) -> dict[str, list[Contact]]:
        """The contacts, live or in the Bin, that have these e-mail addresses, by `core.text.email_key`."""
        async with self._database.reading() as connection:
            return await lookup.known(connection, addresses)

    async def birthdays(self, listing: Listing, days: int | None = None) -> tuple[list[Birthday], int]:
        """The birthdays in `listing` within so many days from today on (without `days`: all), the next first.

        With them comes how many of its contacts have a text in that field that is no day. Raises InvalidQuery.
        """
        from coterie.core.store.contacts.birthdays import birthdays  # the first screen does not wait for it

        async with self._database.reading(long=True) as connection:
            ids = await self._lists.select(connection, listing, ordered=False, finished=True)
            return await birthdays(connection, ids, days, self._name_order)

    @property
    def invitations(self) -> Invitations:
        """What people were invited to, and how they answered."""
        from coterie.core.store.contacts.invitations import Invitations  # the first screen does not wait for it

        return Invitations(self._database)

    @property
    def accounts(self) -> KnownAccounts:
        """The connected accounts, and what is known of them."""
        if self._accounts is None:
            from coterie.core.store.accounts.known import KnownAccounts  # the first screen does not wait for it

            self._accounts = KnownAccounts(self._database, self._keep)
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
        """What could be cleaned."""
        if self._cleanup is None:
            from coterie.core.store.cleanup.cleanup import Cleanup

            self._cleanup = Cleanup(self._database, self.duplicates)
        return self._cleanup

    # Changes ---------------------------------------------------------------------------------------------------

    async def apply(self, plan: Plan, progress: Progress | None = None, *, dry_run: bool = False) -> Outcome:
        """Carry out `plan` in one transaction with one journal entry.

        With `dry_run` it does everything and then takes it back: the outcome says what would happen.
        Raises what its changes raise, Cancelled where `progress` does, BookBusy; the book is then as before.
        """

        async def work(writer: Writer) -> Outcome:
            await apply(writer, plan, progress)
            if not dry_run:
                await writer.loading.end()
            if not writer.touched:
                summary = plan.done() if callable(plan.done) else "Nothing to change."
                return Outcome(None, summary, skipped=tuple(plan.skipped))
            summary = await summary_of(writer, plan)
            undoable = plan.kind not in {"forget", "purge"}
            await operations.finish(writer, self._actor, plan.kind, summary, undoable=undoable)
            return Outcome(
                writer.operation_id,
                summary,
                changed=writer.total,
                created=writer.created,
                created_ids=tuple(writer.created_ids),
                groups_created=tuple(writer.created_groups),
                skipped=tuple(plan.skipped),
                undoable=undoable,
            )

        return await self._write(work, keep=not dry_run)

    async def undo(self, progress: Progress | None = None, ids: Sequence[int] = ()) -> Outcome:
        """Take back the last change of this user, or, in one go, the last ones: `ids`, newest first.

        What somebody else changed since is left as it is and listed in `skipped`. Raises NotFound where there is
        nothing to undo, Stale where `ids` are no longer the last ones.
        """
        return await self._write(self._turning(operations.undo, progress, ids))

    async def redo(self, progress: Progress | None = None, ids: Sequence[int] = ()) -> Outcome:
        """Do again what was undone last, or, in one go, several: `ids`, oldest first. Raises as `undo` does."""
        return await self._write(self._turning(operations.redo, progress, ids))

    def _turning(
        self, step: operations.Step, progress: Progress | None, ids: Sequence[int]
    ) -> Callable[[Writer], Awaitable[Outcome]]:
        if not ids:
            return lambda writer: step(writer, self._actor, progress)
        return lambda writer: operations.turn_all(step, writer, self._actor, ids, progress)

    async def history(self, limit: int = 100) -> list[Operation]:
        """The latest journal entries, newest first."""
        async with self._database.reading() as connection:
            return await operations.history(connection, limit)

    async def as_of(self, moment: Moment) -> PastBook:
        """The book as it was at a moment of the past."""
        from coterie.core.store.journal.as_of import past_book  # the first screen does not wait for it

        return await past_book(self._database, self._lists, self._name_order, moment)

    @property
    def entries(self) -> Entries:
        """What the journal's entries changed."""
        from coterie.core.store.journal.entries import Entries  # the first screen does not wait for it

        return Entries(self._database)

    async def _write(self, work: Callable[[Writer], Awaitable[Outcome]], *, keep: bool = True) -> Outcome:
        touched: set[str] = set()
        outcome = Outcome(None, "")
        try:
            async with self._database.writing() as connection:
                writer = Writer(
                    connection,
                    await counters.allocate(connection, "operation"),
                    self._now(),
                    self._resolver(connection),
                )
                outcome = await work(writer)
                touched = writer.touched | writer.noted_fields
                if not keep or (outcome.operation_id is None and not writer.noted):
                    raise _NotKept
                latest = await counters.allocate(connection, "revision") + 1
        except _NotKept:
            return outcome
        self._changed(latest, touched)
        return outcome

    def _changed(self, latest: int, touched: set[str]) -> None:
        """Forget what our own change of these attributes made stale, and all where others changed something before."""
        others = latest > self._revision + 1
        self._revision = max(latest, self._revision)
        self._lists.forget(None if others else touched)
        self._tell()

    def _resolver(self, connection: Connection) -> Callable[[Listing], Awaitable[tuple[str, dict[str, object]]]]:
        async def resolve(listing: Listing) -> tuple[str, dict[str, object]]:
            # What is changed must be meant: an unfinished search is refused here.
            return await self._lists.select(connection, listing, ordered=False, finished=True)

        return resolve

    # The Bin ---------------------------------------------------------------------------------------------------

    @property
    def bin_days(self) -> int:
        """How many days the Bin of this book keeps what is in it, for everybody who uses it."""
        return self._bin_days

    async def set_bin_days(self, days: int) -> None:
        """Let the Bin keep what is in it for so many days from now on, for everybody who uses the book."""

        async def work(connection: Connection) -> None:
            watch, _ = await purging.watch_of(connection)
            await purging.keep_watch(connection, replace(watch, days=days))

        await self._keep(work)
        self._bin_days = days

    async def look_into_bin(self, *, dry_run: bool = False) -> BinReport:
        """Delete forever what the Bin has kept for too long and was said to go a day before; say what goes next.

        See `core.store.contacts.purging`. With `dry_run` nothing is deleted, and nothing counts as said.
        Raises BookBusy, CannotOpen.
        """
        now = self._now()
        async with self._database.reading() as connection:
            watch, operation = await purging.watch_of(connection)
            before = watch.before(now)
            going = await purging.count_before(connection, before) if before is not None else 0
        if going and not dry_run:
            going = (await self._write(self._purging(now))).changed
        elif not dry_run:
            async with self._database.writing() as connection:
                watch, operation = await purging.watch_of(connection)
                await purging.keep_watch(connection, watch.looked(now, operation))
        self._bin_days, after = watch.days, watch.looked(now, operation)
        async with self._database.reading() as connection:
            due = await purging.count_before(connection, after.announced_before)
        moment = from_ms(after.announced_at + purging.DAY, self._clock().tzinfo)
        return BinReport(
            watch.days,
            going,
            due - going if dry_run else due,
            moment,
            watch.moved(now) if watch.seen_at else None,
        )

    def _purging(self, now: int) -> Callable[[Writer], Awaitable[Outcome]]:
        async def work(writer: Writer) -> Outcome:
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

        return work

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
                self._lists.forget()
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
                self._lists.forget()
                self._tell()

    async def operations(self) -> int:
        """A number that grows by one with each change, undo and redo of any program."""
        async with self._database.reading() as connection:
            return await counters.operations(connection)

    async def _keep(self, work: Callable[[Connection], Awaitable[None]]) -> None:
        """Write bookkeeping that is no change of the user's: it has no journal entry and no undo."""
        async with self._database.writing() as connection:
            await work(connection)
            latest = await counters.allocate(connection, "revision") + 1
        self._changed(latest, {"sources"})
