"""Carrying out a plan: its changes in order, in batches, in one transaction with one journal entry."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from itertools import islice
from typing import Final

from core.change import (
    AddToGroup,
    Assign,
    Change,
    Create,
    CreateGroup,
    Delete,
    DeleteGroup,
    Disown,
    Edit,
    Forget,
    Plan,
    Progress,
    Remember,
    RemoveFromGroup,
    RenameGroup,
    Restore,
)
from core.store import bulk, creating, groups, remotes
from core.store.writer import Writer

BATCH: Final = 5000


async def _batches(plan: Plan, writer: Writer) -> AsyncIterator[Sequence[Change]]:
    if callable(plan.changes):
        async for batch in plan.changes(writer):
            yield batch
        return
    changes = iter(plan.changes)
    while batch := list(islice(changes, BATCH)):
        yield batch


async def apply(writer: Writer, plan: Plan, progress: Progress | None) -> None:
    """Apply every change of `plan`. `progress` is told the number of changes so far and may raise Cancelled."""
    done = 0
    async for batch in _batches(plan, writer):
        for run in _runs(batch):
            await _apply_run(writer, run)
            done += len(run)
            if progress is not None:
                progress(done, None)


def _runs(batch: Sequence[Change]) -> list[list[Change]]:
    """Neighbours of one kind together, so that creations and edits go to the database in bulk."""
    runs: list[list[Change]] = []
    for change in batch:
        if runs and type(runs[-1][0]) is type(change):
            runs[-1].append(change)
        else:
            runs.append([change])
    return runs


async def _apply_run(writer: Writer, run: list[Change]) -> None:
    match run[0]:
        case Create():
            await creating.create(writer, [one.contact for one in run if isinstance(one, Create)])
        case Edit():
            await bulk.edit_many(writer, [one for one in run if isinstance(one, Edit)])
        case Remember():
            await remotes.remember(writer, [one for one in run if isinstance(one, Remember)])
        case Disown():
            await remotes.disown(writer, [one for one in run if isinstance(one, Disown)])
        case _:
            for change in run:
                await _apply_one(writer, change)


async def _apply_one(writer: Writer, change: Change) -> None:
    match change:
        case Assign(selection, field, value):
            await bulk.assign(writer, selection, field, value)
        case AddToGroup(selection, group):
            await bulk.add_to_group(writer, selection, group)
        case RemoveFromGroup(selection, group):
            await bulk.remove_from_group(writer, selection, group)
        case Delete(selection, by):
            await bulk.delete(writer, selection, by)
        case Restore(selection):
            await bulk.restore(writer, selection)
        case Forget(selection):
            await bulk.forget(writer, selection)
        case CreateGroup(name):
            await writer.create_group(name)
        case RenameGroup(group_id, name):
            await groups.rename(writer, group_id, name)
        case DeleteGroup(group_id):
            await groups.delete(writer, group_id)
        case _:
            raise TypeError(f"no step for {type(change).__name__}")
