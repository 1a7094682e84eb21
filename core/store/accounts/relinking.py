"""Links that move when contacts are merged or taken apart, and links that depart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from coterie.core.base import Base
from coterie.core.changes import Adopt, Depart, Rebase, Return, TakeApart
from coterie.core.fields.values import with_values
from coterie.core.model import Contact, Link
from coterie.core.store.accounts import placing
from coterie.core.store.accounts.links import BASE, SOURCE, links
from coterie.core.store.contacts import apart, creating, invitations, lookup
from coterie.core.store.contacts.writer import Writer
from coterie.core.store.engine.database import listed


async def rebase(writer: Writer, changes: Sequence[Rebase]) -> None:
    """Store the bases of remote contacts, also of departed ones, since ours were changed."""
    values = [
        {"base": change.base, "account": await writer.account_id(change.account), "remote": change.remote_id}
        for change in changes
    ]
    for table in ("remote", "departed"):
        await writer.connection.run_many(
            f"UPDATE {table} SET base = :base WHERE account_id = :account AND remote_id = :remote", values
        )
    writer.note()


async def depart(writer: Writer, changes: Sequence[Depart]) -> None:
    """Note that accounts no longer have contacts; what they said is kept while ours is in the book or the Bin."""
    for change in changes:
        key = {"account": await writer.account_id(change.account), "remote": change.remote_id}
        await writer.connection.run(
            "INSERT INTO departed (account_id, remote_id, contact_id, base, raw, place, moved)"
            f" SELECT account_id, remote_id, contact_id, base, raw, place, {int(change.moved)} FROM remote"
            " WHERE account_id = :account AND remote_id = :remote AND contact_id IS NOT NULL AND base <> ''"
            " ON CONFLICT (account_id, remote_id) DO UPDATE SET contact_id = excluded.contact_id,"
            " base = excluded.base, raw = excluded.raw, place = excluded.place, moved = excluded.moved",
            key,
        )
        for table in ("remote", "conflict", "quarantine"):
            await writer.connection.run(f"DELETE FROM {table} WHERE account_id = :account AND remote_id = :remote", key)
    writer.note("sources")


async def return_(writer: Writer, changes: Sequence[Return]) -> None:
    """Forget that these departed: the accounts have them again."""
    await writer.connection.run_many(
        "DELETE FROM departed WHERE account_id = :account AND remote_id = :remote",
        [{"account": await writer.account_id(change.account), "remote": change.remote_id} for change in changes],
    )
    writer.note()


# Becoming one, and two ------------------------------------------------------------------------------------------------


async def adopt(writer: Writer, change: Adopt) -> None:
    """Link all that accounts have of several contacts with the one into which these are merged."""
    ids = [*change.from_contacts, change.to_contact]
    before = {contact.id or 0: contact for contact in await lookup.load(writer.connection, ids)}
    if change.to_contact in before:
        await _keep_apart(writer, before, with_values(before[change.to_contact], change.values))
    for table in ("remote", "departed"):
        for contact_id, account_id, remote_id in await writer.connection.rows(
            f"SELECT contact_id, account_id, remote_id FROM {table}"
            f" WHERE contact_id IN ({listed(change.from_contacts)})"
        ):
            await _move(writer, table, (account_id, remote_id), contact_id, change.to_contact)
    for contact_id in change.from_contacts:
        await apart.inherit(writer.connection, contact_id, change.to_contact)
    await invitations.inherit(writer, change.from_contacts, change.to_contact)
    await placing.inherit(writer, change.from_contacts, change.to_contact)


async def _keep_apart(writer: Writer, before: Mapping[int, Contact], after: Contact) -> None:
    """Keep what one account says of contacts that are merged from going to another account."""
    all_links = await links(writer.connection, sorted(before), departed=True)
    accounts = {link.account for link in all_links}
    for link in all_links if len(accounts) > 1 else ():
        base = Base.of(link.base).without(before[link.contact_id], after)
        if link.base and base.text() != link.base:
            await _set_base(writer, link, base.text())


async def take_apart(writer: Writer, change: TakeApart) -> None:
    """Make a contact of its own of what an account says. It is undone with its operation."""
    [ref] = change.contact.sources
    [new] = await creating.create(writer, [replace(change.contact, sources=())])
    account_id = await writer.account_id(ref.account)
    for link in await links(writer.connection, [change.from_contact]):
        if (link.account, link.remote_id) == (ref.account, ref.remote_id):
            await _set_base(writer, link, replace(Base.of(link.base), left={}).text())
            await _move(writer, "remote", (account_id, ref.remote_id), change.from_contact, new)


async def _move(writer: Writer, table: str, key: tuple[int, str], old: int, new: int) -> None:
    account_id, remote_id = key
    await writer.journal_values(
        [{"contact_id": old, "field": f"{SOURCE} {account_id} {remote_id}", "old": str(old), "new": str(new)}]
    )
    await writer.connection.run(
        f"UPDATE {table} SET contact_id = :new WHERE account_id = :account AND remote_id = :remote",
        {"new": new, "account": account_id, "remote": remote_id},
    )
    writer.touched.add("sources")


async def _set_base(writer: Writer, link: Link, base: str) -> None:
    account_id = await writer.account_id(link.account)
    await writer.journal_values(
        [
            {
                "contact_id": link.contact_id,
                "field": f"{BASE}{account_id} {link.remote_id}",
                "old": link.base,
                "new": base,
            }
        ]
    )
    await rebase(writer, [Rebase(link.account, link.remote_id, base)])
