"""`coterie query`: the address book of mutt, neomutt and aerc. They wait for it at each completion."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, TextIO

from core.fields import split_values
from core.listing import Listing, Row, View
from core.text import printable

if TYPE_CHECKING:
    from core.book import Book

_WINDOW = 500  # rows read at a time
_COLUMNS = ("emails", "company")


async def query(book: Book, text: str, out: TextIO) -> int:
    """Write one line that says what follows, then `address<TAB>name<TAB>company` for every address of what matches.

    Favorites come first, each part in the order of names. Returns the exit code: 1 where nothing matches.
    Raises InvalidQuery.
    """
    await book.count(Listing(query=text))  # what is wrong with the text is said about the text as it was typed
    reachable = Listing(query=f"has:email ({text})" if text.strip() else "has:email")
    count = await book.count(reachable)
    if not count:
        out.write(f"No address matches {_quoted(text)}.\n")
        return 1
    out.write(f"{count:,} {'contact matches' if count == 1 else 'contacts match'} {_quoted(text)}.\n")
    async for row in _favorites_first(book, reachable):
        name, company = printable(row.name), printable(row.values["company"])
        out.writelines(f"{printable(address)}\t{name}\t{company}\n" for address in split_values(row.values["emails"]))
    return 0


async def _favorites_first(book: Book, listing: Listing) -> AsyncIterator[Row]:
    async for row in _rows(book, Listing(View.FAVORITES, query=listing.query)):
        yield row
    async for row in _rows(book, listing):
        if not row.favorite:
            yield row


async def _rows(book: Book, listing: Listing) -> AsyncIterator[Row]:
    start = 0
    while rows := await book.rows(listing, start, _WINDOW, _COLUMNS):
        for row in rows:
            yield row
        start += len(rows)


def _quoted(text: str) -> str:
    return f"“{printable(text)}”"
