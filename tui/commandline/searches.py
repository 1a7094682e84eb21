"""Saved searches: `coterie searches`, and saving, renaming, moving and deleting them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from coterie.core.changes import Plan
from coterie.core.errors import CoterieError, InvalidValue, NotFound
from coterie.core.query.saved import written
from coterie.core.text import group_key
from coterie.tui import plans
from coterie.tui.commandline import output
from coterie.tui.commandline.filters import Json
from coterie.tui.commandline.session import Session

if TYPE_CHECKING:
    from coterie.core.book import Book
    from coterie.core.model import SavedSearch

_STEPS: Final = {"up": -1, "down": 1}
Name = Annotated[str, typer.Argument(metavar="NAME", help="The name of the saved search.")]


def register(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    about = "List saved searches with what they find; save, rename, move or delete one."
    family = typer.Typer(help=about, rich_markup_mode=None)
    family.callback(invoke_without_command=True)(list_searches)
    family.command("save")(save)
    family.command("rename")(rename)
    family.command("move")(move)
    family.command("delete")(delete)
    app.add_typer(family, name="searches")


def list_searches(context: typer.Context, json: Json = False) -> int:
    """List saved searches with how many contacts they find. `@NAME` as a QUERY uses one: `coterie list @choir`."""
    if context.invoked_subcommand:
        return 0

    async def work(book: Book) -> int:
        searches = [(search, await _count(book, search)) for search in await book.searches.all()]
        if json:
            output.write_json(
                [
                    {"id": search.id, "name": search.name, "query": search.query, "count": count}
                    for search, count in searches
                ]
            )
        else:
            rows = (
                (written(search.name), "-" if count is None else str(count), search.query) for search, count in searches
            )
            output.Table(("Search", "Contacts", "Query")).write(rows)
        if not searches:
            output.note("coterie: No search is saved yet.")
        return 0

    return Session.of(context).run(work)


async def _count(book: Book, search: SavedSearch) -> int | None:
    """How many contacts a saved search finds; None, with a remark, if it cannot be read."""
    try:
        return await book.lists.matching(search.query)
    except CoterieError as error:
        output.note(f"coterie: {search.name}: {error.title}")
        return None


def save(
    context: typer.Context,
    name: Name,
    query: Annotated[list[str], typer.Argument(metavar="QUERY", help="The search, in the search language.")],
) -> int:
    """Save a search under a name, in place of what was saved under it."""

    async def work(book: Book) -> int:
        return await _apply(book, plans.save_search(await book.searches.all(), name, " ".join(query)))

    return Session.of(context).run(work)


def rename(
    context: typer.Context,
    old: Annotated[str, typer.Argument(metavar="OLD", help="The present name.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The new name.")],
) -> int:
    """Give a saved search another name, also in the saved searches that use it."""

    async def work(book: Book) -> int:
        return await _apply(book, plans.rename_search(await _find(book, old), new))

    return Session.of(context).run(work)


def move(
    context: typer.Context,
    name: Name,
    to: Annotated[str, typer.Argument(metavar="UP|DOWN|N", help="One place up or down, or to place N (1 is first).")],
) -> int:
    """Move a saved search among the others."""

    async def work(book: Book) -> int:
        search = await _find(book, name)
        by = _steps(to, [search.id for search in await book.searches.all()].index(search.id) + 1)
        return await _apply(book, plans.move_search(search, by))

    return Session.of(context).run(work)


def _steps(to: str, place: int) -> int:
    """How far down a search goes from its place. Raises InvalidInput."""
    if to.casefold() in _STEPS:
        return _STEPS[to.casefold()]
    if not (to.isascii() and to.isdigit() and int(to)):
        raise InvalidValue("place", f"A search cannot be moved to “{to}”.", "Give up, down, or a place such as 1.")
    return int(to) - place


def delete(context: typer.Context, name: Name) -> int:
    """Delete a saved search. The contacts stay."""

    async def work(book: Book) -> int:
        return await _apply(book, plans.delete_search(await _find(book, name)))

    return Session.of(context).run(work)


async def _find(book: Book, name: str) -> SavedSearch:
    """The saved search of that name, ignoring case, with or without its @. Raises NotFound, which names the others."""
    searches = await book.searches.all()
    for wanted in (name, name.removeprefix("@")):
        for search in searches:
            if group_key(search.name) == group_key(wanted):
                return search
    names = ", ".join(search.name for search in searches)
    hint = f"The saved searches are: {names}." if searches else "None is saved yet."
    raise NotFound(f"There is no saved search “{name}”.", hint)


async def _apply(book: Book, plan: Plan) -> int:
    output.say((await book.apply(plan)).summary)
    return 0
