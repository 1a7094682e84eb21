"""To the Bin, back from it, and out of it forever."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from coterie.core.bulk.action import BulkAction
from coterie.core.changes import CONTACTS, Change, Delete, Forget, Restore, Selection
from coterie.core.model import Contact


@dataclass(frozen=True, slots=True)
class DeleteAction(BulkAction):
    """Every contact goes to the Bin."""

    id: ClassVar[str] = "delete"
    label: ClassVar[str] = "Delete"
    command: ClassVar[str] = "delete"
    is_option: ClassVar[bool] = False
    kind: ClassVar[str] = "delete"

    @property
    def done(self) -> str:
        """“Moved … to the Bin.”"""
        return f"Moved {CONTACTS} to the Bin."

    def changes(self, selection: Selection) -> Sequence[Change]:
        """One change for all of them."""
        return (Delete(selection),)

    def apply(self, contact: Contact) -> Contact:
        """The contact as it is: its values stay."""
        return contact


@dataclass(frozen=True, slots=True)
class RestoreAction(BulkAction):
    """Every contact is restored from the Bin."""

    id: ClassVar[str] = "restore"
    label: ClassVar[str] = "Restore"
    command: ClassVar[str] = "restore"
    is_option: ClassVar[bool] = False
    kind: ClassVar[str] = "restore"

    @property
    def done(self) -> str:
        """“Restored ….”"""
        return f"Restored {CONTACTS}."

    def changes(self, selection: Selection) -> Sequence[Change]:
        """One change for all of them."""
        return (Restore(selection),)

    def apply(self, contact: Contact) -> Contact:
        """The contact as it is: its values stay."""
        return contact


@dataclass(frozen=True, slots=True)
class DeleteForeverAction(BulkAction):
    """What is in the Bin is deleted forever. Cannot be undone."""

    id: ClassVar[str] = "forget"
    label: ClassVar[str] = "Delete forever"
    command: ClassVar[str] = "delete_forever"
    is_option: ClassVar[bool] = False
    kind: ClassVar[str] = "forget"

    @property
    def done(self) -> str:
        """“Deleted … forever.”"""
        return f"Deleted {CONTACTS} forever."

    def changes(self, selection: Selection) -> Sequence[Change]:
        """One change for all of them."""
        return (Forget(selection),)

    def apply(self, contact: Contact) -> Contact:
        """The contact as it is: its values stay."""
        return contact
