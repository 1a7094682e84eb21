"""coterie facets: the commonest companies, domains, groups and accounts of what a search finds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from coterie.tui.commandline import output
from coterie.tui.commandline.filters import Filters, Json, Query, as_named, at_most
from coterie.tui.commandline.session import Session
from coterie.tui.offered import account_names

if TYPE_CHECKING:
    from coterie.core.book import Book
    from coterie.core.store.lists.facets import Facet


def register(app: typer.Typer) -> None:
    """Add this command to `app`."""
    app.command("facets")(facets)


def facets(
    context: typer.Context,
    query: Query = None,
    limit: Annotated[
        int, typer.Option(parser=at_most, metavar="N", help="At most this many of each; 50 is the most.")
    ] = "10",  # type: ignore[assignment]  # typer reads defaults like what is typed
    json: Json = False,
) -> int:
    """Count the commonest companies, domains, groups and accounts, each with the search that finds them."""
    filters = Filters.of(query)

    async def work(book: Book) -> int:
        from coterie.core.store.lists.facets import SOURCE, narrowed_to

        listing = await filters.listing(book)
        asked = await as_named(book, filters.query)
        found = await book.lists.facets(listing)
        shown = [
            (kind, facet, narrowed_to(asked, facet.term))
            for kind, of_kind in found.items()
            for facet in of_kind[:limit]
        ]
        if json:
            output.write_json([_object(*one) for one in shown])
        else:
            called = account_names(await book.accounts.all()).within
            output.Table(("Kind", "Value", "Contacts", "Query")).write(
                (kind, called(facet.label) if kind == SOURCE else facet.label, str(facet.count), term)
                for kind, facet, term in shown
            )
        if filters.query and not shown and not await book.lists.count(listing):
            output.note(f"coterie: {filters.nothing}")
            return 1
        return 0

    return Session.of(context).run(work)


def _object(kind: str, facet: Facet, query: str) -> dict[str, object]:
    return {"kind": kind.lower(), "value": facet.label, "count": facet.count, "query": query}
