"""The journal: undo, redo, history."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from core.change import Outcome
from core.model import Operation
from tui.commandline import output
from tui.commandline.filters import Json, at_most
from tui.commandline.session import Session

if TYPE_CHECKING:
    from core.book import Book


def register(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    app.command("undo")(undo)
    app.command("redo")(redo)
    app.command("history")(history)


def undo(context: typer.Context) -> int:
    """Take back your last change."""

    async def work(book: Book) -> int:
        with output.progress("Undone") as progress:
            outcome = await book.undo(progress)
        return _tell(outcome)

    return Session.of(context).run(work)


def redo(context: typer.Context) -> int:
    """Do again what you undid last."""

    async def work(book: Book) -> int:
        with output.progress("Done again") as progress:
            outcome = await book.redo(progress)
        return _tell(outcome)

    return Session.of(context).run(work)


def history(
    context: typer.Context,
    limit: Annotated[int, typer.Option(parser=at_most, metavar="N", help="At most this many.")] = 100,
    json: Json = False,
) -> int:
    """Show what happened to the book, the latest first."""

    async def work(book: Book) -> int:
        operations = await book.history(limit)
        if json:
            output.write_json([_object(one) for one in operations])
        else:
            output.Table(("When", "Who", "What")).write(_row(one) for one in operations)
        return 0

    return Session.of(context).run(work)


def _tell(outcome: Outcome) -> int:
    output.say(outcome.summary)
    for skip in outcome.skipped:
        output.note(f"coterie: {skip.subject}: {skip.reason}")
    return 1 if outcome.skipped else 0


def _row(operation: Operation) -> tuple[str, str, str]:
    undone = " (undone)" if operation.undone_at else ""
    return f"{operation.at.astimezone():%Y-%m-%d %H:%M}", operation.actor, f"{operation.summary}{undone}"


def _object(operation: Operation) -> dict[str, object]:
    return {
        "id": operation.id,
        "at": _time(operation.at),
        "actor": operation.actor,
        "kind": operation.kind,
        "summary": operation.summary,
        "contacts": operation.contacts,
        "undone_at": _time(operation.undone_at),
        "undoable": operation.undoable,
    }


def _time(value: datetime | None) -> str | None:
    """RFC 3339 in UTC."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if value else None
