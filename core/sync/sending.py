"""Writing back: what the user changed here goes to the source, in batches, only what differs.

A conflict there is read again and merged, never overwritten. Each answer is stored as soon as it is there, so that a
kill in the middle sends nothing twice; what is refused is kept, and tried again at the next sync.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Final

from coterie.core.base import contact_of, differing
from coterie.core.changes import Change, Depart
from coterie.core.checks import Checks
from coterie.core.errors import (
    Cancelled,
    Conflict,
    NotFound,
    Rejected,
    Stale,
)
from coterie.core.model import GroupChanges, Remembered
from coterie.core.provider import RemoteContact, Update
from coterie.core.sync.events import Confirm, SyncReport, Vanishing
from coterie.core.sync.halving import told_of_all
from coterie.core.sync.moving import Moves
from coterie.core.sync.plan import Planner
from coterie.core.sync.work import Work
from coterie.core.text import group_key

CHUNK: Final = 1000
"""How many contacts are read from the book at a time; a provider makes its own batches of them."""
MANY: Final = 10
"""The user is asked if more than one in so many contacts would go …"""
FEW: Final = 5
"""… but not about so few, unless they are all."""


class Sending(Moves):
    """Sends what changed here to one account; `report` keeps count."""

    async def run(self, confirm: Confirm, *, quiet: bool) -> AsyncIterator[tuple[int, int]]:
        """Send everything; tells (done, of how many). Raises what the provider raises, but Rejected and Conflict.

        `quiet`: this sync has brought nothing; if nothing was changed here and nothing refused before either,
        nothing is looked through.
        """
        changes = await self._book.history.length()
        since = self._account.settings.get("new_contacts_since")
        sent = self._account.settings.get("sent")
        refused = await self._book.accounts.refusals(self._account)
        placings = await self._book.accounts.placings(self._account)
        # The sync itself is one of the operations.
        if not quiet or refused or placings or sent not in ([changes, since], [changes - 1, since]):
            self._waiting = await self.waiting()
            await self.look_at_places()
            await self._change_groups()
            work = await self._work(self._linked())
            await self._store([*work.alone, *(self._arrive(placing, placing.remote_id) for placing in work.settled)])
            complete = False
            try:
                async for done in self._send(work, confirm):
                    yield done, len(work)
                complete = True
            finally:
                if refused or self._report.refused:
                    await self._book.accounts.keep_refusals(self._account, self._report.refused, complete=complete)
        if sent != (done_now := [changes + self._stored, since]):
            await self._choose(sent=done_now)

    # Sending it ----------------------------------------------------------------------------------------------------

    async def _send(self, work: Work, confirm: Confirm) -> AsyncIterator[int]:
        many = len(work.deletions) > FEW and len(work.deletions) * MANY > work.linked
        if many or len(work.deletions) == work.linked > 1:
            question = Vanishing(self._account.name, len(work.deletions), work.linked, there=True)
            if not await confirm(question):
                raise Cancelled(question.sentence, "Restore them from the Bin, or sync again and confirm it.")
        done = 0
        for ids in work.merges:
            await self._merge(ids)
            yield (done := done + 1)
        # They are read again just before they are sent: much can have been changed here meanwhile.
        for some, send in ((work.updates, self._update), (work.deletions, self._delete)):
            for start in range(0, len(some), CHUNK):
                records = await self._book.accounts.remembered(self._account, some[start : start + CHUNK])
                async for count in send(list(records.values())):
                    yield (done := done + count)
        for record in await self._book.accounts.departed(self._account) if work.again else ():
            await self._create_again(record)
            yield (done := done + 1)
        async for count in self._send_new(work.creations):
            yield (done := done + count)
        async for count in self._move_in(work.arrivals):
            yield (done := done + count)
        async for count in self._move_out():
            yield (done := done + count)

    async def _send_new(self, contact_ids: Sequence[int]) -> AsyncIterator[int]:
        """Create contacts there, as many at a time as go in one request."""
        together = self._provider.capabilities.together
        for start in range(0, len(contact_ids), together):
            ids = contact_ids[start : start + together]
            contacts = [contact async for contact in self._book.contacts(Checks.of(ids)) if contact.deleted_at is None]
            await self._create([contact for contact in contacts if not contact.sources])
            yield len(ids)

    async def _change_groups(self) -> None:
        """Rename and delete groups there as here. If that is refused, the contacts say it one by one."""
        done: dict[str, str] = {}
        for name, new in (await self._groups_there(self._linked())).items():
            try:
                await (self._provider.rename_group(name, new) if new else self._provider.delete_group(name))
            except (Rejected, Conflict) as refusal:
                self._refuse("group", new or name, refusal, f"group {name}")
            else:
                done[group_key(name)] = new
                self._report.sent_groups += 1
        for name in self._new_groups():
            try:
                await self._provider.create_group(name)
            except (Rejected, Conflict) as refusal:
                self._refuse("group", name, refusal, f"group {name}")
            else:
                self._report.sent_groups += 1
        renamed = {key: new for key, new in done.items() if new}
        self.groups = GroupChanges(renamed, frozenset(done.keys() - renamed.keys()))

    async def _merge(self, ids: Sequence[str]) -> None:
        """Let the source have one contact of what the user merged here."""
        records = list((await self._book.accounts.remembered(self._account, ids)).values())
        if len(records) < 2 or not all(map(self._is_merged, records)):
            return
        if any(self._is_refused("merge", record) for record in records):
            return
        first, wanted, others = self._merged(records)
        fields = differing(self._base(first).said, wanted, self._fields)
        try:
            said = await self._provider.merge(self._as_remote(first), [*map(self._as_remote, others)], wanted, fields)
            assert first.contact is not None
            await self._store([self._remember(said, first.contact, first)])
            for other in others:
                await self._provider.delete(self._as_remote(other))
                await self._store([Depart(self._account.name, other.remote_id)])
        except (Rejected, Conflict) as refusal:  # the next sync goes on from what is there then
            self._refuse("merge", wanted.shown_name, refusal, first.remote_id, first.contact)
            return
        self._report.sent_merged += 1

    async def _update(self, records: Sequence[Remembered]) -> AsyncIterator[int]:
        """Send what was changed; tells of how many contacts at a time."""
        some = [record for record in records if self._edits(record)]
        conflicts: list[Remembered] = []
        async for count in self._send_updates(some, conflicts):
            yield count
        again = await self._merge_again(conflicts)
        refused: list[Remembered] = []
        async for _ in self._send_updates(again, refused):
            pass
        for record in refused:
            changing = Conflict("The contact is changed there again and again.", "It is tried again at the next sync.")
            self._refuse("update", contact_of(record.base).shown_name, changing, record.remote_id, record.contact)
        yield len(records) - len(some)

    async def _send_updates(self, some: Sequence[Remembered], conflicts: list[Remembered]) -> AsyncIterator[int]:
        """Send changes, and put those of contacts that have changed there into `conflicts`."""
        updates = [self._update_of(record) for record in some]
        async for answers in told_of_all(self._provider.update_all, updates):
            changes: list[Change] = []
            for number, answer in answers.items():
                record = some[number]
                assert record.contact is not None
                if isinstance(answer, RemoteContact):
                    changes.append(self._remember(answer, record.contact, record))
                elif isinstance(answer, Conflict):
                    conflicts.append(record)
                else:
                    self._refuse("update", record.contact.shown_name, answer, record.remote_id, record.contact)
            self._report.sent_updated += len(changes)
            await self._store(changes)
            yield len(answers)

    def _update_of(self, record: Remembered) -> Update:
        fields = frozenset(name for name, _ in self._edits(record))
        return Update(self._as_remote(record), self._wanted(record), fields)

    async def _merge_again(self, conflicts: Sequence[Remembered]) -> list[Remembered]:
        """Those changed there meanwhile: read them again and merge; what is still different is to be sent, once."""
        again: list[Remembered] = []
        by_id = {record.remote_id: record for record in conflicts}
        for remote_id, fresh in (await self._provider.read_all(list(by_id))).items() if by_id else ():
            record = by_id[remote_id]
            if isinstance(fresh, Rejected):  # of this one contact: the others go on
                self._refuse("update", contact_of(record.base).shown_name, fresh, remote_id, record.contact)
            elif fresh is not None and (merged := await self._merge_with(record, fresh)) is not None:
                again.append(merged)
        return again  # of those deleted there the next sync will say so

    async def _merge_with(self, record: Remembered, fresh: RemoteContact) -> Remembered | None:
        """Bring what is there now into ours; what is known of it then, if there is still something to send."""
        assert record.contact is not None
        planner = Planner(self._account.name, self._fields, SyncReport(self._account.name))
        try:
            changes = planner.seen([fresh], {fresh.remote_id: record})
            links = await self._book.accounts.links(sorted(planner.changed), departed=True)
            await self._store([*changes, *planner.others(links, [fresh.remote_id])], version=record.contact.version)
        except (Stale, NotFound):
            return None  # changed here meanwhile, too: the next sync goes on from there
        self._report.updated += planner.report.updated
        self._report.conflicts += planner.report.conflicts
        self._waiting = {*self._waiting, *planner.disagreed}
        merged = (await self._book.accounts.remembered(self._account, [fresh.remote_id])).get(fresh.remote_id)
        return merged if merged is not None and merged.contact is not None and self._edits(merged) else None

    async def _delete(self, records: Sequence[Remembered]) -> AsyncIterator[int]:
        """Delete there what was deleted here; what was restored meanwhile stays."""
        some = [record for record in records if self._is_deleted(record)]
        gone_here = [self._as_remote(record) for record in some]
        async for answers in told_of_all(self._provider.delete_all, gone_here):
            changes: list[Change] = []
            for number, answer in answers.items():
                gone = some[number]
                name = gone.contact.shown_name if gone.contact else gone.remote_id
                if answer is None:
                    changes.append(Depart(self._account.name, gone.remote_id))
                elif isinstance(answer, Conflict):
                    # The next sync brings the change into the Bin, so that nothing of it is lost.
                    reason = Rejected("It was changed there after it was deleted here, so it was not deleted there.")
                    self._refuse("delete", name, reason, gone.remote_id, gone.contact)
                else:
                    self._refuse("delete", name, answer, gone.remote_id, gone.contact)
            self._report.sent_deleted += len(changes)
            await self._store(changes)
            yield len(answers)
        yield len(records) - len(some)
