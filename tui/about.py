"""What the book knows of a contact beyond its fields: who else is at its company, and what was changed last."""

from __future__ import annotations

from coterie.core.book import Book
from coterie.core.listing import Listing
from coterie.core.model import Contact
from coterie.core.query import quote
from coterie.core.store.journal.entries import WHOLE, Trace
from coterie.tui.time_words import day_words

ENTRIES = 200
"""So many of the latest entries of the history are looked through."""


async def about(book: Book, contact: Contact) -> tuple[str, ...]:
    """Sentences about a contact."""
    others = await _colleagues(book, contact)
    facts = [f"Also at {contact.company}: {others:,}"] if others else []
    facts += [f"Has a photo at {account}" for account in await book.accounts.photos(contact.id or 0)]
    return (*facts, await _last_change(book, contact))


async def _colleagues(book: Book, contact: Contact) -> int:
    """How many others outside the Bin have the same company."""
    if not contact.company or contact.deleted_at:
        return 0
    return max(0, await book.lists.count(Listing(query=f"company:={quote(contact.company)}")) - 1)


async def _last_change(book: Book, contact: Contact) -> str:
    assert contact.id is not None
    now = book.now()
    for past in await book.history.of_contact(contact.id, 1, ENTRIES):
        who = "you" if past.operation.actor == book.actor else past.operation.actor
        return f"{_what(past.trace)} {day_words(past.operation.at, now)} by {who}{_field(past.trace)}"
    return f"Changed {day_words(contact.updated_at, now)}" if contact.updated_at else ""


def _what(trace: Trace) -> str:
    if trace.field != WHOLE:
        return "Changed"
    if trace.new == "in the Bin":
        return "Deleted"
    return "Restored" if trace.old == "in the Bin" else "Added"


def _field(trace: Trace) -> str:
    return "" if trace.field == WHOLE else f" ({trace.field})"
