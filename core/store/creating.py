"""Creating contacts, many at a time."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from operator import attrgetter
from typing import Any, Final, TypeVar

from core.model import Contact, RemoteRef
from core.store import index
from core.store.loading import MANY
from core.store.values import (
    CONTACT_COLUMNS,
    EMAIL_COLUMNS,
    JSON_FIELDS,
    PHONE_COLUMNS,
    TEXT_FIELDS,
    cleaned,
    contact_row,
    email_keys,
    email_rows,
    is_clean,
    phone_keys,
    phone_rows,
    searched,
)
from core.store.writer import Writer
from core.text import fold

LISTED_IDS: Final = 1000
_CLEANED: Final = (*TEXT_FIELDS, *JSON_FIELDS, "emails", "phones", "groups")
_JOURNAL: Final = ("operation_id", "field", "contact_id", "old", "new")
_REMOTE: Final = ("account_id", "remote_id", "contact_id", "created_here", "etag", "base", "raw")
_GROUPS: Final = attrgetter("groups")
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
    """The rows that new contacts become; `sources` still have the names of their accounts."""

    contacts: _Rows
    emails: _Rows
    phones: _Rows
    members: _Rows
    sources: list[tuple[int, RemoteRef]]
    texts: _Rows


def _tables(contacts: Iterable[Contact], first: int, now: int, groups: Mapping[str, int]) -> _Tables:
    tables = _Tables([], [], [], [], [], [])
    for contact_id, contact in enumerate(contacts, first):
        name = fold(contact.name)  # folding and keys are needed twice
        emails: Sequence[str] = ()
        phones: Sequence[str] = ()
        tables.contacts.append(contact_row(contact, contact_id, now, name))
        if contact.emails:
            emails = email_keys(contact.emails)
            tables.emails += email_rows(contact_id, contact.emails, emails)
        if contact.phones:
            phones = phone_keys(contact.phones)
            tables.phones += phone_rows(contact_id, contact.phones, phones)
        for group in {groups[name] for name in contact.groups}:
            tables.members.append((contact_id, group))
        if contact.sources:
            tables.sources += [(contact_id, source) for source in contact.sources]
        tables.texts.append(searched(contact_id, contact, name, emails, phones))
    return tables


async def create(writer: Writer, new: Sequence[Contact]) -> list[int]:
    """Store new contacts with their groups, sources and journal rows; their ids, in order."""
    if not new:
        return []
    # Rows are made in a thread where they are many, so that the screen stays alive.
    contacts = await _away(len(new), lambda: list(map(clean, new)))
    connection = writer.connection
    await writer.loading.prepare(len(contacts))
    first = await writer.allocate("contact", len(contacts))
    writer.first_created = writer.first_created or first
    ids = range(first, first + len(contacts))
    names = dict.fromkeys(chain.from_iterable(map(_GROUPS, contacts)))
    groups = {name: await writer.ensure_group(name) for name in names}
    tables = await _away(len(contacts), lambda: _tables(contacts, first, writer.now, groups))
    for table, columns, rows in (
        ("contact", CONTACT_COLUMNS, tables.contacts),
        ("email", EMAIL_COLUMNS, tables.emails),
        ("phone", PHONE_COLUMNS, tables.phones),
        ("membership", ("contact_id", "group_id"), tables.members),
        ("remote", _REMOTE, await _sources(writer, tables.sources)),
    ):
        if rows:
            await connection.insert(table, columns, rows)
    await index.add(connection, tables.texts)
    await connection.run(
        f"INSERT INTO journal_value ({', '.join(_JOURNAL)})"
        f" SELECT {writer.operation_id}, 'state', id, '2', '0' FROM contact WHERE id BETWEEN {ids[0]} AND {ids[-1]}"
    )
    await writer.loading.stored(first, first + len(ids))
    writer.created += len(ids)
    writer.created_ids += ids[: max(0, LISTED_IDS - len(writer.created_ids))]
    writer.touched.update(("state", "groups") if tables.members else ("state",))
    return list(ids)


async def _away(count: int, work: Callable[[], T]) -> T:
    return work() if count < MANY else await asyncio.to_thread(work)


async def _sources(writer: Writer, sources: Iterable[tuple[int, RemoteRef]]) -> _Rows:
    return [
        (await writer.account_id(ref.account), ref.remote_id, contact_id, 1, ref.etag, "", "")
        for contact_id, ref in sources
    ]
