"""Writing back: what was changed here goes to the source, one request after the other, only what differs.

What differs is told by what the source last said (the base). A conflict there is read again and merged, never
overwritten; fields that wait to be settled are not sent. Each answer is stored as soon as it is there, so that a kill
in the middle sends nothing twice.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from core.book import Book
from core.change import Change, Disagree, Disown, Edit, Plan, Remember
from core.errors import Cancelled, Conflict, Rejected
from core.listing import Listing
from core.merge3 import merge3
from core.model import Account, Contact, Remembered
from core.provider import Provider, RemoteContact
from core.store.creating import clean
from core.sync.events import Confirm, SyncReport, Vanishing
from core.sync.plan import Planner
from core.sync.spool import contact_of, contact_text
from core.text import group_key

BATCH: Final = 1000
MANY: Final = 10
"""The user is asked where more than one in so many contacts would go …"""
FEW: Final = 5
"""… but not about so few."""


def differing(base: Contact, ours: Contact, fields: Collection[str]) -> set[str]:
    """The attributes of `fields` that are not as the source last said; order and spelling of groups do not count."""
    differ = {name for name in fields if getattr(base, name) != getattr(ours, name)}
    if set(map(group_key, base.groups)) == set(map(group_key, ours.groups)):
        differ.discard("groups")
    return differ


@dataclass(frozen=True, slots=True)
class _Update:
    known: Remembered
    contact: Contact
    fields: frozenset[str]


class Sending:
    """Sends what changed here to one account; `report` keeps count."""

    def __init__(self, book: Book, account: Account, provider: Provider, report: SyncReport) -> None:
        self._book = book
        self._account = account
        self._provider = provider
        self._report = report
        self._fields = provider.capabilities.fields

    async def run(self, confirm: Confirm, *, dry_run: bool) -> AsyncIterator[tuple[int, int]]:
        """Send everything; tells (done, of how many). Raises what the provider raises, but Rejected and Conflict."""
        if self._account.settings.get("sent_revision") == self._book.revision:
            return
        updates, deletions, known = await self._differences()
        creations = [one async for one in self._new_contacts()]
        total = len(updates) + len(deletions) + len(creations)
        if dry_run:
            self._report.sent_created, self._report.sent_updated = len(creations), len(updates)
            self._report.sent_deleted = len(deletions)
            return
        if len(deletions) > FEW and len(deletions) * MANY > known:
            question = Vanishing(self._account.name, len(deletions), known, there=True)
            if not await confirm(question):
                raise Cancelled(question.sentence, "Restore them from the Bin, or sync again and confirm it.")
        done = 0
        for update in updates:
            await self._update(update)
            yield (done := done + 1), total
        for gone in deletions:
            await self._delete(gone)
            yield (done := done + 1), total
        for contact in creations:
            await self._create(contact)
            yield (done := done + 1), total
        # Storing this makes one more revision; any other number at the next sync means that something was changed.
        settings = {**self._account.settings, "sent_revision": self._book.revision + 1}
        await self._book.update_account(replace(await self._book.account(self._account.name), settings=settings))

    async def _differences(self) -> tuple[list[_Update], list[Remembered], int]:
        waiting = {
            (one.remote_id, one.field) for one in await self._book.conflicts() if one.account == self._account.name
        }
        updates: list[_Update] = []
        deletions: list[Remembered] = []
        known, after = 0, ""
        while batch := await self._book.linked(self._account, after, BATCH):
            after = batch[-1].remote_id
            for one in batch:
                if one.contact is None or not one.base:
                    continue
                known += 1
                if one.contact.deleted_at is not None:
                    if one.contact.deleted_by != self._account.name:
                        deletions.append(one)
                    continue
                fields = differing(contact_of(one.base), one.contact, self._fields)
                fields = {name for name in fields if (one.remote_id, name) not in waiting}
                if fields:
                    updates.append(_Update(one, one.contact, frozenset(fields)))
        return updates, deletions, known

    async def _new_contacts(self) -> AsyncIterator[Contact]:
        """Contacts that no account knows and that were made since the user wanted new ones sent here."""
        since = self._account.settings.get("new_contacts_since")
        if not isinstance(since, str):
            return
        moment = datetime.fromisoformat(since)
        async for contact in self._book.contacts(Listing(query=f"missing:source created:>={moment:%Y-%m-%d}")):
            if contact.created_at is not None and contact.created_at >= moment:
                yield contact

    async def _update(self, update: _Update) -> None:
        known = self._as_remote(update.known)
        try:
            said = await self._provider.update(known, update.contact, update.fields)
        except Rejected as refusal:
            self._report.refused.append((update.contact.shown_name, str(refusal)))
        except Conflict:
            await self._merge_again(update)
        else:
            self._report.sent_updated += 1
            await self._store([self._remember(said, update.contact.id)])

    async def _merge_again(self, update: _Update) -> None:
        """The contact changed there meanwhile: read it again, merge, and send what is still different, once."""
        fresh = await self._provider.read(update.known.remote_id)
        if fresh is None:
            return  # deleted there: the next sync will say so
        fresh = replace(fresh, contact=clean(fresh.contact))
        merged, conflicts = merge3(contact_of(update.known.base), update.contact, fresh.contact, self._fields)
        planner = Planner(self._account.name, self._fields, self._report)
        changes: list[Change] = [self._remember(fresh, update.contact.id)]
        changes += [Disagree(planner.conflict(fresh, update.contact.id or 0, one)) for one in conflicts]
        self._report.conflicts += len(conflicts)
        values = {
            name: getattr(merged, name)
            for name in self._fields
            if getattr(merged, name) != getattr(update.contact, name)
        }
        if values:
            changes.append(Edit(update.contact.id or 0, values))
            self._report.updated += 1
        await self._store(changes)
        fields = differing(fresh.contact, merged, self._fields) - {one.field for one in conflicts}
        if fields:
            try:
                said = await self._provider.update(fresh, merged, fields)
            except (Rejected, Conflict) as refusal:
                self._report.refused.append((merged.shown_name, str(refusal)))
                return
            self._report.sent_updated += 1
            await self._store([self._remember(said, update.contact.id)])

    async def _delete(self, gone: Remembered) -> None:
        try:
            await self._provider.delete(self._as_remote(gone))
        except Conflict:
            # It changed there since: the next sync brings the change, and whoever deleted it can decide again.
            name = gone.contact.shown_name if gone.contact else gone.remote_id
            self._report.refused.append((name, "It was changed there since it was deleted here; it was left there."))
            return
        except Rejected as refusal:
            self._report.refused.append((gone.contact.shown_name if gone.contact else gone.remote_id, str(refusal)))
            return
        self._report.sent_deleted += 1
        await self._store([Disown(self._account.name, gone.remote_id)])

    async def _create(self, contact: Contact) -> None:
        try:
            said = await self._provider.create(contact)
        except Rejected as refusal:
            self._report.refused.append((contact.shown_name, str(refusal)))
            return
        self._report.sent_created += 1
        await self._store([self._remember(said, contact.id)])

    def _as_remote(self, known: Remembered) -> RemoteContact:
        return RemoteContact(known.remote_id, contact_of(known.base), known.etag, known.raw)

    def _remember(self, said: RemoteContact, contact_id: int | None) -> Remember:
        base = contact_text(clean(said.contact))
        return Remember(self._account.name, said.remote_id, contact_id, said.etag, base, said.raw)

    async def _store(self, changes: Sequence[Change]) -> None:
        await self._book.apply(Plan("sync", f"Sync {self._account.name}", changes, done=lambda: self._report.sentence))
