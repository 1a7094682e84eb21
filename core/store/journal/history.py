"""What happened to a book, with undo and redo: `Book.history`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coterie.core.changes import Outcome, Progress
from coterie.core.model import Operation
from coterie.core.names import NameOrder
from coterie.core.store.contacts.writer import Write
from coterie.core.store.engine import counters
from coterie.core.store.engine.database import Database
from coterie.core.store.journal import as_of, entries, operations, past, reach
from coterie.core.store.lists.lists import Lists


class History:
    """The journal of a book, newest first, with undo and redo.

    Args:
        database: the open database.
        write: carries out an operation.
        actor: who makes the changes; undo and redo reach only theirs.
        lists: the lists of the book.
        names: how contacts are called.
    """

    def __init__(self, database: Database, write: Write, actor: str, lists: Lists, names: NameOrder) -> None:
        self._database = database
        self._write = write
        self._actor = actor
        self._lists = lists
        self._names = names

    async def undo(self, progress: Progress | None = None, ids: Sequence[int] = ()) -> Outcome:
        """Undo the last change of this user, or, in one go, the last ones: `ids`, newest first.

        What somebody else changed since is left as it is and listed in `skipped`. Raises NotFound if there is nothing
        to undo, Stale if `ids` are no longer the last ones.
        """
        return await self._turn(operations.undo, progress, ids)

    async def redo(self, progress: Progress | None = None, ids: Sequence[int] = ()) -> Outcome:
        """Redo what was undone last, or, in one go, several: `ids`, oldest first. Raises as `undo` does."""
        return await self._turn(operations.redo, progress, ids)

    async def _turn(self, step: operations.Step, progress: Progress | None, ids: Sequence[int]) -> Outcome:
        if not ids:
            return await self._write(lambda writer: step(writer, self._actor, progress))
        return await self._write(lambda writer: operations.turn_all(step, writer, self._actor, ids, progress))

    async def latest(self, limit: int = 100) -> list[Operation]:
        """The latest journal entries, newest first."""
        async with self._database.reading() as connection:
            return await operations.history(connection, limit)

    async def length(self) -> int:
        """A number that grows by one with each change, undo and redo of any program."""
        async with self._database.reading() as connection:
            return await counters.operations(connection)

    async def as_of(self, moment: as_of.Moment) -> as_of.PastBook:
        """The book as it was at a moment of the past."""
        return await as_of.past_book(self._database, self._lists, self._names, moment)

    async def traces(self, operation_id: int, contacts: int = 100) -> list[entries.Trace]:
        """What an operation did to groups and to its first `contacts` contacts, in the order of their ids.

        The cost grows with `contacts`, not with the size of the operation. Contacts that were deleted forever since
        then have left the journal too.
        """
        async with self._database.reading() as connection:
            return await entries.traces(connection, operation_id, contacts)

    async def of_contact(self, contact_id: int, most: int = 200, among: int = 2_000) -> list[past.Past]:
        """The latest changes of a contact's values and groups, newest first, at most `most`.

        `among` is how many of the latest entries of the journal are looked through.
        """
        async with self._database.reading() as connection:
            return await past.past_of(connection, contact_id, most, among)

    async def extent(self, operation_ids: Sequence[int]) -> int:
        """How many contacts these operations changed, each counted once."""
        async with self._database.reading(long=True) as connection:
            return await reach.extent(connection, operation_ids)

    async def others(self, operation_ids: Sequence[int]) -> Mapping[str, int]:
        """Who, of other people, changed how many of the contacts of these operations since then; those of most first.

        An undo leaves what they changed as it is.
        """
        async with self._database.reading(long=True) as connection:
            return await reach.others_in(connection, operation_ids)
