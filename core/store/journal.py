"""The journal: what happened, and how it is taken back and done again.

Undo writes each old value where the present one is still what the operation left; what somebody changed since stays
and is reported. Redo is the same the other way round. An undone creation leaves a void contact behind, which a redo
brings back; it is removed with the operations that can no longer be redone.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from itertools import islice
from typing import Any, Final

from core.change import Outcome, Progress, Skip
from core.checks import Checks
from core.errors import NotFound, Stale
from core.model import Operation
from core.store import bulk, contacts, editing, index, remotes
from core.store.database import Connection, listed, single
from core.store.parts import Part, spans
from core.store.values import LINE_COLUMNS, decode, encode, from_ms, search_row
from core.store.writer import STATE_TEXT, Writer, name_group
from core.text import group_key, number_of_contacts

_BATCH: Final = 1000


async def finish(writer: Writer, actor: str, kind: str, summary: str, *, undoable: bool = True) -> None:
    """Write the journal entry of a finished operation; what was undone before can no longer be redone."""
    await writer.connection.run(
        "INSERT INTO operation (id, at, actor, kind, summary, contacts, undoable)"
        " VALUES (:id, :at, :actor, :kind, :summary, :contacts, :undoable)",
        {
            "id": writer.operation_id, "at": writer.now, "actor": actor, "kind": kind, "summary": summary,
            "contacts": writer.total, "undoable": int(undoable),
        },
    )  # fmt: skip
    await writer.connection.run(
        "UPDATE operation SET dropped = 1 WHERE actor = :actor AND undone_at IS NOT NULL AND dropped = 0",
        {"actor": actor},
    )


async def history(connection: Connection, limit: int) -> list[Operation]:
    """The latest operations, newest first."""
    zone = connection.clock().tzinfo
    rows = await connection.rows(
        "SELECT id, at, actor, kind, summary, contacts, undone_at, undoable, dropped FROM operation"
        " ORDER BY id DESC LIMIT :limit",
        {"limit": limit},
    )
    return [_operation(zone, *row) for row in rows]


def _operation(zone: tzinfo | None, id_: int, at: int, *rest: Any) -> Operation:
    actor, kind, summary, contacts, undone_at, undoable, dropped = rest
    redoable = undone_at is not None and not dropped
    when = from_ms(at, zone)
    assert when is not None
    return Operation(id_, when, actor, kind, summary, contacts, from_ms(undone_at, zone), bool(undoable), redoable)


async def undo(writer: Writer, actor: str, progress: Progress | None = None) -> Outcome:
    """Take back the last standing operation of `actor`. Raises NotFound."""
    rows = await writer.connection.rows(
        "SELECT id, summary, contacts FROM operation WHERE actor = :actor AND undone_at IS NULL AND undoable = 1"
        " ORDER BY id DESC LIMIT 1",
        {"actor": actor},
    )
    if not rows:
        raise NotFound("There is nothing to undo.")
    writer.progress = progress
    operation_id, summary, count = rows[0]
    return await _turn(_Turn(writer, operation_id, count, back=True), summary)


async def redo(writer: Writer, actor: str, progress: Progress | None = None) -> Outcome:
    """Do again what `actor` has undone last. Raises NotFound."""
    rows = await writer.connection.rows(
        "SELECT id, summary, contacts FROM operation WHERE actor = :actor AND undone_at IS NOT NULL AND dropped = 0"
        " ORDER BY id LIMIT 1",
        {"actor": actor},
    )
    if not rows:
        raise NotFound("There is nothing to redo.")
    writer.progress = progress
    operation_id, summary, count = rows[0]
    return await _turn(_Turn(writer, operation_id, count, back=False), summary)


Step = Callable[[Writer, str, Progress | None], Awaitable[Outcome]]


async def turn_all(step: Step, writer: Writer, actor: str, ids: Sequence[int], progress: Progress | None) -> Outcome:
    """Undo or redo (`step`) several operations in one transaction: these, in the order in which they are turned.

    Raises Stale where the next one is another: something was changed since `ids` were read.
    """
    skipped: list[Skip] = []
    changed = 0
    for operation_id in ids:
        one = Writer(writer.connection, writer.operation_id, writer.now, writer.resolve)
        outcome = await step(one, actor, progress)
        if outcome.operation_id != operation_id:
            raise Stale("Something else was changed meanwhile. Nothing was undone or redone.", "Open History again.")
        writer.touched |= one.touched
        skipped += outcome.skipped
        changed += outcome.changed
    if len(ids) == 1:
        return outcome
    done = "Undone" if step is undo else "Redone"
    summary = f"{done}: {len(ids):,} changes, {number_of_contacts(await extent(writer.connection, ids))}."
    return Outcome(ids[0], summary, changed, skipped=tuple(skipped))


async def extent(connection: Connection, ids: Sequence[int]) -> int:
    """How many contacts these operations changed, each counted once."""
    among = f"WHERE operation_id IN ({listed(ids)})"
    rows = await connection.rows(
        f"SELECT COUNT(*) FROM (SELECT contact_id FROM journal_value {among} UNION"
        f" SELECT contact_id FROM journal_membership {among}) AS journalled"
    )
    return int(single(rows))


@dataclass
class _Turn:
    """One operation turned back or forth: `source` is the journal column to write, `present` the one to expect."""

    writer: Writer
    operation_id: int
    count: int
    back: bool

    @property
    def source(self) -> str:
        return "old" if self.back else "new"

    @property
    def present(self) -> str:
        return "new" if self.back else "old"

    def words(self, lost: bool) -> str:
        """What to say before the operation's sentence; `lost`: none of its contacts is left."""
        if lost:
            return f"Could not {'undo' if self.back else 'redo'} (deleted forever)"
        return "Undone" if self.back else "Redone"

    def parts(self, table: str = "journal_value", *, of: str = "") -> AsyncIterator[Part]:
        """The contacts that are journalled, some at a time; tells how far the turn is."""
        where = f"{table} WHERE operation_id = {self.operation_id}{of and f' AND {of}'} AND contact_id"
        return spans(self.writer, where, self.count)


async def _turn(turn: _Turn, summary: str) -> Outcome:
    writer, operation_id = turn.writer, turn.operation_id
    fields = [
        row[0]
        for row in await writer.connection.rows(
            f"SELECT DISTINCT field FROM journal_value WHERE operation_id = {operation_id}"
        )
    ]
    # A void contact cannot be read: it is brought back before its values change, and voided after.
    order = sorted((field for field in fields if field != "state"), key=str)
    states = ["state"] if "state" in fields else []
    skipped = Checks()
    for field in [*order, *states] if turn.back else [*states, *order]:
        skipped |= await _turn_field(turn, field)
    await _refresh(turn, [field for field in order if field in editing.SEARCHED])
    await _turn_memberships(turn)
    kept_groups = await _turn_groups(turn)
    await writer.connection.run(
        "UPDATE operation SET undone_at = :at WHERE id = :id",
        {"at": writer.now if turn.back else None, "id": operation_id},
    )
    gone = await _gone(turn)
    names = await contacts.load(writer.connection, list(islice(skipped, 20)))
    skips = [Skip(one.shown_name, "was changed since and is left as it is") for one in names]
    skips += [Skip(name, "is left as it is: the group is in use, or its name is taken") for name in kept_groups]
    if skipped:
        summary += f" ({len(skipped)} changed since and left as they are)"
    if gone:
        skips.append(Skip(number_of_contacts(gone), "deleted forever since then"))
    lost = gone > 0 and not writer.touched
    return Outcome(
        operation_id, f"{turn.words(lost)}: {summary}", writer.total, skipped=tuple(skips), undoable=not lost
    )


async def _gone(turn: _Turn) -> int:
    """How many of the operation's contacts were deleted forever since then: the journal has lost their rows."""
    connection, operation_id = turn.writer.connection, turn.operation_id
    forgets = f"SELECT 1 FROM operation WHERE id > {operation_id} AND kind IN ('forget', 'purge') LIMIT 1"
    if not await connection.rows(forgets):
        return 0
    return max(0, turn.count - await extent(connection, [operation_id]))


async def _turn_field(turn: _Turn, field: str) -> Checks:
    """Write one field's values; the contacts whose present value is another one."""
    if field in {"emails", "phones"}:
        return await _turn_children(turn, field)
    if field.startswith(f"{remotes.SOURCE} "):
        return await _turn_source(turn, field)
    connection = turn.writer.connection
    if field == "state":
        now_is, assignments = STATE_TEXT.replace("state", "contact.state"), _state_assignments(f"j.{turn.source}")
    else:
        kind = "SMALLINT" if field == "favorite" else "TEXT"
        now_is = f"CAST(contact.{field} AS TEXT)"
        assignments = f"{field} = CAST(j.{turn.source} AS {kind}), updated_at = {turn.writer.now}"
    differing, total = Checks(), 0
    of_this = f"operation_id = {turn.operation_id} AND field = '{field}'"
    async for part in turn.parts(of=f"field = '{field}'"):
        of_part = f"{of_this} AND {part.between('contact_id')}"
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


async def _turn_source(turn: _Turn, field: str) -> Checks:
    [(wanted, present)] = await turn.writer.connection.rows(
        f"SELECT {turn.source}, {turn.present} FROM journal_value"
        f" WHERE operation_id = {turn.operation_id} AND field = :field",
        {"field": field},
    )
    await remotes.turn_source(turn.writer.connection, field, present, wanted)
    return Checks()


def _state_assignments(text: str) -> str:
    """The columns behind a state's text, see STATE_TEXT: the time has 13 digits until the year 2286."""
    binned = f"CASE substr({text}, 1, 1) WHEN '1' THEN"
    return (
        f"state = CAST(substr({text}, 1, 1) AS SMALLINT),"
        f" deleted_at = {binned} CAST(substr({text}, 3, 13) AS BIGINT) END,"
        f" deleted_by = {binned} substr({text}, 17) END"
    )


async def _turn_children(turn: _Turn, field: str) -> Checks:
    writer = turn.writer
    differing: list[int] = []
    turned = 0
    async for part in turn.parts(of=f"field = '{field}'"):
        rows = await writer.connection.rows(
            f"SELECT contact_id, {turn.source}, {turn.present} FROM journal_value"
            f" WHERE operation_id = {turn.operation_id} AND field = '{field}' AND {part.between('contact_id')}"
            " ORDER BY contact_id"
        )
        for start in range(0, len(rows), _BATCH):
            batch = {row[0]: row for row in rows[start : start + _BATCH]}
            present = await contacts.load(writer.connection, sorted(batch))
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


async def _refresh(turn: _Turn, fields: list[str]) -> None:
    """Compute search texts and sort keys anew for the contacts whose searched fields were turned."""
    if not fields:
        return
    connection = turn.writer.connection
    names = ", ".join(f"'{field}'" for field in fields)
    plain = bulk.SEARCH_COLUMN.keys() >= set(fields) and connection.dialect == "sqlite"
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
            found = await contacts.load(connection, [row[0] for row in rows[start : start + _BATCH]])
            await index.update(connection, [search_row(one.id or 0, one) for one in found])
            await bulk.store_order(connection, found)


async def _refresh_columns(turn: _Turn, fields: list[str], turned: str) -> None:
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
        nameless = await connection.rows(f"SELECT id FROM contact WHERE name = '' AND id IN ({turned}) AND state < 2")
        await bulk.refresh_order(turn.writer, [row[0] for row in nameless])


async def _turn_memberships(turn: _Turn) -> None:
    connection, left, joined = turn.writer.connection, 0, 0
    of_this = f"operation_id = {turn.operation_id}"
    for row in await connection.rows(f"SELECT DISTINCT group_id FROM journal_membership WHERE {of_this}"):
        group_id = row[0]
        async for part in turn.parts("journal_membership", of=f"group_id = {group_id}"):
            of_part = f"{of_this} AND group_id = {group_id} AND {part.between('contact_id')}"
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


async def _turn_groups(turn: _Turn) -> list[str]:
    """Give groups their names of before (or after); the names of those that must stay as they are."""
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
    for group_id in turned.keys() & names.keys():  # all names become free before one is taken: two may be exchanged
        await name_group(connection, group_id, f"\x7f{group_id}" if turned[group_id] else "")
    for group_id, name in turned.items():
        await name_group(connection, group_id, name)
        turn.writer.touched.add("group names")
    gone = wanted.keys() - turned.keys() - names.keys()
    await connection.run(f"DELETE FROM membership WHERE group_id IN ({listed(gone)})")
    return [names.get(group_id) or name for group_id, name in wanted.items() if group_id not in turned]


async def _is_in_use(connection: Connection, group_id: int) -> bool:
    """Whether somebody is in the group."""
    members = "SELECT 1 FROM membership m JOIN contact c ON c.id = m.contact_id WHERE m.group_id = :id AND c.state < 2"
    return bool(await connection.rows(f"{members} LIMIT 1", {"id": group_id}))


async def _without_taken(connection: Connection, names: Mapping[int, str]) -> dict[int, str]:
    """Those of `names`, by the ids of the groups that shall get them, that no group has which keeps its own."""
    owners = dict(await connection.rows("SELECT name_key, id FROM contact_group"))
    free = dict(names)

    def is_taken(group_id: int) -> bool:
        owner = owners.get(group_key(free[group_id]), group_id) if free[group_id] else group_id
        return owner != group_id and owner not in free

    while taken := [group_id for group_id in free if is_taken(group_id)]:
        for group_id in taken:
            del free[group_id]
    return free


async def contact_ids(connection: Connection, operation_id: int, limit: int = 1) -> list[int]:
    """Some of the contacts that an operation changed."""
    rows = await connection.rows(
        f"SELECT contact_id FROM journal_value WHERE operation_id = {operation_id} UNION"
        f" SELECT contact_id FROM journal_membership WHERE operation_id = {operation_id} LIMIT :limit",
        {"limit": limit},
    )
    return [row[0] for row in rows]
