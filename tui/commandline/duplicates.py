"""coterie duplicates: candidate pairs with their reasons, and merging."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Final

import typer

from coterie.core.bulk.merging import chosen_field, merge_groups, merge_plan, merged
from coterie.core.certain import are_certain, richest
from coterie.core.checks import Checks
from coterie.core.duplicates import Pair, pack, unpack
from coterie.core.errors import InvalidInput
from coterie.core.model import Contact
from coterie.tui.commandline import output
from coterie.tui.commandline.filters import DryRun, Json, Yes, at_most, whole_number
from coterie.tui.commandline.session import Session

if TYPE_CHECKING:
    from coterie.core.book import Book

_BATCH: Final = 500  # pairs whose contacts are read at a time
_PAIR: Final = 2


def register(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    family = typer.Typer(rich_markup_mode=None)
    family.callback(invoke_without_command=True)(duplicates)
    family.command("merge")(merge)
    family.command("not-same")(not_same)
    app.add_typer(family, name="duplicates")


Ids = Annotated[
    list[int] | None,
    typer.Argument(
        parser=whole_number("{} is not the id of a contact.", "coterie list shows the ids."),
        metavar="ID ID...",
        help="The contacts.",
        show_default=False,
    ),
]


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
        packed: list[int] = []
        with output.progress("Compare") as progress:
            async for pairs in book.duplicates.find(progress):
                packed += map(pack, pairs)
        packed.sort()
        count = len(packed) if limit is None else min(limit, len(packed))
        batches = (list(map(unpack, packed[start : min(start + _BATCH, count)])) for start in range(0, count, _BATCH))
        if json:
            await output.write_json_array(_objects(book, batches))
        else:
            lines = output.Table(("Id", "Name", "E-mail", "Id", "Name", "E-mail", "Because"))
            for batch in batches:
                lines.write([_row(book, pair, people) async for pair, people in _with_people(book, batch)])
        if not packed:
            output.note("coterie: There are no duplicates.")
            return 1
        return 0

    return Session.of(context).run(work)


def merge(
    context: typer.Context,
    ids: Ids = None,
    take: Annotated[
        list[str] | None,
        typer.Option(
            "--take", metavar="FIELD=ID", help="Let the value of this contact stay, for example company=12. Repeatable."
        ),
    ] = None,
    certain: Annotated[
        bool, typer.Option("--certain", help="Merge all that are certain, instead of these contacts.")
    ] = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    json: Json = False,
) -> int:
    """Merge contacts into one. The first is kept and gets what the others have; they are moved to the Bin."""
    if certain == bool(ids) or (certain and take):
        raise InvalidInput("Name the contacts, or use --certain, but not both.", "coterie list shows the ids.")

    async def work(book: Book) -> int:
        if certain:
            return await _merge_certain(book, dry_run=dry_run, yes=yes, json=json)
        return await _merge_these(book, await _live(book, ids or ()), take or (), dry_run=dry_run, json=json)

    return Session.of(context).run(work)


async def _live(book: Book, ids: Sequence[int]) -> list[Contact]:
    """These contacts, each once. Raises NotFound, and InvalidInput if one is in the Bin or there are not two."""
    contacts = [await book.contact(contact_id) for contact_id in dict.fromkeys(ids)]
    for contact in contacts:
        if contact.deleted_at:
            raise InvalidInput(f"{book.called(contact)} (id {contact.id}) is in the Bin.", "Restore it first.")
    if len(contacts) < _PAIR:
        raise InvalidInput("Two contacts or more are needed.", "Name their ids.")
    return contacts


async def _merge_these(
    book: Book, contacts: Sequence[Contact], take: Sequence[str], *, dry_run: bool, json: bool
) -> int:
    from coterie.core.jsonform import as_json
    from coterie.tui.commandline.reading import print_contact
    from coterie.tui.offered import account_names

    taken = dict(_taken(text, contacts) for text in take)
    if dry_run:
        result, summary = merged(contacts, contacts[0], taken), "Nothing was changed."
    else:
        summary = (await book.apply(merge_plan(contacts, taken=taken))).summary
        result = await book.contact(contacts[0].id or 0)
    if json:
        output.write_json(as_json(result))
    else:
        if dry_run:
            print_contact(result, account_names(await book.accounts.all()))
        output.say(summary)
    return 0


def _taken(text: str, contacts: Sequence[Contact]) -> tuple[str, Contact]:
    """The field and the contact of FIELD=ID. Raises InvalidInput."""
    name, equals, number = text.partition("=")
    right = next((contact for contact in contacts if str(contact.id) == number.strip()), None)
    if not equals or right is None:
        raise InvalidInput(
            f"--take “{text}” is not of the form FIELD=ID, with the id of one of these contacts.",
            f"For example: --take company={contacts[-1].id}.",
        )
    return chosen_field(name), right


async def _merge_certain(book: Book, *, dry_run: bool, yes: bool, json: bool) -> int:
    with output.progress("Compare") as progress:
        groups = await book.duplicates.certain(progress)
    plan = merge_groups(groups)
    if not groups:
        output.note("coterie: None of the duplicates is certain.")
    if json and dry_run:
        output.write_json([_certain(group) for group in groups])
    elif groups and not json and (dry_run or not yes):
        lines = output.Table(("Kept", "Name", "Merged into it", "E-mail"))
        lines.write([_certain_row(book, group) for group in groups])
    if dry_run or not groups:
        return 0 if groups else 1
    if not output.confirm(f"{plan.title}?", yes=yes):
        output.note("coterie: Nothing was changed.")
        return 1
    with output.progress("Merged") as progress:
        outcome = await book.apply(plan, progress)
    if json:
        output.write_json([_certain(group) for group in groups])
    else:
        output.say(outcome.summary)
    return 0


def _certain(group: Sequence[Contact]) -> dict[str, object]:
    kept = richest(group)
    merged_ids = [contact.id for contact in group if contact is not kept]
    return {"kept": kept.id, "merged": merged_ids, "name": kept.shown_name}


def _certain_row(book: Book, group: Sequence[Contact]) -> list[str]:
    kept = richest(group)
    others = ", ".join(str(contact.id) for contact in group if contact is not kept)
    return [str(kept.id), book.called(kept), others, kept.email]


def not_same(
    context: typer.Context,
    ids: Ids = None,
    undo: Annotated[bool, typer.Option("--undo", help="They may be the same after all.")] = False,
    json: Json = False,
) -> int:
    """Remember that contacts are not the same, so that they are not listed again. Without ids, list those pairs."""

    async def work(book: Book) -> int:
        if not ids:
            return await _list_apart(book, json=json)
        contacts = await _live(book, ids)
        wanted = [contact.id or 0 for contact in contacts]
        await (book.duplicates.rejoin(wanted) if undo else book.duplicates.keep_apart(wanted))
        names = ", ".join(f"{book.called(contact)} ({contact.id})" for contact in contacts)
        output.say(f"They may be the same: {names}." if undo else f"They are not the same: {names}.")
        return 0

    return Session.of(context).run(work)


async def _list_apart(book: Book, *, json: bool) -> int:
    pairs = await book.duplicates.apart()
    apart = [Pair(pair.a, pair.b, 0, ()) for pair in pairs]
    if json:
        output.write_json([{"a": pair.a, "b": pair.b, "said_by": pair.actor} for pair in pairs])
    else:
        lines = output.Table(("Id", "Name", "E-mail", "Id", "Name", "E-mail"))
        lines.write([_row(book, pair, people)[:-1] async for pair, people in _with_people(book, apart)])
    if not pairs:
        output.note("coterie: Nothing was said not to be the same.")
    return 0 if pairs else 1


async def _with_people(book: Book, pairs: Sequence[Pair]) -> AsyncIterator[tuple[Pair, Mapping[int, Contact]]]:
    """Pairs with their contacts, but for those of which one is gone by now."""
    ids = Checks.of({contact_id for pair in pairs for contact_id in pair[:2]})
    people = {contact.id: contact async for contact in book.contacts(ids) if contact.id and not contact.deleted_at}
    for pair in pairs:
        if pair.a in people and pair.b in people:
            yield pair, people


async def _objects(book: Book, batches: Iterable[Sequence[Pair]]) -> AsyncIterator[object]:
    for batch in batches:
        async for pair, people in _with_people(book, batch):
            yield _object(pair, people)


def _object(pair: Pair, people: Mapping[int, Contact]) -> dict[str, object]:
    return {
        **{
            side: {"id": contact.id, "name": contact.shown_name, "email": contact.email}
            for side, contact in (("a", people[pair.a]), ("b", people[pair.b]))
        },
        "score": pair.score,
        "certain": are_certain(people[pair.a], people[pair.b]),
        "reasons": [str(reason) for reason in pair.reasons],
    }


def _row(book: Book, pair: Pair, people: Mapping[int, Contact]) -> list[str]:
    sides = [(str(contact.id), book.called(contact), contact.email) for contact in (people[pair.a], people[pair.b])]
    return [*sides[0], *sides[1], ", ".join(pair.reasons)]
