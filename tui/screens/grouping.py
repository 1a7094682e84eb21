"""Groups and repeating: the same for a list and for one contact's details."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from functools import partial

from core.change import Outcome, Plan, Selection
from core.checks import Checks
from core.model import Group
from tui import plans
from tui.screens.base import CommandScreen
from tui.state import LastChange


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

    async def change(self, label: str, plan: Callable[[Selection, str], Plan]) -> Outcome | None:
        """Carry out a plan for what is selected, and keep it for `.`."""

        async def again(selection: Selection) -> Plan:
            return plan(selection, "")

        outcome = await self.carry_out(plan(self.selected, self.selected_name))
        if outcome:
            self.state.last_change = LastChange(label, again)
        return outcome

    async def action_add_to_group(self) -> None:
        """Choose groups, known or new, and put the selection into them."""
        from tui.dialogs.group_picker import GroupPicker

        title = f"Add {self.selected_words} to a group"
        groups = await self.book.groups()
        names = await self.app.push_screen_wait(GroupPicker(title, groups, allow_new=True, verb="Add to"))
        for group in names or ():
            await self.change(f"add to {group}", partial(_in_group, plans.add_to_group, group))

    async def action_remove_from_group(self) -> None:
        """Choose groups and take the selection out of them; in a group's list, that one is offered first."""
        from tui.dialogs.group_picker import GroupPicker

        title = f"Remove {self.selected_words} from a group"
        groups = await self.book.groups()
        if here := self.group:
            groups.sort(key=lambda group: group.id != here.id)
        names = await self.app.push_screen_wait(GroupPicker(title, groups, allow_new=False, verb="Remove from"))
        for group in names or ():
            await self.change(f"remove from {group}", partial(_in_group, plans.remove_from_group, group))

    async def action_group_checked(self) -> None:
        """Ask for a name and make a group of the selection."""
        from tui.dialogs.prompt import Prompt

        known = [group.name for group in await self.book.groups()]
        title = f"Create a group from {self.selected_words}"
        prompt = Prompt(title, "Name of the group", completions=known, yes="Create group")
        if name := await self.app.push_screen_wait(prompt):
            await self.change(f"add to {name}", partial(_in_group, plans.add_to_group, name))


def _in_group(make: Callable[[Selection, str, str], Plan], group: str, selection: Selection, name: str) -> Plan:
    return make(selection, group, name)
