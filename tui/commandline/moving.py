"""coterie move and coterie copy: contacts between the places of accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from coterie.core.text import number_of
from coterie.tui.commandline import output
from coterie.tui.commandline.changing import name_some
from coterie.tui.commandline.filters import DryRun, SomeQuery, Yes, required
from coterie.tui.commandline.session import Session
from coterie.tui.offered import account_names

if TYPE_CHECKING:
    from coterie.core.book import Book

To = Annotated[
    str, typer.Option("--to", metavar="PLACE", help="Where to: a name of `coterie accounts places`, such as Team.")
]


def register(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    app.command("move")(move)
    app.command("copy")(copy)


def move(
    context: typer.Context,
    to: To,
    query: SomeQuery = None,
    leaving: Annotated[
        str, typer.Option("--from", metavar="PLACE", help="Which place they leave, if they are in several.")
    ] = "",
    dry_run: DryRun = False,
    yes: Yes = False,
) -> int:
    """Move contacts to another address book, folder or account. The next sync does it there.

    A contact is deleted where it was only once it has arrived. Undo moves it back.
    """
    return _carry_out(context, query, to, leaving, copy=False, dry_run=dry_run, yes=yes)


def copy(context: typer.Context, to: To, query: SomeQuery = None, dry_run: DryRun = False, yes: Yes = False) -> int:
    """Copy contacts to another address book, folder or account. The next sync does it there.

    Here each stays one contact, which is in both places: what you change goes to both.
    """
    return _carry_out(context, query, to, "", copy=True, dry_run=dry_run, yes=yes)


def _carry_out(
    context: typer.Context, query: list[str] | None, to: str, leaving: str, *, copy: bool, dry_run: bool, yes: bool
) -> int:
    filters = required(query, in_bin=False)

    async def work(book: Book) -> int:
        from coterie.core.bulk.moving import Moving
        from coterie.core.places import source_called

        places = await book.accounts.places()
        moving = Moving(
            source_called(to, places), places, source_called(leaving, places) if leaving else None, copy=copy
        )
        selection = await book.lists.ids(await filters.listing(book))
        if not selection:
            output.note(f"coterie: {filters.nothing}")
            return 1
        if dry_run or not yes:
            await name_some(book, selection)
        verb = "Copy" if copy else "Move"
        called = account_names(await book.accounts.all()).within
        question = f"{verb} {number_of(len(selection))} to {called(moving.target.name)}?"
        if not dry_run and not output.confirm(question, yes=yes):
            output.note("coterie: Nothing was changed.")
            return 1
        outcome = await book.apply(moving.plan(selection), dry_run=dry_run)
        summary = called(outcome.summary)
        output.say(f"Dry run, nothing was changed. {summary}" if dry_run else summary)
        for skip in outcome.skipped:
            output.note(f"coterie: {skip.subject}: {called(skip.reason)}")
        return int(bool(outcome.skipped))

    return Session.of(context).run(work)
