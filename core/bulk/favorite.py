"""Add or remove the star."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from coterie.core.bulk.action import BulkAction
from coterie.core.changes import CONTACTS, Assign, Change, Selection
from coterie.core.model import Contact


@dataclass(frozen=True, slots=True)
class Star(BulkAction):
    """Every contact becomes a favorite."""

    id: ClassVar[str] = "favorite"
    label: ClassVar[str] = "Add a star to"
    help: ClassVar[str] = "Add the star."
    command: ClassVar[str] = "favorite"
    kind: ClassVar[str] = "favorite"

    @property
    def done(self) -> str:
        """“Added a star to ….”"""
        return f"Added a star to {CONTACTS}."

    def changes(self, selection: Selection) -> Sequence[Change]:
        """One change for all of them."""
        return (Assign(selection, "favorite", True),)

    def apply(self, contact: Contact) -> Contact:
        """The contact as a favorite."""
        return replace(contact, favorite=True)


@dataclass(frozen=True, slots=True)
class Unstar(BulkAction):
    """No contact is a favorite any more."""

    id: ClassVar[str] = "no-favorite"
    label: ClassVar[str] = "Remove the star from"
    help: ClassVar[str] = "Remove the star."
    command: ClassVar[str] = "favorite"
    kind: ClassVar[str] = "favorite"

    @property
    def done(self) -> str:
        """“Removed the star from ….”"""
        return f"Removed the star from {CONTACTS}."

    def changes(self, selection: Selection) -> Sequence[Change]:
        """One change for all of them."""
        return (Assign(selection, "favorite", False),)

    def apply(self, contact: Contact) -> Contact:
        """The contact without its star."""
        return replace(contact, favorite=False)
