"""coterie duplicates: candidate pairs with their reasons, and merging."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from core.bulk.merging import merge_plan
from core.checks import Checks
from core.duplicates import Pair, find, key_of
from core.errors import InvalidInput
from core.listing import Listing
from core.merge import merge as merged_contact
from core.model import Contact
from tui.commandline import output
from tui.commandline.filters import DryRun, Json
from tui.commandline.session import Session

if TYPE_CHECKING:
    from core.book import Book


def register(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    family = typer.Typer(rich_markup_mode=None)
    family.callback(invoke_without_command=True)(duplicates)
    family.command("merge")(merge)
    app.add_typer(family, name="duplicates")


def duplicates(
    context: typer.Context,
    limit: Annotated[int | None, typer.Option(min=1, metavar="N", help="At most this many pairs.")] = None,
    json: Json = False,
) -> int:
    """List pairs of contacts that may be the same, the surest first, with the reasons."""
    if context.invoked_subcommand:
        return 0

    async def work(book: Book) -> int:
        with output.progress("Read") as progress:
            keys = []
            async for contact in book.contacts(Listing()):
                keys.append(key_of(contact))
                progress(len(keys), None)
        pairs = sorted(find(keys), key=lambda pair: -pair.score)[:limit]
        ids = Checks.of(one for pair in pairs for one in (pair.a, pair.b))
        people = {contact.id: contact async for contact in book.contacts(ids)}
        if json:
            output.write_json([_object(pair, people) for pair in pairs])
        else:
            lines = output.Table(("Id", "Name", "E-mail", "Id", "Name", "E-mail", "Because"))
            lines.write(_row(pair, people) for pair in pairs)
        return 0

    return Session.of(context).run(work)


def merge(
    context: typer.Context,
    ids: Annotated[list[int], typer.Argument(metavar="ID ID...", help="Who is one; the first is kept.")],
    dry_run: DryRun = False,
    json: Json = False,
) -> int:
    """Make one contact of several. The first is kept and gets what the others know; they go to the Bin."""
    from core.jsonform import as_json
    from tui.commandline.reading import print_contact

    async def work(book: Book) -> int:
        contacts = [await book.contact(one) for one in dict.fromkeys(ids)]
        for contact in contacts:
            if contact.deleted_at:
                raise InvalidInput(
                    f"{contact.shown_name} (id {contact.id}) is in the Bin.", "Restore it before merging."
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


def _object(pair: Pair, people: dict[int | None, Contact]) -> dict[str, object]:
    return {
        **{
            side: {"id": one, "name": people[one].shown_name, "email": people[one].email}
            for side, one in (("a", pair.a), ("b", pair.b))
        },
        "score": pair.score,
        "reasons": [str(reason) for reason in pair.reasons],
    }


def _row(pair: Pair, people: dict[int | None, Contact]) -> list[str]:
    sides = [(str(one), people[one].shown_name, people[one].email) for one in (pair.a, pair.b)]
    return [*sides[0], *sides[1], ", ".join(pair.reasons)]
