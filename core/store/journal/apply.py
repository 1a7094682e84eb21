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
    """Neighbors of one kind together, so that creations and edits go to the database in bulk."""
    return (list(run) for _kind, run in groupby(changes, type))


async def _apply_run(writer: Writer, run: list[Any]) -> None:
    kind = type(run[0])
    if kind is not Create:
        await writer.loading.finish()  # what follows may search or change what was created
    if kind in TOGETHER:
        await TOGETHER[kind](writer, run)
    else:
        for change in run:
            await ONE_BY_ONE[kind](writer, change)


TOGETHER: Final[dict[type, Callable[[Writer, list[Any]], Awaitable[object]]]] = {
    Create: lambda writer, run: creating.create(writer, [change.contact for change in run]),
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
ONE_BY_ONE: Final[dict[type, Callable[[Writer, Any], Awaitable[object]]]] = {
    Rewrite: lambda writer, change: bulk.rewrite(writer, change.selection, change.by),
    Assign: lambda writer, change: bulk.assign(writer, change.selection, change.field, change.value),
    AddToGroup: lambda writer, change: bulk.add_to_group(writer, change.selection, change.group),
    RemoveFromGroup: lambda writer, change: bulk.remove_from_group(writer, change.selection, change.group),
    Delete: lambda writer, change: bulk.delete(writer, change.selection, change.by),
    Restore: lambda writer, change: bulk.restore(writer, change.selection),
    Forget: lambda writer, change: bulk.forget(writer, change.selection),
    CreateGroup: lambda writer, change: groups.create(writer, change.name, change.color, change.note),
    RenameGroup: lambda writer, change: groups.rename(writer, change.group_id, change.name),
    DescribeGroup: lambda writer, change: groups.describe(
        writer, change.group_id, {"color": change.color, "note": change.note}
    ),
    MergeGroup: lambda writer, change: groups.merge(writer, change.group_id, change.into_id),
    DeleteGroup: lambda writer, change: groups.delete(writer, change.group_id),
    DeleteEmptyGroups: lambda writer, change: groups.delete_empty(writer, change.names),
    SaveSearch: lambda writer, change: searches.save(writer, change.name, change.query),
    RenameSearch: lambda writer, change: searches.rename(writer, change.search_id, change.name),
    DeleteSearch: lambda writer, change: searches.delete(writer, change.search_id),
    MoveSearch: lambda writer, change: searches.move(writer, change.search_id, change.by),
    PlaceEach: lambda writer, change: placing.place_each(writer, change.selection, change.by),
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
