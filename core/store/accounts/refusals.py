"""What accounts refuse to take, kept until they take it."""

from __future__ import annotations

from collections.abc import Sequence

from coterie.core.clock import from_ms, to_ms
from coterie.core.model import Refusal
from coterie.core.store.engine.database import Connection


async def refusals(connection: Connection) -> list[Refusal]:
    """What is refused at present, by accounts and names."""
    zone = connection.clock().tzinfo
    return [
        Refusal(account, action, name, reason, contact_id, from_ms(since, zone), key)
        for account, action, name, reason, contact_id, since, key in await connection.rows(
            "SELECT a.provider || ':' || a.address, r.action, r.name, r.reason, r.contact_id, r.since, r.key"
            " FROM refused r JOIN account a ON a.id = r.account_id ORDER BY r.account_id, r.name, r.key"
        )
    ]


async def keep(connection: Connection, account_id: int, refused: Sequence[Refusal], *, complete: bool) -> None:
    """Keep what a sync was refused; what was refused before, too, keeps the time of then.

    Args:
        refused: what was refused now.
        complete: everything was tried again, so that what is not in `refused` is refused no more.
    """
    since = dict(await connection.rows(f"SELECT key, since FROM refused WHERE account_id = {int(account_id)}"))
    gone = since.keys() if complete else since.keys() & {refusal.key for refusal in refused}
    await connection.run_many(
        "DELETE FROM refused WHERE account_id = :account AND key = :key",
        [{"account": account_id, "key": key} for key in sorted(gone)],
    )
    now = to_ms(connection.clock())
    await connection.run_many(
        "INSERT INTO refused (account_id, key, contact_id, name, action, reason, since)"
        " VALUES (:account, :key, :contact, :name, :action, :reason, :since)",
        [
            {
                "account": account_id, "key": refusal.key, "contact": refusal.contact_id, "name": refusal.name,
                "action": refusal.action, "reason": refusal.reason, "since": since.get(refusal.key, now),
            }
            for refusal in {refusal.key: refusal for refusal in refused}.values()
        ],
    )  # fmt: skip
