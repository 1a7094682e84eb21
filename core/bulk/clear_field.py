"""Clear a field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from coterie.core.bulk.action import Asks, BulkAction, Parameter, writable
from coterie.core.bulk.set_field import SetField
from coterie.core.changes import Change, Selection
from coterie.core.model import Contact


@dataclass(frozen=True, slots=True)
class ClearField(BulkAction):
    """`field` becomes empty in every contact that keeps something to be called by."""

    id: ClassVar[str] = "clear"
    label: ClassVar[str] = "Clear a field"
    help: ClassVar[str] = "Clear a field."
    command: ClassVar[str] = "edit"
    parameters: ClassVar[tuple[Parameter, ...]] = (Parameter("field", "Field", asks=Asks.FIELD),)
    field: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "field", writable(self.field).key)

    @classmethod
    def parse(cls, text: str) -> BulkAction:
        """What clears a field, a part of the addresses or a custom field. Raises InvalidValue."""
        from coterie.core.bulk.parts import clearing  # it is made of actions like this one

        return clearing(text)

    @property
    def title(self) -> str:
        """“Clear Company”."""
        return SetField(self.field, "").title

    @property
    def done(self) -> str:
        """“Cleared Company of ….”"""
        return SetField(self.field, "").done

    def changes(self, selection: Selection) -> Sequence[Change] | None:
        """One assignment, if no contact is called by the field."""
        return SetField(self.field, "").changes(selection)

    def apply(self, contact: Contact) -> Contact:
        """The contact without it."""
        return SetField(self.field, "").apply(contact)
