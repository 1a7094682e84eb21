"""coterie export."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated

import typer

from coterie.core.errors import InvalidInput
from coterie.core.text import number_of
from coterie.core.transfer.export import FORMATS, ChosenColumns, Format, all_formats, find_format, format_for, write
from coterie.tui.commandline import output, past, paths
from coterie.tui.commandline.filters import Favorites, Filters, InBin, InGroup, Limit, Query
from coterie.tui.commandline.session import Session

if TYPE_CHECKING:
    from coterie.core.book import Book
    from coterie.core.model import Contact
    from coterie.core.store.lists.selected import Selected


def register(app: typer.Typer) -> None:
    """Add this command to `app`."""
    app.command("export")(export)


def export(
    context: typer.Context,
    query: Query = None,
    file: Annotated[str, typer.Option("-o", "--output", metavar="FILE", help="Write to this file.")] = paths.STANDARD,
    format: Annotated[  # noqa: A002 - the option's name
        str | None,
        typer.Option(
            metavar="NAME",
            help=f"{', '.join(FORMATS)}; by default the ending of FILE decides, or csv.",
            show_default=False,
        ),
    ] = None,
    columns: Annotated[
        str,
        typer.Option(
            metavar="FIELD,…",
            help="Which columns of CSV, in this order, such as name,email,city,custom.Size; by default all.",
            show_default=False,
        ),
    ] = "",
    favorites: Favorites = False,
    group: InGroup = None,
    bin: InBin = False,  # noqa: A002 - the option's name
    limit: Limit = None,
    as_of: past.AsOf = None,
    raw: Annotated[bool, typer.Option("--raw", help="Write CSV without protection against formulas.")] = False,
) -> int:
    """Export contacts as CSV, Google's or Outlook's CSV, vCard or JSON."""
    session = Session.of(context)
    filters = Filters.of(query, favorites=favorites, group=group, in_bin=bin)
    chosen = find_format(format) if format else _format_of(file)
    table = ChosenColumns.of(columns.split(",")) if columns else None

    async def work(book: Book) -> int:
        contacts: Selected | list[Contact]
        if as_of is None:
            contacts = await book.selected(await filters.listing(book), limit)
        else:
            then = await past.past_book(book, as_of, filters)
            contacts = [contact async for contact in past.wanted(then, filters, limit)]
        with output.progress("Exported") as progress, paths.writing(session.settings, file) as out:
            total = await write(chosen.id, contacts, out, raw=raw, progress=progress, columns=table)
        if file != paths.STANDARD:
            output.note(f"Exported {number_of(total)} to {file} ({chosen.label}).")
        if not total and filters.query:
            output.note(f"coterie: {filters.nothing}")
            return 1
        return 0

    return session.run(work)


def _format_of(file: str) -> Format:
    """What the ending of a file's name means; CSV if it has none. Raises InvalidInput if no format has it."""
    path = PurePath(file)
    meant = format_for(path)
    if path.suffix and not path.name.lower().endswith(meant.extensions):
        endings = ", ".join(end for kind in all_formats().values() for end in kind.extensions)
        raise InvalidInput(
            f"Contacts cannot be exported as {path.suffix} ({path.name}).",
            f"Use {endings}, or say which format with --format.",
        )
    return meant
