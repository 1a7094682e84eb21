"""Add to a group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from coterie.core.bulk.action import Asks, BulkAction, Parameter
from coterie.core.changes import CONTACTS, AddToGroup, Change, Selection
from coterie.core.errors import InvalidValue
from coterie.core.model import Contact
from coterie.core.text import clean_line, group_key


def group_name(text: str) -> str:
    """The name of a group. Raises InvalidValue if there is none."""
    name = clean_line(text)
    if not name:
        raise InvalidValue("groups", "A group needs a name.")
    return name


@dataclass(frozen=True, slots=True)
class AddToGroupAction(BulkAction):
    """Every contact joins the group `value`, which is created if it does not exist."""

    id: ClassVar[str] = "add-group"
    label: ClassVar[str] = "Add to a group"
    help: ClassVar[str] = "Add to this group."
    command: ClassVar[str] = "add_to_group"
    metavar: ClassVar[str] = "NAME"
    kind: ClassVar[str] = "group"
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("value", "Group", "If there is no such group, it is created.", asks=Asks.GROUP),
    )
    value: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", group_name(self.value))

    @property
    def title(self) -> str:
        """“Add to Choir”."""
        return f"Add to {self.value}"

    @property
    def done(self) -> str:
        """“Added … to Choir.”"""
        return f"Added {CONTACTS} to {self.value}."

    def changes(self, selection: Selection) -> Sequence[Change]:
        """One change for all of them."""
        return (AddToGroup(selection, self.value),)

    def apply(self, contact: Contact) -> Contact:
        """The contact in the group."""
        if group_key(self.value) in map(group_key, contact.groups):
            return contact
        return replace(contact, groups=tuple(sorted((*contact.groups, self.value), key=group_key)))
