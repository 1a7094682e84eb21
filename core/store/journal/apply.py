"""Carrying out changes, in their order: which part of the store each kind of them is for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator
from itertools import groupby
from typing import Any, Final

from coterie.core.changes import (
    AddToGroup,
    Adopt,
    Advance,
    Answer,
    Arrive,
    Assign,
    Change,
    Create,
    CreateGroup,
    Delete,
    DeleteEmptyGroups,
    DeleteGroup,
    DeleteSearch,
    Depart,
    DescribeGroup,
    Disagree,
    Edit,
    Forget,
    Invite,
    MergeGroup,
    MoveSearch,
    Placed,
    PlaceEach,
    Places,
    Quarantine,
    Rebase,
    Remember,
    RemoveFromGroup,
    RenameGroup,
    RenameSearch,
    Restore,
    Return,
    Rewrite,
    SaveSearch,
    Settle,
    TakeApart,
)
from coterie.core.store.accounts import places, placing, relinking, remotes
from coterie.core.store.contacts import bulk, creating, groups, invitations
from coterie.core.store.contacts.writer import Writer
from coterie.core.store.lists import searches


async def apply(writer: Writer, changes: Iterable[Change]) -> None:
    """Carry out some changes.

    The writer's `progress` is told the number of changes so far; within one of many contacts, how many of these it has
    been through. Raises what it raises, and what the changes raise.
    """
    for run in _runs(changes):
        await _apply_run(writer, run)
        writer.applied += len(run)
        if type(run[0]) not in _TELLING:
            writer.tell(writer.applied, None)


def _runs(changes: Iterable[Change]) -> Iterator[list[Change]]:
    """Neighbours of one kind together, so that creations and edits go to the database in bulk."""
    return (list(run) for _kind, run in groupby(changes, type))


async def _apply_run(writer: Writer, run: list[Any]) -> None:
    kind = type(run[0])
    if kind is not Create:
        await writer.loading.finish()  # what follows may search or change what was created
    if kind in _TOGETHER:
        await _TOGETHER[kind](writer, run)
    else:
        for change in run:
            await _ONE_BY_ONE[kind](writer, change)


_TOGETHER: Final[dict[type, Callable[[Writer, list[Any]], Awaitable[object]]]] = {
    Create: lambda writer, run: creating.create(writer, [one.contact for one in run]),
    Edit: bulk.edit_many,
    Remember: remotes.remember,
    Rebase: relinking.rebase,
    Depart: relinking.depart,
    Return: relinking.return_,
    Placed: placing.place,
    Arrive: placing.arrive,
}
_TELLING: Final = frozenset({Rewrite, PlaceEach, Assign, AddToGroup, RemoveFromGroup, Delete, Restore})
"""Those that change many contacts and tell their progress themselves."""
_ONE_BY_ONE: Final[dict[type, Callable[[Writer, Any], Awaitable[object]]]] = {
    Rewrite: lambda writer, one: bulk.rewrite(writer, one.selection, one.by),
    Assign: lambda writer, one: bulk.assign(writer, one.selection, one.field, one.value),
    AddToGroup: lambda writer, one: bulk.add_to_group(writer, one.selection, one.group),
    RemoveFromGroup: lambda writer, one: bulk.remove_from_group(writer, one.selection, one.group),
    Delete: lambda writer, one: bulk.delete(writer, one.selection, one.by),
    Restore: lambda writer, one: bulk.restore(writer, one.selection),
    Forget: lambda writer, one: bulk.forget(writer, one.selection),
    CreateGroup: lambda writer, one: groups.create(writer, one.name, one.color, one.note),
    RenameGroup: lambda writer, one: groups.rename(writer, one.group_id, one.name),
    DescribeGroup: lambda writer, one: groups.describe(writer, one.group_id, {"color": one.color, "note": one.note}),
    MergeGroup: lambda writer, one: groups.merge(writer, one.group_id, one.into_id),
    DeleteGroup: lambda writer, one: groups.delete(writer, one.group_id),
    DeleteEmptyGroups: lambda writer, one: groups.delete_empty(writer, one.names),
    SaveSearch: lambda writer, one: searches.save(writer, one.name, one.query),
    RenameSearch: lambda writer, one: searches.rename(writer, one.search_id, one.name),
    DeleteSearch: lambda writer, one: searches.delete(writer, one.search_id),
    MoveSearch: lambda writer, one: searches.move(writer, one.search_id, one.by),
    PlaceEach: lambda writer, one: placing.place_each(writer, one.selection, one.by),
    Adopt: relinking.adopt,
    TakeApart: relinking.take_apart,
    Disagree: remotes.disagree,
    Settle: remotes.settle,
    Quarantine: remotes.quarantine,
    Advance: remotes.advance,
    Places: places.tell,
    Invite: invitations.invite,
    Answer: invitations.answer,
}
"""Every kind of change is in one of the two; a test looks that none of `core.changes.Change` is missing."""
