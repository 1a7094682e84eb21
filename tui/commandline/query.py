"""`coterie query`: the address book of mutt, neomutt and aerc. They wait for it at each completion."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Final, TextIO

from coterie.core.listing import Listing, View
from coterie.core.model import Contact
from coterie.core.query import parse
from coterie.core.text import printable

if TYPE_CHECKING:
    from coterie.core.book import Book

FEW: Final = 1000
"""So many contacts are put in order in memory."""


async def query(book: Book, text: str, out: TextIO) -> int:
    """Write one line that says what follows, then `address<TAB>name<TAB>company` for every address of what matches.

    Favorites come first, each part in the order of names; of a contact, the preferred address comes first.
    Returns the exit code: 1 if nothing matches. Raises InvalidQuery.
    """
    parse(text)  # what is wrong with it is said about the text as it was typed
    reachable = Listing(query=f"has:email ({text})" if text.strip() else "has:email")
    count = await book.lists.count(reachable)
    if not count:
        out.write(f"No address matches {_quoted(text)}.\n")
        return 1
    out.write(f"{count:,} {'contact matches' if count == 1 else 'contacts match'} {_quoted(text)}.\n")
    async for contact in _favorites_first(book, reachable, count):
        name, company = printable(contact.shown_name), printable(contact.company)
        preferred_first = sorted(contact.emails, key=lambda email: not email.primary)
        out.writelines(f"{printable(email.address)}\t{name}\t{company}\n" for email in preferred_first)
    return 0


async def _favorites_first(book: Book, listing: Listing, count: int) -> AsyncIterator[Contact]:
    if count <= FEW:  # one search instead of two
        contacts = [contact async for contact in book.contacts(listing)]
        for contact in sorted(contacts, key=lambda contact: not contact.favorite):
            yield contact
        return
    async for contact in book.contacts(Listing(View.FAVORITES, query=listing.query)):
        yield contact
    async for contact in book.contacts(listing):
        if not contact.favorite:
            yield contact


def _quoted(text: str) -> str:
    return f"“{printable(text)}”"
