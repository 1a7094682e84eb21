"""Writing back: what the user changed here goes to the source, one request after the other, only what differs.

What was changed is told by the base (`core.base`). A conflict there is read again and merged, never overwritten;
fields that wait to be settled are not sent. Each answer is stored as soon as it is there, so that a kill in the middle
sends nothing twice.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final, cast

from coterie.core.base import Base, Value, bin_mark, contact_of, differing
from coterie.core.book import Book
from coterie.core.change import Change, Depart, Edit, Plan, Remember, Return, SyncLookup
from coterie.core.checks import Checks
from coterie.core.errors import Cancelled, Conflict, NotEnabled, NotFound, RateLimited, Rejected, SignInNeeded, Stale
from coterie.core.listing import Listing
from coterie.core.merge import merge
from coterie.core.model import GONE, Account, Contact, GroupChanges, Remembered
from coterie.core.provider import Provider, RemoteContact
from coterie.core.store.creating import clean
from coterie.core.store.values import UNDONE
from coterie.core.sync.events import Confirm, SyncReport, Vanishing, Write
from coterie.core.sync.plan import Planner, is_same
from coterie.core.sync.writes import created, update_of
from coterie.core.text import group_key

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
    """What there is to send: ids alone, so that a hundred thousand fit.

    Attributes:
        groups: key -> the new name of groups that are to be renamed; empty where it is to be deleted.
        merges: the ids of remote contacts that are one here.
        again: the ids of before of contacts that are to be created again.
    """

    groups: dict[str, str] = field(default_factory=dict)
    merges: list[tuple[str, ...]] = field(default_factory=list)
    updates: list[str] = field(default_factory=list)
    deletions: list[str] = field(default_factory=list)
    again: list[str] = field(default_factory=list)
    creations: list[int] = field(default_factory=list)
    known: int = 0

    def __len__(self) -> int:
        return sum(map(len, (self.groups, self.merges, self.updates, self.deletions, self.again, self.creations)))


class Sending:
    """Sends what changed here to one account; `report` keeps count.

    Args:
        still_alone: called before each creation; raises where another program syncs the account meanwhile.

    Attributes:
        groups: what the user did to groups since the last sync.
    """

    def __init__(
        self,
        book: Book,
        account: Account,
        provider: Provider,
        report: SyncReport,
        still_alone: Callable[[], Awaitable[None]],
    ) -> None:
        self.groups = GroupChanges()
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
        """List what `run` would send, within the transaction of a dry run.

        `joined`: contacts that no account knew, and that the source turned out to have.
        """
        self._waiting = waiting
        work = await self._work(self._linked_within(lookup))
        work.creations = [one for one in work.creations if one not in joined]
        report = self._report
        report.sent_created, report.sent_again = len(work.creations), len(work.again)
        report.sent_updated, report.sent_deleted = len(work.updates), len(work.deletions)
        report.sent_merged, report.sent_groups = len(work.merges), len(work.groups)
        async for write in self._writes(work, lookup):
            report.writes.append(write)

    async def _writes(self, work: _Work, lookup: SyncLookup) -> AsyncIterator[Write]:
        for key, new in work.groups.items():
            yield Write("rename group", f"{key} → {new}") if new else Write("delete group", key)
        for ids in work.merges:
            found = await lookup.remembered(self._account.name, ids)
            first, wanted, _ = self._merged(list(found.values()))
            yield update_of("merge", Base.of(first.base).said, wanted, self._fields)
        for start in range(0, len(work.updates), CHUNK):
            found = await lookup.remembered(self._account.name, work.updates[start : start + CHUNK])
            for one in found.values():
                yield update_of("update", self._base(one).said, self._wanted(one), self._fields)
        for start in range(0, len(work.deletions), CHUNK):
            found = await lookup.remembered(self._account.name, work.deletions[start : start + CHUNK])
            for one in found.values():
                yield Write("delete", contact_of(one.base).shown_name)
        for one in await self._book.departed(self._account):
            if one.remote_id in work.again:
                yield created("create again", self._wanted(one), self._fields)
        async for contact in self._book.contacts(Checks.of(work.creations)):
            yield created("create", contact, self._fields)

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
        changed = {**self.groups.renamed, **dict.fromkeys(self.groups.deleted, "")}
        async for batch in linked:
            for one in batch:
                work.known += one.contact is not None
                if changed and one.base:
                    said = set(map(group_key, contact_of(one.base).groups))
                    work.groups |= {key: changed[key] for key in sorted(said & changed.keys())}
                if self._is_deleted(one):
                    work.deletions.append(one.remote_id)
                elif self._is_merged(one):
                    ids = (one.remote_id, *one.siblings)
                    work.merges += [tuple(sorted(ids))] if one.remote_id == min(ids) else []
                elif self._edits(one):
                    work.updates.append(one.remote_id)
        work.again = [one.remote_id for one in await self._book.departed(self._account)]
        lost = self._lost()
        work.creations = sorted([one async for one in self._new_contacts()], key=lambda one: one != lost)
        if not self._provider.capabilities.groups:
            work.groups.clear()
        return work

    def _base(self, known: Remembered) -> Base:
        """What is known of a remote contact; labels that are renamed or deleted there are so for all their members."""
        base = Base.of(known.base)
        changed = self.groups
        if not self._provider.capabilities.labels or not (changed.renamed or changed.deleted):
            return base
        groups = [
            changed.renamed.get(group_key(name), name)
            for name in base.said.groups
            if group_key(name) not in changed.deleted
        ]
        return replace(base, said=replace(base.said, groups=tuple(groups)))

    def _is_deleted(self, one: Remembered) -> bool:
        """Whether the contact was deleted here since we know of theirs, or the creation of what we made was undone."""
        if one.contact is None or one.contact.deleted_at is None or one.contact.deleted_by == self._account.name:
            return False
        base = Base.of(one.base)
        if one.contact.deleted_by == UNDONE:
            return base.made
        return bool(one.base) and base.binned != bin_mark(one.contact)

    def _is_merged(self, one: Remembered) -> bool:
        """Whether the user has merged the contact with another one of the same account."""
        ids = (one.remote_id, *one.siblings)
        is_live = one.contact is not None and one.contact.deleted_at is None and bool(one.base)
        return is_live and len(ids) > 1 and not any(remote_id in ids for remote_id, _ in self._waiting)

    def _edits(self, one: Remembered) -> set[Value]:
        """What is to be sent."""
        if one.contact is None or one.contact.deleted_at is not None or not one.base:
            return set()
        if (one.remote_id, GONE) in self._waiting:
            return set()
        edits = self._base(one).edits(one.contact, self._fields)
        return {value for value in edits if (one.remote_id, value[0]) not in self._waiting}

    def _wanted(self, one: Remembered) -> Contact:
        """What the source shall say."""
        return self._base(one).wanted(one.contact or Contact(), self._edits(one))

    def _merged(self, found: Sequence[Remembered]) -> tuple[Remembered, Contact, list[Remembered]]:
        """The remote contact that stays of several, what it shall say, and those that it takes in."""
        ours = found[0].contact or Contact()
        first, *others = sorted(found, key=lambda one: (contact_of(one.base).name != ours.name, one.remote_id))
        base = self._base(first)
        both = replace(base, said=merge([contact_of(one.base) for one in others], base.said))
        return first, both.wanted(ours, both.edits(ours, self._fields)), others

    async def _new_contacts(self) -> AsyncIterator[int]:
        """Contacts that no account knows and that were made since the user wanted new ones sent here."""
        since = self._account.settings.get("new_contacts_since")
        if not isinstance(since, str):
            return
        moment = datetime.fromisoformat(since)
        # The search knows days alone, and they begin when they begin where the user is.
        day = moment - timedelta(days=2)
        recent = self._book.contacts(Listing(query=f"missing:source created:>={day:%Y-%m-%d}"))
        found = [one.id or 0 async for one in recent if one.created_at is not None and one.created_at >= moment]
        # What an account gave was not added by the user, also where that account is gone.
        for contact_id in await self._book.added(found):
            yield contact_id

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
        for key, new in work.groups.items():
            await self._change_group(key, new)
            yield (done := done + 1)
        for ids in work.merges:
            await self._merge(ids)
            yield (done := done + 1)
        # Each is read again just before it is sent: much can have been changed here meanwhile.
        for some, send in ((work.updates, self._update), (work.deletions, self._delete)):
            for start in range(0, len(some), CHUNK):
                chunk = some[start : start + CHUNK]
                for one in (await self._book.remembered(self._account, chunk)).values():
                    await send(one)
                    yield (done := done + 1)
        for one in await self._book.departed(self._account) if work.again else ():
            await self._create_again(one)
            yield (done := done + 1)
        for contact_id in work.creations:
            async for contact in self._book.contacts(Checks.of([contact_id])):
                if contact.deleted_at is None and not contact.sources:
                    await self._create(contact)
            yield (done := done + 1)

    async def _change_group(self, key: str, new: str) -> None:
        """Rename a group there, or delete it where `new` is empty."""
        try:
            if new:
                await self._provider.rename_group(key, new)
            else:
                await self._provider.delete_group(key)
        except (Rejected, Conflict) as refusal:
            self._report.refused.append((new or key, str(refusal)))
        else:
            self._report.sent_groups += 1

    async def _merge(self, ids: Sequence[str]) -> None:
        """Let the source have one contact of what the user merged here."""
        found = list((await self._book.remembered(self._account, ids)).values())
        if len(found) < 2 or not all(map(self._is_merged, found)):
            return
        first, wanted, others = self._merged(found)
        fields = differing(self._base(first).said, wanted, self._fields)
        try:
            said = await self._provider.merge(self._as_remote(first), [*map(self._as_remote, others)], wanted, fields)
            assert first.contact is not None
            await self._store([self._remember(said, first.contact, first)])
            for other in others:
                await self._provider.delete(self._as_remote(other))
                await self._store([Depart(self._account.name, other.remote_id)])
        except (Rejected, Conflict) as refusal:  # the next sync goes on from what is there then
            self._report.refused.append((wanted.shown_name, str(refusal)))
            return
        self._report.sent_merged += 1

    async def _update(self, known: Remembered) -> None:
        edits = self._edits(known)
        if known.contact is None or not edits:
            return
        fields = {name for name, _ in edits}
        try:
            said = await self._provider.update(self._as_remote(known), self._wanted(known), fields)
        except Rejected as refusal:
            self._report.refused.append((known.contact.shown_name, str(refusal)))
        except Conflict:
            await self._merge_again(known, known.contact)
        else:
            self._report.sent_updated += 1
            await self._store([self._remember(said, known.contact, known)])

    async def _merge_again(self, known: Remembered, ours: Contact) -> None:
        """The contact changed there meanwhile: read it again, merge, and send what is still different, once."""
        fresh = await self._provider.read(known.remote_id)
        if fresh is None:
            return  # deleted there: the next sync will say so
        planner = Planner(self._account.name, self._fields, SyncReport(self._account.name))
        try:
            changes = planner.known([fresh], {fresh.remote_id: known})
            links = await self._book.links(sorted(planner.changed))
            await self._store([*changes, *planner.others(links, [fresh.remote_id])], version=ours.version)
        except (Stale, NotFound):
            return  # changed here meanwhile, too: the next sync goes on from there
        self._report.updated += planner.report.updated
        self._report.conflicts += planner.report.conflicts
        self._waiting = {*self._waiting, *planner.disagreed}
        merged = (await self._book.remembered(self._account, [fresh.remote_id])).get(fresh.remote_id)
        if merged is None or merged.contact is None or not (edits := self._edits(merged)):
            return
        try:
            fields = {name for name, _ in edits}
            said = await self._provider.update(self._as_remote(merged), self._wanted(merged), fields)
        except (Rejected, Conflict) as refusal:
            self._report.refused.append((merged.contact.shown_name, str(refusal)))
            return
        self._report.sent_updated += 1
        await self._store([self._remember(said, merged.contact, merged)])

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
        await self._store([Depart(self._account.name, gone.remote_id)])

    async def _create_again(self, gone: Remembered) -> None:
        """Create a contact that was deleted there, and that an undo or a restore has brought back here."""
        if gone.contact is not None:
            await self._create(gone.contact, gone)

    async def _create(self, contact: Contact, gone: Remembered | None = None) -> None:
        await self._still_alone()
        if contact.id == self._lost() and (arrived := await self._find(contact)):
            await self._created(arrived, contact, gone)
            return
        # Whatever happens from here on, a second creation would be a second contact: see `doubtful`.
        await self._choose(creating={"contact": contact.id, "at": self._book.now().astimezone(UTC).isoformat()})
        try:
            if gone is None:
                said = await self._provider.create(contact)
            else:
                said = await self._provider.create(self._wanted(gone), gone.raw)
        except Rejected as refusal:
            await self._choose(creating=None)
            self._report.refused.append((contact.shown_name, str(refusal)))
            return
        except (SignInNeeded, NotEnabled, RateLimited):
            await self._choose(creating=None)  # it was refused, so it is not there
            raise
        await self._created(said, contact, gone)

    async def _created(self, said: RemoteContact, contact: Contact, gone: Remembered | None) -> None:
        if gone is None:
            self._report.sent_created += 1
        else:
            self._report.sent_again += 1
        returned: list[Change] = [Return(self._account.name, gone.remote_id)] if gone else []
        await self._store([self._remember(said, contact, gone), *returned])
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

    def _remember(self, said: RemoteContact, ours: Contact, before: Remembered | None) -> Remember:
        """What the source answered; what it keeps in another form than we sent is left so."""
        base = self._base(before) if before else Base(Contact(), made=True)
        answer = clean(said.contact)
        waiting = {
            value for value in Base(answer).edits(ours, self._fields) if (said.remote_id, value[0]) in self._waiting
        }
        planner = Planner(self._account.name, self._fields, self._report)
        return planner.remember(said, ours.id, base.agreed(answer, ours, self._fields, waiting))

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
