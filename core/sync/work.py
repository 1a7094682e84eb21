"""What there is to send to an account: what the user changed here, as the base tells it (`core.base`)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from coterie.core.base import Base, Value, bin_mark, contact_of
from coterie.core.book import Book
from coterie.core.changes import Rebase
from coterie.core.checks import Checks
from coterie.core.errors import Conflict, Rejected
from coterie.core.listing import Listing
from coterie.core.merge import merge
from coterie.core.model import GONE, UNDONE, Account, Contact, GroupChanges, Refusal, Remembered
from coterie.core.places import Placing
from coterie.core.provider import Provider, RemoteContact
from coterie.core.store.journal.unit import Unit
from coterie.core.sync.events import SyncReport, Write
from coterie.core.sync.writes import created, update_of
from coterie.core.text import group_key

BATCH: Final = 250
CHUNK: Final = 100

Waiting = Collection[tuple[str, str]]
"""(remote id, attribute) of what waits to be settled."""


@dataclass(slots=True)
class Work:
    """What there is to send: ids alone, so that a hundred thousand fit.

    Attributes:
        merges: the ids of remote contacts that are one here.
        again: the former ids of contacts that are to be created again.
        arrivals, departures: what is to be in a place, and no longer to be.
        settled: what is so already.
        alone: what is known of contacts of which another account has said something, and that no other knows any more.
        linked: how many remote contacts are linked with one of ours.
    """

    merges: list[tuple[str, ...]] = field(default_factory=list)
    updates: list[str] = field(default_factory=list)
    deletions: list[str] = field(default_factory=list)
    again: list[str] = field(default_factory=list)
    creations: list[int] = field(default_factory=list)
    arrivals: list[Placing] = field(default_factory=list)
    departures: list[Placing] = field(default_factory=list)
    settled: list[Placing] = field(default_factory=list)
    alone: list[Rebase] = field(default_factory=list)
    linked: int = 0

    def __len__(self) -> int:
        sent = len(self.merges) + len(self.updates) + len(self.deletions) + len(self.again) + len(self.creations)
        return sent + len(self.arrivals) + len(self.departures)


class Outgoing:
    """What goes to one account, as far as it can be told without asking it.

    Attributes:
        groups: what the user did to groups since the last sync.
    """

    def __init__(self, book: Book, account: Account, provider: Provider, report: SyncReport) -> None:
        self.groups = GroupChanges()
        self._book = book
        self._account = account
        self._provider = provider
        self._report = report
        self._fields = provider.capabilities.fields
        self._waiting: Waiting = ()
        self._read_only: Mapping[str, str] = {}
        self._names: Mapping[str, str] = {}

    async def look_at_places(self) -> None:
        """Find out in which places nothing may be changed, and why."""
        places = [entry for entry in await self._book.accounts.places() if entry.account == self._account.name]
        self._read_only = {entry.place.id: entry.refusal for entry in places if entry.refusal}
        self._names = {entry.place.id: entry.place.name for entry in places}

    def _is_refused(self, action: str, record: Remembered) -> bool:
        """Whether nothing may be changed where a remote contact is; that is noted, and nothing is sent."""
        if reason := self._read_only.get(record.place, ""):
            name = record.contact.shown_name if record.contact else record.remote_id
            refusal = Rejected(reason, "The change stays here. To change it there, too, allow it for the place.")
            self._refuse(action, name, refusal, record.remote_id, record.contact)
        return bool(reason)

    def _refuse(
        self, action: str, name: str, refusal: Rejected | Conflict, key: str, contact: Contact | None = None
    ) -> None:
        contact_id = contact.id if contact else None
        self._report.refused.append(
            Refusal(self._account.name, action, name, str(refusal), contact_id, self._book.now(), key)
        )

    async def foresee(self, unit: Unit, waiting: Waiting, joined: Collection[int]) -> None:
        """List what a sync would send, within the transaction of a dry run.

        `joined`: contacts that no account knew, and that the source turned out to have.
        """
        self._waiting = waiting
        await self.look_at_places()
        groups = await self._groups_there(self._linked_within(unit))
        new_groups = self._new_groups()
        work = await self._work(self._linked_within(unit))
        work.creations = [contact_id for contact_id in work.creations if contact_id not in joined]
        report = self._report
        report.sent_created, report.sent_again = len(work.creations), len(work.again)
        report.sent_updated, report.sent_deleted = len(work.updates), len(work.deletions)
        report.moved_in, report.moved_out = len(work.arrivals), len(work.departures)
        report.sent_merged, report.sent_groups = len(work.merges), len(groups) + len(new_groups)
        report.writes += [
            Write("rename group", f"{name} → {new}") if new else Write("delete group", name)
            for name, new in groups.items()
        ]
        report.writes += [Write("create group", name) for name in new_groups]
        async for write in self._writes(work, unit):
            report.writes.append(write)

    async def _writes(self, work: Work, unit: Unit) -> AsyncIterator[Write]:
        for ids in work.merges:
            records = await unit.remembered(self._account.name, ids)
            if any(self._is_refused("merge", record) for record in records.values()):
                continue
            first, wanted, _ = self._merged(list(records.values()))
            yield update_of("merge", Base.of(first.base).said, wanted, self._fields)
        for start in range(0, len(work.updates), CHUNK):
            records = await unit.remembered(self._account.name, work.updates[start : start + CHUNK])
            for record in records.values():
                yield update_of("update", self._base(record).said, self._wanted(record), self._fields)
        for start in range(0, len(work.deletions), CHUNK):
            records = await unit.remembered(self._account.name, work.deletions[start : start + CHUNK])
            for record in records.values():
                yield Write("delete", contact_of(record.base).shown_name)
        for record in await self._book.accounts.departed(self._account):
            if record.remote_id in work.again:
                yield created("create again", self._wanted(record), self._fields)
        async for contact in self._book.contacts(Checks.of(work.creations)):
            yield created("create", contact, self._fields)
        people = {
            contact.id: contact
            async for contact in self._book.contacts(Checks.of(placing.contact_id for placing in work.arrivals))
        }
        for placing in work.arrivals:
            yield created(f"create in {self._name_of(placing.place)}", people[placing.contact_id], self._fields)
        there = await unit.remembered(self._account.name, [placing.remote_id for placing in work.departures])
        for placing in work.departures:
            record = there[placing.remote_id]
            yield Write(f"delete in {self._name_of(placing.place)}", contact_of(record.base).shown_name)

    async def waiting(self) -> set[tuple[str, str]]:
        """What waits for the user to settle it."""
        return {
            (conflict.remote_id, conflict.field)
            for conflict in await self._book.accounts.conflicts()
            if conflict.account == self._account.name
        }

    # What there is to send -----------------------------------------------------------------------------------------

    async def _linked(self) -> AsyncIterator[Sequence[Remembered]]:
        after = ""
        while batch := await self._book.accounts.linked(self._account, after, BATCH):
            after = batch[-1].remote_id
            yield batch

    async def _linked_within(self, unit: Unit) -> AsyncIterator[Sequence[Remembered]]:
        after = ""
        while ids := await unit.remote_ids(self._account.name, after, BATCH):
            after = ids[-1]
            records = await unit.remembered(self._account.name, ids)
            yield [records[remote_id] for remote_id in ids]

    async def _work(self, linked: AsyncIterator[Sequence[Remembered]]) -> Work:
        work = Work()
        placings = await self._book.accounts.placings(self._account)
        moving = {placing.contact_id for placing in placings if not placing.there and placing.remote_id}
        async for batch in linked:
            for record in batch:
                work.linked += record.contact is not None
                if self._is_deleted(record):
                    work.deletions += [] if self._is_refused("delete", record) else [record.remote_id]
                elif self._is_merged(record) and record.contact is not None and record.contact.id not in moving:
                    ids = self._merged_ids(record)
                    work.merges += [ids] if record.remote_id == ids[0] else []
                elif self._edits(record):
                    work.updates += [] if self._is_refused("update", record) else [record.remote_id]
                if record.contact is not None and '"left":' in record.base and not record.others:
                    base = Base.of(record.base)
                    if (alone := base.alone(record.contact, self._fields)) is not base:
                        work.alone.append(Rebase(self._account.name, record.remote_id, alone.text()))
        work.again = [record.remote_id for record in await self._book.accounts.departed(self._account)]
        lost = set(doubtful(self._account))
        self._place(work, placings)
        work.creations = sorted(
            [contact_id async for contact_id in self._new_contacts()], key=lambda contact_id: contact_id not in lost
        )
        return work

    def _place(self, work: Work, placings: Sequence[Placing]) -> None:
        """What the user moved or copied. It leaves a place only once it is in all others where it is wanted."""
        for placing in placings:
            if placing.there == bool(placing.remote_id):
                work.settled.append(placing)
            elif placing.there:
                work.arrivals.append(placing)
            elif not placing.waits:
                work.departures.append(placing)

    def _may_leave(self, placing: Placing, record: Remembered) -> bool:
        """Whether a contact may be deleted in a place: another one has it, or only the user had put it there."""
        return placing.is_elsewhere or (Base.of(record.base).made and not placing.has_departed)

    def _name_of(self, place: str) -> str:
        return self._names.get(place, "") or self._account.address

    def _new_groups(self) -> tuple[str, ...]:
        """The empty groups that are to be created, if the user wants new things sent and they can be empty."""
        capabilities = self._provider.capabilities
        wanted = self._account.settings.get("new_contacts_since") and capabilities.labels
        return self.groups.created if wanted else ()

    async def _groups_there(self, linked: AsyncIterator[Sequence[Remembered]]) -> dict[str, str]:
        """The groups that the source has and the user renamed here, with their new names; empty for those deleted."""
        changed = {**self.groups.renamed, **dict.fromkeys(self.groups.deleted, "")}
        there: dict[str, str] = {}
        if changed and self._provider.capabilities.groups:
            async for batch in linked:
                names = (name for record in batch if record.base for name in contact_of(record.base).groups)
                there.update((group_key(name), name) for name in names)
        return {there[key]: new for key, new in changed.items() if key in there}

    def _base(self, record: Remembered) -> Base:
        """What is known of a remote contact; labels that are renamed or deleted there are so for all their members."""
        base = Base.of(record.base)
        changed = self.groups
        if not self._provider.capabilities.labels or not (changed.renamed or changed.deleted):
            return base
        groups = [
            changed.renamed.get(group_key(name), name)
            for name in base.said.groups
            if group_key(name) not in changed.deleted
        ]
        return replace(base, said=replace(base.said, groups=tuple(groups)))

    def _is_deleted(self, record: Remembered) -> bool:
        """Whether the contact was deleted here since we know of theirs, or the creation of what we made was undone."""
        ours = record.contact
        if ours is None or ours.deleted_at is None or ours.deleted_by == self._account.name:
            return False
        base = Base.of(record.base)
        if ours.deleted_by == UNDONE:
            return base.made
        return bool(record.base) and base.binned != bin_mark(ours)

    def _is_merged(self, record: Remembered) -> bool:
        """Whether the user has merged the contact with another one of the same account."""
        ids = self._merged_ids(record)
        is_live = record.contact is not None and record.contact.deleted_at is None and bool(record.base)
        return is_live and len(ids) > 1 and not any(remote_id in ids for remote_id, _ in self._waiting)

    def _merged_ids(self, record: Remembered) -> tuple[str, ...]:
        """The ids that are to become one, in their order: what was copied to another place stays."""
        if record.remote_id in record.copies:
            return (record.remote_id,)
        return tuple(sorted({record.remote_id, *record.siblings} - {*record.copies}))

    def _edits(self, record: Remembered) -> set[Value]:
        """The values that are to be sent."""
        if record.contact is None or record.contact.deleted_at is not None or not record.base:
            return set()
        if (record.remote_id, GONE) in self._waiting:
            return set()
        edits = self._base(record).edits(record.contact, self._fields)
        return {value for value in edits if (record.remote_id, value[0]) not in self._waiting}

    def _wanted(self, record: Remembered) -> Contact:
        """The contact as the source is to have it."""
        return self._base(record).wanted(record.contact or Contact(), self._edits(record))

    def _merged(self, records: Sequence[Remembered]) -> tuple[Remembered, Contact, list[Remembered]]:
        """The remote contact that stays of several, what it is to say, and those that it takes in."""
        ours = records[0].contact or Contact()

        def order(record: Remembered) -> tuple[bool, bool, str]:
            said = contact_of(record.base)
            stays = self._provider.stays(RemoteContact(record.remote_id, said, record.etag, record.raw))
            return not stays, said.name != ours.name, record.remote_id

        first, *others = sorted(records, key=order)
        base = self._base(first)
        both = replace(base, said=merge([contact_of(record.base) for record in others], base.said))
        return first, both.wanted(ours, both.edits(ours, self._fields)), others

    async def _new_contacts(self) -> AsyncIterator[int]:
        """Contacts that no account knows and that were made since the user wanted new ones sent here."""
        since = self._account.settings.get("new_contacts_since")
        if not isinstance(since, str):
            return
        moment = datetime.fromisoformat(since)
        # The search knows days alone, and those are the days of the user's own time zone.
        day = moment - timedelta(days=2)
        recent = self._book.contacts(Listing(query=f"missing:source created:>={day:%Y-%m-%d}"))
        placed = await self._book.accounts.wanted_somewhere()
        ids = [
            contact.id or 0
            async for contact in recent
            if contact.created_at is not None and contact.created_at >= moment
        ]
        ids = [contact_id for contact_id in ids if contact_id not in placed]
        # What an account gave was not added by the user, also if that account is gone.
        for contact_id in await self._book.accounts.added(ids):
            yield contact_id


def doubtful(account: Account) -> list[int]:
    """The contacts of ours that were sent to an account as new ones, if no answer ever came."""
    doubt = account.settings.get("creating")
    return (
        [int(contact_id) for contact_id in doubt.get("contacts") or [doubt.get("contact")]]
        if isinstance(doubt, dict)
        else []
    )
