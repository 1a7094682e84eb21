"""What can be done with accounts: connect, sync, sign in again, choose options, settle conflicts, disconnect."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from coterie.core.checks import Checks
from coterie.core.errors import NotFound
from coterie.core.model import Account, Conflict
from coterie.tui.screens.base import RunsCommands

if TYPE_CHECKING:
    from coterie.core.sync.accounts import Options
    from coterie.tui.syncing import Syncing


class AccountCommands(RunsCommands):
    """The commands of the place Sync contacts, on the account or the provider under the cursor."""

    @property
    @abstractmethod
    def account(self) -> Account | None:
        """The account under the cursor."""

    @property
    @abstractmethod
    def provider(self) -> str:
        """The id of the provider under the cursor; empty where there is none."""

    @abstractmethod
    def go_to(self, account: Account) -> None:
        """Put the cursor on an account."""

    async def action_connect(self) -> None:
        """Choose a provider and sign in to an account of it."""
        provider, syncing = self.provider, self.syncing
        if not provider:
            from coterie.tui.dialogs.pick import Pick

            offered = list(syncing.accounts.offered.items())
            chosen = await self.app.push_screen_wait(Pick("Sync contacts", offered, yes="Sync"))
            provider = chosen or ""
        if provider:
            await self.connect(provider)

    async def action_sync_now(self) -> None:
        """Sync all accounts."""
        if not await self.syncing.start_all():
            self.say("No account is connected yet. Choose where your contacts are, and press enter.")

    @property
    def syncing(self) -> Syncing:
        """The syncs. Raises NotFound where nothing can be connected."""
        if self.state.syncing is None:
            raise NotFound("No provider can be connected here.")
        return self.state.syncing

    async def connect(self, provider: str) -> None:
        """Sign in to an account of a provider, and sync it."""
        from coterie.tui.dialogs.connect import ConnectDialog

        syncing = self.syncing
        dialog = ConnectDialog(
            syncing.label(provider),
            lambda prompter, options: syncing.accounts.connect(provider, prompter, options=options),
            where=await syncing.accounts.where(),
            clipboard=self.state.options.clipboard,
        )
        account = await self.app.push_screen_wait(dialog)
        if account is not None:
            syncing.start(account, first=True)
            await self.refreshed()
            self.go_to(account)

    async def action_sign_in_again(self) -> None:
        """Sign in again to the account under the cursor."""
        if account := self.account:
            await self._sign_in_again(account)

    async def _sign_in_again(self, account: Account, *, write: bool = False) -> Account | None:
        from coterie.tui.dialogs.connect import ConnectDialog

        syncing = self.syncing
        dialog = ConnectDialog(
            syncing.label(account.provider),
            lambda prompter, options: syncing.accounts.sign_in_again(account, prompter, write=write, options=options),
            where=await syncing.accounts.where(),
            again=account.address,
            clipboard=self.state.options.clipboard,
        )
        signed_in = await self.app.push_screen_wait(dialog)
        if signed_in is not None:
            self.say(f"Signed in again as {account.address}.")
            await self.refreshed()
        return signed_in

    async def action_sync_account(self) -> None:
        """Sync the account under the cursor."""
        if account := self.account:
            self.syncing.start(account)

    def action_stop_sync(self) -> None:
        """Stop the sync of the account under the cursor."""
        if account := self.account:
            self.syncing.stop(account)

    async def action_account_options(self) -> None:
        """Writing back, and syncing by itself."""
        from coterie.core.sync.accounts import Options
        from coterie.tui.dialogs.account_options import AccountOptions

        account, syncing = self.account, self.syncing
        if account is None:
            return
        kind = await syncing.accounts.provider_class(account.provider)
        before = Options.of(account)
        dialog = AccountOptions(
            account.address, syncing.label(account.provider), before, can_write=kind.capabilities.write
        )
        chosen = await self.app.push_screen_wait(dialog)
        if chosen is not None and chosen != before:
            await self._choose(account, before, chosen)

    async def _choose(self, account: Account, before: Options, chosen: Options) -> None:
        """Store the choices; writing only once the wider permission is there."""
        said = f"Saved the options of {account.address}."
        if chosen.write and not before.write:
            signed_in = await self._sign_in_again(account, write=True)
            if signed_in is None:
                chosen = replace(chosen, write=False, new_contacts=False)
                said = f"{account.address} was not given permission to write, so writing back stays off."
        await self.syncing.accounts.choose(await self.book.accounts.named(account.name), chosen)
        self.say(said)
        await self.refreshed()

    async def action_account_places(self) -> None:
        """Which places are synced, which are read-only, and where new contacts go."""
        from coterie.core.sync.places import choose_places
        from coterie.tui.dialogs.places import PlacesDialog, remark

        account, syncing = self.account, self.syncing
        if account is None:
            return
        known = [one for one in await self.book.accounts.places() if one.account == account.name]
        dialog = PlacesDialog(
            account,
            [one.place for one in known],
            {one.place.id: one.contacts for one in known},
            lambda: syncing.accounts.places(account),
            lambda kept: self.book.accounts.leaving(account, kept),
            remark(account),
        )
        if (chosen := await self.app.push_screen_wait(dialog)) is None:
            return
        outcome = await choose_places(self.book, account, chosen.choices, chosen.places, keep=chosen.keep)
        await self.refreshed()
        if outcome is None:
            self.say(f"Saved the places of {account.address}.")
        else:
            self.tell(outcome)

    async def action_conflicts(self) -> None:
        """Show what the account and we say differently, and settle it."""
        from coterie.core.sync.settling import settle, settle_all
        from coterie.tui.dialogs.conflicts import ConflictsDialog

        account = self.account
        if account is None:
            return
        conflicts = [one for one in await self.book.accounts.conflicts() if one.account == account.name]
        ids = Checks.of(one.contact_id for one in conflicts)
        contacts = {one.id or 0: one async for one in self.book.contacts(ids)}

        async def decide(chosen: Sequence[Conflict], theirs: bool) -> None:
            wanted = Checks.of(one.contact_id for one in chosen)
            fresh = {one.id or 0: one async for one in self.book.contacts(wanted)}
            first = chosen[0]
            one_only = len(chosen) == 1 and first.contact_id in fresh
            plan = (
                settle(first, fresh[first.contact_id], theirs=theirs)
                if one_only
                else settle_all(chosen, fresh, theirs=theirs)
            )
            self.tell(await self.book.apply(plan))

        await self.app.push_screen_wait(ConflictsDialog(account.address, conflicts, contacts, decide, self.book.called))
        await self.refreshed()

    async def action_unreadable(self) -> None:
        """Show what the account sent that could not be understood."""
        from coterie.tui.dialogs.unreadable import UnreadableDialog

        if account := self.account:
            found = await self.book.accounts.quarantined(account)
            await self.app.push_screen_wait(UnreadableDialog(account.address, found))

    async def action_refused(self) -> None:
        """Show what the account refuses to take."""
        from coterie.tui.dialogs.unreadable import RefusedDialog

        if account := self.account:
            await self.app.push_screen_wait(RefusedDialog(account.address, await self.book.accounts.refusals(account)))

    async def action_restore_left_out(self) -> None:
        """Restore the contacts whose arrival was undone."""
        from coterie.core.sync.leaving_out import restore_left_out

        if account := self.account:
            plan = restore_left_out(account, await self.book.accounts.left_out(account))
            self.tell(await self.book.apply(plan))
            await self.refreshed()

    async def action_disconnect(self) -> None:
        """Ask what becomes of the contacts, and forget the account."""
        from coterie.tui.dialogs.disconnect import DisconnectDialog

        account, syncing = self.account, self.syncing
        if account is None:
            return
        alone = len(await self.book.accounts.only_of(account))
        fate = await self.app.push_screen_wait(DisconnectDialog(account.name, account.contacts, alone))
        if fate is not None:
            syncing.stop(account)
            keep = fate == "keep"
            await self.run_long(f"Disconnect {account.name}", lambda _: syncing.accounts.disconnect(account, keep=keep))
            await self.refreshed()
