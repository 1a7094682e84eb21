"""What can be done with a group as a whole: the same from the list of groups and from the sidebar."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from coterie.core.bulk import make_plan
from coterie.core.bulk.add_to_group import AddToGroupAction
from coterie.core.checks import Checks
from coterie.core.listing import Listing, View
from coterie.core.model import Group
from coterie.core.text import fold, number_of
from coterie.tui import plans
from coterie.tui.screens.grouping import free_name
from coterie.tui.screens.whole_book import BookCommands
from coterie.tui.widgets.modal import Origin

if TYPE_CHECKING:
    from coterie.tui.dialogs.export_contacts import Exportable

NO_ADDRESS: Final = "missing:email"
"""The search for members without an address."""


class GroupVerbs(BookCommands):
    """Creating, editing, merging, deleting and exporting groups, and adding people to one."""

    @property
    @abstractmethod
    def group_under_cursor(self) -> Group | None:
        """The group that is meant; None if the cursor is on something else."""

    @property
    def groups_meant(self) -> list[Group]:
        """The groups that are checked, else the one under the cursor."""
        return [group for group in (self.group_under_cursor,) if group]

    async def create_group(self) -> str | None:
        """Ask for a name and create an empty group; its name, if it was created."""
        from coterie.tui.dialogs.prompt import Prompt

        check = partial(free_name, await self.book.groups.all())
        prompt = Prompt("Create a group", "Name of the group", yes="Create group", check=check)
        prompt.origin = Origin("group_new", "creating a group")
        return await self.carry_out_from(prompt, plans.create_group)

    async def action_create_group(self) -> None:
        """Ask for a name and create an empty group."""
        await self.create_group()

    async def action_rename_group(self) -> None:
        """Ask for another name, color or note."""
        if group := self.group_under_cursor:
            await self.rename_group(group)

    async def rename_group(self, group: Group) -> None:
        """Ask for another name, color or note of a group."""
        from coterie.tui.dialogs.group_form import GroupForm

        check = partial(free_name, await self.book.groups.all(), but=group.id)
        form = GroupForm(group, check)
        form.origin = Origin("group_name", f"editing the group {group.name}", {"id": group.id})
        await self.carry_out_from(form, lambda name: plans.edit_group(group, name, form.color, form.note))

    async def action_delete_group(self) -> None:
        """Delete the groups; their members stay. It can be undone, so only groups with members ask."""
        from coterie.tui.dialogs.confirm import Confirm

        groups = self.groups_meant
        if not groups:
            return
        title, stay = _deleting(groups)
        yes = "Delete group" if len(groups) == 1 else "Delete groups"
        if any(group.size for group in groups) and not await self.app.push_screen_wait(Confirm(title, stay, yes=yes)):
            return
        await self.carry_out(plans.delete_groups(groups))

    async def action_merge_groups(self) -> None:
        """Ask which group stays; it gets the members of the others, which go."""
        from coterie.tui.dialogs.pick import Pick

        meant, groups = self.groups_meant, await self.book.groups.all()
        if len(meant) > 1:
            title, choices = f"Merge {number_of(len(meant), 'group')}: which one stays?", meant
        else:
            title = f"Merge {meant[0].name} into which group?" if meant else ""
            choices = [group for group in groups if group not in meant]
        if not meant or not choices:
            self.say("There is no other group to merge with.")
            return
        choices.sort(key=lambda group: -group.size)
        options = [(str(group.id), f"{group.name}  {group.size:,}") for group in choices]
        chosen = await self.app.push_screen_wait(Pick(title, options, yes="Merge"))
        into = next((group for group in choices if str(group.id) == chosen), None)
        if into:
            await self.carry_out(plans.merge_groups([group for group in meant if group.id != into.id], into))

    async def action_add_people(self) -> None:
        """Find contacts by typing and add them to the group, one after the other."""
        from coterie.tui.dialogs.add_people import AddPeople

        if (group := self.group_under_cursor) is None:
            return

        async def add(contact_id: int) -> bool:
            steps = [AddToGroupAction(group.name)]
            outcome = await self.carry_out_quietly(await make_plan(steps, Checks.of([contact_id]), self.book.contacts))
            return outcome.changed > 0

        await self.app.push_screen_wait(AddPeople(self.book, group.name, add))

    async def action_no_address(self) -> None:
        """Show the members who have no e-mail address."""
        if group := self.group_under_cursor:
            await self.open_group(group, NO_ADDRESS)

    @abstractmethod
    async def open_group(self, group: Group, query: str = "") -> None:
        """Show the members of a group that a search finds."""

    async def exportables(self) -> list[Exportable]:
        """The group under the cursor, then everything."""
        from coterie.tui.dialogs.export_contacts import Exportable

        choices = await super().exportables()
        if group := self.group_under_cursor:
            listing = Listing(View.GROUP, group.id)
            choices.insert(0, Exportable(f"the group {group.name}", listing, group.size, fold(group.name)))
        return choices


def _deleting(groups: Sequence[Group]) -> tuple[str, str]:
    """What to ask before groups with members are deleted, and what becomes of these."""
    if len(groups) > 1:
        return f"Delete {number_of(len(groups), 'group')}?", "All their members stay in your contacts."
    [group] = groups
    members = "Its only member stays" if group.size == 1 else f"Its {group.size:,} members stay"
    return f"Delete the group {group.name}?", f"{members} in your contacts."
