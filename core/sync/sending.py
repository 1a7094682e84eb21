"""Writing back: what the user changed here goes to the source, in batches, only what differs.

A conflict there is read again and merged, never overwritten. Each answer is stored as soon as it is there, so that a
kill in the middle sends nothing twice; what is refused is kept, and tried again at the next sync.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC
from typing import Final, TypeVar

from coterie.core.base import Base, contact_of, differing
from coterie.core.book import Book
from coterie.core.change import Change, Depart, Edit, Plan, Remember, Return
from coterie.core.checks import Checks
from coterie.core.errors import Cancelled, Conflict, NotEnabled, NotFound, RateLimited, Rejected, SignInNeeded, Stale
from coterie.core.model import Account, Contact, GroupChanges, Remembered
from coterie.core.provider import Provider, RemoteContact, Update
from coterie.core.store.creating import clean
from coterie.core.sync.events import Confirm, SyncReport, Vanishing
from coterie.core.sync.linking import is_same
from coterie.core.sync.plan import Planner
from coterie.core.sync.work import Outgoing, Work, doubtful
from coterie.core.text import group_key

T = TypeVar("T")
Refused = Rejected | Conflict

CHUNK: Final = 1000
"""How many contacts are read from the book at a time; a provider parts them into its own batches."""
MANY: Final = 10
"""The user is asked where more than one in so many contacts would go …"""
FEW: Final = 5
"""… but not about so few, unless they are all."""


class Sending(Outgoing):
    """Sends what changed here to one account; `report` keeps count.

    Args:
        still_alone: called before creations; raises where another program syncs the account meanwhile.
    """

    def __init__(
        self,
        book: Book,
        account: Account,
        provider: Provider,
        report: SyncReport,
        still_alone: Callable[[], Awaitable[None]],
    ) -> None:
        super().__init__(book, account, provider, report)
        self._still_alone = still_alone
        self._stored = 0

    async def run(self, confirm: Confirm, *, quiet: bool) -> AsyncIterator[tuple[int, int]]:
        """Send everything; tells (done, of how many). Raises what the provider raises, but Rejected and Conflict.

        `quiet`: this sync has brought nothing; where nothing was changed here and nothing refused before either,
        nothing is looked through.
        """
        changes = await self._book.operations()
        since = self._account.settings.get("new_contacts_since")
        sent = self._account.settings.get("sent")
        refused = await self._book.accounts.refusals(self._account)
        # The sync itself is one of the operations.
        if not quiet or refused or sent not in ([changes, since], [changes - 1, since]):
            self._waiting = await self.waiting()
            await self.look_at_places()
            await self._change_groups()
            work = await self._work(self._linked())
            await self._store(work.alone)
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
        many = len(work.deletions) > FEW and len(work.deletions) * MANY > work.known
        if many or len(work.deletions) == work.known > 1:
            question = Vanishing(self._account.name, len(work.deletions), work.known, there=True)
            if not await confirm(question):
                raise Cancelled(question.sentence, "Restore them from the Bin, or sync again and confirm it.")
        done = 0
        for ids in work.merges:
            await self._merge(ids)
            yield (done := done + 1)
        # They are read again just before they are sent: much can have been changed here meanwhile.
        for some, send in ((work.updates, self._update), (work.deletions, self._delete)):
            for start in range(0, len(some), CHUNK):
                found = await self._book.accounts.remembered(self._account, some[start : start + CHUNK])
                async for count in send(list(found.values())):
                    yield (done := done + count)
        for one in await self._book.accounts.departed(self._account) if work.again else ():
            await self._create_again(one)
            yield (done := done + 1)
        async for count in self._send_new(work.creations):
            yield (done := done + count)

    async def _send_new(self, contact_ids: Sequence[int]) -> AsyncIterator[int]:
        """Create contacts there, as many at a time as go in one request."""
        together = self._provider.capabilities.together
        for start in range(0, len(contact_ids), together):
            ids = contact_ids[start : start + together]
            found = [one async for one in self._book.contacts(Checks.of(ids)) if one.deleted_at is None]
            await self._create([one for one in found if not one.sources])
            yield len(ids)

    async def _change_groups(self) -> None:
        """Rename and delete groups there as here. Where that is refused, the contacts say it one by one."""
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
        found = list((await self._book.accounts.remembered(self._account, ids)).values())
        if len(found) < 2 or not all(map(self._is_merged, found)):
            return
        if any(self._is_refused("merge", one) for one in found):
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
            self._refuse("merge", wanted.shown_name, refusal, first.remote_id, first.contact)
            return
        self._report.sent_merged += 1

    async def _update(self, found: Sequence[Remembered]) -> AsyncIterator[int]:
        """Send what was changed; tells of how many contacts at a time."""
        some = [one for one in found if self._edits(one)]
        updates = [self._update_of(one) for one in some]
        conflicts: list[Remembered] = []
        async for answers in told_of_all(self._provider.update_all(updates), len(updates)):
            changes: list[Change] = []
            for number, answer in answers.items():
                known = some[number]
                assert known.contact is not None
                if isinstance(answer, RemoteContact):
                    changes.append(self._remember(answer, known.contact, known))
                elif isinstance(answer, Conflict):
                    conflicts.append(known)
                else:
                    self._refuse("update", known.contact.shown_name, answer, known.remote_id, known.contact)
            self._report.sent_updated += len(changes)
            await self._store(changes)
            yield len(answers)
        for known in conflicts:
            assert known.contact is not None
            await self._merge_again(known, known.contact)
        yield len(found) - len(some)

    def _update_of(self, known: Remembered) -> Update:
        fields = frozenset(name for name, _ in self._edits(known))
        return Update(self._as_remote(known), self._wanted(known), fields)

    async def _merge_again(self, known: Remembered, ours: Contact) -> None:
        """The contact changed there meanwhile: read it again, merge, and send what is still different, once."""
        fresh = await self._provider.read(known.remote_id)
        if fresh is None:
            return  # deleted there: the next sync will say so
        planner = Planner(self._account.name, self._fields, SyncReport(self._account.name))
        try:
            changes = planner.known([fresh], {fresh.remote_id: known})
            links = await self._book.accounts.links(sorted(planner.changed), departed=True)
            await self._store([*changes, *planner.others(links, [fresh.remote_id])], version=ours.version)
        except (Stale, NotFound):
            return  # changed here meanwhile, too: the next sync goes on from there
        self._report.updated += planner.report.updated
        self._report.conflicts += planner.report.conflicts
        self._waiting = {*self._waiting, *planner.disagreed}
        merged = (await self._book.accounts.remembered(self._account, [fresh.remote_id])).get(fresh.remote_id)
        if merged is None or merged.contact is None or not self._edits(merged):
            return
        try:
            again = self._update_of(merged)
            said = await self._provider.update(again.known, again.contact, again.fields)
        except (Rejected, Conflict) as refusal:
            self._refuse("update", merged.contact.shown_name, refusal, merged.remote_id, merged.contact)
            return
        self._report.sent_updated += 1
        await self._store([self._remember(said, merged.contact, merged)])

    async def _delete(self, found: Sequence[Remembered]) -> AsyncIterator[int]:
        """Delete there what was deleted here; what was restored meanwhile stays."""
        some = [one for one in found if self._is_deleted(one)]
        gone_here = [self._as_remote(one) for one in some]
        async for answers in told_of_all(self._provider.delete_all(gone_here), len(some)):
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
        yield len(found) - len(some)

    async def _create_again(self, gone: Remembered) -> None:
        """Create a contact that was deleted there, and that an undo or a restore has brought back here."""
        contact = gone.contact
        if contact is None:
            return
        if arrived := await self._begin_creating([contact]):
            await self._created(arrived, gone)
            return
        try:
            said = await self._provider.create(self._wanted(gone), gone.raw)
        except (Rejected, Conflict) as refusal:
            self._refuse("create", contact.shown_name, refusal, f"contact {contact.id}", contact)
            await self._choose(creating=None)
        except (SignInNeeded, NotEnabled, RateLimited) as error:
            await self._not_created(error)
            raise
        else:
            await self._created([(contact, said)], gone)
            await self._choose(creating=None)

    async def _create(self, contacts: Sequence[Contact]) -> None:
        """Create contacts there, in one request if the provider can."""
        if not contacts:
            return
        arrived = await self._begin_creating(contacts)
        await self._created(arrived)
        there = {one.id for one, _ in arrived}
        some = [one for one in contacts if one.id not in there]
        try:
            async for answers in told_of_all(self._provider.create_all(some), len(some)):
                said = {some[number].id: answer for number, answer in answers.items()}
                await self._created(
                    [(one, answer) for one in some if isinstance(answer := said.get(one.id), RemoteContact)]
                )
                for one in some:
                    if isinstance(refusal := said.get(one.id), (Rejected, Conflict)):
                        self._refuse("create", one.shown_name, refusal, f"contact {one.id}", one)
        except (SignInNeeded, NotEnabled, RateLimited) as error:
            await self._not_created(error)
            raise
        await self._choose(creating=None)

    async def _begin_creating(self, contacts: Sequence[Contact]) -> list[tuple[Contact, RemoteContact]]:
        """Note what is about to be created: those that turn out to be there already, as an answer was lost.

        Whatever happens from here on, a second creation would be a second contact: see `doubtful`.
        """
        await self._still_alone()
        lost = set(doubtful(await self._book.accounts.named(self._account.name)))
        arrived = await self._find([one for one in contacts if one.id in lost])
        now = self._book.now().astimezone(UTC).isoformat()
        await self._choose(creating={"contacts": [one.id for one in contacts], "at": now})
        return arrived

    async def _not_created(self, error: Exception) -> None:
        """Nothing is in doubt where a creation was refused."""
        if not isinstance(error, RateLimited) or error.undone:
            await self._choose(creating=None)

    async def _created(self, said: Sequence[tuple[Contact, RemoteContact]], gone: Remembered | None = None) -> None:
        if gone is None:
            self._report.sent_created += len(said)
        else:
            self._report.sent_again += len(said)
        returned: list[Change] = [Return(self._account.name, gone.remote_id)] if gone else []
        await self._store([*(self._remember(answer, contact, gone) for contact, answer in said), *returned])

    async def _find(self, contacts: Sequence[Contact]) -> list[tuple[Contact, RemoteContact]]:
        """Contacts that were sent once, among those there that we do not know yet: changes may lag behind."""
        found: list[tuple[Contact, RemoteContact]] = []
        looked_for = list(contacts)
        if not looked_for:
            return found
        async with aclosing(self._provider.present()) as present:
            async for one in present:
                same = next((contact for contact in looked_for if is_same(contact, one.contact)), None)
                if same and not await self._book.accounts.remembered(self._account, [one.remote_id, *one.previous_ids]):
                    looked_for.remove(same)
                    found.append((same, one))
        return found

    def _as_remote(self, known: Remembered) -> RemoteContact:
        return RemoteContact(known.remote_id, contact_of(known.base), known.etag, known.raw, place=known.place)

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
        if not changes:
            return
        if version is not None:
            changes = [replace(one, version=version) if isinstance(one, Edit) else one for one in changes]
        title = f"Sync {self._account.name}"
        await self._book.apply(Plan("sync", title, changes, done=lambda: self._report.sentence))
        self._stored += 1

    async def _choose(self, **settings: object) -> None:
        """Store something with the account, beside what the user may have chosen meanwhile."""
        account = await self._book.accounts.named(self._account.name)
        kept = {name: value for name, value in {**account.settings, **settings}.items() if value is not None}
        await self._book.accounts.update(replace(account, settings=kept))


async def told_of_all(
    batches: AsyncGenerator[Mapping[int, T], None], count: int
) -> AsyncIterator[Mapping[int, T | Refused]]:
    """What a provider says of a batch; what refuses the rest of it as a whole refuses each contact of the rest."""
    open_ones = set(range(count))
    async with aclosing(batches):
        try:
            async for answers in batches:
                open_ones -= answers.keys()
                yield answers
        except (Rejected, Conflict) as refusal:
            yield dict.fromkeys(sorted(open_ones), refusal)
