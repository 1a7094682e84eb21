"""Writing back: what was changed here goes to the source, one request after the other, only what differs.

What was changed is told by the base (`core.sync.base`). A conflict there is read again and merged, never overwritten;
fields that wait to be settled are not sent. Each answer is stored as soon as it is there, so that a kill in the middle
sends nothing twice.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final, cast

from coterie.core.book import Book
from coterie.core.change import Change, Disown, Edit, Plan, Remember, SyncLookup
from coterie.core.checks import Checks
from coterie.core.errors import Cancelled, Conflict, NotEnabled, NotFound, RateLimited, Rejected, SignInNeeded, Stale
from coterie.core.listing import Listing
from coterie.core.model import Account, Contact, Remembered
from coterie.core.provider import Provider, RemoteContact
from coterie.core.store.creating import clean
from coterie.core.sync.base import Base, bin_mark, contact_of, leave
from coterie.core.sync.events import Confirm, SyncReport, Vanishing
from coterie.core.sync.plan import Planner, is_same

BATCH: Final = 1000
CHUNK: Final = 100
MANY: Final = 10
"""The user is asked where more than one in so many contacts would go …"""
FEW: Final = 5
"""… but not about so few."""

Waiting = Collection[tuple[str, str]]
"""(remote id, attribute) of what waits to be settled."""


@dataclass(slots=True)
class _Work:
    """What there is to send: ids alone, so that a hundred thousand fit."""

    updates: list[str] = field(default_factory=list)
    deletions: list[str] = field(default_factory=list)
    creations: list[int] = field(default_factory=list)
    known: int = 0

    def __len__(self) -> int:
        return len(self.updates) + len(self.deletions) + len(self.creations)


class Sending:
    """Sends what changed here to one account; `report` keeps count.

    Args:
        still_alone: called before each creation; raises where another program syncs the account meanwhile.
    """

    def __init__(
        self,
        book: Book,
        account: Account,
        provider: Provider,
        report: SyncReport,
        still_alone: Callable[[], Awaitable[None]],
    ) -> None:
        self._book = book
        self._account = account
        self._provider = provider
        self._report = report
        self._still_alone = still_alone
        self._fields = provider.capabilities.fields
        self._waiting: Waiting = ()
        self._stored = 0

    async def run(self, confirm: Confirm, *, quiet: bool) -> AsyncIterator[tuple[int, int]]:
        """Send everything; tells (done, of how many). Raises what the provider raises, but Rejected and Conflict.

        `quiet`: this sync has brought nothing; where nothing was changed here either, nothing is looked through.
        """
        changes = await self._book.operations()
        since = self._account.settings.get("new_contacts_since")
        sent = self._account.settings.get("sent")
        # The sync itself is one of the operations.
        if not quiet or sent not in ([changes, since], [changes - 1, since]):
            self._waiting = await self.waiting()
            work = await self._work(self._linked())
            async for done in self._send(work, confirm):
                yield done, len(work)
        if sent != (done_now := [changes + self._stored, since]):
            await self._choose(sent=done_now)

    async def foresee(self, lookup: SyncLookup, waiting: Waiting, joined: Collection[int]) -> None:
        """Count what `run` would send, within the transaction of a dry run.

        `joined`: contacts that no account knew, and that the source turned out to have.
        """
        self._waiting = waiting
        work = await self._work(self._linked_within(lookup))
        self._report.sent_created = sum(one not in joined for one in work.creations)
        self._report.sent_updated, self._report.sent_deleted = len(work.updates), len(work.deletions)

    async def waiting(self) -> set[tuple[str, str]]:
        """What waits to be settled."""
        return {(one.remote_id, one.field) for one in await self._book.conflicts() if one.account == self._account.name}

    # What there is to send -----------------------------------------------------------------------------------------

    async def _linked(self) -> AsyncIterator[Sequence[Remembered]]:
        after = ""
        while batch := await self._book.linked(self._account, after, BATCH):
            after = batch[-1].remote_id
            yield batch

    async def _linked_within(self, lookup: SyncLookup) -> AsyncIterator[Sequence[Remembered]]:
        after = ""
        while ids := await lookup.remote_ids(self._account.name, after, BATCH):
            after = ids[-1]
            found = await lookup.remembered(self._account.name, ids)
            yield [found[one] for one in ids]

    async def _work(self, linked: AsyncIterator[Sequence[Remembered]]) -> _Work:
        work = _Work()
        async for batch in linked:
            for one in batch:
                work.known += one.contact is not None
                if self._is_deleted(one):
                    work.deletions.append(one.remote_id)
                elif self._edited(one):
                    work.updates.append(one.remote_id)
        lost = self._lost()
        work.creations = sorted([one async for one in self._new_contacts()], key=lambda one: one != lost)
        return work

    def _is_deleted(self, one: Remembered) -> bool:
        """Whether the contact was deleted here since we know of theirs."""
        if one.contact is None or one.contact.deleted_at is None or one.contact.deleted_by == self._account.name:
            return False
        return bool(one.base) and Base.of(one.base).binned != bin_mark(one.contact)

    def _edited(self, one: Remembered) -> set[str]:
        """The attributes that are to be sent."""
        if one.contact is None or one.contact.deleted_at is not None or not one.base:
            return set()
        edited = Base.of(one.base).edited(one.contact, self._fields)
        return {name for name in edited if (one.remote_id, name) not in self._waiting}

    async def _new_contacts(self) -> AsyncIterator[int]:
        """Contacts that no account knows and that were made since the user wanted new ones sent here."""
        since = self._account.settings.get("new_contacts_since")
        if not isinstance(since, str):
            return
        moment = datetime.fromisoformat(since)
        # The search knows days alone, and they begin when they begin where the user is.
        day = moment - timedelta(days=2)
        async for contact in self._book.contacts(Listing(query=f"missing:source created:>={day:%Y-%m-%d}")):
            if contact.created_at is not None and contact.created_at >= moment:
                yield contact.id or 0

    def _lost(self) -> int | None:
        """The contact that was sent as a new one, without an answer."""
        doubt = doubtful(self._account)
        return doubt[0] if doubt else None

    # Sending it ----------------------------------------------------------------------------------------------------

    async def _send(self, work: _Work, confirm: Confirm) -> AsyncIterator[int]:
        many = len(work.deletions) > FEW and len(work.deletions) * MANY > work.known
        if many or len(work.deletions) == work.known > 1:
            question = Vanishing(self._account.name, len(work.deletions), work.known, there=True)
            if not await confirm(question):
                raise Cancelled(question.sentence, "Restore them from the Bin, or sync again and confirm it.")
        done = 0
        # Each is read again just before it is sent: much can have been changed here meanwhile.
        for ids, send in ((work.updates, self._update), (work.deletions, self._delete)):
            for start in range(0, len(ids), CHUNK):
                chunk = ids[start : start + CHUNK]
                for one in (await self._book.remembered(self._account, chunk)).values():
                    await send(one)
                    yield (done := done + 1)
        for contact_id in work.creations:
            async for contact in self._book.contacts(Checks.of([contact_id])):
                if contact.deleted_at is None and not contact.sources:
                    await self._create(contact)
            yield (done := done + 1)

    async def _update(self, known: Remembered) -> None:
        edited = self._edited(known)
        if known.contact is None or not edited:
            return
        try:
            said = await self._provider.update(self._as_remote(known), known.contact, edited)
        except Rejected as refusal:
            self._report.refused.append((known.contact.shown_name, str(refusal)))
        except Conflict:
            await self._merge_again(known, known.contact)
        else:
            self._report.sent_updated += 1
            await self._store([self._remember(said, known.contact)])

    async def _merge_again(self, known: Remembered, ours: Contact) -> None:
        """The contact changed there meanwhile: read it again, merge, and send what is still different, once."""
        fresh = await self._provider.read(known.remote_id)
        if fresh is None:
            return  # deleted there: the next sync will say so
        planner = Planner(self._account.name, self._fields, SyncReport(self._account.name))
        try:
            await self._store(planner.known([fresh], {fresh.remote_id: known}), version=ours.version)
        except (Stale, NotFound):
            return  # changed here meanwhile, too: the next sync goes on from there
        self._report.updated += planner.report.updated
        self._report.conflicts += planner.report.conflicts
        self._waiting = {*self._waiting, *planner.disagreed}
        merged = (await self._book.remembered(self._account, [fresh.remote_id])).get(fresh.remote_id)
        if merged is None or merged.contact is None or not (edited := self._edited(merged)):
            return
        try:
            said = await self._provider.update(self._as_remote(merged), merged.contact, edited)
        except (Rejected, Conflict) as refusal:
            self._report.refused.append((merged.contact.shown_name, str(refusal)))
            return
        self._report.sent_updated += 1
        await self._store([self._remember(said, merged.contact)])

    async def _delete(self, gone: Remembered) -> None:
        if not self._is_deleted(gone):
            return  # restored meanwhile
        name = gone.contact.shown_name if gone.contact else gone.remote_id
        try:
            await self._provider.delete(self._as_remote(gone))
        except Conflict:
            # It changed there since: the next sync brings the change into the Bin, so that nothing of it is lost.
            self._report.refused.append(
                (name, "It was changed there after it was deleted here, so it was not deleted there.")
            )
            return
        except Rejected as refusal:
            self._report.refused.append((name, str(refusal)))
            return
        self._report.sent_deleted += 1
        await self._store([Disown(self._account.name, gone.remote_id)])

    async def _create(self, contact: Contact) -> None:
        await self._still_alone()
        if contact.id == self._lost() and (arrived := await self._find(contact)):
            await self._created(arrived, contact)
            return
        # Whatever happens from here on, a second creation would be a second contact: see `doubtful`.
        await self._choose(creating={"contact": contact.id, "at": self._book.now().astimezone(UTC).isoformat()})
        try:
            said = await self._provider.create(contact)
        except Rejected as refusal:
            await self._choose(creating=None)
            self._report.refused.append((contact.shown_name, str(refusal)))
            return
        except (SignInNeeded, NotEnabled, RateLimited):
            await self._choose(creating=None)  # it was refused, so it is not there
            raise
        await self._created(said, contact)

    async def _created(self, said: RemoteContact, contact: Contact) -> None:
        self._report.sent_created += 1
        await self._store([self._remember(said, contact)])
        await self._choose(creating=None)

    async def _find(self, contact: Contact) -> RemoteContact | None:
        """A contact that was sent once, among those there that we do not know yet: changes may lag behind."""
        async with aclosing(self._provider.present()) as present:
            async for one in present:
                if is_same(contact, one.contact):
                    known = await self._book.remembered(self._account, [one.remote_id, *one.previous_ids])
                    if not known:
                        return one
        return None

    def _as_remote(self, known: Remembered) -> RemoteContact:
        return RemoteContact(known.remote_id, contact_of(known.base), known.etag, known.raw)

    def _remember(self, said: RemoteContact, sent: Contact) -> Remember:
        """What the source answered; what it keeps in another form than we sent is left so."""
        planner = Planner(self._account.name, self._fields, self._report)
        agreed = {name for name in self._fields if (said.remote_id, name) not in self._waiting}
        base = leave(clean(said.contact), sent, agreed)
        return planner.remember(said, sent.id, base)

    async def _store(self, changes: Sequence[Change], version: int | None = None) -> None:
        if version is not None:
            changes = [replace(one, version=version) if isinstance(one, Edit) else one for one in changes]
        title = f"Sync {self._account.name}"
        await self._book.apply(Plan("sync", title, changes, done=lambda: self._report.sentence))
        self._stored += 1

    async def _choose(self, **settings: object) -> None:
        """Store something with the account, beside what the user may have chosen meanwhile."""
        account = await self._book.account(self._account.name)
        kept = {name: value for name, value in {**account.settings, **settings}.items() if value is not None}
        await self._book.update_account(replace(account, settings=kept))


def doubtful(account: Account) -> tuple[int, datetime] | None:
    """The contact of ours that was sent to an account as a new one, and when, where no answer ever came."""
    doubt = account.settings.get("creating")
    if not isinstance(doubt, dict):
        return None
    return cast(int, doubt["contact"]), datetime.fromisoformat(cast(str, doubt["at"]))
