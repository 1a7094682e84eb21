"""When contacts in the Bin are deleted forever. No clock is trusted: a wrong one must not empty the Bin.

Whoever keeps a book open looks into the Bin now and then (`coterie purge` does, too; commands that read never do). A
look says what will go within a day; a later look, a day or more after that, deletes just what was said, if it has been
in the Bin for long enough then. If the clock has moved backwards since the book was last used, or by more than
`LONGEST_PAUSE`, nothing goes: that may be a wrong clock or a long holiday, so what would go is said anew.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from coterie.core.store.contacts import bulk
from coterie.core.store.contacts.writer import Writer
from coterie.core.store.engine.database import Connection, single

DAY: Final = 86_400_000
"""Milliseconds."""
LONGEST_PAUSE: Final = 14 * DAY
SKEW: Final = DAY // 24
"""By so much the clocks of several people may differ."""
COLUMNS: Final = ("days", "seen_at", "seen_operation", "announced_at", "announced_before")


@dataclass(frozen=True, slots=True)
class Watch:
    """What a look into the Bin leaves for the next one. Times are milliseconds since the epoch.

    Attributes:
        days: how long the Bin keeps what is in it.
        seen_at: when the book was last used; 0 for never.
        seen_operation: the latest operation then.
        announced_at: when it was said that all that was deleted before `announced_before` will go.
    """

    days: int
    seen_at: int = 0
    seen_operation: int = 0
    announced_at: int = 0
    announced_before: int = 0

    def moved(self, now: int) -> int | None:
        """By how much the clock has moved since the book was last used, if that tells that it may be wrong."""
        moved = now - self.seen_at
        return None if self.seen_at and -SKEW <= moved <= LONGEST_PAUSE else moved

    def before(self, now: int) -> int | None:
        """What was deleted before this moment goes now; None if nothing does."""
        if self.moved(now) is not None or now - self.announced_at < DAY:
            return None
        return min(self.announced_before, now - self.days * DAY)

    def looked(self, now: int, operation: int) -> Watch:
        """The watch after a look at `now`, when `operation` was the latest."""
        seen = replace(self, seen_at=now, seen_operation=operation)
        if self.moved(now) is None and now - self.announced_at < DAY:
            return seen
        return replace(seen, announced_at=now, announced_before=now - (self.days - 1) * DAY)


async def watch_of(connection: Connection) -> tuple[Watch, int]:
    """The book's watch, and its latest operation. An operation since the last look tells when the book was used."""
    [row] = await connection.rows(f"SELECT {', '.join(COLUMNS)} FROM bin WHERE id = 1")
    watch = Watch(*row)
    for operation, at in await connection.rows("SELECT id, at FROM operation ORDER BY id DESC LIMIT 1"):
        if operation > watch.seen_operation:
            watch = replace(watch, seen_at=at)
        return watch, operation
    return watch, 0


async def keep_watch(connection: Connection, watch: Watch) -> None:
    """Store what a look has left."""
    values = {column: getattr(watch, column) for column in COLUMNS}
    await connection.run(f"UPDATE bin SET {', '.join(f'{name} = :{name}' for name in values)} WHERE id = 1", values)


async def days_of(connection: Connection) -> int:
    """How many days the Bin keeps what is in it."""
    return int(single(await connection.rows("SELECT days FROM bin WHERE id = 1")))


async def is_unused(connection: Connection) -> bool:
    """Whether nothing was ever done in the book, and nobody has looked into its Bin."""
    return not await connection.rows("SELECT 1 FROM operation UNION ALL SELECT 1 FROM bin WHERE seen_at > 0 LIMIT 1")


async def count_before(connection: Connection, before: int) -> int:
    """How many contacts in the Bin were deleted before a moment."""
    return int(single(await connection.rows(f"SELECT COUNT(*) FROM ({_deleted(before)}) AS binned")))


async def purge(writer: Writer, before: int) -> None:
    """Remove what was deleted before a moment, forever."""
    await writer.connection.choose_from(_deleted(before), {})
    await bulk.forget_chosen(writer)


def _deleted(before: int) -> str:
    return f"SELECT id FROM contact WHERE state = 1 AND deleted_at < {int(before)}"
