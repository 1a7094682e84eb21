"""coterie duplicates: candidate pairs with their reasons, and merging."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Final

import typer

from coterie.core.bulk.merging import merge_plan
from coterie.core.checks import Checks
from coterie.core.duplicates import Pair, pack, unpack
from coterie.core.errors import InvalidInput
from coterie.core.merge import merge as merged_contact
from coterie.core.model import Contact
from coterie.tui.commandline import output
from coterie.tui.commandline.filters import DryRun, Json, at_most, whole_number
from coterie.tui.commandline.session import Session

if TYPE_CHECKING:
    from coterie.core.book import Book

_BATCH: Final = 500  # pairs whose contacts are read at a time


def register(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    family = typer.Typer(rich_markup_mode=None)
    family.callback(invoke_without_command=True)(duplicates)
    family.command("merge")(merge)
    app.add_typer(family, name="duplicates")


def duplicates(
    context: typer.Context,
    limit: Annotated[
        int | None,
        typer.Option(parser=at_most, metavar="N", help="At most this many pairs.", show_default=False),
    ] = None,
    json: Json = False,
) -> int:
    """List pairs of contacts that may be duplicates, the most likely first, with the reasons."""
    if context.invoked_subcommand:
        return 0

    async def work(book: Book) -> int:
        found: list[int] = []
        with output.progress("Compare") as progress:
            async for pairs in book.duplicates.find(progress):
                found += map(pack, pairs)
        found.sort()
        count = len(found) if limit is None else min(limit, len(found))
        batches = (found[start : min(start + _BATCH, count)] for start in range(0, count, _BATCH))
        if json:
            await output.write_json_array(_objects(book, batches))
        else:
            lines = output.Table(("Id", "Name", "E-mail", "Id", "Name", "E-mail", "Because"))
            for batch in batches:
                lines.write([_row(book, pair, people) async for pair, people in _with_people(book, batch)])
        if not found:
            output.note("coterie: There are no duplicates.")
            return 1
        return 0

    return Session.of(context).run(work)


def merge(
    context: typer.Context,
    ids: Annotated[
        list[int],
        typer.Argument(
            parser=whole_number("{} is not the id of a contact.", "coterie list shows the ids."),
            metavar="ID ID...",
            help="The contacts to merge; the first is kept.",
        ),
    ],
    dry_run: DryRun = False,
    json: Json = False,
) -> int:
    """Merge contacts into one. The first is kept and gets what the others have; they are moved to the Bin."""
    from coterie.core.jsonform import as_json
    from coterie.tui.commandline.reading import print_contact

    async def work(book: Book) -> int:
        contacts = [await book.contact(one) for one in dict.fromkeys(ids)]
        for contact in contacts:
            if contact.deleted_at:
                raise InvalidInput(
                    f"{book.called(contact)} (id {contact.id}) is in the Bin.", "Restore it before merging."
                )
        plan = merge_plan(contacts)
        if dry_run:
            result, summary = merged_contact(contacts, contacts[0]), "Nothing was changed."
        else:
            summary = (await book.apply(plan)).summary
            result = await book.contact(ids[0])
        if json:
            output.write_json(as_json(result))
        else:
            if dry_run:
                print_contact(result)
            output.say(summary)
        return 0

    return Session.of(context).run(work)


async def _with_people(book: Book, packed: Sequence[int]) -> AsyncIterator[tuple[Pair, Mapping[int, Contact]]]:
    """Pairs with their contacts, but for those of which one has gone meanwhile."""
    pairs = list(map(unpack, packed))
    ids = Checks.of({one for pair in pairs for one in pair[:2]})
    people = {contact.id: contact async for contact in book.contacts(ids) if contact.id and not contact.deleted_at}
    for pair in pairs:
        if pair.a in people and pair.b in people:
            yield pair, people


async def _objects(book: Book, batches: Iterable[Sequence[int]]) -> AsyncIterator[object]:
    for batch in batches:
        async for pair, people in _with_people(book, batch):
            yield _object(pair, people)


def _object(pair: Pair, people: Mapping[int, Contact]) -> dict[str, object]:
    return {
        **{
            side: {"id": one, "name": people[one].shown_name, "email": people[one].email}
            for side, one in (("a", pair.a), ("b", pair.b))
        },
        "score": pair.score,
        "reasons": [str(reason) for reason in pair.reasons],
    }


def _row(book: Book, pair: Pair, people: Mapping[int, Contact]) -> list[str]:
    sides = [(str(one), book.called(people[one]), people[one].email) for one in (pair.a, pair.b)]
    return [*sides[0], *sides[1], ", ".join(pair.reasons)]
