"""Which contacts a command is about: the search language and the filters that `list`, `export` and others share."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final

import typer

from coterie.core.errors import InvalidInput, NotFound
from coterie.core.listing import Listing, Sort, View
from coterie.core.query import narrowed, parse
from coterie.core.query.saved import written
from coterie.core.text import group_key

if TYPE_CHECKING:
    from coterie.core.book import Book
    from coterie.core.model import Contact, Group

_LARGEST: Final = 2**63 - 1
"""What the databases take for a number."""


def whole_number(title: str, hint: str) -> Callable[[str], int]:
    """A parser for typer of numbers from 1 on; the title of its error has `{}` for what was typed."""

    def parse_number(text: str) -> int:
        digits = str(text).strip().replace(",", "").replace("_", "")
        if not (digits.isascii() and digits.isdigit() and 0 < int(digits) <= _LARGEST):
            raise InvalidInput(title.format(f"“{text}”"), hint)
        return int(digits)

    return parse_number


at_most = whole_number("--limit is {}; it must be a whole number, at least 1.", "For example: --limit 20.")

Query = Annotated[
    list[str] | None,
    typer.Argument(metavar="QUERY", help="What to look for, in the search language; without it, everything."),
]
SomeQuery = Annotated[
    list[str] | None,
    typer.Argument(metavar="QUERY", help="Which contacts, in the search language.", show_default=False),
]
Favorites = Annotated[bool, typer.Option("--favorites", help="Only favorites.")]
InGroup = Annotated[str | None, typer.Option("--group", metavar="NAME", help="Only members of this group.")]
InBin = Annotated[bool, typer.Option("--bin", help="What is in the Bin, instead of the contacts.")]
Limit = Annotated[int | None, typer.Option(parser=at_most, metavar="N", help="At most this many.", show_default=False)]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Go ahead without asking.")]
Json = Annotated[bool, typer.Option("--json", help="Write JSON.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only show what would happen.")]


@dataclass(frozen=True, slots=True)
class Filters:
    """What the user asked for."""

    query: str = ""
    favorites: bool = False
    group: str | None = None
    bin: bool = False

    @classmethod
    def of(
        cls, words: list[str] | None, *, favorites: bool = False, group: str | None = None, in_bin: bool = False
    ) -> Filters:
        """The filters of these arguments. Raises InvalidQuery if the search text is wrong or unfinished."""
        query = " ".join(words or ()).strip()
        parse(query, finished=True)
        return cls(query, favorites, group, in_bin)

    @property
    def nothing(self) -> str:
        """What is said if they find nobody."""
        if self.query:
            return f"Nothing matches “{self.query}”."
        if self.group is not None:
            return f"There is nobody in the group “{self.group}”."
        if self.bin:
            return "The Bin is empty."
        return "There are no favorites yet." if self.favorites else "The book has no contacts yet."

    async def listing(self, book: Book, sort: Sort | None = None) -> Listing:
        """The list that shows them. Raises InvalidQuery, and NotFound if there is no such group."""
        asked = await as_named(book, self.query)
        await book.searches.check(asked)
        members = await find_group(book, self.group) if self.group is not None else None
        terms: list[str] = []
        if self.bin:
            view = View.BIN
            terms += [f"group:={_quoted(members.name)}"] if members else []
        elif members:
            view = View.GROUP
        else:
            view = View.FAVORITES if self.favorites else View.ALL
        if self.favorites and view is not View.FAVORITES:
            terms.append("is:favorite")
        query = narrowed(asked, terms)
        return Listing(view, members.id if members and view is View.GROUP else None, query, sort or Sort())


async def as_named(book: Book, query: str) -> str:
    """The query; if it is @ and the name of a saved search, in quotation marks, which the shell has taken away."""
    name = query.removeprefix("@")
    if name == query or " " not in name:
        return query
    names = {search.name.casefold(): search.name for search in await book.searches.all()}
    is_meant = name.casefold() in names and name.split()[0].casefold() not in names
    return written(names[name.casefold()]) if is_meant else query


async def first(contacts: AsyncIterator[Contact], limit: int | None) -> AsyncIterator[Contact]:
    """The first `limit` of `contacts`, or all of them."""
    count = 0
    async for contact in contacts:
        yield contact
        count += 1
        if count == limit:
            return


def required(words: list[str] | None, *, in_bin: bool = False) -> Filters:
    """The contacts of a change, which must be named. Raises InvalidInput if they are not."""
    filters = Filters.of(words, in_bin=in_bin)
    if not filters.query:
        raise InvalidInput("Say which contacts, in the search language.", "For example: group:Choir, or id:12.")
    return filters


async def find_group(book: Book, name: str) -> Group:
    """The group of that name, ignoring case. Raises NotFound, which names those that are alike."""
    groups = await book.groups.all()
    for group in groups:
        if group_key(group.name) == group_key(name):
            return group
    from difflib import get_close_matches

    near = get_close_matches(group_key(name), [group_key(group.name) for group in groups], 3)
    alike = [group.name for group in groups if group_key(group.name) in near]
    raise NotFound(
        f"There is no group “{name}”.",
        f"Did you mean {' or '.join(f'“{other}”' for other in alike)}?" if alike else "coterie groups lists them.",
    )


def _quoted(text: str) -> str:
    from coterie.core.query import quote

    return quote(text)
