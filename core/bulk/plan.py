"""From actions to a plan, and to a preview of it."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from coterie.core import limits
from coterie.core.bulk.action import BulkAction
from coterie.core.changes import CONTACTS, Change, Edit, Plan, Rewrite, Selection, Skip
from coterie.core.errors import InvalidValue, Stale
from coterie.core.fields.differences import changed_values
from coterie.core.model import Contact

_log = logging.getLogger(__name__)
_failed: Final[set[str]] = set()
"""The actions of which the log tells that they failed: once each, not for each contact."""

Reader = Callable[[Selection], AsyncIterator[Contact]]
"""`Book.contacts`."""


def plan_at_once(steps: Sequence[BulkAction], selection: Selection) -> Plan | None:
    """The plan of these actions in a few statements of SQL; None if one of them must look at each contact."""
    changes: list[Change] = []
    for step in steps:
        together = step.changes(selection)
        if together is None:
            return None
        changes += together
    return _plan(steps, changes)


def plan_each(steps: Sequence[BulkAction], contacts: Iterable[Contact]) -> Plan:
    """The plan of these actions for each of these contacts: edits, and what is left out with its reason."""
    edits: list[Edit] = []
    skipped: list[Skip] = []
    for contact in contacts:
        edit = _edit(steps, contact, skipped)
        if edit:
            edits.append(edit)
    return _plan(steps, edits, tuple(skipped))


async def make_plan(steps: Sequence[BulkAction], selection: Selection, read: Reader) -> Plan:
    """The plan of these actions for everything selected: at once if that can be, else contact by contact."""
    plan = plan_at_once(steps, selection)
    return plan or rewriting(await prepared(steps, selection, read), selection)


async def prepared(steps: Sequence[BulkAction], selection: Selection, read: Reader) -> tuple[BulkAction, ...]:
    """The steps, each knowing what it has to know of all that is selected, as the steps before it leave that."""
    ready: list[BulkAction] = []
    for step in steps:
        ready.append(await step.prepared(_after(ready, read(selection))) if step.looks_around else step)
    return tuple(ready)


async def _after(steps: Sequence[BulkAction], contacts: AsyncIterator[Contact]) -> AsyncIterator[Contact]:
    async for contact in contacts:
        try:
            after = carried_out(steps, contact)
        except InvalidValue:
            after = contact
        yield after


def rewriting(steps: Sequence[BulkAction], selection: Selection, seen: Sequence[int] | None = None) -> Plan:
    """The plan of these actions, contact by contact, while they are stored: few contacts are ever in memory.

    Args:
        steps: `prepared` ones.
        selection: the contacts.
        seen: see `Steps`.
    """
    return _plan(steps, [Rewrite(selection, Steps(tuple(steps), seen))])


@dataclass(frozen=True, slots=True)
class Steps:
    """Actions for one contact after the other: what `core.changes.Rewrite` asks.

    Attributes:
        steps: the actions, in order.
        seen: by the id of each contact, its version plus one when the user saw what would become of it; None to change
            contacts whatever their versions.
    """

    steps: tuple[BulkAction, ...]
    seen: Sequence[int] | None = None

    def rewrite(self, contact: Contact) -> Contact:
        """What becomes of a contact. Raises InvalidValue, and Stale if it was changed since it was seen."""
        if self.seen is not None and self.seen[contact.id or 0] != contact.version + 1:
            raise Stale("It was changed meanwhile.")
        return carried_out(self.steps, contact)


def carried_out(steps: Sequence[BulkAction], contact: Contact) -> Contact:
    """The contact after all steps; itself if nothing changes. Raises InvalidValue if one cannot be done."""
    after = contact
    for step in steps:
        after = _applied(step, after)
    if after == contact:
        return contact
    limits.check(after)
    return after


def _applied(step: BulkAction, contact: Contact) -> Contact:
    """What becomes of a contact. Raises InvalidValue, also if the action fails, as one of another package may."""
    try:
        return step.apply(contact)
    except InvalidValue:
        raise
    except Exception as error:
        if step.id not in _failed:
            _failed.add(step.id)
            _log.exception("The bulk action %s failed", step.id)
        raise InvalidValue("", f"“{step.label}” failed here ({type(error).__name__}).") from error


def again(steps: Sequence[BulkAction]) -> tuple[BulkAction, ...]:
    """What repeating these actions on another selection means."""
    return tuple(step.again for step in steps)


def _edit(steps: Sequence[BulkAction], contact: Contact, skipped: list[Skip]) -> Edit | None:
    try:
        after = carried_out(steps, contact)
    except InvalidValue as reason:
        skipped.append(Skip(contact.shown_name, reason.title))
        return None
    values = changed_values(contact, after)
    return Edit(contact.id, values, contact.version) if values and contact.id is not None else None


def _plan(steps: Sequence[BulkAction], changes: Sequence[Change], skipped: Sequence[Skip] = ()) -> Plan:
    title = "; ".join(step.title for step in steps)
    kind = steps[0].kind if len({step.kind for step in steps}) == 1 else "edit"
    done = steps[0].done if len(steps) == 1 else _all_done(steps)
    return Plan(kind, title, tuple(changes), done, skipped)


def _all_done(steps: Sequence[BulkAction]) -> str:
    """What several steps did."""
    if not all(step.subject for step in steps):
        return f"Changed {CONTACTS}."
    return f"Transformed {', '.join(dict.fromkeys(step.subject for step in steps))} of {CONTACTS}."
