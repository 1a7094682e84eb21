"""The places of accounts (`core.places`), and which contacts are in them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from coterie.core.changes import Places
from coterie.core.model import Account
from coterie.core.places import KnownPlace, Place, is_read_only, is_synced
from coterie.core.store.accounts import remotes
from coterie.core.store.contacts.writer import Writer
from coterie.core.store.engine.database import Connection, listed


async def tell(writer: Writer, change: Places) -> None:
    """Keep what an account says of its places."""
    account_id = await writer.account_id(change.account)
    if await of_account(writer.connection, account_id) == list(change.places):
        return
    await writer.connection.run(f"DELETE FROM place WHERE account_id = {account_id}")
    await writer.connection.run_many(
        "INSERT INTO place (account_id, id, position, name, writable)"
        " VALUES (:account, :id, :position, :name, :writable)",
        [
            {"account": account_id, "id": place.id, "position": at, "name": place.name, "writable": place.writable}
            for at, place in enumerate(change.places)
        ],
    )
    writer.note("sources")


async def of_account(connection: Connection, account_id: int) -> list[Place]:
    """The places of an account, in its order."""
    rows = await connection.rows(
        f"SELECT id, name, writable FROM place WHERE account_id = {int(account_id)} ORDER BY position"
    )
    return [Place(id_, name, bool(writable)) for id_, name, writable in rows]


async def listing(connection: Connection) -> list[KnownPlace]:
    """Every place of every account; an account that has none is one itself."""
    accounts = await remotes.accounts(connection)
    places = {account.id: await of_account(connection, account.id) for account in accounts}
    several = [account_id for account_id, its in places.items() if len(its) > 1]
    counts = await _counts(connection, several) if several else {}
    return [
        replace(
            _of(account, place), contacts=counts.get((account.id, place.id), 0 if several_here else account.contacts)
        )
        for account in accounts
        for several_here in [account.id in several]
        for place in places[account.id] or [Place("", "")]
    ]


async def _counts(connection: Connection, accounts: Collection[int]) -> dict[tuple[int, str], int]:
    """How many live contacts are in each place of these accounts."""
    rows = await connection.rows(
        "SELECT r.account_id, r.place, COUNT(DISTINCT r.contact_id) FROM remote r JOIN contact c ON c.id = r.contact_id"
        f" WHERE c.state = 0 AND r.account_id IN ({listed(accounts)}) GROUP BY r.account_id, r.place"
    )
    return {(account_id, place): count for account_id, place, count in rows}


def _of(account: Account, place: Place) -> KnownPlace:
    return KnownPlace(
        account.name,
        place,
        is_synced(account, place.id),
        is_read_only(account, place.id),
        bool(account.settings.get("write")),
    )


@dataclass(frozen=True, slots=True)
class Leaving:
    """The contacts of places that are no longer synced: `alone` are those that are nowhere else."""

    contacts: int
    alone: tuple[int, ...]


async def leaving(connection: Connection, account_id: int, kept: Collection[str]) -> Leaving:
    """Which live contacts are in places of an account other than `kept`."""
    where, params = _other_than(account_id, kept)
    rows = await connection.rows(
        "SELECT DISTINCT r.contact_id, EXISTS (SELECT 1 FROM remote o WHERE o.contact_id = r.contact_id"
        f" AND NOT ({where.replace('r.', 'o.')})) OR r.created_here = 0 FROM remote r"
        f" JOIN contact c ON c.id = r.contact_id WHERE c.state = 0 AND {where}",
        params,
    )
    return Leaving(len(rows), tuple(sorted(row[0] for row in rows if not row[1])))


async def leave(connection: Connection, account_id: int, kept: Collection[str]) -> None:
    """Unlink the account from contacts in other places than `kept`. The contacts stay as they are.

    Their records stay as departed ones: if the place is synced again, they are linked with the same contacts.
    """
    where, params = _other_than(account_id, kept)
    for table in ("conflict", "quarantine", "refused"):
        column = "key" if table == "refused" else "remote_id"
        await connection.run(
            f"DELETE FROM {table} WHERE account_id = {int(account_id)}"
            f" AND {column} IN (SELECT r.remote_id FROM remote r WHERE {where})",
            params,
        )
    await connection.run(f"UPDATE departed AS r SET moved = 1 WHERE {where}", params)
    await connection.run(
        "INSERT INTO departed (account_id, remote_id, contact_id, base, raw, place, moved)"
        " SELECT r.account_id, r.remote_id, r.contact_id, r.base, r.raw, r.place, 1 FROM remote r"
        f" WHERE {where} AND r.contact_id IS NOT NULL AND r.base <> ''"
        " ON CONFLICT (account_id, remote_id) DO UPDATE SET contact_id = excluded.contact_id,"
        " base = excluded.base, raw = excluded.raw, place = excluded.place, moved = 1",
        params,
    )
    await connection.run(f"DELETE FROM remote AS r WHERE {where}", params)


def _other_than(account_id: int, kept: Collection[str]) -> tuple[str, dict[str, object]]:
    params: dict[str, object] = {f"p{at}": place for at, place in enumerate(sorted(kept))}
    return f"r.account_id = {int(account_id)} AND r.place NOT IN ({', '.join(f':{name}' for name in params)})", params
