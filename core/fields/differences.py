"""What differs between two contacts: as values, for edits, and in words, for the user."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from coterie.core.fields import FIELDS
from coterie.core.fields.attributes import ATTRIBUTES
from coterie.core.fields.values import KEPT, with_value
from coterie.core.model import Contact
from coterie.core.names import Called, as_named

_ALL: Final = attrgetter(*ATTRIBUTES)


@dataclass(frozen=True, slots=True)
class Difference:
    """What becomes of one field of one contact, in words.

    Attributes:
        contact_id: whose.
        contact: what lists call it.
        field: the field's label.
        old: its text now.
        new: its text then.
        key: the field's name in JSON.
        reason: why it stays as it is, in words; empty if it changes.
    """

    contact_id: int
    contact: str
    field: str
    old: str
    new: str
    key: str = ""
    reason: str = ""


def changed_values(before: Contact, after: Contact) -> dict[str, object]:
    """The attributes in which `after` differs from `before`, with their new values."""
    old, new = _ALL(before), _ALL(after)
    if old == new:
        return {}
    return {name: value for name, was, value in zip(ATTRIBUTES, old, new, strict=True) if value != was}


def differences(before: Contact, after: Contact, called: Called = as_named) -> list[Difference]:
    """The fields in which `after` differs from `before`, in their order.

    Args:
        called: what contacts are called.
    """
    changed = changed_values(before, after).keys()
    told: list[Difference] = []
    for key, spec in FIELDS.items() if changed else ():
        if key not in changed and not (key in KEPT and "custom" in changed):
            continue
        old, new = spec.read(before), spec.read(after)
        if old == new and (key == "custom" or key in KEPT):
            continue  # another field that is kept there
        if old == new:  # only labels differ
            old, new = _with_labels(before, key), _with_labels(after, key)
        told.append(Difference(before.id or 0, called(before) or called(after), spec.label, old, new, key))
    return told


def _with_labels(contact: Contact, key: str) -> str:
    """The values of a list, each with its label."""
    values = getattr(contact, key)
    if not isinstance(values, tuple):
        return str(values)
    texts = [FIELDS[key].read(with_value(Contact(), key, (value,))) for value in values]
    labels = [getattr(value, "label", "") or "no label" for value in values]
    return "; ".join(f"{text} ({label})" for text, label in zip(texts, labels, strict=True))
