"""Which contacts an operation changed, and who else has changed them since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coterie.core.store.engine.database import Connection, listed, single

_JOURNALS = ("journal_value", "journal_membership")


async def extent(connection: Connection, ids: Sequence[int]) -> int:
    """How many contacts these operations changed, each counted once."""
    among = f"WHERE operation_id IN ({listed(ids)})"
    rows = await connection.rows(
        f"SELECT COUNT(*) FROM (SELECT contact_id FROM journal_value {among} UNION"
        f" SELECT contact_id FROM journal_membership {among}) AS journalled"
    )
    return int(single(rows))


async def contact_ids(connection: Connection, operation_id: int, limit: int = 1) -> list[int]:
    """Some of the contacts that an operation changed."""
    rows = await connection.rows(
        f"SELECT contact_id FROM journal_value WHERE operation_id = {operation_id} UNION"
        f" SELECT contact_id FROM journal_membership WHERE operation_id = {operation_id} LIMIT :limit",
        {"limit": limit},
    )
    return [row[0] for row in rows]


def by_others_since(operation_id: int) -> str:
    """SQL: what other people changed after an operation and did not undo: `contact_id`, `at_operation`, `actor`."""
    return " UNION ALL ".join(
        f"SELECT t.contact_id AS contact_id, o.id AS at_operation, o.actor AS actor FROM operation o JOIN {table} t"
        f" ON t.operation_id = o.id WHERE o.id > {int(operation_id)} AND o.undone_at IS NULL"
        f" AND o.actor <> (SELECT actor FROM operation WHERE id = {int(operation_id)})"
        for table in _JOURNALS
    )


async def changed_last_by(connection: Connection, operation_id: int, ids: Sequence[int]) -> dict[int, str]:
    """Who, of other people, changed these contacts last since an operation; nobody if it was its own author."""
    rows = await connection.rows(
        f"SELECT contact_id, actor FROM ({by_others_since(operation_id)}) AS since"
        f" WHERE contact_id IN ({listed(ids)}) ORDER BY at_operation"
    )
    return dict(rows)


async def others_in(connection: Connection, operation_ids: Sequence[int]) -> Mapping[str, int]:
    """Who, of other people, changed how many of the contacts of these operations since then; those of most first."""
    changed: dict[str, set[int]] = {}
    for operation_id in operation_ids:
        mine = " UNION ".join(f"SELECT contact_id FROM {table} WHERE operation_id = {int(operation_id)}"
                              for table in _JOURNALS)  # fmt: skip
        since = f"SELECT DISTINCT actor, contact_id FROM ({by_others_since(operation_id)}) AS since"
        for actor, contact_id in await connection.rows(f"{since} WHERE contact_id IN ({mine})"):
            changed.setdefault(actor, set()).add(contact_id)
    return {actor: len(changed[actor]) for actor in sorted(changed, key=lambda name: (-len(changed[name]), name))}
