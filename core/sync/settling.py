"""Settling conflicts: the user says whose value counts."""

from __future__ import annotations

from collections.abc import Hashable

from core.change import Change, Edit, Plan, Settle
from core.merge3 import FieldConflict, identity_of
from core.merge3 import settle as with_theirs
from core.model import Conflict, Contact
from core.store.values import decode


def settle(conflict: Conflict, contact: Contact, *, theirs: bool) -> Plan:
    """The plan that ends a conflict: with `theirs` the contact takes their value, otherwise it keeps ours."""
    changes: list[Change] = [Settle(conflict)]
    if theirs:
        value = decode(conflict.field, conflict.value)
        if conflict.field == "custom":
            value = value[conflict.key]
        elif conflict.key:
            value = value[0]
        key: Hashable = None
        if conflict.key:
            key = conflict.key if conflict.field == "custom" else identity_of(conflict.field, value)
        settled = with_theirs(contact, FieldConflict(conflict.field, None, None, value, key))
        changes.insert(0, Edit(contact.id or 0, {conflict.field: getattr(settled, conflict.field)}))
    whose = f"as at {conflict.account}" if theirs else "as it is here"
    return Plan(
        "settle", f"Settle {conflict.field} of {contact.shown_name}", changes, done=f"Settled {{contacts}}: {whose}."
    )
