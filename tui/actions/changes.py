"""Carrying out changes: with progress if it takes long, and with a sentence once the screen shows them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from coterie.core.changes import Outcome, Plan, Progress
from coterie.core.errors import Cancelled
from coterie.tui.actions.context import Context
from coterie.tui.widgets.modal import Answer

if TYPE_CHECKING:
    from coterie.tui.dialogs.form import Form


async def carry_out(here: Context, plan: Plan) -> Outcome | None:
    """Apply `plan` and tell the outcome; None if the user stopped it."""
    return await run_long(here, plan.title, lambda progress: here.book.apply(plan, progress))


async def carry_out_quietly(here: Context, plan: Plan) -> Outcome:
    """Apply `plan`, and leave it to the caller to tell the outcome. Raises Cancelled."""
    return await here.with_progress(plan.title, lambda progress: here.book.apply(plan, progress))


async def carry_out_from(here: Context, dialog: Form[Answer], plan: Callable[[Answer], Plan | None]) -> Answer | None:
    """Open a dialog, which stays until the plan of its answer is carried out; its answer, None without one."""
    outcomes: list[Outcome] = []

    async def save(answer: Answer) -> bool:
        if (meant := plan(answer)) is not None:
            outcomes.append(await carry_out_quietly(here, meant))
        return True

    dialog.save = save
    answer = await here.ask(dialog)
    await tell_shown(here, *outcomes)
    return answer


async def run_long(
    here: Context, title: str, work: Callable[[Progress], Awaitable[Outcome]], way_back: str = "undo"
) -> Outcome | None:
    """Do something that ends in an Outcome, with progress if it takes long; None if the user stopped it.

    The outcome is told once the screen shows it, with the key of the command `way_back`, which undoes it.
    """
    try:
        outcome = await here.with_progress(title, work)
    except Cancelled as stopped:
        here.say(str(stopped))
        return None
    await tell_shown(here, outcome, way_back=way_back)
    return outcome


async def tell_shown(here: Context, *outcomes: Outcome, way_back: str = "undo") -> None:
    """Tell the outcomes of changes once the screen shows them."""
    if outcomes:
        await here.shown()
    for outcome in outcomes:
        here.tell(outcome, way_back)
