"""What a search for duplicates found, kept until the next: then only what was changed meanwhile is looked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from coterie.core.duplicates import Pair, ids_of, pack, unpack
from coterie.core.store.engine.database import Connection
from coterie.core.store.journal.reach import contact_ids

FEW: Final = 100
"""When more contacts than this were changed, the whole book is searched again."""
_OPERATIONS: Final = 500
_BATCH: Final = 1000

Mark = dict[int, tuple[int | None, int]]
"""The latest operations: when each was undone, and how many contacts it changed."""


async def mark(connection: Connection) -> Mark:
    """A moment in the journal."""
    rows = await connection.rows(f"SELECT id, undone_at, contacts FROM operation ORDER BY id DESC LIMIT {_OPERATIONS}")
    return {operation: (undone_at, contacts) for operation, undone_at, contacts in rows}


async def changed_since(connection: Connection, before: Mark, few: int = FEW) -> set[int] | None:
    """The contacts that anybody changed since that moment, an undo or redo counted as a change.

    None if they are more than `few`, or nobody can tell.
    """
    operations = await operations_since(connection, before, few)
    if operations is None:
        return None
    changed: set[int] = set()
    for operation in operations:
        changed.update(await contact_ids(connection, operation, few))
    return changed


async def operations_since(connection: Connection, before: Mark, few: int) -> list[int] | None:
    """The operations that were carried out, undone or redone since that moment; None as for `changed_since`."""
    now = await mark(connection)
    if len(now) == _OPERATIONS and now.keys().isdisjoint(before):
        return None  # more has happened than we can tell
    oldest = min(before, default=0)
    differing = [operation for operation in now if operation >= oldest and now[operation] != before.get(operation)]
    return differing if sum(now[operation][1] for operation in differing) <= few else None


class KeptPairs:
    """The pairs that one search found, as numbers.

    Args:
        since: the moment when it began.
    """

    def __init__(self, since: Mark) -> None:
        self.since = since
        self._numbers: list[int] = []

    def add(self, pairs: Iterable[Pair]) -> None:
        """Keep some more pairs."""
        self._numbers += map(pack, pairs)

    def without(self, changed: set[int]) -> Iterator[list[Pair]]:
        """The pairs, some at a time, the surest first, without those of these contacts."""
        self._numbers.sort()
        for start in range(0, len(self._numbers), _BATCH):
            batch = self._numbers[start : start + _BATCH]
            yield [unpack(number) for number in batch if changed.isdisjoint(ids_of(number))]
