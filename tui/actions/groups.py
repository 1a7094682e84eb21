"""Groups as a whole: from the list of groups, from the sidebar, and from what is checked."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final, Protocol, runtime_checkable

from coterie.core.bulk import make_plan
from coterie.core.bulk.add_to_group import AddToGroupAction
from coterie.core.bulk.create_group import CreateGroupAction
from coterie.core.checks import Checks
from coterie.core.errors import InvalidValue
from coterie.core.model import Group
from coterie.core.text import group_key, number_of
from coterie.tui import plans
from coterie.tui.actions.bulk import act_from
from coterie.tui.actions.changes import carry_out, carry_out_from, carry_out_quietly
from coterie.tui.actions.command import IN_SIDEBAR, LIVE, ON_GROUPS, Command, Place, Section, rank
from coterie.tui.actions.context import Context, Listed, Selecting
from coterie.tui.actions.grouping import origin_of
from coterie.tui.actions.reasons import needs_group, needs_open_group, needs_row, needs_target
from coterie.tui.actions.views import show_view
from coterie.tui.target import Target
from coterie.tui.widgets.modal import Origin

NO_ADDRESS: Final = "missing:email"
"""The search for members without an address."""
_LISTED: Final = frozenset({Place.GROUPS})
_MEMBERS: Final = frozenset({Place.MEMBERS})


class OnGroups(Listed, Protocol):
    """A list on which groups are meant: in its rows or in its sidebar."""

    @property
    def groups_meant(self) -> list[Group]:
        """The groups that are checked, else the one under the cursor."""

    async def go_to_group(self, name: str) -> None:
        """Put the cursor on a group, if this list shows groups."""


@runtime_checkable
class GroupRows(Protocol):
    """The list of groups."""

    def check_group(self) -> None:
        """Check or uncheck the group under the cursor and move down."""

    async def show_members(self, group: Group, query: str) -> None:
        """Show the members of a group that a search finds."""


async def new_group(here: Context) -> str | None:
    """Ask for a name and create an empty group; its name, if it was created."""
    from coterie.tui.dialogs.prompt import Prompt

    check = partial(_free, await here.book.groups.all())
    prompt = Prompt("Create a group", "Name of the group", yes="Create group", check=check)
    prompt.origin = Origin("group_new", "creating a group")
    return await carry_out_from(here, prompt, plans.create_group)


async def create_group(here: OnGroups) -> None:
    """Ask for a name and create an empty group, which gets the cursor in the list of groups."""
    if name := await new_group(here):
        await here.go_to_group(name)


async def open_listed_group(here: OnGroups) -> None:
    """Show the members of the group under the cursor."""
    if group := here.group_under_cursor:
        await open_group(here, group)


def filter_groups(here: OnGroups) -> None:
    """Show the groups of the sidebar whose names have what is typed."""
    here.sidebar.filter()


def check_group(here: GroupRows) -> None:
    """Check or uncheck the group and move down."""
    here.check_group()


async def rename_group(here: OnGroups) -> None:
    """Ask for another name, color or note."""
    if group := here.group_under_cursor:
        await edit_group(here, group)


async def edit_group(here: Context, group: Group) -> None:
    """Ask for another name, color or note of a group."""
    from coterie.tui.dialogs.group_form import GroupForm

    check = partial(_free, await here.book.groups.all(), but=group.id)
    form = GroupForm(group, check)
    form.origin = Origin("group_name", f"editing the group {group.name}", {"id": group.id})
    await carry_out_from(here, form, lambda name: plans.edit_group(group, name, form.color, form.note))


async def delete_group(here: OnGroups) -> None:
    """Delete the groups; their members stay. It can be undone, so only groups with members ask."""
    from coterie.tui.dialogs.confirm import Confirm

    groups = here.groups_meant
    if not groups:
        return
    title, stay = _deleting(groups)
    yes = "Delete group" if len(groups) == 1 else "Delete groups"
    if any(group.size for group in groups) and not await here.ask(Confirm(title, stay, yes=yes)):
        return
    await carry_out(here, plans.delete_groups(groups))


async def merge_groups(here: OnGroups) -> None:
    """Ask which group stays; it gets the members of the others, which go."""
    from coterie.tui.dialogs.pick import Pick

    meant, groups = here.groups_meant, await here.book.groups.all()
    if len(meant) > 1:
        title, choices = f"Merge {number_of(len(meant), 'group')}: which one stays?", meant
    else:
        title = f"Merge {meant[0].name} into which group?" if meant else ""
        choices = [group for group in groups if group not in meant]
    if not meant or not choices:
        here.say("There is no other group to merge with.")
        return
    choices.sort(key=lambda group: -group.size)
    options = [(str(group.id), f"{group.name}  {group.size:,}") for group in choices]
    chosen = await here.ask(Pick(title, options, yes="Merge"))
    into = next((group for group in choices if str(group.id) == chosen), None)
    if into:
        await carry_out(here, plans.merge_groups([group for group in meant if group.id != into.id], into))


async def add_people(here: OnGroups) -> None:
    """Find contacts by typing and add them to the group, one after the other."""
    from coterie.tui.dialogs.add_people import AddPeople

    if (group := here.group_under_cursor) is None:
        return

    async def add(contact_id: int) -> bool:
        steps = [AddToGroupAction(group.name)]
        outcome = await carry_out_quietly(here, await make_plan(steps, Checks.of([contact_id]), here.book.contacts))
        return outcome.changed > 0

    await here.ask(AddPeople(here.book, group.name, add))


async def no_address(here: OnGroups) -> None:
    """Show the members who have no e-mail address; in their own list, again, all of them."""
    if here.where is Place.MEMBERS:
        await here.look_for("" if here.query_text == NO_ADDRESS else NO_ADDRESS)
    elif group := here.group_under_cursor:
        await open_group(here, group, NO_ADDRESS)


async def open_group(here: Context, group: Group, query: str = "") -> None:
    """Show the members of a group that a search finds, on top of the list of groups; esc leads back there."""
    await show_view(here, "show_groups")
    groups = here.app.screen_stack[0]
    assert isinstance(groups, GroupRows)
    await groups.show_members(group, query)


async def group_checked(here: Selecting) -> None:
    """Ask for a name and make a group of the selection."""
    if target := await here.target("group_checked"):
        await group_from(here, target)


async def group_from(here: Context, target: Target) -> None:
    """Ask for a name and make a group of the target."""
    from coterie.tui.dialogs.prompt import Prompt

    groups = await here.book.groups.all()
    title = f"Create a group from {target.words}"
    prompt = Prompt(title, "Name of the new group", yes="Create group", check=partial(_free, groups))
    prompt.origin = origin_of("group_from", f"creating a group from {target.words}", target)
    await act_from(here, prompt, target, CreateGroupAction)


def _deleting(groups: Sequence[Group]) -> tuple[str, str]:
    """What to ask before groups with members are deleted, and what becomes of these."""
    if len(groups) > 1:
        return f"Delete {number_of(len(groups), 'group')}?", "All their members stay in your contacts."
    [group] = groups
    members = "Its only member stays" if group.size == 1 else f"Its {group.size:,} members stay"
    return f"Delete the group {group.name}?", f"{members} in your contacts."


def _free(groups: Sequence[Group], name: str, but: int | None = None) -> None:
    """Raises InvalidValue if a group has this name already (but the one whose id is `but`)."""
    for group in groups:
        if group_key(group.name) == group_key(name) and group.id != but:
            raise InvalidValue("groups", f"There is already a group {group.name}.", "Choose another name.")


COMMANDS: Final[tuple[Command, ...]] = (
    Command("group_checked", group_checked, ("C",), "Create a group from these", "Create a group from what is checked.",
            Section.SEVERAL, LIVE, needs_target, short="new group", bar=8, menu=True),
    Command("open_group", open_listed_group, ("enter",), "Open the group", "Show the members of this group.",
            Section.GROUPS, frozenset({Place.GROUPS}), needs_row, footer={Place.GROUPS: 2}, short="open"),
    Command("filter_groups", filter_groups, ("/",), "Search the groups",
            "Show the groups of the sidebar whose names have what you type; esc shows all.", Section.GROUPS, IN_SIDEBAR,
            footer=rank(3, IN_SIDEBAR), short="search"),
    Command("create_group", create_group, ("c", "C"), "Create a group", "Create an empty group.", Section.GROUPS,
            ON_GROUPS, footer={Place.GROUPS: 1, Place.SIDEBAR: 4}, short="create", menu=True),
    Command("rename_group", rename_group, ("e",), "Edit the group", "Give this group another name, a color or a note.",
            Section.GROUPS, ON_GROUPS, needs_group, footer={Place.GROUPS: 4, Place.SIDEBAR: 2}, short="edit",
            menu=True),
    Command("delete_group", delete_group, ("d",), "Delete the group",
            "Delete this group, or those that are checked; members stay.", Section.GROUPS, ON_GROUPS, needs_group,
            footer={Place.GROUPS: 5, Place.SIDEBAR: 2}, short="delete", menu=True),
    Command("check_group", check_group, ("space",), "Check and move down", "Check or uncheck this group and move down.",
            Section.GROUPS, _LISTED, needs_row, footer={Place.GROUPS: 8}, short="check"),
    Command("merge_groups", merge_groups, ("M",), "Merge groups",
            "Merge the groups that are checked, or this one with another.", Section.GROUPS, _LISTED, needs_row,
            footer={Place.GROUPS: 8}, short="merge", menu=True),
    Command("add_people", add_people, ("p",), "Add people",
            "Find contacts by typing and add them to this group, one by one.", Section.GROUPS, ON_GROUPS | _MEMBERS,
            needs_open_group, footer={Place.GROUPS: 5, Place.MEMBERS: 1}, short="add people", menu=True),
    Command("no_address", no_address, ("@",), "Members without an address",
            "Show the members who have no e-mail address.", Section.GROUPS, ON_GROUPS | _MEMBERS, needs_open_group,
            footer={Place.MEMBERS: 11}, short="no e-mail", menu=True),
)  # fmt: skip
