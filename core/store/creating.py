"""Creating contacts, many at a time."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any, Final

from core.model import Contact
from core.store import index
from core.store.values import (
    CONTACT_COLUMNS,
    EMAIL_COLUMNS,
    JSON_FIELDS,
    PHONE_COLUMNS,
    TEXT_FIELDS,
    cleaned,
    contact_row,
    email_rows,
    phone_rows,
    search_row,
)
from core.store.writer import Writer

LISTED_IDS: Final = 1000
_CLEANED: Final = (*TEXT_FIELDS, *JSON_FIELDS, "emails", "phones", "groups")
_JOURNAL: Final = ("operation_id", "field", "contact_id", "old", "new")
_REMOTE: Final = ("account_id", "remote_id", "contact_id", "created_here", "etag", "base", "raw")


def clean(contact: Contact) -> Contact:
    """The contact as it may be stored; the same object where nothing has to change."""
    changes: dict[str, Any] = {}
    for field in _CLEANED:
        value = getattr(contact, field)
        if value and (neat := cleaned(field, value)) != value:
            changes[field] = neat
    return dataclasses.replace(contact, **changes) if changes else contact


async def create(writer: Writer, new: Sequence[Contact]) -> list[int]:
    """Store new contacts with their groups, sources and journal rows; their ids, in order."""
    if not new:
        return []
    connection = writer.connection
    first = await writer.allocate("contact", len(new))
    writer.first_created = writer.first_created or first
    contacts: list[tuple[Any, ...]] = []
    emails: list[tuple[Any, ...]] = []
    phones: list[tuple[Any, ...]] = []
    members: list[tuple[int, int]] = []
    remotes: list[tuple[Any, ...]] = []
    texts: list[tuple[Any, ...]] = []
    group_ids: dict[str, int] = {}
    for contact_id, contact in enumerate(map(clean, new), first):
        contacts.append(contact_row(contact, contact_id, writer.now))
        if contact.emails:
            emails += email_rows(contact_id, contact.emails)
        if contact.phones:
            phones += phone_rows(contact_id, contact.phones)
        for name in contact.groups:
            if name not in group_ids:
                group_ids[name] = await writer.ensure_group(name)
        members += [(contact_id, group) for group in {group_ids[name] for name in contact.groups}]
        for ref in contact.sources:
            account = await writer.account_id(ref.account)
            remotes.append((account, ref.remote_id, contact_id, 1, ref.etag, "", ""))
        texts.append(search_row(contact_id, contact))
    ids = list(range(first, first + len(new)))
    await connection.insert("contact", CONTACT_COLUMNS, contacts)
    await connection.insert("email", EMAIL_COLUMNS, emails)
    await connection.insert("phone", PHONE_COLUMNS, phones)
    await connection.insert("membership", ("contact_id", "group_id"), members)
    await connection.insert("remote", _REMOTE, remotes)
    await index.add(connection, texts)
    await connection.insert("journal_value", _JOURNAL, [(writer.operation_id, "state", one, "2", "0") for one in ids])
    writer.created += len(ids)
    writer.created_ids += ids[: max(0, LISTED_IDS - len(writer.created_ids))]
    writer.touched.update(("state", "groups") if members else ("state",))
    return ids
