"""Settling conflicts: the user says whose value counts."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping

from coterie.core.changes import CONTACTS, Change, Delete, Depart, Edit, Plan, Settle
from coterie.core.checks import Checks
from coterie.core.fields.codec import decode
from coterie.core.fields.values import with_values
from coterie.core.merge3 import FieldConflict, identity_of
from coterie.core.merge3 import settle as with_theirs
from coterie.core.model import GONE, Conflict, Contact


def settle(conflict: Conflict, contact: Contact, *, theirs: bool) -> Plan:
    """The plan that ends a conflict: with `theirs` the contact takes their value, otherwise it keeps ours."""
    whose = f"as in {conflict.account}" if theirs else "as it is here"
    return Plan(
        "settle",
        f"Settle {conflict.field} of {contact.shown_name}",
        _changes(conflict, contact, theirs=theirs),
        done=f"Settled {CONTACTS}: {whose}.",
    )


def settle_all(conflicts: Iterable[Conflict], contacts: Mapping[int, Contact], *, theirs: bool) -> Plan:
    """The plan that ends several conflicts in one step; those about contacts that are not given are left out."""
    now = dict(contacts)
    changes: list[Change] = []
    for conflict in conflicts:
        contact = now.get(conflict.contact_id)
        if contact is None:
            continue
        for change in _changes(conflict, contact, theirs=theirs):
            if isinstance(change, Edit):  # the next conflict about the same contact goes on from here
                now[conflict.contact_id] = with_values(contact, change.values)
            changes.append(change)
    whose = "as they are there" if theirs else "as they are here"
    return Plan("settle", "Settle all conflicts", changes, done=f"Settled {CONTACTS}: {whose}.")


def agree(conflict: Conflict, ours: Contact, theirs: Contact) -> bool:
    """Whether two contacts say the same about what a conflict was about."""
    mine, other = getattr(ours, conflict.field), getattr(theirs, conflict.field)
    if mine == other or not conflict.key:
        return bool(mine == other)
    if conflict.field == "custom":
        return bool(mine.get(conflict.key) == other.get(conflict.key))
    key = identity_of(conflict.field, decode(conflict.field, conflict.value)[0])
    here, there = ([value for value in values if identity_of(conflict.field, value) == key] for values in (mine, other))
    return here == there


def _changes(conflict: Conflict, contact: Contact, *, theirs: bool) -> list[Change]:
    if conflict.field == GONE:
        # Either way it is no longer there; what stays here is created there again.
        gone = Depart(conflict.account, conflict.remote_id)
        return [Delete(Checks.of([contact.id or 0]), by=conflict.account), gone] if theirs else [gone]
    if not theirs:
        return [Settle(conflict)]
    value = decode(conflict.field, conflict.value)
    if conflict.field == "custom":
        value = value[conflict.key]
    elif conflict.key:
        value = value[0]
    key: Hashable = None
    if conflict.key:
        key = conflict.key if conflict.field == "custom" else identity_of(conflict.field, value)
    settled = with_theirs(contact, FieldConflict(conflict.field, None, None, value, key))
    edit = Edit(contact.id or 0, {conflict.field: getattr(settled, conflict.field)})
    return [edit, Settle(conflict)]
