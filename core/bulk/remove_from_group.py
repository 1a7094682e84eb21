"""Remove from a group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from coterie.core.bulk.action import Asks, BulkAction, Parameter
from coterie.core.bulk.add_to_group import group_name
from coterie.core.changes import CONTACTS, Change, RemoveFromGroup, Selection
from coterie.core.model import Contact
from coterie.core.text import group_key


@dataclass(frozen=True, slots=True)
class RemoveFromGroupAction(BulkAction):
    """Every contact leaves the group `value`; the group stays, even empty."""

    id: ClassVar[str] = "remove-group"
    label: ClassVar[str] = "Remove from a group"
    help: ClassVar[str] = "Remove from this group."
    command: ClassVar[str] = "remove_from_group"
    metavar: ClassVar[str] = "NAME"
    kind: ClassVar[str] = "group"
    parameters: ClassVar[tuple[Parameter, ...]] = (Parameter("value", "Group", asks=Asks.GROUP),)
    value: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", group_name(self.value))

    @property
    def title(self) -> str:
        """“Remove from Choir”."""
        return f"Remove from {self.value}"

    @property
    def done(self) -> str:
        """“Removed … from Choir.”"""
        return f"Removed {CONTACTS} from {self.value}."

    def changes(self, selection: Selection) -> Sequence[Change]:
        """One change for all of them."""
        return (RemoveFromGroup(selection, self.value),)

    def apply(self, contact: Contact) -> Contact:
        """The contact without the group."""
        kept = tuple(name for name in contact.groups if group_key(name) != group_key(self.value))
        return replace(contact, groups=kept) if kept != contact.groups else contact
