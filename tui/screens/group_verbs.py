"""What can be done with a group as a whole: the same from the list of groups and from the sidebar."""

from __future__ import annotations

from abc import abstractmethod
from functools import partial
from typing import TYPE_CHECKING

from coterie.core.change import Plan
from coterie.core.listing import Listing, View
from coterie.core.model import Group
from coterie.core.text import fold
from coterie.tui import plans
from coterie.tui.screens.grouping import free_name
from coterie.tui.screens.whole_book import BookCommands
from coterie.tui.widgets.modal import Origin

if TYPE_CHECKING:
    from coterie.tui.dialogs.export_contacts import Exportable


class GroupVerbs(BookCommands):
    """Creating, renaming, deleting and exporting groups."""

    @property
    @abstractmethod
    def group_under_cursor(self) -> Group | None:
        """The group that is meant; None if the cursor is on something else."""

    async def create_group(self) -> str | None:
        """Ask for a name and create an empty group; its name, if it was created."""
        from coterie.tui.dialogs.prompt import Prompt

        check = partial(free_name, await self.book.groups())
        prompt = Prompt("Create a group", "Name of the group", yes="Create group", check=check)
        prompt.origin = Origin("group_new", "creating a group")
        return await self.carry_out_from(prompt, plans.create_group)

    async def action_create_group(self) -> None:
        """Ask for a name and create an empty group."""
        await self.create_group()

    async def action_rename_group(self) -> None:
        """Ask for another name."""
        if group := self.group_under_cursor:
            await self.rename_group(group)

    async def rename_group(self, group: Group) -> None:
        """Ask for another name for a group."""
        from coterie.tui.dialogs.prompt import Prompt

        check = partial(free_name, await self.book.groups(), but=group.id)
        prompt = Prompt(f"Rename the group {group.name}", "New name", group.name, yes="Rename", check=check)
        prompt.origin = Origin("group_name", f"renaming the group {group.name}", {"id": group.id})

        def plan(name: str) -> Plan | None:
            return plans.rename_group(group, name) if name != group.name else None

        await self.carry_out_from(prompt, plan)

    async def action_delete_group(self) -> None:
        """Delete the group; its members stay. It can be undone, so only a group with members asks."""
        from coterie.tui.dialogs.confirm import Confirm

        group = self.group_under_cursor
        if group is None:
            return
        members = "Its only member stays" if group.size == 1 else f"Its {group.size:,} members stay"
        title, stay = f"Delete the group {group.name}?", f"{members} in your contacts."
        if group.size and not await self.app.push_screen_wait(Confirm(title, stay, yes="Delete group")):
            return
        await self.carry_out(plans.delete_group(group))

    async def exportables(self) -> list[Exportable]:
        """The group under the cursor, then everything."""
        from coterie.tui.dialogs.export_contacts import Exportable

        choices = await super().exportables()
        if group := self.group_under_cursor:
            listing = Listing(View.GROUP, group.id)
            choices.insert(0, Exportable(f"the group {group.name}", listing, group.size, fold(group.name)))
        return choices
