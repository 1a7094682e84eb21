"""The book as it was: what `list` and `export` give with `--as-of`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Annotated

import typer

from coterie.core.errors import InvalidInput
from coterie.core.text import group_key

if TYPE_CHECKING:
    from coterie.core.book import Book
    from coterie.core.model import Contact
    from coterie.core.store.journal.as_of import PastBook
    from coterie.tui.commandline.filters import Filters

AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DAY",
        help="The book as it was at the end of a day (2026-11-24, tuesday, yesterday), or at a time of it, as in"
        " “tuesday 14:05”; a QUERY can only be words then.",
        show_default=False,
    ),
]


async def past_book(book: Book, day: str, filters: Filters) -> PastBook:
    """The book as it was. Raises InvalidInput for a day that is none and for the Bin, and InvalidQuery.

    Args:
        book: the book as it is.
        day: a moment, as `coterie.tui.moments` reads it.
        filters: what is wanted of it.
    """
    from coterie.core.store.journal.as_of import Moment
    from coterie.tui.moments import moment_of

    if filters.bin:
        raise InvalidInput("--bin cannot be used with --as-of.", "Leave it out: what is in the Bin now may be there.")
    await book.searches.check(filters.query)
    return await book.history.as_of(Moment.of(moment_of(day, book.now())))


async def wanted(past: PastBook, filters: Filters, limit: int | None) -> AsyncIterator[Contact]:
    """The first `limit` contacts that are asked for, in the order of their names, as they were. Raises InvalidQuery."""
    from coterie.core.listing import Listing

    count = 0
    async for contact in past.contacts(Listing(query=filters.query)):
        if count == limit:
            return
        is_member = filters.group is None or group_key(filters.group) in map(group_key, contact.groups)
        if is_member and (contact.favorite or not filters.favorites):
            yield contact
            count += 1
