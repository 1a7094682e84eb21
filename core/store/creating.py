"""Creating contacts, many at a time."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar

from core.model import Contact
from core.store import index
from core.store.database import Connection
from core.store.loading import MANY
from core.store.values import (
    CONTACT_COLUMNS,
    EMAIL_COLUMNS,
    JSON_FIELDS,
    PHONE_COLUMNS,
    TEXT_FIELDS,
    cleaned,
    contact_row,
    email_rows,
    is_clean,
    phone_rows,
    search_row,
)
from core.store.writer import Writer

LISTED_IDS: Final = 1000
_CLEANED: Final = (*TEXT_FIELDS, *JSON_FIELDS, "emails", "phones", "groups")
_JOURNAL: Final = ("operation_id", "field", "contact_id", "old", "new")
_REMOTE: Final = ("account_id", "remote_id", "contact_id", "created_here", "etag", "base", "raw")
T = TypeVar("T")
_Rows = list[tuple[Any, ...]]


def clean(contact: Contact) -> Contact:
    """The contact as it may be stored; the same object where nothing has to change."""
    if is_clean(contact):
        return contact
    changes: dict[str, Any] = {}
    for field in _CLEANED:
        value = getattr(contact, field)
        if value and (neat := cleaned(field, value)) != value:
            changes[field] = neat
    return dataclasses.replace(contact, **changes) if changes else contact


@dataclasses.dataclass(slots=True)
class _Tables:
    """The rows that new contacts become."""

    contacts: _Rows
    emails: _Rows
    phones: _Rows
    members: _Rows
    texts: _Rows


def _tables(contacts: Sequence[Contact], first: int, now: int, groups: Mapping[str, int]) -> _Tables:
    tables = _Tables([], [], [], [], [])
    for contact_id, contact in enumerate(contacts, first):
        tables.contacts.append(contact_row(contact, contact_id, now))
        if contact.emails:
            tables.emails += email_rows(contact_id, contact.emails)
        if contact.phones:
            tables.phones += phone_rows(contact_id, contact.phones)
        if contact.groups:
            tables.members += [(contact_id, group) for group in {groups[name] for name in contact.groups}]
        tables.texts.append(search_row(contact_id, contact))
    return tables


async def create(writer: Writer, new: Sequence[Contact]) -> list[int]:
    """Store new contacts with their groups, sources and journal rows; their ids, in order."""
    if not new:
        return []
    connection = writer.connection
    await writer.loading.prepare(len(new))
    first = await writer.allocate("contact", len(new))
    writer.first_created = writer.first_created or first
    ids = range(first, first + len(new))
    # Rows are made in a thread where they are many, so that the screen stays alive.
    contacts = await _away(len(new), lambda: [clean(contact) for contact in new])
    groups = {name: await writer.ensure_group(name) for name in dict.fromkeys(_group_names(contacts))}
    tables = await _away(len(new), lambda: _tables(contacts, first, writer.now, groups))
    await _insert_filled(connection, "contact", CONTACT_COLUMNS, tables.contacts)
    await connection.insert("email", EMAIL_COLUMNS, tables.emails)
    await connection.insert("phone", PHONE_COLUMNS, tables.phones)
    await connection.insert("membership", ("contact_id", "group_id"), tables.members)
    await connection.insert("remote", _REMOTE, await _sources(writer, contacts, first))
    await index.add(connection, tables.texts)
    await connection.run(
        f"INSERT INTO journal_value ({', '.join(_JOURNAL)})"
        f" SELECT {writer.operation_id}, 'state', id, '2', '0' FROM contact WHERE id BETWEEN {ids[0]} AND {ids[-1]}"
    )
    await writer.loading.stored(first, first + len(new))
    writer.created += len(ids)
    writer.created_ids += ids[: max(0, LISTED_IDS - len(writer.created_ids))]
    writer.touched.update(("state", "groups") if tables.members else ("state",))
    return list(ids)


async def _away(count: int, work: Callable[[], T]) -> T:
    return work() if count < MANY else await asyncio.to_thread(work)


def _group_names(contacts: Iterable[Contact]) -> Iterable[str]:
    for contact in contacts:
        yield from contact.groups


async def _sources(writer: Writer, contacts: Sequence[Contact], first: int) -> _Rows:
    return [
        (await writer.account_id(ref.account), ref.remote_id, contact_id, 1, ref.etag, "", "")
        for contact_id, contact in enumerate(contacts, first)
        if contact.sources
        for ref in contact.sources
    ]


async def _insert_filled(connection: Connection, table: str, columns: Sequence[str], rows: _Rows) -> None:
    """Insert rows without the columns that all of them leave empty: each value of a row costs."""
    filled = [(name, values) for name, values in zip(columns, zip(*rows, strict=True), strict=True) if any(values)]
    await connection.insert(table, [name for name, _ in filled], list(zip(*(v for _, v in filled), strict=True)))
