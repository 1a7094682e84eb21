"""Creating contacts, many at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from coterie.core.fields.cleaning import clean
from coterie.core.model import Contact, RemoteRef
from coterie.core.store.contacts import index
from coterie.core.store.contacts.loading import MANY
from coterie.core.store.contacts.values import (
    CONTACT_COLUMNS,
    EMAIL_COLUMNS,
    GONE,
    PHONE_COLUMNS,
    contact_row,
    email_row,
    phone_row,
    searched,
)
from coterie.core.store.contacts.writer import Writer
from coterie.core.text import email_key, fold, phone_key

LISTED_IDS: Final = 1000
_JOURNAL: Final = ("operation_id", "field", "contact_id", "old", "new")
_REMOTE: Final = ("account_id", "remote_id", "contact_id", "created_here", "etag", "base", "raw")
_Rows = list[tuple[Any, ...]]


@dataclass(slots=True)
class Tables:
    """The rows that new contacts become.

    Attributes:
        named: (contact id, group) of memberships in groups that have only a name so far.
        sources: (contact id, entry in an account); the accounts still have only their names.
    """

    contacts: _Rows
    emails: _Rows
    phones: _Rows
    members: _Rows
    named: list[tuple[int, str]]
    sources: list[tuple[int, RemoteRef]]
    texts: _Rows


def tables_of(contacts: Iterable[Contact], first: int, now: int, groups: Mapping[str, int]) -> Tables:
    """One pass: each contact is made, cleaned and turned into rows while the processor still has it in its cache."""
    tables = Tables([], [], [], [], [], [], [])
    for contact_id, contact in enumerate(map(clean, contacts), first):
        name = fold(contact.name)  # this and the keys are needed twice
        emails: list[str] = []
        phones: list[str] = []
        tables.contacts.append(contact_row(contact, contact_id, now, name))
        for place, email in enumerate(contact.emails):
            emails.append(key := email_key(email.address))
            tables.emails.append(email_row(contact_id, place, email, key))
        for place, phone in enumerate(contact.phones):
            phones.append(key := phone_key(phone.number))
            tables.phones.append(phone_row(contact_id, place, phone, key))
        for group in contact.groups:
            if group in groups:
                tables.members.append((contact_id, groups[group]))
            else:
                tables.named.append((contact_id, group))
        for source in contact.sources:
            tables.sources.append((contact_id, source))
        tables.texts.append(searched(contact_id, contact, name, emails, phones))
    return tables


async def create(writer: Writer, new: Sequence[Contact]) -> list[int]:
    """Store new contacts with their groups, sources and journal rows. Returns their ids, in order."""
    connection, loading = writer.connection, writer.loading
    first = await writer.allocate("contact", 0)
    if len(new) < MANY:
        tables = tables_of(new, first, writer.now, writer.group_ids)
    else:  # in a thread: the screen stays alive
        tables = await asyncio.to_thread(tables_of, new, first, writer.now, writer.group_ids)
    ids = range(first, first + len(new))
    await loading.prepare(len(ids))
    await writer.allocate("contact", len(ids))
    writer.first_created = writer.first_created or first
    for table, columns, rows in (
        ("contact", CONTACT_COLUMNS, tables.contacts),
        ("email", EMAIL_COLUMNS, tables.emails),
        ("phone", PHONE_COLUMNS, tables.phones),
        ("membership", ("contact_id", "group_id"), await _members(writer, tables)),
        ("remote", _REMOTE, await _sources(writer, tables.sources)),
    ):
        if rows:
            await connection.insert(table, columns, rows)
    await index.add(connection, tables.texts)
    await connection.run(
        f"INSERT INTO journal_value ({', '.join(_JOURNAL)})"
        f" SELECT {writer.operation_id}, 'state', id, '{GONE}', '0' FROM contact"
        f" WHERE id BETWEEN {ids[0]} AND {ids[-1]}"
    )
    await loading.index_beside(ids)
    writer.created += len(ids)
    writer.created_ids += ids[: max(0, LISTED_IDS - len(writer.created_ids))]
    writer.touched.update(("state", "groups") if tables.members or tables.named else ("state",))
    return list(ids)


async def _members(writer: Writer, tables: Tables) -> _Rows:
    """Rows of `membership`, each once, since several names may mean one group."""
    groups = {name: await writer.ensure_group(name) for name in dict.fromkeys([name for _, name in tables.named])}
    rows = list(dict.fromkeys([*tables.members, *[(contact_id, groups[name]) for contact_id, name in tables.named]]))
    writer.joined.update({group_id for _, group_id in rows})
    return rows


async def _sources(writer: Writer, sources: Iterable[tuple[int, RemoteRef]]) -> _Rows:
    """Rows of `remote`."""
    return [
        (await writer.account_id(ref.account), ref.remote_id, contact_id, 1, ref.etag, "", "")
        for contact_id, ref in sources
    ]
