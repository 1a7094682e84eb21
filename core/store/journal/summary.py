"""The sentence that the journal keeps of an operation, and that the user sees."""

from __future__ import annotations

from coterie.core.changes import CONTACTS
from coterie.core.store.contacts import lookup
from coterie.core.store.contacts.writer import Writer
from coterie.core.store.journal import reach
from coterie.core.text import number_of


async def summary_of(writer: Writer, title: str, done: str) -> str:
    """The sentence of an operation, `done`, with the number of contacts, or the name if it is one; else the title's."""
    subject = number_of(writer.total)
    if writer.total == 1 and CONTACTS in done:
        ids = [*writer.created_ids, *writer.seen] or await reach.contact_ids(writer.connection, writer.operation_id)
        one = await lookup.load(writer.connection, ids[:1])
        subject = one[0].shown_name or subject if one else subject
    if done:
        return done.replace(CONTACTS, subject)
    return f"{title}: {subject}." if writer.total else f"{title}."
