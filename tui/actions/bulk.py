"""Bulk actions on what is checked: carried out as one change, shown before if the user has to agree, repeated."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from coterie.core.bulk import BulkAction, Survey, again, make_plan
from coterie.core.bulk.favorite import Star, Unstar
from coterie.core.changes import Outcome
from coterie.core.checks import Checks
from coterie.core.errors import Cancelled
from coterie.core.listing import Listing, Row, View
from coterie.tui.actions.changes import carry_out, carry_out_quietly, tell_shown
from coterie.tui.actions.command import LIVE, Command, Place, Section, rank
from coterie.tui.actions.context import Context, Selecting
from coterie.tui.actions.reasons import needs_target
from coterie.tui.target import Target
from coterie.tui.widgets.modal import Answer

if TYPE_CHECKING:
    from coterie.tui.dialogs.form import Form


async def act(here: Context, target: Target, *steps: BulkAction) -> Outcome | None:
    """Do these steps to the target, as one change, and keep them for `.`."""
    outcome = await carry_out(here, await make_plan(steps, target.selection, here.book.contacts))
    if outcome:
        here.state.last_steps = again(steps)
    return outcome


async def act_from(
    here: Context, dialog: Form[Answer], target: Target, step: Callable[[Answer], BulkAction]
) -> Answer | None:
    """Open a dialog, which stays until what it answers is done to the target; its answer, None without one.

    An answer that is empty says something else than a value, and is left to the caller.
    """
    outcomes: list[Outcome] = []

    async def save(answer: Answer) -> bool:
        steps = [step(answer)] if answer else []
        if steps:
            plan = await make_plan(steps, target.selection, here.book.contacts)
            outcomes.append(await carry_out_quietly(here, plan))
            here.state.last_steps = again(steps)
        return True

    dialog.save = save
    answer = await here.ask(dialog)
    await tell_shown(here, *outcomes)
    return answer


async def agreed(here: Context, title: str, survey: Survey) -> Survey | None:
    """Show what would change; the survey if the user wants it, also if nothing would, None if not."""
    from coterie.tui.dialogs.bulk_preview import BulkPreview

    await here.with_progress(title, survey.finish)
    if not survey.changed and not survey.refused:
        here.say("Nothing would change: all of them have these values already.")
        return survey
    return await here.ask(BulkPreview(title, survey, here.state.files))


async def carry_out_survey(here: Context, survey: Survey) -> bool:
    """Do what was agreed to, also to contacts that were not looked at yet, and keep it for `.`; whether it is done."""
    try:
        await here.with_progress("Looking at the contacts", survey.finish)
    except Cancelled as stopped:
        here.say(str(stopped))
        return False
    done = await carry_out(here, survey.plan()) is not None
    if done:
        here.state.last_steps = again(survey.steps)
    return done


async def repeat(here: Selecting) -> None:
    """Make the last change again."""
    if not here.state.last_steps:
        here.say("There is no change to repeat yet.")
    elif target := await here.target("repeat"):
        await act(here, target, *here.state.last_steps)


async def favorite(here: Selecting) -> None:
    """Put a star on all, or take it off if all have one."""
    if target := await here.target("favorite"):
        starless = await here.book.lists.hidden(target.selection, Listing(View.FAVORITES))
        await act(here, target, Star() if starless else Unstar())


async def turn_star(here: Context, row: Row) -> None:
    """Give a contact a star, or take it away: its star was clicked."""
    step = Unstar() if row.favorite else Star()
    await carry_out(here, await make_plan([step], Checks.of([row.id]), here.book.contacts))


COMMANDS: Final[tuple[Command, ...]] = (
    Command("repeat", repeat, (".",), "Repeat the last change",
            "Repeat the last change, on what is checked or on the contact under the cursor.", Section.CONTACT, LIVE,
            needs_target),
    Command("favorite", favorite, ("f",), "Favorite", "Add a star to what is checked, or remove it.", Section.SEVERAL,
            LIVE | {Place.DETAILS}, needs_target, footer={**rank(7), Place.DETAILS: 3}, short="star", bar=3, menu=True),
)  # fmt: skip
