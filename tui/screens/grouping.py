"""Groups and repeating: the same for a list and for one contact's details."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from functools import partial

from core.bulk import BulkAction, again, make_plan
from core.bulk.add_to_group import JoinGroup
from core.bulk.create_group import FoundGroup
from core.bulk.remove_from_group import LeaveGroup
from core.change import Outcome
from core.checks import Checks
from core.errors import InvalidValue
from core.model import Group
from core.text import group_key
from tui import plans
from tui.screens.base import CommandScreen


class GroupingCommands(CommandScreen):
    """Into groups and out of them.

    Attributes:
        group: the group whose members are shown, where it is one.
    """

    group: Group | None = None

    @property
    @abstractmethod
    def selected(self) -> Checks:
        """What a command acts on."""

    @property
    @abstractmethod
    def selected_name(self) -> str:
        """The name of what a command acts on, where it is one contact."""

    @property
    def selected_words(self) -> str:
        """What a command acts on, in words."""
        return plans.words_for(self.selected, self.selected_name)

    async def act(self, *steps: BulkAction) -> Outcome | None:
        """Do these steps to what is selected, as one change, and keep them for `.`."""
        outcome = await self.carry_out(await make_plan(steps, self.selected, self.book.contacts))
        if outcome:
            self.state.last_steps = again(steps)
        return outcome

    async def action_repeat(self) -> None:
        """Make the last change again."""
        if self.state.last_steps:
            await self.act(*self.state.last_steps)
        else:
            self.say("There is no change yet that could be made again.")

    async def action_add_to_group(self) -> None:
        """Choose groups, known or new, and put the selection into them."""
        from tui.dialogs.group_picker import GroupPicker

        title = f"Add {self.selected_words} to a group"
        groups = await self.book.groups()
        names = await self.app.push_screen_wait(GroupPicker(title, groups, allow_new=True, verb="Add to"))
        if names:
            await self.act(*map(JoinGroup, names))

    async def action_remove_from_group(self) -> None:
        """Choose groups and take the selection out of them; in a group's list, that one is offered first."""
        from tui.dialogs.group_picker import GroupPicker

        title = f"Remove {self.selected_words} from a group"
        groups = await self.book.groups()
        if here := self.group:
            groups.sort(key=lambda group: group.id != here.id)
        names = await self.app.push_screen_wait(GroupPicker(title, groups, allow_new=False, verb="Remove from"))
        if names:
            await self.act(*map(LeaveGroup, names))

    async def action_group_checked(self) -> None:
        """Ask for a name and make a group of the selection."""
        from tui.dialogs.prompt import Prompt

        groups = await self.book.groups()
        title = f"Create a group from {self.selected_words}"
        prompt = Prompt(title, "Name of the new group", yes="Create group", check=partial(free_name, groups))
        if name := await self.app.push_screen_wait(prompt):
            await self.act(FoundGroup(name))


def free_name(groups: Sequence[Group], name: str, but: int | None = None) -> None:
    """Raises InvalidValue where a group has this name already (but the one whose id is `but`)."""
    for group in groups:
        if group_key(group.name) == group_key(name) and group.id != but:
            raise InvalidValue("groups", f"There is already a group {group.name}.", "Choose another name.")
