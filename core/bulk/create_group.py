"""Create a group from what is selected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from coterie.core.bulk.action import BulkAction, Parameter
from coterie.core.bulk.add_to_group import AddToGroupAction, group_name
from coterie.core.changes import CONTACTS, AddToGroup, Change, CreateGroup, Selection
from coterie.core.model import Contact


@dataclass(frozen=True, slots=True)
class CreateGroupAction(BulkAction):
    """A new group `value` with every contact in it. Applying it raises InvalidValue if the name is taken."""

    id: ClassVar[str] = "create-group"
    label: ClassVar[str] = "Create a group"
    command: ClassVar[str] = "group_checked"
    is_option: ClassVar[bool] = False
    kind: ClassVar[str] = "group"
    parameters: ClassVar[tuple[Parameter, ...]] = (Parameter("value", "Name of the new group"),)
    value: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", group_name(self.value))

    @property
    def title(self) -> str:
        """“Create the group Choir”."""
        return f"Create the group {self.value}"

    @property
    def done(self) -> str:
        """“Created the group Choir with ….”"""
        return f"Created the group {self.value} with {CONTACTS}."

    def changes(self, selection: Selection) -> Sequence[Change]:
        """The group, then its members."""
        return (CreateGroup(self.value), AddToGroup(selection, self.value))

    def apply(self, contact: Contact) -> Contact:
        """The contact in the group."""
        return self.again.apply(contact)

    @property
    def again(self) -> BulkAction:
        """Add to the group: it exists the second time."""
        return AddToGroupAction(self.value)
