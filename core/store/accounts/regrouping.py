"""What became of groups between two syncs of an account."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from coterie.core.model import GroupChanges
from coterie.core.store.contacts import groups
from coterie.core.store.engine.database import Connection, listed
from coterie.core.text import group_key


async def changes_since(connection: Connection, account_id: int) -> GroupChanges:
    """What the user did to groups since the last sync of an account; what syncs do to them does not count."""
    rows = await connection.rows(f"SELECT group_names FROM account WHERE id = {int(account_id)}")
    before = {int(id_): name for id_, name in json.loads((rows and rows[0][0]) or "{}").items()}
    now = dict(await connection.rows("SELECT id, name FROM contact_group"))
    renamed = {
        group_key(name): now[id_]
        for id_, name in before.items()
        if id_ in now and group_key(now[id_]) != group_key(name)
    }
    gone = sorted(before.keys() - now.keys())
    # Of several that did it, the last one counts.
    kinds = dict(
        await connection.rows(
            "SELECT g.group_id, o.kind FROM journal_group g JOIN operation o ON o.id = g.operation_id"
            f" WHERE g.new = '' AND o.undone_at IS NULL AND g.group_id IN ({listed(gone)}) ORDER BY o.id"
        )
    )
    into = await groups.merged(connection, gone)
    deleted = frozenset(group_key(before[id_]) for id_ in gone if kinds.get(id_, "sync") != "sync")
    owners = {group_key(before[id_]): _owner(id_, into, now) for id_ in gone}
    merged = {key: name for key, name in owners.items() if name and key in deleted}
    new = sorted(now.keys() - before.keys()) if rows and rows[0][0] else []
    created = await connection.rows(
        "SELECT DISTINCT c.name FROM contact_group c JOIN journal_group g ON g.group_id = c.id AND g.old = ''"
        " JOIN operation o ON o.id = g.operation_id AND o.kind <> 'sync' AND o.undone_at IS NULL"
        f" WHERE c.id IN ({listed(new)}) AND NOT EXISTS (SELECT 1 FROM membership m WHERE m.group_id = c.id)"
        " ORDER BY c.name"
    )
    names = tuple(row[0] for row in created)
    return GroupChanges(renamed, deleted - set(map(group_key, now.values())), names, merged)


async def in_groups(connection: Connection, account_id: int, group_ids: Iterable[int]) -> list[str]:
    """The ids of the remote contacts of an account that are in any of these groups here."""
    rows = await connection.rows(
        "SELECT DISTINCT r.remote_id FROM remote r JOIN membership m ON m.contact_id = r.contact_id"
        f" WHERE r.account_id = {int(account_id)} AND m.group_id IN ({listed(group_ids)}) ORDER BY r.remote_id"
    )
    return [row[0] for row in rows]


async def moved(connection: Connection, account_id: int) -> list[str]:
    """The ids of the remote contacts that were in a group until it was merged since the last sync of the account."""
    rows = await connection.rows(f"SELECT group_names FROM account WHERE id = {int(account_id)}")
    before = map(int, json.loads((rows and rows[0][0]) or "{}"))
    remotes = await connection.rows(
        "SELECT DISTINCT r.remote_id FROM journal_group_value v"
        " JOIN operation o ON o.id = v.operation_id AND o.undone_at IS NULL"
        " JOIN journal_membership j ON j.operation_id = v.operation_id AND j.group_id = CAST(v.new AS BIGINT)"
        " JOIN remote r ON r.contact_id = j.contact_id"
        f" WHERE v.field = '{groups.MERGED}' AND v.group_id IN ({listed(before)}) AND j.new = 1"
        f" AND r.account_id = {int(account_id)} ORDER BY r.remote_id"
    )
    return [row[0] for row in remotes]


def _owner(group_id: int, into: Mapping[int, int], names: Mapping[int, str]) -> str:
    """The group that has the members of a merged one now; empty if there is none."""
    seen = {group_id}
    while group_id in into and group_id not in names:
        group_id = into[group_id]
        if group_id in seen:
            return ""
        seen.add(group_id)
    return names.get(group_id, "")
