"""coterie cleanup: what could be cleaned, counted; and doing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from coterie.core.bulk import Kind as Lines
from coterie.core.bulk import Survey
from coterie.core.checks import Checks
from coterie.core.errors import InvalidInput
from coterie.core.text import number_of
from coterie.tui.commandline import output
from coterie.tui.commandline.changes import as_change, write_changes
from coterie.tui.commandline.filters import DryRun, Json, Yes, whole_number
from coterie.tui.commandline.session import Session

if TYPE_CHECKING:
    from coterie.core.book import Book
    from coterie.core.cleanup import Kind
    from coterie.core.fields.differences import Difference

_SHOWN: Final = 20
"""Changes that are shown before the user is asked."""

KindName = Annotated[str, typer.Argument(metavar="KIND", help="What to clean up: a name that coterie cleanup shows.")]


def register(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    family = typer.Typer(rich_markup_mode=None)
    family.callback(invoke_without_command=True)(cleanup)
    family.command("apply")(apply)
    family.command("dismiss")(dismiss)
    app.add_typer(family, name="cleanup")


def cleanup(context: typer.Context, json: Json = False) -> int:
    """List what could be cleaned up in the book, with how many contacts each proposal is about."""
    if context.invoked_subcommand:
        return 0

    async def work(book: Book) -> int:
        with output.progress("Looked at") as progress:
            counts = await book.cleanup.look(progress)
        if json:
            output.write_json([{"kind": row.kind.id, "title": row.kind.title, "count": row.count} for row in counts])
        else:
            lines = output.Table(("Kind", "Contacts", "What"))
            lines.write([(row.kind.id, f"{row.count:,}", row.kind.title) for row in counts if row.count])
        if any(row.count for row in counts):
            return 0
        output.note("coterie: There is nothing to clean up.")
        return 1

    return Session.of(context).run(work)


def apply(context: typer.Context, kind: KindName, dry_run: DryRun = False, yes: Yes = False, json: Json = False) -> int:
    """Carry out what is proposed. Shows what would change, and asks first; it is one step of undo."""
    from coterie.core.cleanup import Leads, find_kind
    from coterie.core.cleanup.step import plan_of

    wanted = find_kind(kind)
    if json and not (dry_run or yes):
        raise InvalidInput("With --json nobody is asked.", "Add --dry-run or --yes.")
    if wanted.leads is Leads.PAIRS:
        raise InvalidInput(
            "Duplicates are merged pair by pair, or all that are certain.", "Use coterie duplicates merge --certain."
        )

    async def work(book: Book) -> int:
        survey = await _survey(book, wanted)
        if json:
            line = as_change if wanted.leads is not Leads.DELETE else _deletion
            return await write_changes(book, survey, apply=not dry_run, plan=lambda: plan_of(book, survey), line=line)
        await _show(survey)
        if dry_run or not survey.changed:
            would = f"{number_of(survey.changed)} would change. " if survey.changed else ""
            output.say(f"{would}Nothing was changed.")
            return 0 if survey.changed else 1
        if not output.confirm(f"Change {number_of(survey.changed)}?", yes=yes):
            output.note("coterie: Nothing was changed.")
            return 1
        return await _carry_out(book, survey)

    return Session.of(context).run(work)


def _deletion(difference: Difference) -> dict[str, object]:
    return {"id": difference.contact_id, "field": "deleted_by", "old": None, "new": "you"}


async def _survey(book: Book, kind: Kind) -> Survey:
    from coterie.core.cleanup.step import CleanUp

    with output.progress("Looked at") as progress:
        await book.cleanup.look(progress)
        ids = Checks.of(book.cleanup.ids(kind))
        survey = await Survey.of(book, [CleanUp(kind, book.cleanup.usual)], ids)
        await survey.finish(progress)
    return survey


async def _carry_out(book: Book, survey: Survey) -> int:
    from coterie.core.cleanup.step import plan_of

    with output.progress("Changed") as progress:
        outcome = await book.apply(await plan_of(book, survey), progress)
    output.say(outcome.summary)
    for skip in outcome.skipped:
        output.note(f"coterie: {skip.subject}: {skip.reason}")
    return 1 if outcome.skipped else 0


async def _show(survey: Survey) -> None:
    for difference in await survey.lines(range(min(_SHOWN, survey.count()))):
        old, new = (text.replace("\n", " / ") or "(nothing)" for text in (difference.old, difference.new))
        output.say(f"{difference.contact}  {difference.field}: {old} → {new}")
    if survey.count() > _SHOWN:
        output.say("…")
    refused = survey.count(Lines.REFUSED)
    for difference in await survey.lines(range(min(_SHOWN, refused)), Lines.REFUSED):
        output.say(f"{difference.contact} ({difference.contact_id}): {difference.reason}")
    if refused > _SHOWN:
        output.say(f"… and {refused - _SHOWN:,} more to look at.")


def dismiss(
    context: typer.Context,
    kind: KindName,
    ids: Annotated[
        list[int] | None,
        typer.Argument(
            parser=whole_number("{} is not the id of a contact.", "coterie list shows the ids."),
            metavar="ID...",
            help="About which contacts; without ids, about all.",
            show_default=False,
        ),
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Propose it again.")] = False,
) -> int:
    """Do not propose something again, about some contacts or about all of them."""
    from coterie.core.cleanup import Leads, find_kind

    wanted = find_kind(kind)
    if wanted.leads is Leads.PAIRS:
        raise InvalidInput("Pairs are dismissed one by one.", "Use coterie duplicates not-same.")

    async def work(book: Book) -> int:
        with output.progress("Looked at") as progress:
            await book.cleanup.look(progress)
        if undo:
            count = await book.cleanup.restore(wanted, ids or None)
            output.say(f"{number_of(count, 'proposal')} is made again." if count == 1 else
                       f"{number_of(count, 'proposal')} are made again.")  # fmt: skip
            return 0
        proposed = book.cleanup.ids(wanted)
        chosen = [contact_id for contact_id in proposed if not ids or contact_id in ids]
        await book.cleanup.dismiss(wanted, chosen)
        output.say(f"Dismissed {number_of(len(chosen), 'proposal')}.")
        return 0 if chosen else 1

    return Session.of(context).run(work)
