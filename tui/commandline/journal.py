"""The journal: undo, redo, history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated, Final

import typer

from coterie.core.changes import Outcome
from coterie.core.errors import InvalidInput, NotFound
from coterie.core.jsonform import moment_text
from coterie.core.model import Operation
from coterie.core.text import number_of
from coterie.tui.commandline import output
from coterie.tui.commandline.filters import Json, Yes, at_most, whole_number
from coterie.tui.commandline.session import Session
from coterie.tui.offered import account_names
from coterie.tui.turning import Turning, turning

if TYPE_CHECKING:
    from coterie.core.book import Book

Entry = Annotated[
    int | None,
    typer.Argument(
        parser=whole_number("{} is not the number of an entry.", "coterie history shows their numbers."),
        metavar="ENTRY",
        help="The number of an entry, as history shows it.",
        show_default=False,
    ),
]
_EVERYTHING: Final = 2**31 - 1
"""More entries than a history can have."""


def register(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    app.command("undo")(undo)
    app.command("redo")(redo)
    app.command("history")(history)


def undo(context: typer.Context, entry: Entry = None, yes: Yes = False) -> int:
    """Undo your last change, or, with the number of an entry of the history, that one and all of yours after it."""
    return _turn(context, entry, yes=yes, back=True)


def redo(context: typer.Context, entry: Entry = None, yes: Yes = False) -> int:
    """Redo the change that you undid last, or, with the number of an entry, all that you undid down to that one."""
    return _turn(context, entry, yes=yes, back=False)


def _turn(context: typer.Context, entry: int | None, *, yes: bool, back: bool) -> int:
    async def work(book: Book) -> int:
        ids: Sequence[int] = ()
        if entry is not None:
            ids = await _ids(book, entry, back=back)
            if len(ids) > 1 and not output.confirm(await _question(book, ids, back=back), yes=yes):
                output.note("coterie: Nothing was changed.")
                return 1
        with output.progress("Undone" if back else "Redone") as progress:
            outcome = await (book.history.undo if back else book.history.redo)(progress, ids)
        return _tell(replace(outcome, summary=account_names(await book.accounts.all()).within(outcome.summary)))

    return Session.of(context).run(work)


async def _ids(book: Book, entry: int, *, back: bool) -> Sequence[int]:
    """The entries to undo or redo so that this one is. Raises NotFound, and InvalidInput if it cannot be."""
    operations = await book.history.latest(_EVERYTHING)
    at = _place(operations, entry)
    meant = turning(operations, at, book.actor)
    if not meant.ids:
        raise InvalidInput(f"Entry {entry}: {meant.reason}", "coterie history lists what can be undone.")
    if meant.back is not back:
        state, other = ("is not undone", "undo") if meant.back else ("is undone already", "redo")
        raise InvalidInput(f"Entry {entry} {state}.", f"coterie {other} {entry} would {other} it.")
    return meant.ids


def _place(operations: Sequence[Operation], entry: int) -> int:
    for at, operation in enumerate(operations):
        if operation.id == entry:
            return at
    raise NotFound(f"There is no entry {entry} in the history.", "coterie history shows their numbers.")


async def _question(book: Book, ids: Sequence[int], *, back: bool) -> str:
    meant = Turning(back, tuple(ids))
    foreign = meant.foreign(await book.history.others(ids))
    return " ".join(filter(None, (meant.scope(await book.history.extent(ids)), foreign, f"{meant.words}?")))


def history(
    context: typer.Context,
    entry: Entry = None,
    limit: Annotated[int, typer.Option(parser=at_most, metavar="N", help="At most this many.")] = 100,
    json: Json = False,
) -> int:
    """Show what was changed, the latest first; with the number of an entry, what that one changed."""

    async def work(book: Book) -> int:
        if entry is not None:
            return await _show(book, entry, limit, json=json)
        operations = await book.history.latest(limit)
        if json:
            output.write_json([_object(operation) for operation in operations])
        else:
            names = account_names(await book.accounts.all())
            output.Table(("When", "Who", "What", "Entry")).write(_row(names.told(one)) for one in operations)
        if not operations:
            output.note("coterie: Nothing has been changed yet.")
        return 0

    return Session.of(context).run(work)


async def _show(book: Book, entry: int, limit: int, *, json: bool) -> int:
    operations = await book.history.latest(_EVERYTHING)
    operation = operations[_place(operations, entry)]
    traces = await book.history.traces(entry, limit)
    if json:
        output.write_json(_object(operation) | {"changes": [asdict(trace) for trace in traces]})
        return 0
    output.Table(("Contact", "Field", "Before", "After")).write(
        (trace.subject, trace.field, *(" / ".join(text.split("\n")) for text in (trace.old, trace.new)))
        for trace in traces
    )
    if operation.contacts > limit:
        output.note(f"coterie: The first {limit:,} of {number_of(operation.contacts)}; --limit shows more.")
    return 0


def _tell(outcome: Outcome) -> int:
    output.say(outcome.summary)
    for skip in outcome.skipped:
        output.note(f"coterie: {skip.subject}: {skip.reason}")
    return 1 if outcome.skipped else 0


def _row(operation: Operation) -> tuple[str, ...]:
    state = " (undone)" if operation.undone_at else "" if operation.undoable else " (cannot be undone)"
    when = f"{operation.at:%Y-%m-%d %H:%M}"
    return when, operation.actor, f"{operation.summary}{state}", str(operation.id)


def _object(operation: Operation) -> dict[str, object]:
    return {
        "id": operation.id,
        "at": moment_text(operation.at),
        "actor": operation.actor,
        "kind": operation.kind,
        "summary": operation.summary,
        "contacts": operation.contacts,
        "undone_at": moment_text(operation.undone_at),
        "undoable": operation.undoable,
        "redoable": operation.redoable,
    }
