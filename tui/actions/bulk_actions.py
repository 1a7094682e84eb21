"""Commands of the bulk actions that have none of their own, made of what each declares, with one dialog for all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from coterie.core.bulk import ACTIONS, BulkAction
from coterie.tui.actions.bulk import carry_out_survey
from coterie.tui.actions.command import LIVE, Command, Section
from coterie.tui.actions.context import Context, Selecting
from coterie.tui.actions.reasons import needs_target
from coterie.tui.target import Target
from coterie.tui.widgets.modal import Origin


async def act_on(here: Context, target: Target, action: type[BulkAction]) -> None:
    """Ask for what the action needs to know, show what it would do to the target, and do it."""
    from coterie.tui.dialogs.bulk_action import ActionDialog

    groups = [group.name for group in await here.book.groups.all()]
    dialog = ActionDialog(here.state.files, here.book, target, action, groups)
    content = {"checks": f"{target.selection.bits:x}", "action": action.id}
    dialog.origin = Origin("action", f"“{action.label}” for {target.words}", content)
    if survey := await here.ask(dialog):
        await carry_out_survey(here, survey)


def commands_of(actions: Iterable[type[BulkAction]], prefix: str = "") -> list[Command]:
    """A command for each action that has none of its own; `prefix` keeps their ids apart from those of others."""
    return [_command(f"{prefix}{action.id.replace('-', '_')}", action) for action in actions if not action.command]


def _command(command_id: str, action: type[BulkAction]) -> Command:
    async def run(here: Selecting) -> None:
        if target := await here.target(command_id):
            await act_on(here, target, action)

    return Command(command_id, run, (), action.label, action.help, Section.SEVERAL, LIVE, needs_target, menu=True)


COMMANDS: Final[tuple[Command, ...]] = tuple(commands_of(ACTIONS.values()))
