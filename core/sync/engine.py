"""One sync of one account: fetch everything the source says, plan and apply it in one transaction, then write back.

The cursor is stored in the same transaction as what it stands for, so a kill, an error or a cancellation at any point
leaves the book as it was, and the next sync says the same again.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable, Sequence
from functools import partial
from itertools import chain
from typing import Final

from coterie.core.base import Base, contact_of
from coterie.core.book import Book
from coterie.core.changes import (
    Advance,
    Change,
    DeleteEmptyGroups,
    Places,
    Quarantine,
    Rebase,
    Settle,
)
from coterie.core.checks import Checks
from coterie.core.errors import BadReply, Cancelled, CursorExpired, Stale
from coterie.core.limits import PAGES
from coterie.core.model import GONE, Account, Conflict, Contact, GroupChanges, Remembered
from coterie.core.places import Place
from coterie.core.provider import Provider, RemoteContact
from coterie.core.store.journal.unit import Unit
from coterie.core.sync.events import Applying, Confirm, Ended, Fetching, SyncEvent, SyncReport, Vanishing, Writing
from coterie.core.sync.linking import Owners, uid_of_remote
from coterie.core.sync.plan import Planner
from coterie.core.sync.sending import FEW, MANY, Sending
from coterie.core.sync.settling import agree
from coterie.core.sync.spool import Spool
from coterie.core.sync.work import doubtful
from coterie.core.text import fold

BATCH: Final = 250
"""Contacts that are planned and stored at a time; more take more memory and no less time."""


async def refuse(question: Vanishing) -> bool:
    """The answer if nobody can be asked."""
    return False


async def sync(
    book: Book, account: Account, provider: Provider, *, confirm: Confirm = refuse, dry_run: bool = False
) -> AsyncGenerator[SyncEvent, None]:
    """Sync one account; the last event is `Ended`.

    Args:
        book: where its contacts are.
        account: which one; what the book knows of it now counts.
        provider: signed in; it is not closed.
        confirm: asked before more than a tenth would vanish; without it such a sync is refused.
        dry_run: find out what would happen, and leave everything as it is.

    Raises what the provider raises but CursorExpired (then it starts over), Cancelled if `confirm` says no,
    BookBusy if another program writes to the book or syncs the account, Stale if one has just done so.
    """
    if dry_run:
        async for event in _Sync(book, await book.accounts.named(account.name), provider, confirm).foresee():
            yield event
        return
    async with book.accounts.alone(account) as hold:
        this = _Sync(book, await book.accounts.named(account.name), provider, confirm)
        async for event in this.run(hold.check):
            yield event
    yield Ended(this.report)  # others may go on, whether or not anybody asks for more after the last event


class _Sync:
    """One sync of one account."""

    def __init__(self, book: Book, account: Account, provider: Provider, confirm: Confirm) -> None:
        self.book = book
        self.account = account
        self.provider = provider
        self.confirm = confirm
        self.report = SyncReport(account.name)
        self.cursor: str | None = None
        self.places: Sequence[Place] | None = None
        self.groups = GroupChanges()

    @property
    def writes(self) -> bool:
        """Whether the user wants changes to go there."""
        return bool(self.account.settings.get("write")) and self.provider.capabilities.write

    async def run(self, still_alone: Callable[[], Awaitable[None]]) -> AsyncGenerator[SyncEvent, None]:
        """Fetch and apply, then write back if the user wants it."""
        async for event in self._pull(None):
            yield event
        if self.writes:
            quiet = self.report.outcome is not None and self.report.outcome.operation_id is None
            sending = Sending(self.book, self.account, self.provider, self.report, still_alone)
            sending.groups = self.groups
            async for done, total in sending.run(self.confirm, quiet=quiet):
                yield Writing(done, total)
        self.report.left_out = len(await self.book.accounts.left_out(self.account))

    async def foresee(self) -> AsyncGenerator[SyncEvent, None]:
        """Find out what `run` would do."""

        async def nobody() -> None:
            return

        async for event in self._pull(Sending(self.book, self.account, self.provider, self.report, nobody)):
            yield event
        yield Ended(self.report)

    async def _pull(self, foreseen: Sending | None) -> AsyncGenerator[SyncEvent, None]:
        """Fetch, ask and apply; with `foreseen` as a dry run that counts what would be sent."""
        with Spool() as spool:
            try:
                async for event in self._fetch(self.account.cursor, spool):
                    yield event
            except CursorExpired:
                spool.clear()
                async for event in self._fetch(None, spool):
                    yield event
            await self._ask_about_vanishing(spool)
            async for event in self._apply(spool, foreseen):
                yield event

    async def _fetch(self, cursor: str | None, spool: Spool) -> AsyncGenerator[SyncEvent, None]:
        """Spool a round, page by page."""
        self.report.full, self.cursor = cursor is None, None
        pages = 0
        async for page in self.provider.changes(cursor):
            if (pages := pages + 1) > PAGES:
                raise BadReply(f"{self.account.name} does not come to the end of its list.", "Try again later.")
            await asyncio.to_thread(spool.add, page)
            self.report.full = self.report.full or page.full
            self.cursor = page.cursor
            self.places = page.places if page.places is not None else self.places
            yield Fetching(spool.totals().present, page.total)

    @property
    def _is_whole(self) -> bool:
        """Whether all there is was listed; a round that ends without a cursor may have been cut."""
        return self.report.full and self.cursor is not None

    def _gone_of(self, spool: Spool, remote_ids: Sequence[str]) -> list[str]:
        """Which of these ids are gone: named as deleted or, if everything was listed, not named at all."""
        named = spool.named_gone(remote_ids)
        return sorted({*named, *spool.unnamed(remote_ids)}) if self._is_whole else named

    async def _gone(
        self, spool: Spool, ids_after: Callable[[str, int], Awaitable[list[str]]]
    ) -> AsyncIterator[list[str]]:
        """All that is gone, in batches; `ids_after` gives the ids that we know after one, so many at most."""
        if not self._is_whole:
            for batch in spool.gone(BATCH):
                yield spool.named_gone(batch)
            return
        after = ""
        while ids := await ids_after(after, BATCH):
            after = ids[-1]
            if gone := self._gone_of(spool, ids):
                yield gone

    async def _ask_about_vanishing(self, spool: Spool) -> None:
        """Ask before a round that would take much away. Raises Cancelled if the answer is no."""
        vanish, gone_here, total = 0, 0, self.account.contacts
        async for gone in self._gone(spool, partial(self.book.accounts.remote_ids, self.account)):
            for record in (await self.book.accounts.remembered(self.account, gone)).values():
                if record.contact is None or record.contact.deleted_at is not None:
                    continue
                # A contact that the account knows twice is counted with the last of its ids.
                everywhere = record.siblings and set(self._gone_of(spool, record.siblings)) == set(record.siblings)
                if not record.siblings or (everywhere and record.remote_id > max(record.siblings)):
                    gone_here += 1
                    vanish += not record.others
        empty = self.report.full and not spool.totals().present
        if vanish and (empty or gone_here >= total or (vanish > FEW and vanish * MANY > total)):
            question = Vanishing(self.account.name, vanish, total, empty=empty)
            if not await self.confirm(question):
                hint = "If that is right, sync again and confirm it."
                raise Cancelled(f"{question.sentence} Nothing was changed.", hint)

    async def _apply(self, spool: Spool, foreseen: Sending | None) -> AsyncGenerator[SyncEvent, None]:
        """Plan and apply what was spooled, telling how far it is."""
        planner = Planner(
            self.account.name, self.provider.capabilities.fields, self.report, doubtful=await self._doubtful()
        )
        total = spool.totals().present
        told: asyncio.Queue[int | None] = asyncio.Queue()  # the caller may be slow, or write to the book
        storing = asyncio.create_task(self._store(spool, planner, foreseen, told.put_nowait))
        try:
            while (done := await told.get()) is not None:
                yield Applying(done, total)
            await storing
        finally:
            storing.cancel()
            await asyncio.wait([storing])

    async def _store(
        self, spool: Spool, planner: Planner, foreseen: Sending | None, tell: Callable[[int | None], None]
    ) -> None:
        """Plan and apply what was spooled; `tell` gets the number of remote contacts so far, and None at the end."""
        try:
            async with self.book.unit("sync", f"Sync {self.account.name}") as unit:
                async for changes in self._changes(spool, planner, unit):
                    await unit.apply(changes)
                    tell(planner.planned)
                if foreseen is not None and self.writes:
                    foreseen.groups = self.groups
                    waiting = {*await foreseen.waiting(), *planner.disagreed}
                    await foreseen.foresee(unit, waiting - planner.agreed, planner.joined)
                self.report.outcome = await unit.end(self.report.sentence, keep=foreseen is None)
        finally:
            tell(None)

    async def _changes(self, spool: Spool, planner: Planner, unit: Unit) -> AsyncIterator[Sequence[Change]]:
        """All that this round changes, batch by batch: what is known, what is new, what is gone, the rest."""
        name = self.account.name
        if await unit.cursor(name) != self.account.cursor:
            raise Stale(f"Another program has synced {name} meanwhile.", "Sync again.")
        self.groups = await unit.group_changes(name)
        yield await self._regrouped(unit)
        for ids in spool.ids(BATCH):
            remembered = await unit.remembered(
                name, [key for remote_id, earlier in ids.items() for key in (remote_id, *earlier)]
            )
            seen = [
                remote_id
                for remote_id, earlier in ids.items()
                if not remembered.keys().isdisjoint((remote_id, *earlier))
            ]
            spool.note_new(sorted(ids.keys() - set(seen)))
            if seen:
                yield planner.seen(spool.read(seen), remembered)
                yield planner.others(await unit.links(sorted(planner.changed)), seen)
        for batch in spool.new(BATCH):
            yield planner.new(batch, await self._owners(batch, unit, spool))
            yield planner.others(await unit.links(sorted(planner.changed)), [remote.remote_id for remote in batch])
        async for gone in self._gone(spool, partial(unit.remote_ids, name)):
            yield planner.gone(gone, await unit.remembered(name, gone))
        yield [DeleteEmptyGroups(tuple(sorted(planner.left)))] if planner.left else []
        for unreadable in spool.unreadable():
            yield planner.unreadable(unreadable)
        yield [Settle(conflict) for conflict in await self._agreed(planner, unit, spool)]
        yield [Quarantine(name, remote_id) for remote_id in await self._readable_again(spool)]
        is_cut = self.cursor is None and not self.report.full
        yield [Places(name, self.places or ())]
        groups = await unit.group_names()
        yield [Advance(name, self.account.cursor if is_cut else self.cursor, groups)]

    async def _regrouped(self, unit: Unit) -> list[Change]:
        """What the user renamed or merged here is no new group to those to whom the old one was not sent."""
        name, renamed, merged = self.account.name, self.groups.renamed, self.groups.merged
        ids = await unit.in_groups(name, renamed.values()) if renamed else []
        moved = set(await unit.in_merged_groups(name)) if merged else set()
        changes = list[Change]()
        for record in (await unit.remembered(name, sorted({*ids, *moved}))).values():
            base = Base.of(record.base)
            now = base.regrouped({**renamed, **merged} if record.remote_id in moved else renamed)
            if record.base and base != now:
                changes.append(Rebase(name, record.remote_id, now.text()))
        return changes

    async def _owners(self, batch: Sequence[RemoteContact], unit: Unit, spool: Spool) -> Owners:
        """Our contacts that may be the same as new ones."""
        names = {fold(remote.contact.shown_name) for remote in batch}
        addresses = (email.address for remote in batch for email in remote.contact.emails)
        uids = {uid for remote in batch if (uid := uid_of_remote(remote))}
        by_address = await unit.by_address(addresses, names)
        by_uid = await unit.by_uid(uids) if uids else {}
        departed = await unit.departed(self.account.name, [remote.remote_id for remote in batch])
        owners = chain.from_iterable([*by_address.values(), *by_uid.values()])
        return Owners(by_address, by_uid, departed, await self._moved(owners, unit, spool))

    async def _moved(self, owners: Iterable[Contact], unit: Unit, spool: Spool) -> dict[int, Remembered]:
        """What is known of those of our contacts whose record is gone from the account, by their ids."""
        name = self.account.name
        ids = {ref.remote_id for owner in owners for ref in owner.sources if ref.account == name}
        waiting = {
            conflict.remote_id
            for conflict in await self.book.accounts.conflicts()
            if conflict.account == name and conflict.field == GONE
        }
        gone = sorted({*self._gone_of(spool, sorted(ids)), *(ids & waiting)}) if ids else []
        records = (await unit.remembered(name, gone)).values()
        return {
            record.contact.id or 0: record for record in records if record.contact is not None and not record.siblings
        }

    async def _doubtful(self) -> list[Contact]:
        """The contacts that were sent there as new ones without an answer, if we know no more of them since."""
        contacts = self.book.contacts(Checks.of(doubtful(self.account)))
        coming = {
            placing.contact_id
            for placing in await self.book.accounts.placings(self.account)
            if placing.there and not placing.remote_id
        }
        return [
            contact
            async for contact in contacts
            if (contact.id in coming or not contact.sources) and contact.deleted_at is None
        ]

    async def _agreed(self, planner: Planner, unit: Unit, spool: Spool) -> list[Conflict]:
        """Earlier conflicts about which both sides now agree: nobody has to settle them."""
        before = [
            conflict for conflict in await self.book.accounts.conflicts() if conflict.account == self.account.name
        ]
        now = await unit.remembered(self.account.name, [conflict.remote_id for conflict in before])
        again = set(spool.named_present([conflict.remote_id for conflict in before]))
        over = [
            conflict
            for conflict in before
            if (record := now.get(conflict.remote_id))
            and record.contact
            and (
                conflict.remote_id in again
                if conflict.field == GONE
                else agree(conflict, record.contact, contact_of(record.base))
            )
        ]
        planner.agreed.update((conflict.remote_id, conflict.field) for conflict in over)
        return over

    async def _readable_again(self, spool: Spool) -> Iterable[str]:
        """Quarantined records that this round brought in order, or did not name in a full one."""
        held = [remote_id for remote_id, _ in await self.book.accounts.quarantined(self.account)]
        still = {remote_id for remote_id, _ in self.report.quarantined}
        named = set(spool.named_present(held)) | (set(self._gone_of(spool, held)))
        return [remote_id for remote_id in held if remote_id in named and remote_id not in still]
