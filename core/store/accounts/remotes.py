"""Connected accounts, what each of them last said of a contact, and where they disagree with us.

All of this is bookkeeping: it is stored with the changes that it belongs to, but an undo leaves it alone. What an
account said stays said, so an undone sync looks to the next one like an edit made here.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from coterie.core.changes import Advance, Disagree, Quarantine, Remember, Settle
from coterie.core.clock import from_ms
from coterie.core.errors import InvalidValue, NotFound
from coterie.core.model import Account, Conflict, Remembered
from coterie.core.store.contacts import lookup
from coterie.core.store.contacts.writer import Writer
from coterie.core.store.engine.counters import allocate
from coterie.core.store.engine.database import Connection, listed

OF_ACCOUNTS: Final = ("remote", "departed", "quarantine", "conflict", "refused", "place", "wanted_place")
"""The tables whose rows are about an account, and go with it."""
_ACCOUNT_COLUMNS = ("settings", "cursor", "state", "message", "last_sync", "next_sync", "group_names")


async def accounts(connection: Connection) -> list[Account]:
    """All connected accounts, with how many contacts each gave."""
    zone = connection.clock().tzinfo
    counts = dict(
        await connection.rows(
            "SELECT r.account_id, COUNT(DISTINCT r.contact_id) FROM remote r JOIN contact c ON c.id = r.contact_id"
            " WHERE c.state = 0 GROUP BY r.account_id"
        )
    )
    return [
        Account(
            id_,
            provider,
            address,
            json.loads(settings or "{}"),
            cursor,
            state,
            message,
            from_ms(last, zone),
            from_ms(upcoming, zone),
            counts.get(id_, 0),
        )
        for id_, provider, address, settings, cursor, state, message, last, upcoming in await connection.rows(
            "SELECT id, provider, address, settings, cursor, state, message, last_sync, next_sync FROM account"
            " ORDER BY id"
        )
    ]


async def add_account(connection: Connection, provider: str, address: str) -> None:
    """Note a new account. Raises InvalidValue if it is connected already."""
    taken = await connection.rows(
        "SELECT 1 FROM account WHERE provider = :provider AND address = :address",
        {"provider": provider, "address": address},
    )
    if taken:
        raise InvalidValue(
            "account", f"{provider}:{address} is connected already.", "If it needs a sign-in, sign in again."
        )
    await connection.run(
        "INSERT INTO account (id, provider, address, settings, state)"
        " VALUES (:id, :provider, :address, '', 'connected')",
        {"id": await allocate(connection, "account"), "provider": provider, "address": address},
    )


def account_called(name: str, accounts: Sequence[Account]) -> Account:
    """The account of that name, or of that address if only one has it. Raises NotFound."""
    named = [account for account in accounts if account.name == name]
    matches = named or [account for account in accounts if account.address == name]
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise NotFound(
            f"Several accounts are called {name}.", f"Choose one of: {', '.join(account.name for account in matches)}."
        )
    names = ", ".join(account.name for account in accounts)
    raise NotFound(
        f"There is no account {name}.", f"The accounts are: {names}." if names else "No account is connected yet."
    )


async def update_account(connection: Connection, account_id: int, values: Mapping[str, Any]) -> None:
    """Store some of an account's settings (a JSON text), cursor, state, message, last_sync and next_sync (ms)."""
    columns = [column for column in _ACCOUNT_COLUMNS if column in values]
    await connection.run(
        f"UPDATE account SET {', '.join(f'{column} = :{column}' for column in columns)} WHERE id = {int(account_id)}",
        {column: values[column] for column in columns},
    )


async def remove_account(connection: Connection, account_id: int) -> None:
    """Forget an account and all that it said; its contacts stay, as local ones."""
    # Nobody leaves a place for one that was never reached.
    await connection.run(
        "DELETE FROM wanted_place WHERE there = 0 AND contact_id IN (SELECT contact_id FROM wanted_place"
        f" WHERE account_id = {int(account_id)} AND there = 1)"
    )
    for table in OF_ACCOUNTS:
        await connection.run(f"DELETE FROM {table} WHERE account_id = {int(account_id)}")
    await connection.run(f"DELETE FROM account WHERE id = {int(account_id)}")


async def only_of(connection: Connection, account_id: int) -> list[int]:
    """The live contacts that only this account gave: it created them here, and no other account has them."""
    return [
        row[0]
        for row in await connection.rows(
            "SELECT DISTINCT r.contact_id FROM remote r JOIN contact c ON c.id = r.contact_id"
            f" WHERE r.account_id = {int(account_id)} AND r.created_here = 1 AND c.state = 0 AND NOT EXISTS"
            " (SELECT 1 FROM remote o WHERE o.contact_id = r.contact_id AND o.account_id <> r.account_id)"
            " ORDER BY r.contact_id"
        )
    ]


async def remembered(connection: Connection, account_id: int, remote_ids: Sequence[str]) -> dict[str, Remembered]:
    """What the book has of these remote contacts, by their ids."""
    rows: list[tuple[Any, ...]] = []
    for start in range(0, len(remote_ids), 500):
        params = {f"r{place}": remote_id for place, remote_id in enumerate(remote_ids[start : start + 500])}
        rows += await connection.rows(
            "SELECT remote_id, contact_id, etag, base, raw, place FROM remote"
            f" WHERE account_id = {int(account_id)} AND remote_id IN ({', '.join(f':{name}' for name in params)})",
            params,
        )
    ids = sorted({row[1] for row in rows if row[1] is not None})
    contacts = {contact.id: contact for contact in await lookup.load(connection, ids)}
    # Who else has these contacts: other accounts, by their names, and the same one under other ids.
    elsewhere: dict[int, dict[str, None]] = defaultdict(dict)
    here: dict[int, dict[str, int]] = defaultdict(dict)
    for start in range(0, len(ids), 1000):
        for contact_id, owner, remote_id, copied, name in await connection.rows(
            "SELECT r.contact_id, r.account_id, r.remote_id, r.copied, a.provider || ':' || a.address FROM remote r"
            f" JOIN account a ON a.id = r.account_id WHERE r.contact_id IN ({listed(ids[start : start + 1000])})"
        ):
            if owner == account_id:
                here[contact_id][remote_id] = copied
            else:
                elsewhere[contact_id][name] = None
    return {
        remote_id: Remembered(
            remote_id, contacts.get(contact_id), etag, base, raw,
            tuple(elsewhere.get(contact_id, ())),
            tuple(other for other in here.get(contact_id, ()) if other != remote_id), place,
            tuple(other for other, copied in here.get(contact_id, {}).items() if copied),
        )
        for remote_id, contact_id, etag, base, raw, place in rows
    }  # fmt: skip


async def cursor(connection: Connection, account_id: int) -> str | None:
    """Where the account's next sync goes on."""
    rows = await connection.rows(f"SELECT cursor FROM account WHERE id = {int(account_id)}")
    return rows[0][0] if rows else None


async def remote_ids(connection: Connection, account_id: int, after: str, count: int) -> list[str]:
    """The next `count` ids of an account in their order, after `after`."""
    rows = await connection.rows(
        f"SELECT remote_id FROM remote WHERE account_id = {int(account_id)} AND remote_id > :after"
        " ORDER BY remote_id LIMIT :count",
        {"after": after, "count": count},
    )
    return [row[0] for row in rows]


async def _rename(writer: Writer, change: Remember) -> None:
    """Give what an account has of a contact, with all that hangs on it, another remote id than before."""
    key = {"account": await writer.account_id(change.account), "old": change.replaces, "new": change.remote_id}
    for table in ("remote", "conflict"):
        await writer.connection.run(
            f"UPDATE {table} SET remote_id = :new WHERE account_id = :account AND remote_id = :old AND NOT EXISTS"
            f" (SELECT 1 FROM {table} other WHERE other.account_id = :account AND other.remote_id = :new)",
            key,
        )


async def remember(writer: Writer, changes: Sequence[Remember]) -> None:
    """Keep what accounts last said; if `contact_id` is None, the contact of before stays."""
    for change in changes:
        if change.replaces:
            await _rename(writer, change)
    await writer.connection.run_many(
        "INSERT INTO remote (account_id, remote_id, contact_id, etag, base, raw, place)"
        " VALUES (:account, :remote, :contact, :etag, :base, :raw, :place)"
        " ON CONFLICT (account_id, remote_id) DO UPDATE SET etag = excluded.etag, base = excluded.base,"
        " raw = excluded.raw, place = excluded.place, contact_id = COALESCE(excluded.contact_id, remote.contact_id)",
        [
            {
                "account": await writer.account_id(change.account),
                "remote": change.remote_id,
                "contact": change.contact_id,
                "etag": change.etag,
                "base": change.base,
                "raw": change.raw,
                "place": change.place,
            }
            for change in changes
        ],
    )
    writer.note("sources")


async def quarantine(writer: Writer, change: Quarantine) -> None:
    """Keep a record that cannot be understood, or lift it if there is no reason any more."""
    key = {"account": await writer.account_id(change.account), "remote": change.remote_id}
    await writer.connection.run("DELETE FROM quarantine WHERE account_id = :account AND remote_id = :remote", key)
    if change.reason:
        await writer.connection.run(
            "INSERT INTO quarantine (account_id, remote_id, reason, raw, seen_at)"
            " VALUES (:account, :remote, :reason, :raw, :seen_at)",
            key | {"reason": change.reason, "raw": change.raw, "seen_at": writer.now},
        )
    writer.note()


async def quarantined(connection: Connection, account_id: int) -> list[tuple[str, str]]:
    """(remote id, reason) of every record of an account that cannot be understood."""
    rows = await connection.rows(
        f"SELECT remote_id, reason FROM quarantine WHERE account_id = {int(account_id)} ORDER BY remote_id"
    )
    return [(remote_id, reason) for remote_id, reason in rows]


async def advance(writer: Writer, change: Advance) -> None:
    """Store where the account's next sync goes on."""
    values: dict[str, Any] = {"cursor": change.cursor}
    if change.groups is not None:
        values["group_names"] = json.dumps(change.groups, ensure_ascii=False)
    await update_account(writer.connection, await writer.account_id(change.account), values)
    writer.note()


async def disagree(writer: Writer, change: Disagree) -> None:
    """Keep a conflict for the user to settle."""
    await settle(writer, Settle(change.conflict))
    conflict = change.conflict
    await writer.connection.run(
        "INSERT INTO conflict (account_id, remote_id, field, key, contact_id, ours, theirs, value)"
        " VALUES (:account, :remote, :field, :key, :contact, :ours, :theirs, :value)",
        await _conflict_key(writer, conflict)
        | {
            "contact": conflict.contact_id,
            "ours": conflict.ours,
            "theirs": conflict.theirs,
            "value": conflict.value,
        },
    )


async def settle(writer: Writer, change: Settle) -> None:
    """Forget a conflict: it is over."""
    await writer.connection.run(
        "DELETE FROM conflict WHERE account_id = :account AND remote_id = :remote AND field = :field AND key = :key",
        await _conflict_key(writer, change.conflict),
    )
    writer.note()


async def _conflict_key(writer: Writer, conflict: Conflict) -> dict[str, Any]:
    return {
        "account": await writer.account_id(conflict.account),
        "remote": conflict.remote_id,
        "field": conflict.field,
        "key": conflict.key,
    }


async def conflicts(connection: Connection) -> list[Conflict]:
    """What waits to be settled, about live contacts with which the accounts are linked today, also after a merge."""
    return [
        Conflict(*row)
        for row in await connection.rows(
            "SELECT a.provider || ':' || a.address, x.remote_id, c.id, x.field, x.key, x.ours, x.theirs, x.value"
            " FROM conflict x JOIN account a ON a.id = x.account_id"
            " JOIN remote r ON r.account_id = x.account_id AND r.remote_id = x.remote_id"
            " JOIN contact c ON c.id = r.contact_id WHERE c.state = 0 ORDER BY c.sort_key, c.id, x.field, x.key"
        )
    ]
