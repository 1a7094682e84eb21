"""What an account answered to a write, as it is kept in the book: stored as soon as it is there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from coterie.core.base import Base, contact_of
from coterie.core.book import Book
from coterie.core.changes import Change, Edit, Plan, Remember
from coterie.core.fields.cleaning import clean
from coterie.core.model import Account, Contact, Remembered
from coterie.core.provider import Provider, RemoteContact
from coterie.core.sync.events import SyncReport
from coterie.core.sync.plan import Planner
from coterie.core.sync.work import Outgoing


class Answered(Outgoing):
    """Keeps the answers of one account; `report` keeps count.

    Args:
        still_alone: called before creations; raises if another program syncs the account meanwhile.
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
        self._unsure: set[int] = set()

    def _as_remote(self, record: Remembered) -> RemoteContact:
        return RemoteContact(record.remote_id, contact_of(record.base), record.etag, record.raw, place=record.place)

    def _remember(self, said: RemoteContact, ours: Contact, before: Remembered | None) -> Remember:
        """What the source answered; what it keeps in another form than we sent is left so."""
        base = self._base(before) if before else Base(Contact(), made=True)
        answer = clean(said.contact)
        waiting = {
            value
            for value in Base(answer).edits(ours, self._fields)
            if (said.remote_id, value[0]) in self._waiting or value[0] in said.undone
        }
        for why in said.undone.values():
            self._refuse("update", ours.shown_name, why, said.remote_id, ours)
        planner = Planner(self._account.name, self._fields, self._report)
        return planner.remember(said, ours.id, base.agreed(answer, ours, self._fields, waiting))

    async def _store(self, changes: Sequence[Change], version: int | None = None) -> None:
        if not changes:
            return
        if version is not None:
            changes = [replace(change, version=version) if isinstance(change, Edit) else change for change in changes]
        title = f"Sync {self._account.name}"
        await self._book.apply(Plan("sync", title, changes, done=self._report.sentence))
        self._stored += 1

    async def _choose(self, **settings: object) -> None:
        """Store something with the account, beside what the user may have chosen meanwhile."""
        account = await self._book.accounts.named(self._account.name)
        kept = {name: value for name, value in {**account.settings, **settings}.items() if value is not None}
        await self._book.accounts.update(replace(account, settings=kept))
