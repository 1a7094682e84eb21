"""Contacts into groups and out of them."""

from __future__ import annotations

from typing import Final

from coterie.core.bulk.add_to_group import AddToGroupAction
from coterie.core.bulk.remove_from_group import RemoveFromGroupAction
from coterie.tui.actions.bulk import act
from coterie.tui.actions.command import LIVE, Command, Place, Section
from coterie.tui.actions.context import Selecting
from coterie.tui.actions.reasons import needs_target
from coterie.tui.target import Target
from coterie.tui.widgets.modal import Origin


async def add_to_group(here: Selecting) -> None:
    """Choose groups, existing or new, and put the selection into them."""
    if target := await here.target("add_to_group"):
        await join_groups(here, target)


async def join_groups(here: Selecting, target: Target) -> None:
    """Choose groups, existing or new, and put the target into them."""
    from coterie.tui.dialogs.group_picker import GroupPicker, Inside

    inside = Inside(len(target.selection), await here.book.groups.members(target.selection))
    title = f"Add {target.words} to a group"
    picker = GroupPicker(title, await here.book.groups.all(), allow_new=True, verb="Add to", inside=inside)
    picker.origin = origin_of("group_join", f"adding {target.words} to a group", target)
    if names := await here.ask(picker):
        await act(here, target, *map(AddToGroupAction, names))


async def remove_from_group(here: Selecting) -> None:
    """Choose groups and take the selection out of them; in a group's list, that one is offered first."""
    if target := await here.target("remove_from_group"):
        await leave_groups(here, target)


async def leave_groups(here: Selecting, target: Target) -> None:
    """Choose groups and take the target out of them."""
    from coterie.tui.dialogs.group_picker import GroupPicker, Inside

    members = await here.book.groups.members(target.selection)
    groups = [group for group in await here.book.groups.all() if group.id in members]
    if not groups:
        here.say(f"{target.words} {'is' if len(target.selection) == 1 else 'are'} in no group.")
        return
    if shown := here.group:
        groups.sort(key=lambda group: group.id != shown.id)
    title = f"Remove {target.words} from a group"
    inside = Inside(len(target.selection), members)
    picker = GroupPicker(title, groups, allow_new=False, verb="Remove from", inside=inside)
    picker.origin = origin_of("group_leave", f"removing {target.words} from a group", target)
    if names := await here.ask(picker):
        await act(here, target, *map(RemoveFromGroupAction, names))


def origin_of(kind: str, words: str, target: Target) -> Origin:
    """From where a dialog about the target was opened."""
    return Origin(kind, words, {"checks": f"{target.selection.bits:x}"})


COMMANDS: Final[tuple[Command, ...]] = (
    Command("add_to_group", add_to_group, ("+",), "Add to a group", "Add what is checked to a group, or to a new one.",
            Section.SEVERAL, LIVE | {Place.DETAILS}, needs_target, short="group", bar=2, menu=True),
    Command("remove_from_group", remove_from_group, ("-",), "Remove from a group",
            "Remove what is checked from a group.", Section.SEVERAL, LIVE | {Place.DETAILS}, needs_target,
            short="group", bar=5, menu=True),
)  # fmt: skip
