"""Groups: `coterie groups`, and making, renaming, describing, merging and deleting them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from coterie.core.changes import Plan
from coterie.core.errors import InvalidInput
from coterie.core.jsonform import moment_text
from coterie.core.model import GROUP_COLORS
from coterie.core.text import group_key
from coterie.tui import plans
from coterie.tui.commandline import output
from coterie.tui.commandline.filters import Json, find_group
from coterie.tui.commandline.session import Session

if TYPE_CHECKING:
    from coterie.core.book import Book
    from coterie.core.model import Group

Name = Annotated[str, typer.Argument(metavar="NAME", help="The name of the group.")]
Names = Annotated[list[str], typer.Argument(metavar="NAME...", help="The names of the groups.")]
_COLORS = ", ".join(GROUP_COLORS)
Color = Annotated[
    str | None,
    typer.Option("--color", metavar="COLOR", help=f"One of {_COLORS}; auto: by its name.", show_default=False),
]
Note = Annotated[
    str | None, typer.Option("--note", metavar="TEXT", help='What the group is for; "" removes it.', show_default=False)
]


def register(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    about = "List groups with their sizes; create, rename, merge or delete them, give them a color and a note."
    family = typer.Typer(help=about, rich_markup_mode=None)
    family.callback(invoke_without_command=True)(list_groups)
    for command in (create, rename, edit, merge, delete):
        family.command(command.__name__)(command)
    app.add_typer(family, name="groups")


def list_groups(context: typer.Context, json: Json = False) -> int:
    """List groups with their sizes; create, rename, merge or delete them, give them a color and a note."""
    if context.invoked_subcommand:
        return 0

    async def work(book: Book) -> int:
        groups = await book.groups.all()
        if json:
            missing = await book.groups.addressless()
            output.write_json([_shown(group, missing.get(group.id, 0)) for group in groups])
        else:
            output.Table(("Group", "Contacts")).write((group.name, str(group.size)) for group in groups)
        if not groups:
            output.note("coterie: There are no groups yet.")
        return 0

    return Session.of(context).run(work)


def _shown(group: Group, missing: int) -> dict[str, object]:
    return {
        "id": group.id, "name": group.name, "size": group.size, "without_address": missing,
        "color": group.color or None, "note": group.note,
        "changed_at": moment_text(group.changed_at), "change": group.change,
    }  # fmt: skip


def create(context: typer.Context, name: Name, color: Color = None, note: Note = None) -> int:
    """Create an empty group."""

    async def work(book: Book) -> int:
        return await _apply(book, plans.create_group(name, _color(color) or "", note or ""))

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


def edit(context: typer.Context, name: Name, color: Color = None, note: Note = None) -> int:
    """Give a group a color or a note."""

    async def work(book: Book) -> int:
        if color is None and note is None:
            raise InvalidInput("Say what to change.", "Give --color or --note.")
        return await _apply(book, plans.describe_group(await find_group(book, name), _color(color), note))

    return Session.of(context).run(work)


def merge(
    context: typer.Context,
    names: Names,
    into: Annotated[str, typer.Option("--into", metavar="NAME", help="The group that stays, with all members.")],
) -> int:
    """Merge groups: their members join the one that stays, and the others are deleted."""

    async def work(book: Book) -> int:
        stays = await find_group(book, into)
        return await _apply(book, plans.merge_groups(await _named(book, names, but=stays), stays))

    return Session.of(context).run(work)


def delete(context: typer.Context, names: Names) -> int:
    """Delete groups. Their members stay."""

    async def work(book: Book) -> int:
        return await _apply(book, plans.delete_groups(await _named(book, names)))

    return Session.of(context).run(work)


async def _named(book: Book, names: list[str], but: Group | None = None) -> list[Group]:
    """The groups of these names, each once. Raises NotFound, and InvalidInput if none is left besides `but`."""
    named = {group_key(name): await find_group(book, name) for name in names}
    groups = [group for group in named.values() if but is None or group.id != but.id]
    if not groups:
        raise InvalidInput("A group cannot be merged with itself.", "Name another one.")
    return groups


def _color(text: str | None) -> str | None:
    """A color as it is stored: auto is none of one's own."""
    wanted = text.strip().casefold() if text is not None else None
    return "" if wanted == "auto" else wanted


async def _apply(book: Book, plan: Plan) -> int:
    output.say((await book.apply(plan)).summary)
    return 0
