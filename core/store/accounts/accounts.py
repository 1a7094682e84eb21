"""The accounts of a book: their settings and state, what they said of contacts, and what they refuse."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager

from coterie.core.checks import Checks
from coterie.core.clock import to_ms
from coterie.core.errors import BookBusy
from coterie.core.model import Account, Conflict, Link, Refusal, Remembered
from coterie.core.places import KnownPlace, Placing
from coterie.core.store.accounts import links, places, placing, refusals, remotes
from coterie.core.store.accounts.places import Leaving
from coterie.core.store.engine.database import Connection, Database, Keep
from coterie.core.store.engine.hold import Hold


class Accounts:
    """The connected accounts of a book: `Book.accounts`.

    Args:
        database: the open database.
        keep: writes what has no journal entry and no undo.
    """

    def __init__(self, database: Database, keep: Keep) -> None:
        self._database = database
        self._keep = keep

    async def all(self) -> list[Account]:
        """All connected accounts."""
        async with self._database.reading() as connection:
            return await remotes.accounts(connection)

    async def named(self, name: str) -> Account:
        """The account of that name; its bare address will do if it is the only one. Raises NotFound."""
        return remotes.account_called(name, await self.all())

    async def add(self, provider: str, address: str) -> Account:
        """Note that an account is connected. Raises InvalidValue if it was already."""
        await self._keep(lambda connection: remotes.add_account(connection, provider, address))
        return await self.named(f"{provider}:{address}")

    async def update(self, account: Account) -> None:
        """Store an account's settings, state, message, last and next sync as they are in `account`."""
        values = {
            "settings": json.dumps(dict(account.settings)),
            "state": account.state,
            "message": account.message,
            "last_sync": account.last_sync and to_ms(account.last_sync),
            "next_sync": account.next_sync and to_ms(account.next_sync),
        }
        await self._keep(lambda connection: remotes.update_account(connection, account.id, values))

    async def places(self) -> list[KnownPlace]:
        """Every place of every account, as the accounts last told them."""
        async with self._database.reading() as connection:
            return await places.listing(connection)

    async def placings(self, account: Account) -> list[Placing]:
        """Where the user wants live contacts to be in the account, or no longer to be."""
        async with self._database.reading() as connection:
            return await placing.placings(connection, account.id)

    async def wanted_somewhere(self) -> set[int]:
        """The contacts that shall be in some place and are not there yet."""
        async with self._database.reading() as connection:
            return await placing.wanted(connection)

    async def records(self, provider: str, contact_ids: Sequence[int]) -> dict[int, str]:
        """What accounts of a provider have of contacts, or had last: the provider's own texts, by the contacts' ids."""
        async with self._database.reading() as connection:
            return await placing.records(connection, provider, contact_ids)

    async def leaving(self, account: Account, kept: Collection[str]) -> Leaving:
        """The live contacts of the account that are in other places than `kept`."""
        async with self._database.reading(long=True) as connection:
            return await places.leaving(connection, account.id, kept)

    async def leave_places(self, account: Account, kept: Collection[str]) -> None:
        """Store the account's settings, and forget what it said of contacts in other places than `kept`."""

        async def leave(connection: Connection) -> None:
            # The cursor stands for what those places said, too: the next sync reads everything again.
            values = {"settings": json.dumps(dict(account.settings)), "cursor": None}
            await remotes.update_account(connection, account.id, values)
            await places.leave(connection, account.id, kept)

        await self._keep(leave)

    async def only_of(self, account: Account) -> Checks:
        """The live contacts that this account alone brought into the book."""
        async with self._database.reading(long=True) as connection:
            return Checks.of(await remotes.only_of(connection, account.id))

    async def remove(self, account: Account) -> None:
        """Forget the account, its cursor and all that it said. Keep its contacts, as local ones."""
        await self._keep(lambda connection: remotes.remove_account(connection, account.id))

    async def conflicts(self) -> list[Conflict]:
        """What accounts and we say differently of the same field, until the user settles it."""
        async with self._database.reading() as connection:
            return await remotes.conflicts(connection)

    async def refusals(self, account: Account | None = None) -> list[Refusal]:
        """What accounts (or one of them) refuse to take at present."""
        async with self._database.reading() as connection:
            every = await refusals.refusals(connection)
        return [refusal for refusal in every if account is None or refusal.account == account.name]

    async def keep_refusals(self, account: Account, refused: Sequence[Refusal], *, complete: bool) -> None:
        """Keep what a sync was refused; with `complete`, forget all that it was not refused."""
        await self._keep(lambda connection: refusals.keep(connection, account.id, refused, complete=complete))

    async def quarantined(self, account: Account) -> list[tuple[str, str]]:
        """(remote id, reason) of each record of the account that could not be understood."""
        async with self._database.reading() as connection:
            return await remotes.quarantined(connection, account.id)

    async def linked(self, account: Account, after: str, count: int) -> list[Remembered]:
        """What the book has of the next `count` remote contacts of the account, in the order of their ids."""
        async with self._database.reading() as connection:
            ids = await remotes.remote_ids(connection, account.id, after, count)
            remembered = await remotes.remembered(connection, account.id, ids)
        return [remembered[remote_id] for remote_id in ids]

    async def remembered(self, account: Account, remote_ids: Sequence[str]) -> dict[str, Remembered]:
        """What the book has of these remote contacts, by their ids; those that it has not are left out."""
        async with self._database.reading() as connection:
            return await remotes.remembered(connection, account.id, remote_ids)

    async def departed(self, account: Account) -> list[Remembered]:
        """What is no longer in the account although ours is in the book again: an undo or a restore brought it back."""
        async with self._database.reading() as connection:
            return await links.departed(connection, account.id)

    async def left_out(self, account: Account) -> Checks:
        """The contacts that the account has and that an undo took away here; restoring them brings them back."""
        async with self._database.reading() as connection:
            return Checks.of(await links.left_out(connection, account.id))

    async def links(self, contact_ids: Sequence[int], *, departed: bool = False) -> list[Link]:
        """The links of these contacts with accounts; with `departed` also those that departed."""
        async with self._database.reading() as connection:
            return await links.links(connection, contact_ids, departed=departed)

    async def photos(self, contact_id: int) -> list[str]:
        """The accounts that have a photo of a contact."""
        async with self._database.reading() as connection:
            return await links.photos(connection, contact_id)

    async def added(self, contact_ids: Sequence[int]) -> list[int]:
        """Those of these contacts that no sync has brought into the book or changed."""
        async with self._database.reading() as connection:
            return await links.added(connection, contact_ids)

    async def remote_ids(self, account: Account, after: str, count: int) -> list[str]:
        """The next `count` ids of the account's contacts, in their order, after `after`."""
        async with self._database.reading() as connection:
            return await remotes.remote_ids(connection, account.id, after, count)

    @asynccontextmanager
    async def alone(self, account: Account) -> AsyncIterator[Hold]:
        """Hold an account for this program, so that no two sync it at once: they would create the same twice.

        A program that is killed holds nothing. Raises BookBusy if another has the account.
        """
        hold = await self._database.hold(f"sync-{account.id}")
        if hold is None:
            raise BookBusy(f"{account.address} is being synced by another program.", "Try again in a minute.")
        try:
            yield hold
        finally:
            await asyncio.shield(hold.end())
