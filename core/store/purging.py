"""What is removed when a book is opened: contacts long in the Bin."""

from __future__ import annotations

from core.store import bulk
from core.store.database import Connection
from core.store.writer import Writer


def _expired(before: int) -> str:
    return f"SELECT id FROM contact WHERE state = 1 AND deleted_at < {int(before)}"


async def needed(connection: Connection, before: int) -> bool:
    """Whether there is anything to purge; `before` is in milliseconds since the epoch."""
    return bool(await connection.rows(f"{_expired(before)} LIMIT 1"))


async def purge(writer: Writer, before: int) -> None:
    """Remove it, forever."""
    await writer.connection.choose_from(_expired(before), {})
    await bulk.forget_chosen(writer)
