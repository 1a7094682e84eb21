"""Set-based changes: the same for everything that is selected, in a few statements whatever the number.

Each step journals the rows that it is about to change and then changes just those: two statements of SQL for a
million contacts, and what was so already is neither changed nor counted.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from coterie.core.changes import Edit, Rewriter, Selection, Skip
from coterie.core.errors import InvalidValue, Stale
from coterie.core.fields import FIELDS
from coterie.core.fields.attributes import PLAIN, TEXT_FIELDS
from coterie.core.fields.codec import cleaned
from coterie.core.fields.differences import changed_values
from coterie.core.model import Contact
from coterie.core.store.contacts import editing, index, lookup, unnaming
from coterie.core.store.contacts.parts import Part, parts_of
from coterie.core.store.contacts.values import LINE_COLUMNS, is_undone, order_keys
from coterie.core.store.contacts.writer import STATE_TEXT, Writer
from coterie.core.store.engine.database import Connection
from coterie.core.text import fold, folded_lines

SEARCH_COLUMN: Final = {key: FIELDS[key].search[0] for key in (*PLAIN, "notes") if FIELDS[key].search}
"""The fields whose text is all of a column of `search`. Other texts are edited contact by contact."""
OF_CONTACTS: Final = (
    "email", "phone", "membership", "conflict", "journal_value", "journal_membership", "cleanup_finding",
    "cleanup_dismissed", "invitee", "departed", "refused", "wanted_place",
)  # fmt: skip
"""The tables whose rows are about a contact, and go with it."""
_BATCH: Final = 1000


async def assign(writer: Writer, selection: Selection, field: str, value: str | bool) -> None:
    """Give one field the same value in all selected live contacts. Raises InvalidValue."""
    if field == "favorite":
        await _assign_column(writer, selection, field, int(bool(value)))
    elif field in SEARCH_COLUMN:
        await _assign_column(writer, selection, field, cleaned(field, value))
    elif field in TEXT_FIELDS:
        await _assign_each(writer, selection, field, str(value))
    else:
        raise InvalidValue(
            field, f"{FIELDS[field].label} cannot be set for several contacts at once.", "Edit them one by one."
        )


async def _assign_column(writer: Writer, selection: Selection, column: str, value: str | int) -> None:
    connection, changed = writer.connection, 0
    assignments = f"{column} = :value, updated_at = {writer.now}"
    change = _Change(column, f"CAST({column} AS TEXT)", str(value), assignments, {"value": value})
    async for part in parts_of(writer, selection):
        where = f"{part.where} AND state = 0 AND {column} <> :value"
        count = await change.carry_out(writer, where, {**part.params, "value": value})
        changed += count
        if count and column in SEARCH_COLUMN:
            of_part = f"{_journalled(writer, column, part)} AND new = :new"
            name = SEARCH_COLUMN[column]
            text = {
                "text": folded_lines((str(value),)) if name in LINE_COLUMNS else fold(str(value)),
                "new": str(value),
            }
            await index.assign(connection, {name: ":text"}, f"contact_id IN ({of_part})", text)
        if count and column == "company":
            of_part = _journalled(writer, column, part)
            nameless = await connection.rows(f"SELECT id FROM contact WHERE name = '' AND id IN ({of_part})")
            await refresh_order(writer, [row[0] for row in nameless])
    writer.count(changed, column)


@dataclass(frozen=True, slots=True)
class _Change:
    """One change, the same for every contact.

    Attributes:
        name: what the journal calls the field.
        old: its text before, as SQL.
        new: its text after.
        assignments: the SQL that does it; `values` are its parameters.
    """

    name: str
    old: str
    new: str
    assignments: str
    values: Mapping[str, Any] = field(default_factory=dict)

    async def carry_out(self, writer: Writer, where: str, params: Mapping[str, Any]) -> int:
        """Journal and change all contacts that `where` finds. Returns how many they are."""
        journalled = await writer.connection.run(
            "INSERT INTO journal_value (operation_id, field, contact_id, old, new)"
            f" SELECT {writer.operation_id}, '{self.name}', id, {self.old}, CAST(:new AS TEXT)"
            f" FROM contact WHERE {where}"
            " ON CONFLICT (operation_id, field, contact_id) DO UPDATE SET new = excluded.new",
            {**params, "new": self.new},
        )
        if not journalled:
            return 0
        return await writer.connection.run(
            f"UPDATE contact SET {self.assignments}, version = version + 1 WHERE {where}", {**params, **self.values}
        )


def _journalled(writer: Writer, field: str, part: Part) -> str:
    return (
        f"SELECT contact_id FROM journal_value WHERE operation_id = {writer.operation_id}"
        f" AND field = '{field}' AND {part.between('contact_id')}"
    )


async def refresh_order(writer: Writer, ids: list[int]) -> None:
    """Compute the sort keys of these contacts anew."""
    for start in range(0, len(ids), _BATCH):
        batch = await lookup.load(writer.connection, ids[start : start + _BATCH])
        await store_order(writer.connection, batch)
    if ids:
        writer.touched.add("name")


async def store_order(connection: Connection, batch: Sequence[Contact]) -> None:
    """Store the sort keys of these contacts."""
    keys = [{"id": contact.id, **order_keys(contact)} for contact in batch]
    await connection.run_many("UPDATE contact SET sort_key = :sort_key, family_key = :family_key WHERE id = :id", keys)


async def _assign_each(writer: Writer, selection: Selection, field: str, value: str) -> None:
    write = FIELDS[field].write
    if write is None:
        raise InvalidValue(field, f"{FIELDS[field].label} cannot be set.")
    async for part in parts_of(writer, selection):
        rows = await writer.connection.rows(f"SELECT id FROM contact WHERE {part.where} AND state = 0", part.params)
        ids = [row[0] for row in rows]
        for start in range(0, len(ids), _BATCH):
            batch = await lookup.load(writer.connection, ids[start : start + _BATCH])
            await editing.store(writer, [(contact, write(contact, value)) for contact in batch])


async def rewrite(writer: Writer, selection: Selection, by: Rewriter) -> None:
    """Replace every selected contact by what `by` makes of it."""

    def pairs(batch: Sequence[Contact]) -> list[tuple[Contact, Contact]]:
        changed = []
        for contact in batch:
            try:
                after = by.rewrite(contact)
            except (InvalidValue, Stale) as refused:
                writer.skipped.append(Skip(contact.shown_name, refused.title))
            else:
                changed += [(contact, _stored(contact, after))] if after is not contact else []
        return changed

    async for batch in selected(writer, selection):
        await editing.store(writer, await asyncio.to_thread(pairs, batch))


async def selected(writer: Writer, selection: Selection) -> AsyncIterator[list[Contact]]:
    """The selected contacts, some at a time."""
    async for part in parts_of(writer, selection):
        rows = await writer.connection.rows(f"SELECT id FROM contact WHERE {part.where}", part.params)
        ids = [row[0] for row in rows]
        for start in range(0, len(ids), lookup.BATCH):
            yield await lookup.load(writer.connection, ids[start : start + lookup.BATCH])


def _stored(before: Contact, after: Contact) -> Contact:
    """What `before` becomes, as it may be stored."""
    return editing.apply_values(before, changed_values(before, after))


async def add_to_group(writer: Writer, selection: Selection, group: str) -> None:
    """Add all selected live contacts to a group, which is made if it does not exist. Raises InvalidValue."""
    group_id = await writer.ensure_group(group)
    connection = writer.connection
    member = f"SELECT 1 FROM membership WHERE group_id = {group_id}"
    joining = f"AND NOT EXISTS ({member} AND contact_id = id)" if await connection.rows(f"{member} LIMIT 1") else ""
    joined = 0
    async for part in parts_of(writer, selection):
        count = await _journal_members(
            writer, group_id, f"SELECT id AS contact_id FROM contact WHERE {part.where} AND state = 0 {joining}",
            part.params, joins=True,
        )  # fmt: skip
        joined += count
        if count:
            await connection.run(
                "INSERT INTO membership (contact_id, group_id) SELECT contact_id, group_id FROM journal_membership"
                f" WHERE {_members(writer, group_id, part)} AND new = 1 ON CONFLICT (contact_id, group_id) DO NOTHING"
            )
    writer.count(joined, "groups")


async def remove_from_group(writer: Writer, selection: Selection, group: str) -> None:
    """Remove all selected live contacts from a group."""
    group_id = await writer.find_group(group)
    if group_id is None:
        return
    left = 0
    async for part in parts_of(writer, selection):
        count = await _journal_members(
            writer, group_id,
            f"SELECT contact_id FROM membership WHERE group_id = {group_id} AND {part.between('contact_id')}"
            f" AND contact_id IN (SELECT id FROM contact WHERE {part.where} AND state = 0)",
            part.params, joins=False,
        )  # fmt: skip
        left += count
        if count:
            await writer.connection.run(
                f"DELETE FROM membership WHERE group_id = {group_id} AND contact_id IN"
                f" (SELECT contact_id FROM journal_membership WHERE {_members(writer, group_id, part)} AND new = 0)"
            )
    writer.count(left, "groups")


async def _journal_members(
    writer: Writer, group_id: int, contact_ids: str, params: Mapping[str, Any], *, joins: bool
) -> int:
    """Journal that the contacts which a query selects join or leave a group."""
    new = int(joins)
    return await writer.connection.run(
        "INSERT INTO journal_membership (operation_id, group_id, contact_id, old, new)"
        f" SELECT {writer.operation_id}, {group_id}, contact_id, {1 - new}, {new} FROM ({contact_ids}) AS members"
        f" WHERE 1 = 1 ON CONFLICT (operation_id, group_id, contact_id) DO UPDATE SET new = {new}",
        params,
    )


def _members(writer: Writer, group_id: int, part: Part) -> str:
    return f"operation_id = {writer.operation_id} AND group_id = {group_id} AND {part.between('contact_id')}"


async def delete(writer: Writer, selection: Selection, by: str) -> None:
    """Move all selected live contacts to the Bin, which remembers what deleted them (`by`)."""
    assignments = f"state = 1, deleted_at = {writer.now}, deleted_by = :by"
    change = _Change("state", STATE_TEXT, f"1:{writer.now}:{by}", assignments, {"by": by})
    changed = 0
    async for part in parts_of(writer, selection):
        changed += await change.carry_out(writer, f"{part.where} AND state = 0", part.params)
    writer.count(changed, "state")


async def restore(writer: Writer, selection: Selection) -> None:
    """Restore all selected contacts from the Bin as they were."""
    change = _Change("state", STATE_TEXT, "0", "state = 0, deleted_at = NULL, deleted_by = NULL")
    changed = 0
    async for part in parts_of(writer, selection):
        await _rejoin(writer, part)
        changed += await change.carry_out(writer, f"{part.where} AND state = 1", part.params)
    writer.restored += changed
    writer.count(changed, "state")


async def _rejoin(writer: Writer, part: Part) -> None:
    """Put contacts whose creation was undone back into the groups that went with it, made anew if they are missing."""
    undone = f"SELECT id FROM contact WHERE {part.where} AND {is_undone()}"
    memberships = (
        "FROM journal_membership j JOIN journal_group g ON g.group_id = j.group_id AND g.operation_id = j.operation_id"
        " JOIN operation o ON o.id = j.operation_id WHERE g.old = '' AND o.undone_at IS NOT NULL"
        f" AND j.old = 0 AND j.new = 1 AND j.contact_id IN ({undone})"
    )
    lost = await writer.connection.rows(f"SELECT DISTINCT g.new {memberships}", part.params)
    for name in sorted(row[0] for row in lost):
        group_id = await writer.ensure_group(name)
        members = f"SELECT DISTINCT j.contact_id {memberships} AND g.new = :name"
        await _journal_members(writer, group_id, members, {**part.params, "name": name}, joins=True)
        await writer.connection.run(
            "INSERT INTO membership (contact_id, group_id) SELECT contact_id, group_id FROM journal_membership"
            f" WHERE {_members(writer, group_id, part)} AND new = 1 ON CONFLICT (contact_id, group_id) DO NOTHING"
        )


async def forget(writer: Writer, selection: Selection) -> None:
    """Delete forever all selected contacts that are in the Bin, from the journal too."""
    await writer.choose(selection)
    await forget_chosen(writer)


async def forget_chosen(writer: Writer) -> None:
    """Remove every trace of the contacts in `chosen` that are in the Bin.

    A row of `remote` stays, without its contact: it keeps the account from bringing back what was deleted forever.
    """
    connection = writer.connection
    await connection.run("DELETE FROM chosen WHERE id NOT IN (SELECT id FROM contact WHERE state = 1)")
    await unnaming.take_names(connection)
    await index.remove(connection, "contact_id IN (SELECT id FROM chosen)")
    for table in OF_CONTACTS:
        await connection.run(f"DELETE FROM {table} WHERE contact_id IN (SELECT id FROM chosen)")
    await connection.run("DELETE FROM apart WHERE a IN (SELECT id FROM chosen) OR b IN (SELECT id FROM chosen)")
    await connection.run(
        "UPDATE remote SET contact_id = NULL, base = '', raw = '' WHERE contact_id IN (SELECT id FROM chosen)"
    )
    gone = await connection.run("DELETE FROM contact WHERE id IN (SELECT id FROM chosen)")
    await index.squeeze(connection)
    writer.count(gone, "state")


async def edit_many(writer: Writer, edits: list[Edit]) -> None:
    """Apply edits, in batches that keep statements small."""
    for start in range(0, len(edits), _BATCH):
        await editing.edit(writer, edits[start : start + _BATCH])
