"""Connected accounts, and what each of them last said of a contact."""

from __future__ import annotations

import json
from collections.abc import Sequence

from core.change import Disown, Remember
from core.model import Account
from core.store.database import Connection
from core.store.values import from_ms
from core.store.writer import Writer


async def accounts(connection: Connection) -> list[Account]:
    """All connected accounts, with how many contacts each gave."""
    counts = dict(
        await connection.rows(
            "SELECT account_id, COUNT(*) FROM remote WHERE contact_id IS NOT NULL GROUP BY account_id"
        )
    )
    return [
        Account(
            id_, provider, address, json.loads(settings or "{}"), cursor, state, message,
            from_ms(last), from_ms(upcoming), counts.get(id_, 0),
        )
        for id_, provider, address, settings, cursor, state, message, last, upcoming in await connection.rows(
            "SELECT id, provider, address, settings, cursor, state, message, last_sync, next_sync FROM account"
            " ORDER BY id"
        )
    ]  # fmt: skip


async def remember(writer: Writer, said: Sequence[Remember]) -> None:
    """Keep what accounts last said; where `contact_id` is None, the contact of before stays."""
    await writer.connection.run_many(
        "INSERT INTO remote (account_id, remote_id, contact_id, etag, base, raw)"
        " VALUES (:account, :remote, :contact, :etag, :base, :raw)"
        " ON CONFLICT (account_id, remote_id) DO UPDATE SET etag = excluded.etag, base = excluded.base,"
        " raw = excluded.raw, contact_id = COALESCE(excluded.contact_id, remote.contact_id)",
        [
            {
                "account": await writer.account_id(one.account), "remote": one.remote_id, "contact": one.contact_id,
                "etag": one.etag, "base": one.base, "raw": one.raw,
            }
            for one in said
        ],
    )  # fmt: skip
    if said:
        writer.touched.add("sources")


async def disown(writer: Writer, gone: Sequence[Disown]) -> None:
    """Forget that accounts know these contacts."""
    await writer.connection.run_many(
        "DELETE FROM remote WHERE account_id = :account AND remote_id = :remote",
        [{"account": await writer.account_id(one.account), "remote": one.remote_id} for one in gone],
    )
    if gone:
        writer.touched.add("sources")
