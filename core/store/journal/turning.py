"""Undoing and redoing one operation: undo writes the journal's old values, redo its new ones.

A value is written if the present one is still what the operation left. A contact that would leave the lists (its
creation is undone, its deletion redone) stays whole if somebody else has changed it since. What was created lies in the
Bin once that is undone: the journal calls both `GONE`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any, Final

from coterie.core.changes import Outcome, Skip
from coterie.core.checks import Checks
from coterie.core.fields.codec import decode, encode
from coterie.core.model import UNDONE
from coterie.core.store.accounts import links, placing
from coterie.core.store.contacts import bulk, editing, groups, index, invitations, lookup
from coterie.core.store.contacts.turn import Turn
from coterie.core.store.contacts.values import GONE, LINE_COLUMNS, is_undone, search_row
from coterie.core.store.contacts.writer import STATE_TEXT, name_group
from coterie.core.store.engine.database import Connection, listed, single
from coterie.core.store.journal.reach import by_others_since, changed_last_by, extent
from coterie.core.store.lists import searches
from coterie.core.text import group_key, number_of

_BATCH: Final = 1000
_NAMED: Final = 20
"""So many of those that are left out are named."""


async def carry_out(turn: Turn, summary: str) -> Outcome:
    """Undo or redo an operation whose sentence is `summary`."""
    writer, operation_id = turn.writer, turn.operation_id
    fields = [
        row[0]
        for row in await writer.connection.rows(
            f"SELECT DISTINCT field FROM journal_value WHERE operation_id = {operation_id}"
        )
    ]
    # The rows about a link depend on its contact and on what that contact says, so they come last.
    order = sorted((field for field in fields if field != "state"), key=links.turned_last)
    skipped = Checks()
    if "state" in fields:
        skipped = await _keep_foreign(turn)
        order = [*order, "state"] if turn.back else ["state", *order]
    for field in order:
        skipped |= await _turn_field(turn, field)
    await _refresh(turn, [field for field in order if field in editing.SEARCHED])
    await _turn_memberships(turn)
    kept_groups = await _turn_groups(turn)
    kept_groups += await groups.turn_values(turn)
    kept_searches = await searches.turn(turn)
    await writer.connection.run(
        "UPDATE operation SET undone_at = :at WHERE id = :id",
        {"at": writer.now if turn.back else None, "id": operation_id},
    )
    await groups.note_change(writer, operation_id)
    gone = await _gone(turn)
    skips = await _skips(turn, skipped)
    skips += [Skip(name, "is left as it is: the group is in use, or its name is taken") for name in kept_groups]
    skips += [Skip(name, "is left as it is: the search was changed, or its name is taken") for name in kept_searches]
    if gone:
        skips.append(Skip(number_of(gone), "deleted forever since then"))
    nothing = not writer.touched
    lost, all_skipped = nothing and gone > 0, nothing and len(skipped) > 0
    if skipped and not all_skipped:
        summary += f" ({len(skipped):,} changed since and left as {'they are' if len(skipped) > 1 else 'it is'})"
    words = turn.words(lost, all_skipped)
    undoable = not (lost or all_skipped)
    return Outcome(operation_id, f"{words}: {summary}", writer.total, skipped=tuple(skips), undoable=undoable)


async def _keep_foreign(turn: Turn) -> Checks:
    """Leave as they are the contacts that would leave the lists, though somebody else has changed them since."""
    connection, operation_id = turn.writer.connection, turn.operation_id
    leaving = (
        f"SELECT contact_id FROM journal_value WHERE operation_id = {operation_id}"
        f" AND field = 'state' AND {turn.source} <> '0' AND {turn.present} = '0'"
    )
    changed = f"SELECT contact_id FROM ({by_others_since(operation_id)}) AS since"
    foreign = f"{changed} WHERE contact_id IN ({leaving})"
    if not await connection.rows(f"{foreign} LIMIT 1"):
        return Checks()
    await connection.choose_from(f"SELECT DISTINCT contact_id AS id FROM ({foreign}) AS leaving WHERE 1 = 1", {})
    turn.kept = " AND contact_id NOT IN (SELECT id FROM chosen)"
    live = "SELECT id FROM contact WHERE id IN (SELECT id FROM chosen) AND state = 0"
    return Checks.of([row[0] for row in await connection.rows(live)])


async def _skips(turn: Turn, skipped: Checks) -> list[Skip]:
    """Skips for the first of the contacts that are left as they are, with who has changed them."""
    ids = list(islice(skipped, _NAMED))
    changers = await changed_last_by(turn.writer.connection, turn.operation_id, ids)
    return [
        Skip(contact.shown_name, f"was changed since{f' by {who}' if who else ''} and is left as it is")
        for contact in await lookup.load(turn.writer.connection, ids)
        for who in [changers.get(contact.id or 0)]
    ]


async def _gone(turn: Turn) -> int:
    """How many of the operation's contacts were deleted forever since then: the journal has lost their rows."""
    connection, operation_id = turn.writer.connection, turn.operation_id
    forgets = f"SELECT 1 FROM operation WHERE id > {operation_id} AND kind IN ('forget', 'purge') LIMIT 1"
    if not await connection.rows(forgets):
        return 0
    return max(0, turn.count - await extent(connection, [operation_id]))


async def _turn_field(turn: Turn, field: str) -> Checks:
    """Write one field's values. Returns the contacts that have another value by now, and keep it."""
    if field in {"emails", "phones"}:
        return await _turn_children(turn, field)
    if field.startswith(f"{links.SOURCE} "):
        return await _turn_source(turn, field)
    if field.startswith(invitations.FIELD):
        return await _turn_invited(turn, field)
    if field.startswith(placing.FIELD):
        turn.writer.count(await placing.turn(turn.writer, turn.operation_id, field, turn.source), "sources")
        return Checks()
    connection, source = turn.writer.connection, f"j.{turn.source}"
    if field == "state":
        text = STATE_TEXT.replace("state", "contact.state")
        now_is = f"CASE WHEN {is_undone()} AND '{GONE}' IN (j.old, j.new) THEN '{GONE}' ELSE {text} END"
        binned = f"'1:{turn.writer.now}:{UNDONE}'"
        assignments = _state_assignments(f"CASE {source} WHEN '{GONE}' THEN {binned} ELSE {source} END")
    else:
        kind = "SMALLINT" if field == "favorite" else "TEXT"
        now_is = f"CAST(contact.{field} AS TEXT)"
        assignments = f"{field} = CAST({source} AS {kind}), updated_at = {turn.writer.now}"
    differing, total = Checks(), 0
    async for part in turn.parts(of=f"field = '{field}'"):
        of_part = turn.rows(field, part)
        journalled = single(await connection.rows(f"SELECT COUNT(*) FROM journal_value WHERE {of_part}"))
        changed = await connection.run(
            f"UPDATE contact SET {assignments}, version = version + 1 FROM journal_value j"
            f" WHERE {of_part} AND j.contact_id = contact.id AND {now_is} = j.{turn.present}"
        )
        total += changed
        if changed < journalled:
            rows = await connection.rows(
                f"SELECT contact.id FROM contact JOIN journal_value j ON j.contact_id = contact.id"
                f" WHERE {of_part} AND {now_is} NOT IN (j.{turn.present}, j.{turn.source})"
            )
            differing |= Checks.of([row[0] for row in rows])
    turn.writer.count(total, field)
    return differing


async def _turn_source(turn: Turn, field: str) -> Checks:
    [(wanted, present)] = await turn.writer.connection.rows(
        f"SELECT {turn.source}, {turn.present} FROM journal_value"
        f" WHERE operation_id = {turn.operation_id} AND field = :field",
        {"field": field},
    )
    await links.turn_source(turn.writer.connection, field, present, wanted)
    return Checks()


async def _turn_invited(turn: Turn, field: str) -> Checks:
    differing: list[int] = []
    async for part in turn.parts(of=f"field = '{field}'"):
        rows = await turn.writer.connection.rows(
            f"SELECT contact_id, {turn.present}, {turn.source} FROM journal_value WHERE {turn.rows(field, part)}"
        )
        differing += await invitations.turn(
            turn.writer, field, ((contact_id, old, new) for contact_id, old, new in rows)
        )
    return Checks.of(differing)


def _state_assignments(text: str) -> str:
    """The columns behind a state's text, see STATE_TEXT: the time has 13 digits until the year 2286."""
    binned = f"CASE substr({text}, 1, 1) WHEN '1' THEN"
    return (
        f"state = CAST(substr({text}, 1, 1) AS SMALLINT),"
        f" deleted_at = {binned} CAST(substr({text}, 3, 13) AS BIGINT) END,"
        f" deleted_by = {binned} substr({text}, 17) END"
    )


async def _turn_children(turn: Turn, field: str) -> Checks:
    writer = turn.writer
    differing: list[int] = []
    turned = 0
    async for part in turn.parts(of=f"field = '{field}'"):
        rows = await writer.connection.rows(
            f"SELECT contact_id, {turn.source}, {turn.present} FROM journal_value"
            f" WHERE {turn.rows(field, part)} ORDER BY contact_id"
        )
        for start in range(0, len(rows), _BATCH):
            batch = {row[0]: row for row in rows[start : start + _BATCH]}
            present = await lookup.load(writer.connection, sorted(batch))
            children: dict[str, list[Any]] = {"emails": [], "phones": []}
            for contact in present:
                _, source, expected = batch[contact.id or 0]
                if str(encode(field, getattr(contact, field))) == expected:
                    children[field].append(editing.apply_values(contact, {field: decode(field, source)}))
                else:
                    differing.append(contact.id or 0)
            await editing.replace_children(writer, children)
            turned += len(children[field])
    writer.count(turned, field)
    return Checks.of(differing)


async def _refresh(turn: Turn, fields: list[str]) -> None:
    """Compute search texts and sort keys anew for the contacts whose searched fields were turned."""
    if not fields:
        return
    connection = turn.writer.connection
    names = ", ".join(f"'{field}'" for field in fields)
    plain = bulk.SEARCH_COLUMN.keys() >= set(fields) and connection.dialect.folds_exactly
    async for part in turn.parts(of=f"field IN ({names})"):
        turned = (
            f"SELECT DISTINCT contact_id FROM journal_value WHERE operation_id = {turn.operation_id}"
            f" AND field IN ({names}) AND {part.between('contact_id')}"
        )
        if plain:
            await _refresh_columns(turn, fields, turned)
            continue
        rows = await connection.rows(f"{turned} ORDER BY contact_id")
        for start in range(0, len(rows), _BATCH):
            contacts = await lookup.load(connection, [row[0] for row in rows[start : start + _BATCH]])
            await index.update(connection, [search_row(contact.id or 0, contact) for contact in contacts])
            await bulk.store_order(connection, contacts)


async def _refresh_columns(turn: Turn, fields: list[str], turned: str) -> None:
    """The same in a few statements, for fields that fill a column of the search text each."""
    connection = turn.writer.connection
    columns = {field: bulk.SEARCH_COLUMN[field] for field in fields}
    folded = {
        column: f"(SELECT {'fold_line' if column in LINE_COLUMNS else 'fold'}(c.{field})"
        " FROM contact c WHERE c.id = contact_id)"
        for field, column in columns.items()
    }
    await index.assign(connection, folded, f"contact_id IN ({turned})")
    if "company" in fields:
        nameless = await connection.rows(f"SELECT id FROM contact WHERE name = '' AND id IN ({turned})")
        await bulk.refresh_order(turn.writer, [row[0] for row in nameless])


async def _turn_memberships(turn: Turn) -> None:
    connection, left, joined = turn.writer.connection, 0, 0
    of_this = f"operation_id = {turn.operation_id}"
    for row in await connection.rows(f"SELECT DISTINCT group_id FROM journal_membership WHERE {of_this}"):
        group_id = row[0]
        async for part in turn.parts("journal_membership", of=f"group_id = {group_id}"):
            of_part = f"{of_this} AND group_id = {group_id} AND {part.between('contact_id')}{turn.kept}"
            left += await connection.run(
                f"DELETE FROM membership WHERE group_id = {group_id} AND {part.between('contact_id')} AND contact_id IN"
                f" (SELECT contact_id FROM journal_membership WHERE {of_part} AND {turn.source} = 0"
                f" AND {turn.present} = 1)"
            )
            joined += await connection.run(
                "INSERT INTO membership (contact_id, group_id) SELECT contact_id, group_id FROM journal_membership"
                f" WHERE {of_part} AND {turn.source} = 1 AND {turn.present} = 0"
                " ON CONFLICT (contact_id, group_id) DO NOTHING"
            )
    turn.writer.count(max(left, joined), "groups")


async def _turn_groups(turn: Turn) -> list[str]:
    """Give groups their names of before (or after). Returns the names of those that must stay as they are."""
    connection = turn.writer.connection
    rows = await connection.rows(
        f"SELECT group_id, {turn.source}, {turn.present} FROM journal_group WHERE operation_id = {turn.operation_id}"
    )
    wanted = {group_id: name for group_id, name, _ in rows}
    names = dict(await connection.rows(f"SELECT id, name FROM contact_group WHERE id IN ({listed(wanted)})"))
    free = {
        group_id: name
        for group_id, name, expected in rows
        if names.get(group_id, "") == expected and (name or not await _is_in_use(connection, group_id))
    }
    turned = await _without_taken(connection, free)
    await _leave_groups(turn, [group_id for group_id, name in turned.items() if not name])
    for group_id in turned.keys() & names.keys():  # all names become free before one is taken: two may be exchanged
        await name_group(connection, group_id, f"\x7f{group_id}" if turned[group_id] else "")
    for group_id, name in turned.items():
        await name_group(connection, group_id, name)
        turn.writer.touched.add("group names")
    gone = wanted.keys() - turned.keys() - names.keys()
    await connection.run(f"DELETE FROM membership WHERE group_id IN ({listed(gone)})")
    return [names.get(group_id) or name for group_id, name in wanted.items() if group_id not in turned]


async def _leave_groups(turn: Turn, group_ids: Sequence[int]) -> None:
    """Let contacts whose creation was undone leave groups that go with them; the journal keeps it for a redo."""
    connection, left = turn.writer.connection, f"WHERE group_id IN ({listed(group_ids)})"
    old, new = (0, 1) if turn.back else (1, 0)
    await connection.run(
        "INSERT INTO journal_membership (operation_id, group_id, contact_id, old, new)"
        f" SELECT {turn.operation_id}, group_id, contact_id, {old}, {new} FROM membership {left}"
        " ON CONFLICT (operation_id, group_id, contact_id) DO NOTHING"
    )
    await connection.run(f"DELETE FROM membership {left}")


async def _is_in_use(connection: Connection, group_id: int) -> bool:
    """Whether somebody is in the group, but for those whose creation was undone."""
    members = "SELECT 1 FROM membership m JOIN contact ON contact.id = m.contact_id WHERE m.group_id = :id"
    return bool(await connection.rows(f"{members} AND NOT ({is_undone()}) LIMIT 1", {"id": group_id}))


async def _without_taken(connection: Connection, names: Mapping[int, str]) -> dict[int, str]:
    """The `names` that are free or become free, by the ids of the groups that are to get them."""
    owners = dict(await connection.rows("SELECT name_key, id FROM contact_group"))
    free = dict(names)

    def is_taken(group_id: int) -> bool:
        owner = owners.get(group_key(free[group_id]), group_id) if free[group_id] else group_id
        return owner != group_id and owner not in free

    while taken := [group_id for group_id in free if is_taken(group_id)]:
        for group_id in taken:
            del free[group_id]
    return free
