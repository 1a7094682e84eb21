"""coterie edit: bulk edits by options, and by $EDITOR."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from coterie.core.bulk import ACTIONS, BulkAction, Kind, Survey, all_actions, make_plan, survey_of
from coterie.core.bulk.as_text import AsEdited, InvalidText, editable, from_text, to_text
from coterie.core.changes import Edit, Plan, Skip
from coterie.core.checks import Checks
from coterie.core.errors import CoterieError, InvalidInput
from coterie.core.fields import FIELDS, find_field
from coterie.core.fields.differences import Difference
from coterie.core.jsonform import as_json
from coterie.core.model import Contact
from coterie.core.settings import Settings
from coterie.core.text import number_of
from coterie.tui.commandline import action_options, output
from coterie.tui.commandline.changes import write_changes
from coterie.tui.commandline.filters import DryRun, Json, SomeQuery, Yes, required
from coterie.tui.commandline.recipes import find_recipe
from coterie.tui.commandline.session import Session
from coterie.tui.drafts import Drafts, Held, beside
from coterie.tui.editor import EditedText

if TYPE_CHECKING:
    from coterie.core.book import Book

_SHOWN = 20  # differences that are shown before the user is asked
_IN_EDITOR = 10_000  # contacts that an editor is given at most


def register(app: typer.Typer) -> None:
    """Add this command to `app`, with the options of Coterie's own actions."""
    app.command("edit")(action_options.added(edit, ACTIONS.values()))


def with_plugins() -> Any:
    """The command as typer runs it, with the options of all actions: other packages are looked for."""
    app = typer.Typer(rich_markup_mode=None, add_completion=False)
    app.command("edit")(action_options.added(edit, all_actions().values()))
    return typer.main.get_command(app)


def edit(
    context: typer.Context,
    query: SomeQuery = None,
    recipe: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME|FILE", help="Do the transforms of a recipe: a saved one, or a file."),
    ] = None,
    editor: Annotated[bool, typer.Option("--editor", help="Open them as text in $EDITOR.")] = False,
    columns: Annotated[
        str,
        typer.Option(
            metavar="FIELDS", help="With --editor: only these fields, such as name,phone,notes.", show_default=False
        ),
    ] = "",
    dry_run: DryRun = False,
    yes: Yes = False,
    json: Json = False,
    **given: Any,
) -> int:
    """Edit all contacts that match. Shows what would change, and asks first. Options can be given several times.

    What several options say is done in their order here, as one change. With --json each value before and after is
    written, in the form of the documentation; without --yes nothing is asked and nothing is changed then.
    """
    session = Session.of(context)
    filters = required(query)
    actions = all_actions().values()
    steps: list[BulkAction] = [
        *action_options.steps(given, actions, changing=True),
        *(step for name in recipe or () for step in find_recipe(session.settings, name).steps),
        *action_options.steps(given, actions, changing=False),
    ]
    if bool(steps) == editor:
        what = "Say what to change, or use --editor; not both." if editor else "Say what to change, or use --editor."
        raise InvalidInput(what, "For example: --set company=Acme.")
    if columns and not editor:
        raise InvalidInput("--columns says what --editor opens.", "Add --editor.")
    keys = _keys(columns)

    async def work(book: Book) -> int:
        selection = await book.lists.ids(await filters.listing(book))
        if not selection:
            output.note(f"coterie: {filters.nothing}")
            if json:
                output.write_json({"changes": [], "unchanged": 0, "refused": []})
            return 1
        if editor:
            drafts = session.drafts
            return await _by_editor(book, session.settings, drafts, selection, keys, dry_run=dry_run, yes=yes)
        if json:
            return await write_changes(book, await Survey.of(book, steps, selection), apply=yes and not dry_run)
        return await _by_steps(book, steps, selection, dry_run=dry_run, yes=yes)

    return session.run(work)


async def _by_steps(book: Book, steps: Sequence[BulkAction], selection: Checks, *, dry_run: bool, yes: bool) -> int:
    if yes and not dry_run:
        return await _apply(book, await make_plan(steps, selection, book.contacts))
    return await _by_survey(book, await Survey.of(book, steps, selection), dry_run=dry_run, yes=yes)


async def _by_survey(book: Book, survey: Survey, *, dry_run: bool, yes: bool) -> int:
    """Show what would change, ask, and do it."""
    with output.progress("Looked at") as progress:
        await survey.finish(progress)
    await _show(survey, dry_run=dry_run)
    if dry_run or not survey.changed:
        return 1 if survey.refused else 0
    if not output.confirm(f"Change {number_of(survey.changed)}?", yes=yes):
        output.note("coterie: Nothing was changed.")
        return 1
    return await _apply(book, survey.plan())


async def _show(survey: Survey, *, dry_run: bool) -> None:
    """Show what would change."""
    for difference in await survey.lines(range(min(_SHOWN, survey.count()))):
        output.say(_line(difference))
    if survey.count() > _SHOWN:
        output.say("…")
    for start in range(0, survey.count(Kind.REFUSED), _SHOWN):
        places = range(start, min(start + _SHOWN, survey.count(Kind.REFUSED)))
        for difference in await survey.lines(places, Kind.REFUSED):
            output.note(f"coterie: {difference.contact}: {difference.reason}")
    if not survey.changed:
        output.say("Nothing would change.")
    elif dry_run:
        output.say(f"{number_of(survey.changed)} would change. Nothing was changed.")


def _line(difference: Difference) -> str:
    old, new = (text.replace("\n", " / ") or "(nothing)" for text in (difference.old, difference.new))
    return f"{difference.contact}  {difference.field}: {old} → {new}"


async def _apply(book: Book, plan: Plan) -> int:
    with output.progress("Changed") as progress:
        outcome = await book.apply(plan, progress)
    output.say(outcome.summary)
    _tell(outcome.skipped)
    return 1 if outcome.skipped else 0


def _tell(skipped: Iterable[Skip]) -> None:
    for skip in skipped:
        output.note(f"coterie: {skip.subject}: {skip.reason}")


# $EDITOR ------------------------------------------------------------------------------------------------------------


def _keys(columns: str) -> tuple[str, ...] | None:
    """The fields that --columns names; None without it. Raises InvalidInput."""
    if not columns:
        return None
    wanted = [find_field(name).key for name in columns.split(",")]
    if keys := set(wanted) - set(editable(wanted)):
        raise InvalidInput(f"{FIELDS[min(keys)].label} cannot be changed.", "Leave it out of --columns.")
    return tuple(wanted)


async def _by_editor(
    book: Book,
    settings: Settings,
    drafts: Drafts,
    selection: Checks,
    keys: Sequence[str] | None,
    *,
    dry_run: bool,
    yes: bool,
) -> int:
    if settings.restricted:
        raise InvalidInput("This account is restricted: it has no editor.", "Use --set and the other options.")
    if len(selection) > _IN_EDITOR:
        raise InvalidInput(
            f"{number_of(len(selection))} are too many for an editor.", "Use --set and the other options."
        )
    contacts = {contact.id: contact async for contact in book.contacts(selection)}
    with _kept(drafts, contacts, keys) as folder, EditedText(to_text(contacts.values(), keys), folder) as text:
        plan = await _edited(text, contacts, keys)
    edits = [change for change in plan.changes if isinstance(change, Edit)]
    survey = survey_of([AsEdited(edits)], [contacts[edit.contact_id] for edit in edits], book.called)
    return await _by_survey(book, survey, dry_run=dry_run, yes=yes)


@contextmanager
def _kept(drafts: Drafts, contacts: Mapping[int | None, Contact], keys: Sequence[str] | None) -> Iterator[Path | None]:
    """A folder for the text that outlives this program if it is killed: the screen then offers to go on with it."""
    path = drafts.new()
    if path is None:
        yield None
        return
    words = f"editing {number_of(len(contacts))} as text"
    drafts.keep(
        path, Held("text", words, {"contacts": [as_json(contact) for contact in contacts.values()], "keys": keys})
    )
    try:
        yield beside(path)
    except BaseException as error:
        drafts.close(keep=not isinstance(error, CoterieError))
        raise
    drafts.close(keep=False)


async def _edited(text: EditedText, contacts: Mapping[int | None, Contact], keys: Sequence[str] | None) -> Plan:
    """What the user's editor changes, opened until it can be read or the user gives up. Raises InvalidInput."""
    line = 1
    while True:
        after = await text.open(line)
        try:
            return from_text(after, contacts.values(), keys)
        except InvalidText as problem:
            line = problem.problems[0][0]
            for line, reason in problem.problems:
                output.note(f"coterie: Line {line}: {reason}")
            if not output.can_ask() or not output.confirm("Open it again?", yes=False):
                raise InvalidInput("Nothing was changed.", "The text could not be understood.") from problem
