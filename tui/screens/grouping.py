"""Groups and repeating: the same for a list and for one contact's details."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from coterie.core.bulk import BulkAction, Survey, again, make_plan
from coterie.core.bulk.add_to_group import AddToGroupAction
from coterie.core.bulk.create_group import CreateGroupAction
from coterie.core.bulk.remove_from_group import RemoveFromGroupAction
from coterie.core.changes import Outcome
from coterie.core.errors import InvalidValue
from coterie.core.model import Group
from coterie.core.text import group_key
from coterie.tui.screens.base import CommandScreen
from coterie.tui.screens.progress import with_progress
from coterie.tui.target import Target
from coterie.tui.widgets.modal import Answer, Origin

if TYPE_CHECKING:
    from coterie.tui.dialogs.form import Saving


class GroupingCommands(CommandScreen):
    """Into groups and out of them.

    Attributes:
        group: the group whose members are shown, where it is one.
    """

    group: Group | None = None

    @abstractmethod
    async def target(self, command_id: str) -> Target | None:
        """What a command changes: every one asks here first. None if the user changes nothing after all."""

    async def act(self, target: Target, *steps: BulkAction) -> Outcome | None:
        """Do these steps to the target, as one change, and keep them for `.`."""
        outcome = await self.carry_out(await make_plan(steps, target.selection, self.book.contacts))
        if outcome:
            self.state.last_steps = again(steps)
        return outcome

    async def agreed(self, title: str, survey: Survey) -> Survey | None:
        """Show what would change; the survey where the user wants it, also where nothing would, None where not."""
        from coterie.tui.dialogs.bulk_preview import BulkPreview

        await with_progress(self.app, title, survey.finish)
        if not survey.changed and not survey.refused:
            self.say("Nothing would change: all of them have these values already.")
            return survey
        return await self.app.push_screen_wait(BulkPreview(title, survey, self.state.files))

    async def act_from(
        self, dialog: Saving[Answer], target: Target, step: Callable[[Answer], BulkAction]
    ) -> Answer | None:
        """Open a dialog, which stays until what it answers is done to the target; its answer, None where that is none.

        An answer that is empty says something else than a value, and is left to the caller.
        """
        outcomes: list[Outcome] = []

        async def save(answer: Answer) -> bool:
            steps = [step(answer)] if answer else []
            if steps:
                plan = await make_plan(steps, target.selection, self.book.contacts)
                outcomes.append(await self.carry_out_quietly(plan))
                self.state.last_steps = again(steps)
            return True

        dialog.save = save
        answer = await self.app.push_screen_wait(dialog)
        for outcome in outcomes:
            await self.tell_shown(outcome)
        return answer

    async def action_repeat(self) -> None:
        """Make the last change again."""
        if not self.state.last_steps:
            self.say("There is no change to repeat yet.")
        elif target := await self.target("repeat"):
            await self.act(target, *self.state.last_steps)

    async def action_add_to_group(self) -> None:
        """Choose groups, known or new, and put the selection into them."""
        if target := await self.target("add_to_group"):
            await self.join_groups(target)

    async def join_groups(self, target: Target) -> None:
        """Choose groups, known or new, and put the target into them."""
        from coterie.tui.dialogs.group_picker import GroupPicker, Inside

        inside = Inside(len(target.selection), await self.book.groups.members(target.selection))
        title = f"Add {target.words} to a group"
        picker = GroupPicker(title, await self.book.groups.all(), allow_new=True, verb="Add to", inside=inside)
        picker.origin = _picking("group_join", f"adding {target.words} to a group", target)
        if names := await self.app.push_screen_wait(picker):
            await self.act(target, *map(AddToGroupAction, names))

    async def action_remove_from_group(self) -> None:
        """Choose groups and take the selection out of them; in a group's list, that one is offered first."""
        if target := await self.target("remove_from_group"):
            await self.leave_groups(target)

    async def leave_groups(self, target: Target) -> None:
        """Choose groups and take the target out of them."""
        from coterie.tui.dialogs.group_picker import GroupPicker, Inside

        members = await self.book.groups.members(target.selection)
        groups = [group for group in await self.book.groups.all() if group.id in members]
        if not groups:
            self.say(f"{target.words} {'is' if len(target.selection) == 1 else 'are'} in no group.")
            return
        if here := self.group:
            groups.sort(key=lambda group: group.id != here.id)
        title = f"Remove {target.words} from a group"
        inside = Inside(len(target.selection), members)
        picker = GroupPicker(title, groups, allow_new=False, verb="Remove from", inside=inside)
        picker.origin = _picking("group_leave", f"removing {target.words} from a group", target)
        if names := await self.app.push_screen_wait(picker):
            await self.act(target, *map(RemoveFromGroupAction, names))

    async def action_group_checked(self) -> None:
        """Ask for a name and make a group of the selection."""
        if target := await self.target("group_checked"):
            await self.group_from(target)

    async def group_from(self, target: Target) -> None:
        """Ask for a name and make a group of the target."""
        from coterie.tui.dialogs.prompt import Prompt

        groups = await self.book.groups.all()
        title = f"Create a group from {target.words}"
        prompt = Prompt(title, "Name of the new group", yes="Create group", check=partial(free_name, groups))
        prompt.origin = _picking("group_from", f"creating a group from {target.words}", target)
        await self.act_from(prompt, target, CreateGroupAction)


def _picking(kind: str, words: str, target: Target) -> Origin:
    return Origin(kind, words, {"checks": f"{target.selection.bits:x}"})


def free_name(groups: Sequence[Group], name: str, but: int | None = None) -> None:
    """Raises InvalidValue where a group has this name already (but the one whose id is `but`)."""
    for group in groups:
        if group_key(group.name) == group_key(name) and group.id != but:
            raise InvalidValue("groups", f"There is already a group {group.name}.", "Choose another name.")
