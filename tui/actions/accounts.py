"""Accounts: connect, sync, sign in again, choose options and places, settle conflicts, disconnect."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Protocol

from coterie.core.checks import Checks
from coterie.core.errors import CoterieError, NotFound
from coterie.core.model import Account, Conflict
from coterie.tui.actions.changes import carry_out, run_long, tell_shown
from coterie.tui.actions.command import EVERYWHERE, IN_SYNC, Command, Place, Section
from coterie.tui.actions.context import Context
from coterie.tui.actions.reasons import (
    can_sync,
    needs_account,
    needs_conflicts,
    needs_left_out,
    needs_places,
    needs_refused,
    needs_sync,
    needs_unreadable,
)

if TYPE_CHECKING:
    from coterie.core.sync.accounts import Options
    from coterie.tui.syncing import Syncing

_NONE_YET: Final = "No account is connected yet. Choose where your contacts are, and press enter."


class OnAccounts(Context, Protocol):
    """The list of accounts, and of what can be connected."""

    @property
    def account(self) -> Account | None:
        """The account under the cursor."""

    @property
    def provider(self) -> str:
        """The id of the provider under the cursor; empty if there is none."""

    def go_to(self, account: Account) -> None:
        """Put the cursor on an account."""


def _syncing(here: Context) -> Syncing:
    """The syncs. Raises NotFound if nothing can be connected."""
    if here.state.syncing is None:
        raise NotFound("No provider can be connected here.")
    return here.state.syncing


async def connect(here: OnAccounts) -> None:
    """Choose a provider and sign in to an account of it."""
    provider, syncing = here.provider, _syncing(here)
    if not provider:
        from coterie.tui.dialogs.pick import Pick

        offered = list(syncing.accounts.offered.items())
        chosen = await here.ask(Pick("Sync contacts", offered, yes="Sync"))
        provider = chosen or ""
    if provider:
        await sign_in(here, provider)


async def sync_now(here: Context) -> None:
    """Sync all accounts."""
    in_dialog = here.where is Place.SYNC
    syncing = _syncing(here) if in_dialog else here.state.syncing
    if syncing is None or not await syncing.start_all():
        here.say(_NONE_YET if in_dialog else f"No account is connected. {here.key('sync')} connects one.")


async def sign_in(here: OnAccounts, provider: str) -> None:
    """Sign in to an account of a provider, and sync it."""
    from coterie.tui.dialogs.connect import ConnectDialog

    syncing = _syncing(here)
    dialog = ConnectDialog(
        syncing.label(provider),
        lambda prompter, options: syncing.accounts.connect(provider, prompter, options=options),
        where=await syncing.accounts.where(provider),
        clipboard=here.state.options.clipboard,
    )
    account = await here.ask(dialog)
    if account is not None:
        syncing.start(account, first=True)
        await here.shown()
        here.go_to(account)


async def sign_in_again(here: OnAccounts) -> None:
    """Sign in again to the account under the cursor."""
    if account := here.account:
        await _sign_in_again(here, account)


async def _sign_in_again(here: OnAccounts, account: Account, *, write: bool = False) -> Account | None:
    from coterie.tui.dialogs.connect import ConnectDialog

    syncing = _syncing(here)
    dialog = ConnectDialog(
        syncing.label(account.provider),
        lambda prompter, options: syncing.accounts.sign_in_again(account, prompter, write=write, options=options),
        where=await syncing.accounts.where(account.provider),
        again=account.address,
        clipboard=here.state.options.clipboard,
    )
    signed_in = await here.ask(dialog)
    if signed_in is not None:
        here.say(f"Signed in again as {account.address}.")
    return signed_in


async def sync_account(here: OnAccounts) -> None:
    """Sync the account under the cursor."""
    if account := here.account:
        _syncing(here).start(account)


def stop_sync(here: OnAccounts) -> None:
    """Stop the sync of the account under the cursor."""
    if account := here.account:
        _syncing(here).stop(account)


async def account_options(here: OnAccounts) -> None:
    """Writing back, and syncing by itself."""
    from coterie.core.sync.accounts import Options
    from coterie.tui.dialogs.account_options import AccountOptions

    account, syncing = here.account, _syncing(here)
    if account is None:
        return
    kind = await syncing.accounts.provider_class(account.provider)
    before = Options.of(account)
    may_write = before.write
    with suppress(CoterieError):  # the next sync says what is wrong
        may_write = may_write or await syncing.accounts.may_write(account)
    label, can_write = syncing.label(account.provider), kind.capabilities.write
    dialog = AccountOptions(account.address, label, before, can_write=can_write, may_write=may_write)
    chosen = await here.ask(dialog)
    if chosen is not None and chosen != before:
        await _choose(here, account, chosen, signs_in=chosen.write and not may_write)


async def _choose(here: OnAccounts, account: Account, chosen: Options, *, signs_in: bool) -> None:
    """Store the choices; writing only once the wider permission is there."""
    said = f"Saved the options of {account.address}."
    if signs_in:
        signed_in = await _sign_in_again(here, account, write=True)
        if signed_in is None:
            chosen = replace(chosen, write=False, new_contacts=False)
            said = f"{account.address} was not given permission to write, so writing back stays off."
    await _syncing(here).accounts.choose(await here.book.accounts.named(account.name), chosen)
    here.say(said)


async def account_places(here: OnAccounts) -> None:
    """Which places are synced, which are read-only, and where new contacts go."""
    from coterie.core.sync.places import choose_places
    from coterie.tui.dialogs.places import PlacesDialog, remark

    account, syncing = here.account, _syncing(here)
    if account is None:
        return
    sources = [source for source in await here.book.accounts.places() if source.account == account.name]
    dialog = PlacesDialog(
        account,
        [source.place for source in sources],
        {source.place.id: source.contacts for source in sources},
        lambda: syncing.accounts.places(account),
        lambda kept: here.book.accounts.leaving(account, kept),
        remark(account),
    )
    if (chosen := await here.ask(dialog)) is None:
        return
    outcome = await choose_places(here.book, account, chosen.choices, chosen.places, keep=chosen.keep)
    if outcome is None:
        here.say(f"Saved the places of {account.address}.")
    else:
        await tell_shown(here, outcome)


async def conflicts(here: OnAccounts) -> None:
    """Show what the account and we say differently, and settle it."""
    from coterie.core.sync.settling import settle, settle_all
    from coterie.tui.dialogs.conflicts import ConflictsDialog

    account = here.account
    if account is None:
        return
    conflicts = [conflict for conflict in await here.book.accounts.conflicts() if conflict.account == account.name]
    ids = Checks.of(conflict.contact_id for conflict in conflicts)
    contacts = {contact.id or 0: contact async for contact in here.book.contacts(ids)}

    async def decide(chosen: Sequence[Conflict], theirs: bool) -> None:
        wanted = Checks.of(conflict.contact_id for conflict in chosen)
        fresh = {contact.id or 0: contact async for contact in here.book.contacts(wanted)}
        first = chosen[0]
        one_only = len(chosen) == 1 and first.contact_id in fresh
        plan = (
            settle(first, fresh[first.contact_id], theirs=theirs)
            if one_only
            else settle_all(chosen, fresh, theirs=theirs)
        )
        here.tell(await here.book.apply(plan))

    await here.ask(ConflictsDialog(account.address, conflicts, contacts, decide, here.book.called))


async def unreadable(here: OnAccounts) -> None:
    """Show what the account sent that could not be understood."""
    from coterie.tui.dialogs.unreadable import UnreadableDialog

    if account := here.account:
        records = await here.book.accounts.quarantined(account)
        await here.ask(UnreadableDialog(account.address, records))


async def refused(here: OnAccounts) -> None:
    """Show what the account refuses to take."""
    from coterie.tui.dialogs.unreadable import RefusedDialog

    if account := here.account:
        await here.ask(RefusedDialog(account.address, await here.book.accounts.refusals(account)))


async def restore_left_out(here: OnAccounts) -> None:
    """Restore the contacts whose arrival was undone."""
    from coterie.core.sync.leaving_out import restore_left_out

    if account := here.account:
        plan = restore_left_out(account, await here.book.accounts.left_out(account))
        await carry_out(here, plan)


async def disconnect(here: OnAccounts) -> None:
    """Ask what becomes of the contacts, and forget the account."""
    from coterie.tui.dialogs.disconnect import DisconnectDialog

    account, syncing = here.account, _syncing(here)
    if account is None:
        return
    alone = len(await here.book.accounts.only_of(account))
    called = await syncing.accounts.called(account)
    fate = await here.ask(DisconnectDialog(called, account.contacts, alone))
    if fate is not None:
        syncing.stop(account)
        keep = fate == "keep"
        await run_long(here, f"Disconnect {called}", lambda _: syncing.accounts.disconnect(account, keep=keep))


COMMANDS: Final[tuple[Command, ...]] = (
    Command("sync_now", sync_now, ("S",), "Sync all now", "Sync all connected accounts now.", Section.ACCOUNTS,
            EVERYWHERE | IN_SYNC, footer={Place.SYNC: 7}, short="sync all", menu=True),
    Command("connect", connect, ("n",), "Connect an account", "Choose a provider and sign in to an account.",
            Section.ACCOUNTS, IN_SYNC, footer={Place.SYNC: 8}, short="connect", menu=True),
    Command("sync_account", sync_account, ("s",), "Sync now", "Sync this account now.", Section.ACCOUNTS, IN_SYNC,
            can_sync, footer={Place.SYNC: 2}, short="sync now", menu=True),
    Command("stop_sync", stop_sync, ("x",), "Stop the sync", "Stop the sync of this account; it then changes nothing.",
            Section.ACCOUNTS, IN_SYNC, needs_sync, footer={Place.SYNC: 2}, short="stop", menu=True),
    Command("sign_in_again", sign_in_again, ("a",), "Sign in again", "Sign in to this account again.", Section.ACCOUNTS,
            IN_SYNC, needs_account, footer={Place.SYNC: 5}, short="sign in again", menu=True),
    Command("account_options", account_options, ("o",), "Options",
            "Choose whether this account is written to, and when it is synced.", Section.ACCOUNTS, IN_SYNC,
            needs_account, footer={Place.SYNC: 4}, short="options", menu=True),
    Command("account_places", account_places, ("p",), "Places",
            "Choose which address books or folders are synced, which are read-only, and where new contacts go.",
            Section.ACCOUNTS, IN_SYNC, needs_places, footer={Place.SYNC: 4}, short="places", menu=True),
    Command("conflicts", conflicts, ("c",), "Conflicts",
            "Show what you and this account have changed differently, and decide.", Section.ACCOUNTS, IN_SYNC,
            needs_conflicts, footer={Place.SYNC: 3}, short="conflicts", menu=True),
    Command("unreadable", unreadable, ("r",), "What could not be read",
            "Show what this account sent that could not be read.", Section.ACCOUNTS, IN_SYNC, needs_unreadable,
            footer={Place.SYNC: 9}, short="unreadable", menu=True),
    Command("refused", refused, ("f",), "What is refused there",
            "Show which of your changes this account refuses, and why.", Section.ACCOUNTS, IN_SYNC, needs_refused,
            footer={Place.SYNC: 10}, short="refused", menu=True),
    Command("restore_left_out", restore_left_out, ("b",), "Restore what is left out",
            "Restore the contacts from this account that an undo removed.", Section.ACCOUNTS, IN_SYNC, needs_left_out,
            footer={Place.SYNC: 3}, short="restore", menu=True),
    Command("disconnect", disconnect, ("d",), "Disconnect",
            "Disconnect this account, after asking what to do with its contacts.", Section.ACCOUNTS, IN_SYNC,
            needs_account, footer={Place.SYNC: 6}, short="disconnect", menu=True),
)  # fmt: skip
