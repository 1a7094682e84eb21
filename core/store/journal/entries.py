"""What the journal has of an operation: which contacts and groups it changed, and their values before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from coterie.core.fields import FIELDS
from coterie.core.fields.codec import decode
from coterie.core.fields.differences import differences
from coterie.core.model import Contact
from coterie.core.store.accounts import links, placing
from coterie.core.store.contacts import groups, invitations
from coterie.core.store.contacts.editing import apply_values
from coterie.core.store.contacts.values import GONE
from coterie.core.store.engine.database import Connection, listed
from coterie.core.store.lists import searches

WHOLE: Final = "Contact"
"""What a trace calls the contact itself: that it came, went to the Bin, or was restored."""

_STATES: Final = {"0": "in the book", "1": "in the Bin", GONE: "not there"}
_ANSWERED: Final = {"yes": "yes", "maybe": "maybe", "no": "no", "none": "no answer yet"}
_AFTER_SOURCES: Final = f"{links.SOURCE}!"
"""The first text after all the fields about links with accounts: those tell a reader nothing."""


@dataclass(frozen=True, slots=True)
class Trace:
    """One value that an operation changed.

    Attributes:
        subject: the contact's name, or the group's.
        field: the label of what changed.
        old, new: before and after, as text; empty for nothing.
    """

    subject: str
    field: str
    old: str
    new: str


async def traces(connection: Connection, operation_id: int, most: int) -> list[Trace]:
    """What an operation did to groups and to its first `most` contacts, in the order of their ids."""
    values = [
        (contact_id, field, old or "", new or "")
        for field in await _fields(connection, operation_id)
        for contact_id, old, new in await _first(connection, "journal_value", "field", operation_id, field, most)
    ]
    members = [
        (contact_id, group_id, old, new)
        for group_id in await _groups(connection, operation_id)
        for contact_id, old, new in await _first(
            connection, "journal_membership", "group_id", operation_id, group_id, most
        )
    ]
    ids = sorted({row[0] for row in (*values, *members)})[:most]
    names = await _names(connection, ids)
    called = dict(await connection.rows("SELECT id, name FROM contact_group"))
    traces = [_renamed(*row) for row in await _group_rows(connection, operation_id)]
    traces += [Trace(name, *rest) for name, *rest in await _group_values(connection, operation_id)]
    traces += [
        Trace(name, "Saved search", old, new) for name, old, new in await searches.changes_of(connection, operation_id)
    ]
    for contact_id in ids:
        name = names.get(contact_id, "")
        traces += [trace_of_value(name, *row[1:]) for row in values if row[0] == contact_id]
        traces += [
            trace_of_group(name, called.get(row[1], "a group that is gone"), joined=bool(row[3]))
            for row in members
            if row[0] == contact_id
        ]
    return [await _invited(connection, trace) for trace in traces]


async def _next(connection: Connection, table: str, column: str, operation_id: int, after: object) -> object | None:
    """The next value of `column` in an operation's rows: one step in the index, however many rows share a value."""
    rows = await connection.rows(
        f"SELECT {column} FROM {table} WHERE operation_id = {operation_id} AND {column} > :after"
        f" ORDER BY {column} LIMIT 1",
        {"after": after},
    )
    return rows[0][0] if rows else None


async def _fields(connection: Connection, operation_id: int) -> list[str]:
    fields: list[str] = []
    field = await _next(connection, "journal_value", "field", operation_id, "")
    while isinstance(field, str):
        if field.startswith(f"{links.SOURCE} "):
            field = _AFTER_SOURCES
        else:
            fields.append(field)
        field = await _next(connection, "journal_value", "field", operation_id, field)
    return sorted(fields, key=lambda name: name != "state")


async def _groups(connection: Connection, operation_id: int) -> list[int]:
    groups: list[int] = []
    group = await _next(connection, "journal_membership", "group_id", operation_id, 0)
    while isinstance(group, int):
        groups.append(group)
        group = await _next(connection, "journal_membership", "group_id", operation_id, group)
    return groups


async def _first(
    connection: Connection, table: str, column: str, operation_id: int, value: object, most: int
) -> Sequence[tuple[int, str | None, str | None]]:
    """The first contacts with that field or group: no contact among the first of all is missing here."""
    return await connection.rows(
        f"SELECT contact_id, old, new FROM {table} WHERE operation_id = {operation_id} AND {column} = :value"
        f" ORDER BY contact_id LIMIT {most}",
        {"value": value},
    )


async def _names(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    """What contacts are called now, also those that an undo has taken away; their address if they have no name."""
    if not ids:
        return {}
    names = await connection.rows(f"SELECT id, name FROM contact WHERE id IN ({listed(ids)})")
    addresses = await connection.rows(f"SELECT contact_id, address FROM email WHERE contact_id IN ({listed(ids)})")
    return dict(addresses) | {contact_id: name for contact_id, name in names if name}


async def _group_rows(connection: Connection, operation_id: int) -> Sequence[tuple[str, str]]:
    return await connection.rows(
        f"SELECT old, new FROM journal_group WHERE operation_id = {operation_id} ORDER BY group_id LIMIT 100"
    )


async def _group_values(connection: Connection, operation_id: int) -> list[tuple[str, str, str, str]]:
    return [
        (name, f"Group: {field}", old, new)
        for name, field, old, new in await groups.changes_of(connection, operation_id)
    ]


def _renamed(old: str, new: str) -> Trace:
    return Trace(new or old, "Group", old, new)


def trace_of_group(name: str, group: str, *, joined: bool) -> Trace:
    """The trace of a contact that has joined a group, or left it."""
    return Trace(name, FIELDS["groups"].label, *(("", group) if joined else (group, "")))


def trace_of_value(name: str, field: str, old: str, new: str) -> Trace:
    """The trace of a changed value of a contact; `old` and `new` are as the journal keeps them."""
    if field == "state":
        return Trace(name, WHOLE, _STATES.get(old[:1], ""), _STATES.get(new[:1], ""))
    if field == "favorite":
        return Trace(name, FIELDS[field].label, *("yes" if text == "1" else "no" for text in (old, new)))
    if field == "custom":
        return _trace_of_custom(name, *(Contact(custom=decode(field, text)) for text in (old, new)))
    spec = FIELDS.get(field)
    label = spec.label if spec else field
    read = spec.read if spec else None
    if field.startswith((invitations.FIELD, placing.FIELD)):
        return Trace(name, field, old, new)
    texts = (
        read(apply_values(Contact(), {field: decode(field, text)})) if read and text else "" for text in (old, new)
    )
    return Trace(name, label, *texts)


def _trace_of_custom(name: str, old: Contact, new: Contact) -> Trace:
    """The fields that are kept among the custom ones, and those, as far as they changed."""
    changed = differences(old, new)
    labels = ", ".join(difference.field for difference in changed) or FIELDS["custom"].label
    before = "; ".join(difference.old for difference in changed if difference.old)
    after = "; ".join(difference.new for difference in changed if difference.new)
    return Trace(name, labels, before, after)


async def _invited(connection: Connection, trace: Trace) -> Trace:
    """A trace of an invitation in words: to what, and how it was answered; and of a place."""
    if trace.field.startswith(placing.FIELD):
        return Trace(trace.subject, "Place", *await placing.named(connection, trace.field, trace.old, trace.new))
    if not trace.field.startswith(invitations.FIELD):
        return trace
    old, new = (_ANSWERED.get(text.partition(" ")[0], "") for text in (trace.old, trace.new))
    return Trace(trace.subject, f"Invited to {await invitations.title_of(connection, trace.field)}", old, new)
