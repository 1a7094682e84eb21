"""What an import or a sync may ask of the book while its changes are applied."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import Protocol

from coterie.core.changes.change import Change
from coterie.core.model import Contact, GroupChanges, Link, Remembered


class Lookup(Protocol):
    """What a planner may ask of the book while its changes are applied: it sees those that went before."""

    async def into_empty(self) -> bool:
        """Whether the book held no contact, not even in the Bin, before this plan."""

    async def known(self, addresses: Iterable[str], names: AbstractSet[str] | None = None) -> dict[str, list[Contact]]:
        """The contacts, live or in the Bin, of these e-mail addresses, by `core.text.email_key`; live ones first.

        `names`: of an address that very many have, only the contacts of these names (`core.text.fold`) are wanted.
        """

    async def numbered(self, people: Iterable[tuple[str, str]]) -> dict[tuple[str, str], list[Contact]]:
        """The contacts, live or in the Bin, of these (name, number); live ones first.

        By `core.identity.name_of` and `number_id`.
        """

    async def identified(self, uids: Iterable[str]) -> dict[str, list[Contact]]:
        """The contacts, live or in the Bin, of these UIDs, by `core.identity.uid_key`; live ones first."""

    async def namesakes(self, names: Iterable[str]) -> dict[str, list[Contact]]:
        """The contacts, live or in the Bin, of these names, by `core.text.fold`; live ones first.

        Those that the present plan has created itself are left out: namesakes in one file are different people.
        """

    def is_new(self, contact_id: int) -> bool:
        """Whether the present plan has created this contact."""


class SyncLookup(Lookup, Protocol):
    """What the planner of a sync asks besides."""

    async def remembered(self, account: str, remote_ids: Sequence[str]) -> dict[str, Remembered]:
        """What is known of these remote contacts, by their ids; unknown ones are left out."""

    async def remote_ids(self, account: str, after: str, count: int) -> list[str]:
        """The next `count` ids that the account knows contacts under, in their order."""

    async def links(self, contact_ids: Sequence[int]) -> list[Link]:
        """Where all accounts know these contacts."""

    async def departed(self, account: str, remote_ids: Sequence[str]) -> dict[str, Remembered]:
        """What is known of remote contacts that were deleted there, by these ids; unknown ones are left out."""

    async def cursor(self, account: str) -> str | None:
        """Where the account's next sync goes on."""

    async def group_names(self) -> dict[int, str]:
        """The names of all groups, by their ids."""

    async def group_changes(self, account: str) -> GroupChanges:
        """What the user did to groups since the last sync of the account."""

    async def members(self, account: str, groups: Iterable[str]) -> list[str]:
        """The ids of the remote contacts of the account that are in any of these groups here."""

    async def moved(self, account: str) -> list[str]:
        """The ids of the remote contacts of the account that were in a group that was merged since its last sync."""

    async def empty_groups(self, names: Iterable[str]) -> list[int]:
        """Those of these groups that have no member any more, not even in the Bin."""


Planner = Callable[[SyncLookup], AsyncIterator[Sequence[Change]]]
