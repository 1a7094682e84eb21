"""Groups: `coterie groups`, and making, renaming and deleting them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from coterie.core.change import Plan
from coterie.tui import plans
from coterie.tui.commandline import output
from coterie.tui.commandline.filters import Json, find_group
from coterie.tui.commandline.session import Session

if TYPE_CHECKING:
    from coterie.core.book import Book

Name = Annotated[str, typer.Argument(metavar="NAME", help="The name of the group.")]


def register(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    family = typer.Typer(help="List groups with their sizes, make, rename and delete them.", rich_markup_mode=None)
    family.callback(invoke_without_command=True)(list_groups)
    family.command("create")(create)
    family.command("rename")(rename)
    family.command("delete")(delete)
    app.add_typer(family, name="groups")


def list_groups(context: typer.Context, json: Json = False) -> int:
    """List groups with their sizes; create, rename and delete them."""
    if context.invoked_subcommand:
        return 0

    async def work(book: Book) -> int:
        groups = await book.groups()
        if json:
            output.write_json([{"id": group.id, "name": group.name, "size": group.size} for group in groups])
        else:
            output.Table(("Group", "Contacts")).write((group.name, str(group.size)) for group in groups)
        return 0

    return Session.of(context).run(work)


def create(context: typer.Context, name: Name) -> int:
    """Create an empty group."""

    async def work(book: Book) -> int:
        return await _apply(book, plans.create_group(name))

    return Session.of(context).run(work)


def rename(
    context: typer.Context,
    old: Annotated[str, typer.Argument(metavar="OLD", help="The present name.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The new name.")],
) -> int:
    """Give a group another name."""

    async def work(book: Book) -> int:
        return await _apply(book, plans.rename_group(await find_group(book, old), new))

    return Session.of(context).run(work)


def delete(context: typer.Context, name: Name) -> int:
    """Delete a group. Its members stay."""

    async def work(book: Book) -> int:
        return await _apply(book, plans.delete_group(await find_group(book, name)))

    return Session.of(context).run(work)


async def _apply(book: Book, plan: Plan) -> int:
    output.say((await book.apply(plan)).summary)
    return 0
