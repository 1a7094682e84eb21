"""From actions to a plan, and to a preview of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass

from coterie.core.bulk.action import BulkAction
from coterie.core.change import Change, Edit, Plan, Selection, Skip
from coterie.core.errors import InvalidValue
from coterie.core.fields import FIELDS, with_value
from coterie.core.merge import MERGED
from coterie.core.model import Contact
from coterie.core.names import Called, as_named

Reader = Callable[[Selection], AsyncIterator[Contact]]
"""`Book.contacts`."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What becomes of one field of one contact, in words.

    Attributes:
        contact_id: whose.
        contact: what lists call it.
        field: the field's label.
        old: its text now.
        new: its text then.
    """

    contact_id: int
    contact: str
    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a plan would do: how many contacts change, what becomes of the first of them, what is left out."""

    changed: int
    differences: tuple[Difference, ...]
    skipped: tuple[Skip, ...]


def plan_at_once(steps: Sequence[BulkAction], selection: Selection) -> Plan | None:
    """The plan of these actions in a few statements of SQL; None where one of them must look at each contact."""
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
    return _plan(steps, edits, skipped)


async def make_plan(steps: Sequence[BulkAction], selection: Selection, read: Reader) -> Plan:
    """The plan of these actions for everything selected: at once where that can be, else contact by contact."""
    plan = plan_at_once(steps, selection)
    if plan is not None:
        return plan
    edits: list[Edit] = []
    skipped: list[Skip] = []
    async for contact in read(selection):
        edit = _edit(steps, contact, skipped)
        if edit:
            edits.append(edit)
    return _plan(steps, edits, skipped)


async def preview(
    steps: Sequence[BulkAction], selection: Selection, read: Reader, most: int = 200, called: Called = as_named
) -> Preview:
    """What these actions would do to what is selected; at most `most` differences are shown."""
    changed = 0
    shown: list[Difference] = []
    skipped: list[Skip] = []
    async for contact in read(selection):
        after = _applied(steps, contact, skipped)
        if after != contact:
            changed += 1
            shown += differences(contact, after, called)[: max(0, most - len(shown))]
    return Preview(changed, tuple(shown), tuple(skipped))


def again(steps: Sequence[BulkAction]) -> tuple[BulkAction, ...]:
    """What repeating these actions on another selection means."""
    return tuple(step.again for step in steps)


def differences(before: Contact, after: Contact, called: Called = as_named) -> list[Difference]:
    """What becomes of the fields of a contact, in their order."""
    found = []
    for key, spec in FIELDS.items():
        if key in MERGED and getattr(before, key) != getattr(after, key):
            old, new = spec.read(before), spec.read(after)
            if old == new:  # only labels differ
                old, new = _with_labels(before, key), _with_labels(after, key)
            found.append(Difference(before.id or 0, called(before) or called(after), spec.label, old, new))
    return found


def _with_labels(contact: Contact, key: str) -> str:
    """The values of a list, each with its label."""
    values = getattr(contact, key)
    if not isinstance(values, tuple):
        return str(values)
    texts = [FIELDS[key].read(with_value(Contact(), key, (value,))) for value in values]
    labels = [getattr(value, "label", "") or "no label" for value in values]
    return "; ".join(f"{text} ({label})" for text, label in zip(texts, labels, strict=True))


def _applied(steps: Sequence[BulkAction], contact: Contact, skipped: list[Skip]) -> Contact:
    """The contact after all steps; unchanged, with a reason in `skipped`, where one of them cannot be done."""
    after = contact
    try:
        for step in steps:
            after = step.apply(after)
    except InvalidValue as reason:
        skipped.append(Skip(contact.shown_name, reason.title))
        return contact
    return after


def _edit(steps: Sequence[BulkAction], contact: Contact, skipped: list[Skip]) -> Edit | None:
    after = _applied(steps, contact, skipped)
    values = {name: value for name in MERGED if (value := getattr(after, name)) != getattr(contact, name)}
    return Edit(contact.id, values, contact.version) if values and contact.id is not None else None


def _plan(steps: Sequence[BulkAction], changes: Sequence[Change], skipped: Iterable[Skip] = ()) -> Plan:
    title = "; ".join(step.title for step in steps)
    kind = steps[0].kind if len({step.kind for step in steps}) == 1 else "edit"
    done = steps[0].done if len(steps) == 1 else "Changed {contacts}."
    return Plan(kind, title, tuple(changes), done, tuple(skipped))
