"""One operation that is being undone or redone: which of the journal's values it writes, and which it expects."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from coterie.core.store.contacts.parts import Part, spans
from coterie.core.store.contacts.writer import Writer


@dataclass
class Turn:
    """One operation in the course of undo or redo.

    Attributes:
        writer: writes what becomes of it.
        operation_id: which one.
        count: how many contacts the operation changed.
        back: undo, not redo.
        kept: a condition of SQL that leaves out, by `contact_id`, the contacts that stay whole.
    """

    writer: Writer
    operation_id: int
    count: int
    back: bool
    kept: str = ""

    @property
    def source(self) -> str:
        """The journal's column to write."""
        return "old" if self.back else "new"

    @property
    def present(self) -> str:
        """The journal's column to expect."""
        return "new" if self.back else "old"

    def words(self, lost: bool, skipped: bool) -> str:
        """What to say before the operation's sentence.

        `lost`: none of its contacts is left; `skipped`: all were changed since.
        """
        if lost or skipped:
            return f"Could not {'undo' if self.back else 'redo'} ({'deleted forever' if lost else 'changed since'})"
        return "Undone" if self.back else "Redone"

    def rows(self, field: str, part: Part) -> str:
        """The condition of SQL for the journal's rows of a field in a part."""
        of_field = f"operation_id = {self.operation_id} AND field = '{field}'"
        return f"{of_field} AND {part.between('contact_id')}{self.kept}"

    def parts(self, table: str = "journal_value", *, of: str = "") -> AsyncIterator[Part]:
        """The contacts that the operation changed, some at a time; tells the progress of the turn."""
        where = f"{table} WHERE operation_id = {self.operation_id}{of and f' AND {of}'} AND contact_id"
        return spans(self.writer, where, self.count)
