"""Accounts: connecting, syncing and disconnecting them. Front ends hold this beside the Book."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from coterie.core.account_names import AccountNames
from coterie.core.book import Book
from coterie.core.changes import CONTACTS, Delete, Outcome, Plan
from coterie.core.errors import BookBusy, Cancelled, CoterieError, ProviderError, SignInNeeded
from coterie.core.model import Account
from coterie.core.places import Place
from coterie.core.provider import Provider, Setup
from coterie.core.secrets import Secrets
from coterie.core.sign_in import Identity, SignInPrompter
from coterie.core.sync.engine import refuse, sync
from coterie.core.sync.events import Confirm, Ended, SyncEvent
from coterie.core.sync.places import PlaceChoices, place_of

if TYPE_CHECKING:
    from coterie.core.settings import Settings

SIGN_OUT_SECONDS: Final = 15.0


class _MemoryTokens:
    """A token store in memory, until sign-in has told whose tokens they are."""

    def __init__(self, secret: str | None = None) -> None:
        self.secret = secret

    async def load(self) -> str | None:
        return self.secret

    async def save(self, secret: str) -> None:
        self.secret = secret

    async def delete(self) -> None:
        self.secret = None


@dataclass(frozen=True, slots=True)
class Options:
    """The user's choices for one account.

    Attributes:
        write: what is changed here goes there too.
        new_contacts: contacts that are made here go there too (with `write`).
        at_start: sync when the program opens.
        every_minutes: sync every so often while it is open; 0: not by itself.
    """

    write: bool = False
    new_contacts: bool = False
    at_start: bool = False
    every_minutes: int = 0

    @classmethod
    def of(cls, account: Account) -> Options:
        """The choices that are stored with an account."""
        stored = account.settings
        minutes = stored.get("every_minutes", 0)
        return cls(
            bool(stored.get("write")),
            bool(stored.get("new_contacts_since")),
            bool(stored.get("at_start")),
            minutes if isinstance(minutes, int) else 0,
        )


class Accounts:
    """All that a front end does with accounts.

    Args:
        book: where their contacts are.
        settings: the providers' own parts of them.
        secrets: where tokens live.
        load: the class of a provider by its id; importing it may take half a second. Raises NotFound.
        offered: every provider that can be chosen: id -> its name for the user.
        about: a few words about each, by id.
        hosts: which of these are hosts of a provider that are offered by their names: id -> the provider's.
        watched: the ids of those that tell at a glance that something has changed (`Provider.mark`).
    """

    def __init__(
        self,
        book: Book,
        settings: Settings,
        secrets: Secrets,
        load: Callable[[str], type[Provider]],
        offered: Mapping[str, str],
        about: Mapping[str, str] | None = None,
        hosts: Mapping[str, str] | None = None,
        watched: Collection[str] = (),
    ) -> None:
        self.book = book
        self.offered = offered
        self.about = about or {}
        self._hosts = hosts or {}
        self._watched = watched
        self._settings = settings
        self._secrets = secrets
        self._load = load
        self._syncing: set[str] = set()

    async def where(self, provider_id: str = "") -> str:
        """One sentence that tells where tokens are kept; empty for a provider that is on this machine and has none."""
        return "" if provider_id in self._watched else await self._secrets.where()

    async def provider_class(self, provider_id: str) -> type[Provider]:
        """The class of a provider, imported off the event loop's thread. Raises NotFound."""
        return await asyncio.to_thread(self._load, provider_id)

    async def connect(
        self,
        provider_id: str,
        prompter: SignInPrompter,
        *,
        write: bool = False,
        options: Mapping[str, str] | None = None,
    ) -> Account:
        """Sign in to a provider and note the account; one that is connected already is signed in again.

        `options` are added to the provider's settings (`browser`, a server's address …).
        Cancelling the task stops everything. Raises what sign-in raises, and SignInNeeded if another person has
        connected an account of that address; then nothing is kept.
        """
        kept = _MemoryTokens()
        identity = await self._sign_in(provider_id, kept, prompter, write, options)
        provider_id = self._hosts.get(provider_id, provider_id)
        existing = await self._connected(provider_id, identity)
        address = existing.address if existing else identity.address
        await self._secrets.tokens(f"{provider_id}:{address}").save(kept.secret or "")
        account = existing or await self.book.accounts.add(provider_id, address)
        return await self._noted(account, identity, write)

    async def sign_in_again(
        self,
        account: Account,
        prompter: SignInPrompter,
        *,
        write: bool = False,
        options: Mapping[str, str] | None = None,
    ) -> Account:
        """Sign in to an account again; with `write` for the wider permission (an account that has it keeps it).

        Raises what sign-in raises, and SignInNeeded if somebody else signed in; then all stays as it was.
        """
        write = write or bool(account.settings.get("write"))
        tokens = self._secrets.tokens(account.name)
        kept = _MemoryTokens(await tokens.load())
        identity = await self._sign_in(account.provider, kept, prompter, write, options)
        await self._check_person(account, identity)
        await tokens.save(kept.secret or "")
        return await self._noted(account, identity, write)

    async def _sign_in(
        self,
        provider_id: str,
        kept: _MemoryTokens,
        prompter: SignInPrompter,
        write: bool,
        options: Mapping[str, str] | None,
    ) -> Identity:
        kind = await self.provider_class(provider_id)
        settings = {**self._settings.of_provider(self._hosts.get(provider_id, provider_id)), **(options or {})}
        provider = kind(Setup(kept, settings, write, self._settings.restricted))
        try:
            return await provider.sign_in(prompter)
        finally:
            await provider.close()

    async def _noted(self, account: Account, identity: Identity, write: bool) -> Account:
        # What the permission allows counts: a new sign-in for reading alone switches writing off.
        settings = {**account.settings, "write": write}
        if identity.person:
            settings["person"] = identity.person
        account = replace(account, state="connected", message="", settings=settings)
        await self.book.accounts.update(account)
        return account

    async def _connected(self, provider_id: str, identity: Identity) -> Account | None:
        """The account of whoever has signed in, if it is connected: by the person, else by the address.

        Raises SignInNeeded if the account of that address is another person's.
        """
        accounts = [account for account in await self.book.accounts.all() if account.provider == provider_id]
        for account in accounts:
            if identity.person and await self._person(account) == identity.person:
                return account
        match = next(
            (account for account in accounts if account.address.casefold() == identity.address.casefold()), None
        )
        if match is not None:
            await self._check_person(match, identity)
        return match

    async def _check_person(self, account: Account, identity: Identity) -> None:
        """Raises SignInNeeded if somebody else than the person of the account has signed in."""
        person = await self._person(account)
        if not person or not identity.person:
            if identity.address.casefold() == account.address.casefold():
                return
        elif person == identity.person:
            return
        if identity.address.casefold() != account.address.casefold():
            raise SignInNeeded(
                f"You signed in as {identity.address}, not as {account.address}.",
                f"Sign in again and choose {account.address}, or connect {identity.address} as an account of its own.",
            )
        raise SignInNeeded(
            f"{account.address} is connected already, and it is not the account that you signed in to.",
            f"Nothing was changed. Sign in again and choose {account.address}, or give the other account its own "
            "address.",
        )

    async def _person(self, account: Account) -> str:
        """Who an account belongs to; accounts of older versions tell it by their tokens alone."""
        person = account.settings.get("person")
        if isinstance(person, str) and person:
            return person
        provider = await self.open(account)
        try:
            return await provider.person()
        finally:
            await provider.close()

    async def open(self, account: Account) -> Provider:
        """The provider of an account, ready to work. Raises NotFound if this version knows no such provider."""
        kind, choices = await self.provider_class(account.provider), PlaceChoices.of(account)
        setup = Setup(
            self._secrets.tokens(account.name),
            {**self._settings.of_provider(account.provider), "place": place_of(account)},
            bool(account.settings.get("write")),
            self._settings.restricted,
            choices.synced,
            choices.read_only,
        )
        return kind(setup)

    async def may_write(self, account: Account) -> bool:
        """Whether the account's permission is wide enough to write there."""
        provider = await self.open(account)
        try:
            return await provider.may_write()
        finally:
            await provider.close()

    async def sync(
        self, account: Account, *, confirm: Confirm = refuse, dry_run: bool = False
    ) -> AsyncGenerator[SyncEvent, None]:
        """Sync one account and note how it went. Raises what `core.sync.sync` raises; the account then says why."""
        if account.name in self._syncing:
            return
        self._syncing.add(account.name)
        try:
            provider = await self.open(account)
            try:
                async for event in sync(self.book, account, provider, confirm=confirm, dry_run=dry_run):
                    if isinstance(event, Ended) and not dry_run:
                        await self._note_success(account)  # before it is told: the caller may stop there
                    yield event
            finally:
                await provider.close()
        except CoterieError as error:
            await self._note_failure(account, error)
            raise
        finally:
            self._syncing.discard(account.name)

    async def _note_failure(self, account: Account, error: CoterieError) -> None:
        """Say with the account what went wrong, and wait as long as usual before it is tried again by itself."""
        present = await self.book.accounts.named(account.name)
        noted = replace(present, next_sync=self._next(present))
        if isinstance(error, SignInNeeded | ProviderError | Cancelled):
            state = "sign-in needed" if isinstance(error, SignInNeeded) else "failed"
            noted = replace(noted, state=state, message=str(error))
        if noted != present:
            await self.book.accounts.update(noted)

    async def _note_success(self, account: Account) -> None:
        present = await self.book.accounts.named(account.name)
        now = self.book.now()
        await self.book.accounts.update(
            replace(present, state="connected", message="", last_sync=now, next_sync=self._next(present))
        )

    async def choose(self, account: Account, options: Options) -> Account:
        """Store the user's choices for an account. Writing needs a wider permission: sign in again with `write`."""
        settings = dict(account.settings) | {
            "write": options.write, "at_start": options.at_start, "every_minutes": options.every_minutes,
        }  # fmt: skip
        if not options.new_contacts:
            settings.pop("new_contacts_since", None)
        elif "new_contacts_since" not in settings:
            settings["new_contacts_since"] = self.book.now().astimezone(UTC).isoformat()
        chosen = replace(account, settings=settings)
        chosen = replace(chosen, next_sync=self._next(chosen))
        await self.book.accounts.update(chosen)
        return chosen

    async def places(self, account: Account) -> list[Place]:
        """The places of an account, as its server tells them now. Raises what asking raises."""
        provider = await self.open(account)
        try:
            return await provider.places()
        finally:
            await provider.close()

    async def due(self, *, starting: bool = False) -> list[Account]:
        """The accounts that are to be synced now by themselves; a time that a wrong clock has set does not count."""
        now = self.book.now()
        return [
            account
            for account in await self.book.accounts.all()
            if (starting and Options.of(account).at_start)
            or (
                (next_sync := self._next(account))
                and (account.next_sync is None or not now < account.next_sync <= next_sync)
            )
        ]

    def is_watched(self, account: Account) -> bool:
        """Whether changes of an account can be noticed at a glance; nothing is imported to say so."""
        return account.provider in self._watched

    async def called(self, account: Account) -> str:
        """What users call an account: its address, with the provider's name if another has the same address."""
        return (await self.names()).of(account)

    async def names(self) -> AccountNames:
        """What users call the accounts."""
        return AccountNames(
            await self.book.accounts.all(), lambda provider: self.offered.get(provider, provider), self.offered
        )

    async def disconnect(self, account: Account, *, keep: bool) -> Outcome:
        """Forget an account with its tokens and cursors.

        Its contacts stay as local ones (`keep`), or those that it alone gave go to the Bin. Raises BookBusy if it
        is being synced.
        """
        if account.name in self._syncing:
            raise BookBusy(
                f"{account.address} is being synced.", "Stop the sync or wait until it ends, then disconnect."
            )
        async with self.book.accounts.alone(account):
            return await self._disconnect(account, keep=keep)

    async def _disconnect(self, account: Account, *, keep: bool) -> Outcome:
        await self._sign_out(account)
        await self._secrets.tokens(account.name).delete()
        called = await self.called(account)
        outcome = Outcome(None, f"Disconnected {called}; its contacts stay.")
        if not keep:
            gone = await self.book.accounts.only_of(account)
            done = f"Disconnected {called}: moved {CONTACTS} to the Bin."
            plan = Plan("disconnect", f"Disconnect {called}", [Delete(gone, by=account.name)], done=done)
            outcome = await self.book.apply(plan)
        await self.book.accounts.remove(account)
        return outcome

    async def _sign_out(self, account: Account) -> None:
        """End the permission there. A courtesy: offline, our own tokens go all the same."""
        with suppress(CoterieError, TimeoutError):
            provider = await self.open(account)
            try:
                await asyncio.wait_for(provider.sign_out(), SIGN_OUT_SECONDS)
            finally:
                await provider.close()

    def _next(self, account: Account) -> datetime | None:
        minutes = Options.of(account).every_minutes
        return self.book.now().astimezone(UTC) + timedelta(minutes=minutes) if minutes else None
