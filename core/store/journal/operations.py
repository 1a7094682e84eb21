"""The journal: what happened, and what is undone and redone next; `core.store.journal.turning` does it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import tzinfo
from typing import Any

from coterie.core.changes import Outcome, Progress, Skip
from coterie.core.clock import from_ms
from coterie.core.errors import NotFound, Stale
from coterie.core.model import Operation
from coterie.core.store.contacts import groups
from coterie.core.store.contacts.turn import Turn
from coterie.core.store.contacts.writer import Writer
from coterie.core.store.engine.database import Connection
from coterie.core.store.journal.reach import extent
from coterie.core.store.journal.turning import carry_out
from coterie.core.text import number_of


async def finish(writer: Writer, actor: str, kind: str, summary: str, *, undoable: bool = True) -> None:
    """Write the journal entry of a finished operation; what was undone before can no longer be redone."""
    await groups.note_change(writer, writer.operation_id)
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
    """Undo the last operation of `actor` that still stands. Raises NotFound."""
    rows = await writer.connection.rows(
        "SELECT id, summary, contacts FROM operation WHERE actor = :actor AND undone_at IS NULL AND undoable = 1"
        " ORDER BY id DESC LIMIT 1",
        {"actor": actor},
    )
    if not rows:
        raise NotFound("There is nothing to undo.")
    writer.progress = progress
    operation_id, summary, count = rows[0]
    return await carry_out(Turn(writer, operation_id, count, back=True), summary)


async def redo(writer: Writer, actor: str, progress: Progress | None = None) -> Outcome:
    """Redo what `actor` has undone last. Raises NotFound."""
    rows = await writer.connection.rows(
        "SELECT id, summary, contacts FROM operation WHERE actor = :actor AND undone_at IS NOT NULL AND dropped = 0"
        " ORDER BY id LIMIT 1",
        {"actor": actor},
    )
    if not rows:
        raise NotFound("There is nothing to redo.")
    writer.progress = progress
    operation_id, summary, count = rows[0]
    return await carry_out(Turn(writer, operation_id, count, back=False), summary)


Step = Callable[[Writer, str, Progress | None], Awaitable[Outcome]]


async def turn_all(step: Step, writer: Writer, actor: str, ids: Sequence[int], progress: Progress | None) -> Outcome:
    """Undo or redo (`step`) several operations in one transaction, in this order.

    Raises Stale if the next one is another: something was changed since `ids` were read.
    """
    skipped: list[Skip] = []
    changed = 0
    for operation_id in ids:
        inner = Writer(writer.connection, writer.operation_id, writer.now, writer.resolve)
        outcome = await step(inner, actor, progress)
        if outcome.operation_id != operation_id:
            raise Stale("Something else was changed meanwhile. Nothing was undone or redone.", "Open History again.")
        writer.touched |= inner.touched
        skipped += outcome.skipped
        changed += outcome.changed
    if len(ids) == 1:
        return outcome
    done = "Undone" if step is undo else "Redone"
    summary = f"{done}: {len(ids):,} changes, {number_of(await extent(writer.connection, ids))}."
    return Outcome(ids[0], summary, changed, skipped=tuple(skipped))
