"""What a write to a source consists of, field by field, for the user to read before it is made."""

from __future__ import annotations

from collections.abc import Collection

from coterie.core.base import Base, differing
from coterie.core.fields.differences import differences
from coterie.core.fields.values import KEPT
from coterie.core.model import Contact
from coterie.core.sync.events import FieldChange, Write


def update_of(kind: str, said: Contact, wanted: Contact, fields: Collection[str]) -> Write:
    """A change of what a source says."""
    changed = differing(said, wanted, fields)
    return Write(
        kind,
        wanted.shown_name or said.shown_name,
        tuple(
            FieldChange(difference.field, difference.old, difference.new)
            for difference in differences(said, wanted)
            if difference.key in changed or ("custom" in changed and difference.key in KEPT)
        ),
    )


def created(kind: str, contact: Contact, fields: Collection[str]) -> Write:
    """A new contact at a source."""
    nothing = Base(Contact())
    return update_of(kind, Contact(), nothing.wanted(contact, nothing.edits(contact, fields)), fields)
