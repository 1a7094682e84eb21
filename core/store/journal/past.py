"""What became of one contact: each change of one of its values, and the change that puts the old value back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Final

from coterie.core.changes import CONTACTS, AddToGroup, Change, Edit, Plan, RemoveFromGroup
from coterie.core.checks import Checks
from coterie.core.fields import FIELDS
from coterie.core.fields.codec import decode
from coterie.core.model import Contact, Operation
from coterie.core.store.engine.database import Connection, listed
from coterie.core.store.journal import operations
from coterie.core.store.journal.entries import Trace, trace_of_group, trace_of_value

_ATTRIBUTES: Final = (*(attribute.name for attribute in fields(Contact)), "state")
_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class Past:
    """One value of a contact that an operation changed.

    Attributes:
        operation: which one.
        trace: what it changed, as text.
        way_back: gives the contact the value again that it had before; None if that is no matter of a value.
    """

    operation: Operation
    trace: Trace
    way_back: Change | None

    def plan(self) -> Plan | None:
        """What puts this value back, and nothing else."""
        if self.way_back is None:
            return None
        title = f"Put back {self.trace.field}"
        return Plan("edit", title, [self.way_back], f"{title} of {CONTACTS}.")


async def past_of(connection: Connection, contact_id: int, most: int, entries: int) -> list[Past]:
    """The latest changes of a contact, newest first: at most `most`. An undone operation is among them.

    `entries` is how many of the latest entries of the journal are looked through.

    The journal is read by its key: the cost grows with its latest entries, not with how many contacts they changed.
    """
    changes: list[Past] = []
    latest = await operations.history(connection, entries)
    groups = dict(await connection.rows("SELECT id, name FROM contact_group"))
    for start in range(0, len(latest), _AT_ONCE):
        batch = {operation.id: operation for operation in latest[start : start + _AT_ONCE]}
        changes += await _values(connection, contact_id, batch)
        changes += await _groups(connection, contact_id, batch, groups)
        if len(changes) >= most:
            break
    return sorted(changes, key=lambda change: -change.operation.id)[:most]


async def _values(connection: Connection, contact_id: int, operations: dict[int, Operation]) -> list[Past]:
    names = ", ".join(f"'{name}'" for name in _ATTRIBUTES)
    rows = await connection.rows(
        f"SELECT operation_id, field, old, new FROM journal_value WHERE operation_id IN ({listed(operations)})"
        f" AND field IN ({names}) AND contact_id = :contact",
        {"contact": contact_id},
    )
    return [_of_value(contact_id, operations[number], *row) for number, *row in rows]


def _of_value(contact_id: int, operation: Operation, field: str, old: str | None, new: str | None) -> Past:
    was_there = field in FIELDS and old is not None
    way_back = Edit(contact_id, {field: decode(field, old or "")}) if was_there else None
    return Past(operation, trace_of_value("", field, old or "", new or ""), way_back)


async def _groups(
    connection: Connection, contact_id: int, operations: dict[int, Operation], groups: dict[int, str]
) -> list[Past]:
    if not groups:
        return []
    rows: Sequence[tuple[int, int, int]] = await connection.rows(
        f"SELECT operation_id, group_id, new FROM journal_membership WHERE operation_id IN ({listed(operations)})"
        f" AND group_id IN ({listed(groups)}) AND contact_id = :contact",
        {"contact": contact_id},
    )
    this = Checks.of([contact_id])
    return [
        Past(
            operations[number],
            trace_of_group("", groups[group], joined=bool(joined)),
            RemoveFromGroup(this, groups[group]) if joined else AddToGroup(this, groups[group]),
        )
        for number, group, joined in rows
    ]
