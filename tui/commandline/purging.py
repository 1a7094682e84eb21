"""coterie purge: delete forever what the Bin has kept for too long, and set how long it keeps contacts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from coterie.core.errors import InvalidInput
from coterie.core.text import number_of
from coterie.tui.bin_words import bin_words
from coterie.tui.commandline import output
from coterie.tui.commandline.filters import DryRun, whole_number
from coterie.tui.commandline.session import Session

if TYPE_CHECKING:
    from coterie.core.book import Book

_MOST: Final = 36_500
_parse_days = whole_number("--set-days is {}; it must be a whole number, at least 1.", "For example: --set-days 30.")


def register(app: typer.Typer) -> None:
    """Add this command to `app`."""
    app.command("purge")(purge)


def purge(
    context: typer.Context,
    set_days: Annotated[
        int | None,
        typer.Option(
            parser=_parse_days,
            metavar="N",
            help="From now on, keep what is in the Bin for N days, for everybody who uses this book.",
            show_default=False,
        ),
    ] = None,
    dry_run: DryRun = False,
) -> int:
    """Delete forever what the Bin has kept for too long. It is said a day before; the full screen does it, too."""
    if set_days is not None and set_days > _MOST:
        raise InvalidInput(f"--set-days is {set_days:,}; it can be {_MOST:,} at most.", "For example: --set-days 30.")

    async def work(book: Book) -> int:
        if set_days is not None and not dry_run:
            await book.bin.set_days(set_days)
        report = await book.bin.look(dry_run=dry_run)
        lines = list(bin_words(report, dry_run=dry_run))
        for line in lines or ["Nothing in the Bin is to be deleted forever."]:
            output.say(line)
        output.say(f"The Bin of this book keeps what is in it for {number_of(report.days, 'day')}.")
        return 0

    return Session.of(context).run(work)
