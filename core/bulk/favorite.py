"""Stars on or off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from core.bulk.action import BulkAction
from core.change import Assign, Change, Selection
from core.model import Contact


@dataclass(frozen=True, slots=True)
class Star(BulkAction):
    """Every contact becomes a favorite."""

    id: ClassVar[str] = "favorite"
    label: ClassVar[str] = "Put a star on"
    kind: ClassVar[str] = "favorite"

    @property
    def done(self) -> str:
        """What it did."""
        return "Put a star on {contacts}."

    def changes(self, selection: Selection) -> Sequence[Change]:
        """All at once."""
        return (Assign(selection, "favorite", True),)

    def apply(self, contact: Contact) -> Contact:
        """The contact as a favorite."""
        return replace(contact, favorite=True)


@dataclass(frozen=True, slots=True)
class Unstar(BulkAction):
    """No contact is a favorite any more."""

    id: ClassVar[str] = "no-favorite"
    label: ClassVar[str] = "Take the star off"
    kind: ClassVar[str] = "favorite"

    @property
    def done(self) -> str:
        """What it did."""
        return "Took the star off {contacts}."

    def changes(self, selection: Selection) -> Sequence[Change]:
        """All at once."""
        return (Assign(selection, "favorite", False),)

    def apply(self, contact: Contact) -> Contact:
        """The contact without its star."""
        return replace(contact, favorite=False)
