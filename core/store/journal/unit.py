"""A unit of work: changes that are stored together or not at all, with one entry in the journal and so one undo."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from coterie.core.changes import CONTACTS, Change, Outcome, Plan, Skip, check_size
from coterie.core.model import Contact, GroupChanges, Link, Remembered
from coterie.core.store.accounts import links, regrouping, remotes
from coterie.core.store.contacts import groups, lookup
from coterie.core.store.contacts.writer import Writer
from coterie.core.store.journal import operations, reach
from coterie.core.store.journal.apply import apply
from coterie.core.text import number_of

BATCH: Final = 5000
_FOR_GOOD: Final = frozenset({"forget", "purge"})
"""The kinds of units that cannot be undone."""


class Unit:
    """Looks and changes within one transaction, by `Book.unit`: every look sees the changes that came before it.

    `end` says that the unit is whole. Without it, and after any error, the book stays as it was.
    """

    def __init__(self, writer: Writer, actor: str, kind: str, title: str) -> None:
        self._writer = writer
        self._connection = writer.connection
        self._actor = actor
        self._kind = kind
        self._title = title

    async def apply(self, changes: Iterable[Change]) -> None:
        """Carry out some changes, in their order. Raises what they raise."""
        await apply(self._writer, changes)

    async def carry_out(self, plan: Plan) -> None:
        """Carry out all of a plan. Raises what its changes raise, and InvalidValue if one is too large to store."""
        for start in range(0, len(plan.changes), BATCH):
            batch = plan.changes[start : start + BATCH]
            for change in batch:
                check_size(change)
            await self.apply(batch)

    async def end(self, done: str = "", skipped: Iterable[Skip] = (), *, keep: bool = True) -> Outcome:
        """Say what the unit did; it is stored when its `async with` ends.

        Args:
            done: the journal's sentence, see `Plan.done`.
            skipped: what was left out.
            keep: False for a dry run, which is rolled back.
        """
        writer = self._writer
        left_out = (*skipped, *writer.skipped)
        if keep:
            await writer.loading.end()
        if not writer.touched:
            writer.keep = keep and writer.noted
            return Outcome(None, done, skipped=left_out)
        summary = await self._summary(done)
        undoable = self._kind not in _FOR_GOOD
        await operations.finish(writer, self._actor, self._kind, summary, undoable=undoable)
        writer.keep = keep
        return Outcome(
            writer.operation_id,
            summary,
            changed=writer.total,
            created=writer.created,
            created_ids=tuple(writer.created_ids),
            groups_created=tuple(writer.created_groups),
            skipped=left_out,
            undoable=undoable,
        )

    async def _summary(self, done: str) -> str:
        """The journal's sentence, with the number of contacts in it, or the name if it is one."""
        writer = self._writer
        subject = number_of(writer.total)
        if writer.total == 1 and CONTACTS in done:
            ids = [*writer.created_ids, *writer.seen] or await reach.contact_ids(self._connection, writer.operation_id)
            for contact in await lookup.load(self._connection, ids[:1]):
                subject = contact.shown_name or subject
        if done:
            return done.replace(CONTACTS, subject)
        return f"{self._title}: {subject}." if writer.total else f"{self._title}."

    # What an import asks -----------------------------------------------------------------------------------------

    async def was_empty(self) -> bool:
        """Whether the book held no contact before the unit, not even in the Bin."""
        return await self._writer.loading.into_empty()

    def has_created(self, contact_id: int) -> bool:
        """Whether the unit has created this contact."""
        first = self._writer.first_created
        return first is not None and contact_id >= first

    async def by_address(
        self, addresses: Iterable[str], names: AbstractSet[str] | None = None
    ) -> dict[str, list[Contact]]:
        """The contacts, live or in the Bin, of these e-mail addresses, by `core.text.email_key`; live ones first.

        `names`: of an address that very many have, only the contacts of these names (`core.text.fold`) are wanted.
        """
        await self._writer.loading.finish()  # without its index, each look would read the whole table
        return await lookup.by_address(self._connection, addresses, names)

    async def by_number(self, people: Iterable[tuple[str, str]]) -> dict[tuple[str, str], list[Contact]]:
        """The contacts, live or in the Bin, of these (name, number); live ones first.

        By `core.identity.name_of` and `number_id`.
        """
        await self._writer.loading.finish()
        return await lookup.by_number(self._connection, people)

    async def by_uid(self, uids: Iterable[str]) -> dict[str, list[Contact]]:
        """The contacts, live or in the Bin, of these UIDs, by `core.identity.uid_key`; live ones first."""
        await self._writer.loading.finish()
        return await lookup.by_uid(self._connection, uids)

    async def by_name(self, names: Iterable[str]) -> dict[str, list[Contact]]:
        """The contacts, live or in the Bin, of these names, by `core.text.fold`; live ones first.

        Those that the unit has created are left out: namesakes in one file are different people.
        """
        if await self.was_empty():
            return {}
        return await lookup.by_name(self._connection, names, before=self._writer.first_created)

    # What a sync asks besides ------------------------------------------------------------------------------------

    async def cursor(self, account: str) -> str | None:
        """Where the account's next sync goes on."""
        return await remotes.cursor(self._connection, await self._writer.account_id(account))

    async def remembered(self, account: str, remote_ids: Sequence[str]) -> dict[str, Remembered]:
        """What the book has of these remote contacts, by their ids; those that it has not are left out."""
        return await remotes.remembered(self._connection, await self._writer.account_id(account), remote_ids)

    async def departed(self, account: str, remote_ids: Sequence[str]) -> dict[str, Remembered]:
        """What the book has of remote contacts with these ids that were deleted there; it leaves out all others."""
        return await links.departed_as(self._connection, await self._writer.account_id(account), remote_ids)

    async def remote_ids(self, account: str, after: str, count: int) -> list[str]:
        """The next `count` ids of the account's contacts, in their order."""
        return await remotes.remote_ids(self._connection, await self._writer.account_id(account), after, count)

    async def links(self, contact_ids: Sequence[int]) -> list[Link]:
        """The links of these contacts with all accounts, departed ones too."""
        return await links.links(self._connection, contact_ids, departed=True)

    async def group_names(self) -> dict[int, str]:
        """The names of all groups, by their ids."""
        return await groups.names(self._connection)

    async def group_changes(self, account: str) -> GroupChanges:
        """What the user did to groups since the last sync of the account."""
        return await regrouping.changes_since(self._connection, await self._writer.account_id(account))

    async def in_groups(self, account: str, names: Iterable[str]) -> list[str]:
        """The ids of the remote contacts of the account that are in any of these groups here."""
        writer = self._writer
        ids = [group_id for name in names if (group_id := await writer.find_group(name)) is not None]
        return await regrouping.in_groups(self._connection, await writer.account_id(account), ids)

    async def in_merged_groups(self, account: str) -> list[str]:
        """The ids of the remote contacts of the account that were in a group that was merged since its last sync."""
        return await regrouping.moved(self._connection, await self._writer.account_id(account))
