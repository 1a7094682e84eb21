"""Editing contacts one by one: forms, imports that merge, syncs - each value that changes gets its journal row."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from coterie.core.changes import Edit
from coterie.core.errors import NotFound, Stale
from coterie.core.fields.attributes import TEXT_FIELDS
from coterie.core.fields.codec import cleaned, encode
from coterie.core.fields.differences import changed_values
from coterie.core.model import Contact
from coterie.core.store.contacts import index, lookup
from coterie.core.store.contacts.values import (
    EMAIL_COLUMNS,
    JSON_FIELDS,
    PHONE_COLUMNS,
    email_rows,
    order_keys,
    phone_rows,
    search_row,
)
from coterie.core.store.contacts.writer import Writer
from coterie.core.store.engine.database import listed

VALUE_FIELDS: Final = (*TEXT_FIELDS, *JSON_FIELDS, "favorite", "emails", "phones")
"""The attributes that the journal keeps as values; groups are memberships."""
SEARCHED: Final = frozenset(VALUE_FIELDS) - {"favorite"}
"""Those whose texts are searched, or order the lists."""
_UPDATED: Final = (*TEXT_FIELDS, *JSON_FIELDS, "favorite")
_UPDATE: Final = (
    f"UPDATE contact SET {', '.join(f'{column} = :{column}' for column in _UPDATED)}, sort_key = :sort_key,"
    " family_key = :family_key, updated_at = :updated_at, version = version + 1 WHERE id = :id"
)


async def edit(writer: Writer, edits: Sequence[Edit]) -> None:
    """Apply edits to live contacts and to those in the Bin. Raises NotFound and Stale."""
    ids = sorted({change.contact_id for change in edits})
    before = {contact.id: contact for contact in await lookup.load(writer.connection, ids)}
    after = dict(before)
    for change in edits:
        contact = after.get(change.contact_id)
        if contact is None:
            raise NotFound(f"There is no contact {change.contact_id} any more.", "Look at the list again.")
        if change.version is not None and change.version != before[change.contact_id].version:
            raise Stale(f"{contact.shown_name} was changed meanwhile.", "Open the contact again to see how it is now.")
        after[change.contact_id] = apply_values(contact, change.values)
    await store(writer, [(before[contact_id], contact) for contact_id, contact in after.items()])


def apply_values(contact: Contact, values: Mapping[str, object]) -> Contact:
    """The contact with these attributes, as they may be stored."""
    changes: dict[str, Any] = {key: cleaned(key, value) for key, value in values.items()}
    return dataclasses.replace(contact, **changes)


async def store(writer: Writer, pairs: Iterable[tuple[Contact, Contact]]) -> None:
    """Write what differs between (before, after) of each contact, with its journal rows."""
    journal: list[Mapping[str, Any]] = []
    updates: list[Mapping[str, Any]] = []
    texts: list[tuple[Any, ...]] = []
    children: dict[str, list[Contact]] = {"emails": [], "phones": []}
    moves: list[Mapping[str, int]] = []
    for old, new in pairs:
        changed = changed_values(old, new).keys() - {"groups"}
        contact_id = new.id or 0
        if set(old.groups) != set(new.groups):
            moves += await _moves(writer, contact_id, old.groups, new.groups)
        if not changed:
            continue
        writer.seen.add(contact_id)
        writer.touched.update(changed)
        journal += [
            {
                "contact_id": contact_id,
                "field": field,
                "old": str(encode(field, getattr(old, field))),
                "new": str(encode(field, getattr(new, field))),
            }
            for field in sorted(changed)
        ]
        updates.append(
            {field: encode(field, getattr(new, field)) for field in _UPDATED}
            | {"id": contact_id, "updated_at": writer.now, **order_keys(new)}
        )
        for field, owners in children.items():
            if field in changed:
                owners.append(new)
        if not SEARCHED.isdisjoint(changed):
            texts.append(search_row(contact_id, new))
    await _move(writer, moves)
    if updates:
        await writer.journal_values(journal)
        await writer.connection.run_many(_UPDATE, updates)
    await replace_children(writer, children)
    if texts:
        await index.update(writer.connection, texts)


async def replace_children(writer: Writer, children: Mapping[str, Sequence[Contact]]) -> None:
    """Write the e-mails and phones of the contacts under `emails` and `phones` in place of the stored ones."""
    emails = [row for contact in children["emails"] for row in email_rows(contact.id or 0, contact.emails)]
    phones = [row for contact in children["phones"] for row in phone_rows(contact.id or 0, contact.phones)]
    for table, columns, owners, rows in (
        ("email", EMAIL_COLUMNS, children["emails"], emails),
        ("phone", PHONE_COLUMNS, children["phones"], phones),
    ):
        if owners:
            ids = listed(contact.id or 0 for contact in owners)
            await writer.connection.run(f"DELETE FROM {table} WHERE contact_id IN ({ids})")
            await writer.connection.insert(table, columns, rows)


async def _moves(writer: Writer, contact_id: int, old: Iterable[str], new: Iterable[str]) -> list[Mapping[str, int]]:
    """The changes from the memberships `old` of a contact to `new`; groups are made if they do not exist."""
    before = {group for name in old if (group := await writer.find_group(name)) is not None}
    after = dict.fromkeys([await writer.ensure_group(name) for name in new])
    added = {group: int(group in after) for group in [*after, *before] if (group in after) != (group in before)}
    return [{"contact": contact_id, "group": group, "before": 1 - new, "added": new} for group, new in added.items()]


async def _move(writer: Writer, moves: Sequence[Mapping[str, int]]) -> None:
    """Let contacts join and leave groups, with their journal rows."""
    if not moves:
        return
    await writer.connection.run_many(
        "INSERT INTO journal_membership (operation_id, group_id, contact_id, old, new)"
        f" VALUES ({writer.operation_id}, :group, :contact, :before, :added)"
        " ON CONFLICT (operation_id, group_id, contact_id) DO UPDATE SET new = excluded.new",
        moves,
    )
    owners = [{"contact": move["contact"], "group": move["group"]} for move in moves]
    for added, sql in (
        (0, "DELETE FROM membership WHERE contact_id = :contact AND group_id = :group"),
        (1, "INSERT INTO membership (contact_id, group_id) VALUES (:contact, :group)"),
    ):
        chosen = [owner for owner, move in zip(owners, moves, strict=True) if move["added"] == added]
        await writer.connection.run_many(sql, chosen)
    writer.seen.update(move["contact"] for move in moves)
    writer.touched.add("groups")
