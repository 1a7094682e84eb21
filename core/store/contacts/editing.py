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
    found = {one.id: one for one in await lookup.load(writer.connection, sorted({e.contact_id for e in edits}))}
    before = dict(found)
    for one in edits:
        contact = found.get(one.contact_id)
        if contact is None:
            raise NotFound(f"There is no contact {one.contact_id} any more.", "Look at the list again.")
        if one.version is not None and one.version != before[one.contact_id].version:
            raise Stale(f"{contact.shown_name} was changed meanwhile.", "Open the contact again to see how it is now.")
        found[one.contact_id] = apply_values(contact, one.values)
    await store(writer, [(before[one], contact) for one, contact in found.items()])


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
    emails = [row for one in children["emails"] for row in email_rows(one.id or 0, one.emails)]
    phones = [row for one in children["phones"] for row in phone_rows(one.id or 0, one.phones)]
    for table, columns, owners, rows in (
        ("email", EMAIL_COLUMNS, children["emails"], emails),
        ("phone", PHONE_COLUMNS, children["phones"], phones),
    ):
        if owners:
            ids = listed(contact.id or 0 for contact in owners)
            await writer.connection.run(f"DELETE FROM {table} WHERE contact_id IN ({ids})")
            await writer.connection.insert(table, columns, rows)


async def _moves(writer: Writer, contact_id: int, old: Iterable[str], new: Iterable[str]) -> list[Mapping[str, int]]:
    """What makes the memberships of one contact those of `new`; groups are made if they do not exist."""
    before = {one for name in old if (one := await writer.find_group(name)) is not None}
    after = dict.fromkeys([await writer.ensure_group(name) for name in new])
    changes = [(one, 1) for one in after if one not in before] + [(one, 0) for one in before if one not in after]
    return [{"contact": contact_id, "group": one, "before": 1 - added, "added": added} for one, added in changes]


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
