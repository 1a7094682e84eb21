"""What is removed when a book is opened: contacts long in the Bin, and undone creations that no redo can bring back."""

from __future__ import annotations

from core.store import bulk
from core.store.database import Connection
from core.store.writer import Writer

_VOID = (
    "SELECT c.id FROM contact c WHERE c.state = 2 AND NOT EXISTS (SELECT 1 FROM journal_value j"
    " JOIN operation o ON o.id = j.operation_id"
    " WHERE j.contact_id = c.id AND j.field = 'state' AND j.old = '2' AND o.dropped = 0)"
)


def _expired(before: int) -> str:
    return f"SELECT id FROM contact WHERE state = 1 AND deleted_at < {int(before)}"


async def needed(connection: Connection, before: int) -> bool:
    """Whether there is anything to purge; `before` is in milliseconds since the epoch."""
    for sql in (_expired(before), "SELECT id FROM contact WHERE state = 2"):
        if await connection.rows(f"{sql} LIMIT 1"):
            return True
    return False


async def purge(writer: Writer, before: int) -> None:
    """Remove it, forever. Only what was in the Bin counts as changed."""
    await writer.connection.choose_from(_VOID, {})
    await bulk.forget_chosen(writer, state=2)
    writer.changed = 0
    await writer.connection.choose_from(_expired(before), {})
    await bulk.forget_chosen(writer, state=1)
